"""With JavaScript switched off, pages show their content and forms work."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.test_together import GIF

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)


@pytest.fixture
def plain(sign_in: Any) -> Any:
    def sign_in_plainly(email: str, **options: Any) -> Any:
        return sign_in(email, java_script_enabled=False, **options)

    return sign_in_plainly


def test_an_incident_is_opened_and_an_entry_written(plain: Any) -> None:
    page = plain(acts.CLAIRE)
    room = acts.open_incident(page, "A letter from a lawyer")
    page.fill(acts.COMPOSER, "The letter came by courier.")
    page.click("#composer button[type=submit]")
    page.goto(room)
    assert page.locator("#entries", has_text="The letter came by courier.").count() == 1


def test_what_does_not_fit_comes_back_with_a_sentence(plain: Any) -> None:
    page = plain(acts.CLAIRE)
    page.goto("/incidents/new/")
    page.fill("[name=title]", "A letter from a lawyer")
    page.fill("[name=what_happened]", "It came by courier.")
    page.fill("[name=first_seen]", "half past never")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.click("main form button[type=submit]")
    assert page.locator("[role=alert] li").count() == 2
    assert page.input_value("[name=title]") == "A letter from a lawyer"
    assert page.input_value("[name=what_happened]") == "It came by courier."


def test_a_file_that_is_refused_loses_no_word_and_says_why(plain: Any) -> None:
    ines = plain(acts.INES)
    room = acts.open_incident(ines, "A letter from a lawyer")
    acts.begin_statement(ines, room, "Holding", kind="holding", channel="x")
    ines.fill("#editor [name=text]", "We have the letter and answer it today.")
    ines.fill("#editor [name=reason]", "First words")
    letter = {"name": "letter.txt", "mimeType": "image/gif", "buffer": b"Dear Sir"}
    ines.set_input_files("#attach-along", [letter])
    ines.click("#attachments button[form=editor]")
    assert "letter.txt" in ines.locator("#editor [role=alert]").inner_text()
    assert "We have the letter" in ines.input_value("#editor [name=text]")
    assert ines.input_value("#editor [name=reason]") == "First words"
    picture = {"name": "box.gif", "mimeType": "image/gif", "buffer": GIF}
    ines.set_input_files("#attach-along", [picture])
    ines.click("#attachments button[formaction$='/attach/']")
    assert ines.locator("#attachments", has_text="box.gif").count() == 1
    assert "We have the letter" in ines.input_value("#editor [name=text]")


def test_a_statement_is_written_signed_and_recorded(plain: Any) -> None:
    ines, thomas = plain(acts.INES), plain(acts.THOMAS, phone=True)
    room = acts.open_incident(ines, "A letter from a lawyer")
    ines.goto(f"{room}severity/")
    ines.locator("label:has([name=fact_people_harmed][value=none])").click()
    ines.fill("#assess [name=reason]", "One complaint.")
    ines.click("#assess button.btn-primary")
    ines.goto(f"{room}roles/")
    ines.select_option("#assign [name=role]", "communications_lead")
    ines.fill("#assign [name=user]", "Thomas Nguyen")
    ines.click("#assign button[type=submit]")
    thomas.goto(room)
    thomas.locator("#roles-panel form[action$='/accept/'] button").click()
    statement = acts.begin_statement(ines, room, "Holding", kind="holding", channel="x")
    ines.fill("#editor [name=text]", "We have the letter and answer it today.")
    acts.save_version(ines, "First words")
    acts.submit(ines)

    thomas.goto(f"{statement}decide/")
    thomas.tap("[data-approve]")  # a popover opens without script
    thomas.locator("#confirm form button[type=submit]").tap()
    thomas.wait_for_url(statement)
    acts.publish(ines, statement, link="https://x.example/verdier/3", next_update="in 2 h")
    assert ines.locator("section[aria-labelledby=published-h] li").count() == 1
    ines.goto(room)
    assert re.search(r"\S", ines.locator("#promises-panel li").first.inner_text())
