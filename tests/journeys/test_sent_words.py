"""What was sent is never called unsent, and what was not sent is never forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)
KEPT = ".cd-kept"
NAMES = "Object.keys(localStorage).filter(key => key.startsWith('cd:keep:'))"


def typed_and_kept(page: Any) -> None:
    """Wait until what was typed lies on the device."""
    page.wait_for_timeout(500)
    assert page.evaluate(NAMES)


def test_a_form_that_moves_on_leaves_no_word_of_unsent_words(sign_in: Any) -> None:
    page = sign_in(acts.INES)
    room = acts.open_incident(page, "A film from the cold store")
    page.goto(f"{room}statements/new/")
    page.fill("[name=title]", "Holding")
    typed_and_kept(page)
    statement = acts.begin_statement(page, room, "Holding", kind="holding", channel="x")
    page.goto(f"{room}statements/new/")
    assert page.locator(KEPT).count() == 0
    assert page.evaluate(NAMES) == []
    acts.write_draft(page_at(page, f"{statement}edit/"), "We look into it.")
    acts.save_version(page, "First words")
    page.goto(f"{statement}outside/")
    page.fill("#invite [name=email]", "paula@cabinet.example")
    page.fill("#invite [name=name]", "Paula Stern")
    page.fill("#invite [name=ends_at]", "tomorrow 9:00")
    typed_and_kept(page)
    with page.expect_navigation():
        page.click("#invite button[type=submit]")
    page.wait_for_selector("#approvers-h")
    assert page.locator(KEPT).count() == 0
    assert page.evaluate(NAMES) == []


def test_a_question_that_was_answered_is_not_unsent(sign_in: Any) -> None:
    page = sign_in(acts.INES)
    page.goto("/incidents/ours/")
    page.fill("[name=text]", "Bella pizza is withdrawn, says somebody.")
    typed_and_kept(page)
    with page.expect_response("**/ours/**"):
        page.click("main form button[type=submit]")
    page.wait_for_selector("#answer :text-matches('.+')")
    page.goto("/incidents/")
    page.go_back()
    page.reload()
    assert page.locator(KEPT).count() == 0


def test_stages_that_were_added_and_never_saved_come_back(sign_in: Any) -> None:
    page = sign_in(acts.CLAIRE)
    page.goto("/teams/")
    page.goto(f"{page.url}policies/new/")
    page.get_by_role("button", name="Add a stage").click()
    page.locator("#stage-2-h").wait_for()
    assert page.locator(KEPT).count() == 0
    with page.expect_response("**/rehearse/"):
        page.locator("[name=stage_2_roles][value=legal_counsel]").check()
    page.fill("[name=name_en]", "Half typed")
    typed_and_kept(page)
    page.reload()
    page.wait_for_selector(KEPT)
    assert page.locator("[name=stage_2_roles][value=legal_counsel]").is_checked()
    assert page.input_value("[name=name_en]") == "Half typed"
    page.locator(f"{KEPT} button").click()
    page.locator(KEPT).wait_for(state="detached")
    assert page.evaluate(NAMES) == []


def page_at(page: Any, address: str) -> Any:
    page.goto(address)
    return page


def test_a_draft_that_cannot_be_sent_says_so_and_is_sent_when_it_can(
    sign_in: Any, watch: Any
) -> None:
    watch.expected.append("ERR_INTERNET_DISCONNECTED")
    page = sign_in(acts.INES)
    room = acts.open_incident(page, "A film from the cold store")
    acts.begin_statement(page, room, "Holding", kind="holding", channel="x")
    page.context.set_offline(True)
    page.fill("#editor [name=text]", "Typed in the lift.")
    page.wait_for_selector("#editor > .cd-slot :text('Not sent')")
    with page.expect_response("**/save-draft/") as answer:
        page.context.set_offline(False)
    assert answer.value.status == 204
    page.locator("#editor > .cd-slot .cd-alert").wait_for(state="detached")
    page.reload()
    assert page.input_value("#editor [name=text]") == "Typed in the lift."
