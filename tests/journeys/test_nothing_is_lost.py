"""What is typed outlives a refresh, an ended session, a double click and a second writer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys import acts

# What stands here asks nothing of the database: once is enough.
pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)
MINOR = {"people_harmed": "none"}


@pytest.fixture
def draft(sign_in: Any) -> tuple[Any, str]:
    """Inès writes a statement of an incident that she leads; her page stands in the editor."""
    page = sign_in(acts.INES)
    room = acts.open_incident(page, "A video from the kitchen")
    return page, acts.begin_statement(page, room, "Holding", kind="holding", channel="x")


def entries(page: Any, room: str, words: str) -> int:
    """Count the entries of a whole timeline that say this."""
    page.goto(f"{room}timeline/")
    return int(page.locator(".cd-entry", has_text=words).count())


def room_of(statement: str) -> str:
    return statement.partition("statements/")[0]


def test_a_reload_brings_back_a_half_typed_entry(sign_in: Any) -> None:
    page = sign_in(acts.INES)
    acts.open_incident(page, "A video from the kitchen")
    page.fill(acts.COMPOSER, "The shop manager says")
    page.wait_for_timeout(500)  # kept on the device shortly after the last key
    page.reload()
    page.wait_for_selector("#composer .cd-kept")
    assert page.input_value(acts.COMPOSER) == "The shop manager says"


def test_words_of_an_ended_session_are_back_after_signing_in(
    draft: Any, desk_server: Any, watch: Any
) -> None:
    watch.expected.append("status of 401")
    page, statement = draft
    acts.write_draft(page, "Kept by the server.")
    page.context.clear_cookies(name="sessionid")
    with page.expect_response("**/save-draft/") as answer:
        page.fill("#editor [name=text]", "Kept by the server. And then the session ended.")
    assert answer.value.status != 204
    page.fill("#editor [name=reason]", "Half a reason")
    page.click("#editor button[type=submit]:not([name]):not([formaction])")
    page.wait_for_selector("a[href*='/accounts/login/']")
    page.goto(f"/accounts/login/?next={statement}edit/".replace(desk_server.url, ""))
    page.fill("[name=login]", acts.INES)
    page.fill("[name=password]", desk_server.password(acts.INES))
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{statement}edit/")
    page.wait_for_selector("#editor .cd-kept")
    typed = "Kept by the server. And then the session ended."
    assert page.input_value("#editor [name=text]") == typed
    assert page.input_value("#editor [name=reason]") == "Half a reason"


def test_two_clicks_on_approve_and_on_publish_make_one_record_each(
    draft: Any, sign_in: Any
) -> None:
    ines, statement = draft
    room = room_of(statement)
    acts.write_draft(ines, "We look into it and come back at six.")
    acts.assess(ines, room, MINOR, "One complaint.")
    acts.assign(ines, room, {"communications_lead": "Thomas Nguyen"})
    thomas = sign_in(acts.THOMAS)
    acts.accept_role(thomas, room)
    ines.goto(f"{statement}edit/")
    acts.save_version(ines, "First words")
    acts.submit(ines)

    thomas.goto(f"{statement}decide/")
    thomas.click("[data-approve]")
    thomas.locator("#confirm form button[type=submit]").dblclick()
    thomas.wait_for_url(statement)
    assert entries(thomas, room, "approved") == 1

    ines.goto(f"{statement}publication/")
    ines.fill("[name=posted_text]", ines.locator(".cd-exact").first.inner_text())
    ines.locator("form[action$='/record-publication/'] button[type=submit]").dblclick()
    ines.wait_for_url(statement)
    assert ines.locator("section[aria-labelledby=published-h] li").count() == 1


def test_two_writers_of_one_draft_see_both_texts(draft: Any, sign_in: Any) -> None:
    ines, statement = draft
    acts.assign(ines, room_of(statement), {"communications_lead": "Thomas Nguyen"})
    thomas = sign_in(acts.THOMAS)
    thomas.goto(f"{statement}edit/")
    ines.goto(f"{statement}edit/")
    acts.write_draft(ines, "Words of Inès.")
    with thomas.expect_response("**/save-draft/") as answer:
        thomas.fill("#editor [name=text]", "Words of Thomas.")
    assert answer.value.status == 409
    thomas.click("#editor [data-merge]")
    thomas.wait_for_selector("#merge")
    assert thomas.input_value("#theirs") == "Words of Inès."
    assert thomas.input_value("#mine") == "Words of Thomas."
    assert thomas.input_value("#merge [name=text]") == "Words of Inès. Words of Thomas."
    thomas.click("#merge button[type=submit]")
    thomas.wait_for_url(f"{statement}edit/")
    assert thomas.input_value("#editor [name=text]") == "Words of Inès. Words of Thomas."


def test_an_approval_of_a_text_that_changed_is_refused_and_shows_the_change(
    draft: Any, sign_in: Any
) -> None:
    ines, statement = draft
    room = room_of(statement)
    acts.write_draft(ines, "We look into it.")
    acts.assess(ines, room, MINOR, "One complaint.")
    acts.assign(ines, room, {"communications_lead": "Thomas Nguyen"})
    ines.goto(f"{statement}edit/")
    acts.save_version(ines, "First words")
    acts.submit(ines)
    thomas = sign_in(acts.THOMAS)
    thomas.goto(f"{statement}decide/")
    thomas.wait_for_selector("#connection[data-state=live]")
    ines.goto(f"{statement}edit/")
    acts.write_draft(ines, "We look into it, at once.")
    acts.save_version(ines, "Say when")
    way_on = thomas.wait_for_selector("a[href*='decide/?base=1'].btn-primary")
    way_on.click()
    thomas.wait_for_url(re.compile(r"base=1"))
    assert "at once" in thomas.locator(".cd-sheet ins").inner_text()
