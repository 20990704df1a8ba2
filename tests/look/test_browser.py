"""What is typed is never lost, clocks tick, dialogs open, and axe finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.look.pages import HEARD

AXE = (Path(__file__).parent.parent / "vendor/axe.min.js").read_text(encoding="utf-8")
NOTE = "#id_text"


def type_note(page: Page, text: str) -> None:
    page.goto("/")
    page.fill(NOTE, text)
    page.check("#note input[value=f]", force=True)


def send(page: Page) -> None:
    page.click("#note button[type=submit]")


def test_a_refusal_stands_in_the_form_and_keeps_what_was_typed(page: Page) -> None:
    type_note(page, "refuse this one")
    send(page)
    expect(page.locator("#note [role=alert]")).to_contain_text("v4 exists, read it.")
    assert page.input_value(NOTE) == "refuse this one"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("break", "Not saved: the server met an error"),
        ("forbid", "Not saved: your role does not allow this"),
        ("sign-out", "Your session has ended"),
    ],
)
def test_trouble_is_a_sentence_beside_what_was_typed(page: Page, text: str, says: str) -> None:
    type_note(page, text)
    send(page)
    expect(page.locator("#note [role=alert]")).to_contain_text(says)
    assert page.input_value(NOTE) == text
    page.reload()
    expect(page.locator("#note .cd-kept")).to_be_visible()
    assert page.input_value(NOTE) == text


def test_no_connection_loses_nothing(page: Page) -> None:
    type_note(page, "written in a tunnel")
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#note [role=alert]")).to_contain_text("the server does not answer")
    assert page.input_value(NOTE) == "written in a tunnel"
    page.context.set_offline(False)
    send(page)
    expect(page.locator("#announce")).to_have_text("Saved.")
    assert HEARD == ["written in a tunnel"]


def test_what_does_not_fit_comes_back_with_the_errors_in_focus(page: Page) -> None:
    type_note(page, "too long for this form " * 3)
    send(page)
    expect(page.locator("#note [role=alert]")).to_be_focused()
    assert page.input_value(NOTE) == "too long for this form " * 3
    assert page.is_checked("#note input[value=f]")


def test_words_not_sent_are_there_after_leaving(page: Page) -> None:
    type_note(page, "half a sentence")
    page.goto("/clocks/")
    page.goto("/")
    assert page.input_value(NOTE) == "half a sentence"
    assert page.is_checked("#note input[value=f]")
    page.get_by_role("button", name="Discard").click()
    assert page.input_value(NOTE) == ""
    page.reload()
    assert page.input_value(NOTE) == ""


def test_words_that_were_saved_do_not_come_back(page: Page) -> None:
    type_note(page, "all good")
    send(page)
    expect(page.locator("#announce")).to_have_text("Saved.")
    page.reload()
    assert page.input_value(NOTE) == ""
    expect(page.locator(".cd-kept")).to_have_count(0)


@pytest.mark.parametrize(("text", "kept"), [("all good", False), ("break", True)])
def test_a_plain_post_keeps_the_words_unless_it_worked(
    page: Page,
    text: str,
    kept: bool,
) -> None:
    page.goto("/plain/")
    page.fill(NOTE, text)
    page.check("#note input[value=f]", force=True)
    send(page)
    page.wait_for_url("**/try/" if kept else "**/clocks/")
    page.goto("/plain/")
    assert page.input_value(NOTE) == (text if kept else "")


def test_two_texts_of_one_field_are_both_shown(page: Page) -> None:
    type_note(page, "my words")
    page.goto("/?text=other%20words")
    assert page.input_value(NOTE) == "other words"
    expect(page.locator(".cd-kept")).to_contain_text("my words")
    page.get_by_role("button", name="Use my text").click()
    assert page.input_value(NOTE) == "my words"


def test_a_double_click_sends_once(page: Page) -> None:
    type_note(page, "only once")
    page.dblclick("#note button[type=submit]")
    expect(page.locator("#announce")).to_have_text("Saved.")
    assert HEARD == ["only once"]


def test_characters_are_counted(page: Page) -> None:
    type_note(page, "twelve chars")
    expect(page.locator("output")).to_have_text("2 characters too many")


def test_a_dialog_is_modal_closes_when_done_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/")
    page.click("#opener")
    assert page.evaluate("document.querySelector('#close').matches(':modal')")
    page.fill("#close-reason", "refuse")
    page.click("#close button[type=submit]")
    expect(page.locator("#close [role=alert]")).to_be_visible()
    page.fill("#close-reason", "It is over.")
    page.click("#close button[type=submit]")
    expect(page.locator("#close")).to_be_hidden()
    expect(page.locator("#opener")).to_be_focused()


def test_without_script_a_dialog_opens_and_a_form_is_sent(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.click("#opener")
    expect(page.locator("#close-reason")).to_be_visible()
    page.get_by_role("button", name="Go back").click()
    expect(page.locator("#close-reason")).to_be_hidden()
    page.fill(NOTE, "refuse plainly")
    page.check("#note input[value=f]", force=True)
    page.click("#note button[type=submit]")
    expect(page.get_by_role("alert")).to_contain_text("v4 exists")
    context.close()


def test_a_clock_runs_out_in_place_and_is_announced_once(page: Page) -> None:
    page.goto("/clocks/")
    tile = page.locator(".cd-clock").first
    assert tile.get_attribute("data-state") == "soon"
    expect(tile).to_have_attribute("data-state", "overdue")
    expect(tile).to_contain_text("Overdue 0 min")
    expect(page.locator(".cd-due")).to_contain_text("Overdue 0 min")
    expect(page.locator("#announce")).to_have_text("A clock has run out.")
    expect(page.locator(".cd-clock").nth(1)).to_contain_text("50 min")


def test_the_theme_follows_the_device(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, color_scheme="dark")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 360])
def test_every_component_is_accessible_and_fits(page: Page, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto("/everything/")
    expect(page.locator(".cd-plot canvas")).to_be_visible()
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_thumb_finds_every_link_and_a_phone_cuts_nothing(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/small/")
    heights = page.eval_on_selector_all(
        "main :is(p a, summary)",
        "all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().height])",
    )
    assert [name for name, height in heights if height < 24] == []
    sign, words = (page.locator(f"#sign {part}").bounding_box() for part in (".icon", "span"))
    assert sign
    assert words
    assert words["y"] <= sign["y"] < words["y"] + words["height"], "The sign left its sentence."
    seg, second = page.locator(".cd-seg").bounding_box(), page.locator("#second").bounding_box()
    assert seg
    assert second
    assert second["x"] + second["width"] <= seg["x"] + seg["width"] + 1, "A choice is cut."
    card = page.locator(".card").first.bounding_box()
    assert card
    assert seg["x"] + seg["width"] <= card["x"] + card["width"]


def test_boxes_in_a_list_look_like_single_ones(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/small/")
    drawn = "all => new Set(all.map(one => getComputedStyle(one).backgroundColor)).size"
    assert page.locator("main input[type=checkbox]").count() == 5
    assert page.eval_on_selector_all("main input[type=checkbox]", drawn) == 1


def test_the_menu_opens_with_the_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".cd-skip")).to_be_focused()
    page.locator("[popovertarget=menu]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Profile")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Profile")).to_be_hidden()
