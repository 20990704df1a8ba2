"""Without a mouse: the skip link, the key of the composer, dialogs that give the focus back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)


def test_the_first_tab_offers_to_skip_to_the_content(sign_in: Any) -> None:
    page = sign_in(acts.CLAIRE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cd-skip"
    assert page.locator(".cd-skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_an_entry_is_written_with_two_keys_and_words(sign_in: Any) -> None:
    page = sign_in(acts.CLAIRE)
    acts.open_incident(page, "A letter from a lawyer")
    page.keyboard.press("F2")
    assert page.evaluate("document.activeElement.name") == "text"
    page.keyboard.type("The letter came by courier.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#entries :text('The letter came by courier.')")
    assert page.input_value(acts.COMPOSER) == ""


def test_a_dialog_closes_with_escape_and_gives_the_focus_back(sign_in: Any) -> None:
    page = sign_in(acts.KARIM)
    page.locator("a.btn-primary[href$='/decide/']").first.click()
    page.wait_for_selector("[data-approve]")
    for opener, dialog in (("[data-approve]", "#confirm"), ("[data-dialog=changes]", "#changes")):
        page.focus(opener)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{dialog}[open]")
        assert page.evaluate(f"document.querySelector('{dialog}').contains(document.activeElement)")
        for _step in range(12):  # the focus goes round inside
            page.keyboard.press("Tab")
            inside = f"document.querySelector('{dialog}').contains(document.activeElement)"
            assert page.evaluate(f"{inside} || document.activeElement === document.body")
        page.keyboard.press("Escape")
        page.wait_for_selector(f"{dialog}[open]", state="detached")
        assert page.evaluate(f"document.activeElement.matches('{opener}')")
