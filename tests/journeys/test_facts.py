"""A fact from one line to the room; a line to take that falls the moment its fact changes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.eye import Eye

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)
PIZZA = "/incidents/MV-2026-0007/"


def test_facts_are_noted_with_the_keyboard_alone_one_after_the_other(sign_in: Any) -> None:
    page = sign_in(acts.CLAIRE)
    room = acts.open_incident(page, "A letter from a lawyer")
    page.goto(f"{room}facts/")
    page.focus("#note-fact [name=text]")
    for said in ("Who sent the letter", "It came by courier"):
        page.keyboard.type(said)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"section[aria-labelledby=unknown] :text('{said}')")
        assert page.evaluate("document.activeElement.name") == "text"
        assert page.input_value("#note-fact [name=text]") == ""
    page.goto(room)
    unknown = page.locator("#situation-panel", has_text="We do not know")
    assert unknown.locator("li", has_text="Who sent the letter").count() == 1


def test_a_line_falls_in_every_browser_when_its_fact_changes(sign_in: Any) -> None:
    phone, desk = sign_in(acts.INES, phone=True), sign_in(acts.CLAIRE)
    phone.goto(f"{PIZZA}statements/lines/")
    line = phone.locator("section[aria-labelledby=usable-h] li", has_text="Is the oven safe?")
    desk.goto(f"{PIZZA}facts/")
    desk.fill("#note-fact [name=text]", "The oven reaches 250 degrees")
    desk.locator("label:has([name=state][value=confirmed])").click()
    desk.fill("#note-fact [name=source]", "Plant")
    desk.press("#note-fact [name=source]", "Enter")
    desk.wait_for_selector("section[aria-labelledby=known] :text('The oven reaches 250 degrees')")
    _write_and_sign_a_line(sign_in)
    line.wait_for(timeout=15_000)
    assert line.locator("[data-copy]").count() == 1
    desk.locator("a", has_text="The oven reaches 250 degrees").first.click()
    desk.fill("#reword_text", "The oven reaches 300 degrees")
    desk.fill("#reword_source", "Plant, once more")
    desk.click("form[action$='/reword/'] button[type=submit]")
    struck = phone.locator("section[aria-labelledby=not-usable-h] li", has_text="oven safe")
    struck.wait_for(timeout=15_000)
    assert struck.locator("del").count() == 1
    assert struck.locator("[data-copy]").count() == 0
    desk.goto(f"{PIZZA}statements/correct-now/")
    assert desk.locator("section[aria-labelledby=lines-h]", has_text="oven safe").count() == 1


def _write_and_sign_a_line(sign_in: Any) -> None:
    writer = sign_in(acts.INES)
    writer.goto(f"{PIZZA}statements/lines/new/")
    writer.fill("[name=question]", "Is the oven safe?")
    writer.fill("[name=answer]", "Yes: the oven reaches 250 degrees.")
    writer.check("label:has-text('The oven reaches 250 degrees') input")
    writer.click("button[name=submit]")
    writer.wait_for_url(re.compile(r"/statements/\d+/$"))
    for email in (acts.THOMAS, acts.KARIM, acts.HELENE):
        acts.approve(sign_in(email), writer.url)


def test_a_line_is_found_while_one_types_and_by_the_button_without_script(
    sign_in: Any,
) -> None:
    page = sign_in(acts.CLAIRE)
    page.goto(f"{PIZZA}statements/lines/")
    page.locator("#lines-q").press_sequentially("SHOP money")
    page.wait_for_selector("#lines-panel :text('Which lots')", state="detached")
    assert page.locator("#lines-panel h3").all_inner_texts() == ["What do I do with the pizza?"]
    page.fill("#lines-q", "glass")
    page.wait_for_selector("#lines-panel :text('No line speaks of')")
    bare = sign_in(acts.CLAIRE, java_script_enabled=False)
    bare.goto(f"{PIZZA}statements/lines/")
    bare.fill("#lines-q", "shop")
    bare.click("form[role=search] button")
    assert bare.locator("#lines-panel h3").all_inner_texts() == ["What do I do with the pizza?"]


def test_the_pages_of_facts_read_well_everywhere(sign_in: Any) -> None:
    page = sign_in(acts.CLAIRE, reduced_motion="reduce")
    eye = Eye(page)
    for path in (
        *("facts/", "facts/2/", "facts/4/", "statements/correct-now/", "statements/lines/"),
        *("statements/lines/new/", "statements/3/facts/", "statements/4/facts/"),
    ):
        assert page.goto(f"{PIZZA}{path}").status == 200
        eye.look(everywhere=True)
    eye.verdict()
