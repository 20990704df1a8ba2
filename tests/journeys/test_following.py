"""What one person does shows in another's open room, and never touches what they are typing."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

LEAD = "claire.morvan@verdier.example"
COLLEAGUE = "samuel.okoye@verdier.example"
SECONDS = 2.0


@pytest.fixture
def room(sign_in: Any) -> tuple[Any, str]:
    """Claire has opened an incident by the form; her page stands in its room."""
    page = sign_in(LEAD)
    page.goto("/incidents/new/")
    page.fill("[name=title]", "A forged press release")
    page.select_option("[name=kind]", "disinformation")
    page.fill("[name=what_happened]", "An agency called about a release that is not ours.")
    page.fill("[name=first_seen]", "yesterday around noon")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/incidents/[A-Z]+-\d+-\d+/$"))
    return page, page.url


def move(page: Any, room: str, to: str) -> None:
    page.goto(f"{room}status/")
    form = page.locator("form", has=page.locator("[name=to][type=radio]"))
    form.locator(f"[name=to][value={to}]").check()
    form.locator("[name=reason]").fill("Two agencies confirm it.")
    form.locator("button[type=submit]").click()
    page.wait_for_url(room)


def test_a_second_persons_room_follows_within_two_seconds(room: Any, sign_in: Any) -> None:
    lead, address = room
    other = sign_in(COLLEAGUE)
    other.goto(address)
    other.wait_for_selector("#connection[data-state=live]")
    other.fill("#composer textarea[name=text]", "Half a sentence, not yet")

    lead.fill("#composer textarea[name=text]", "Called the agency back.")
    lead.click("#composer button[type=submit]")
    written = time.monotonic()
    other.wait_for_selector("#show-new", timeout=10_000)
    assert time.monotonic() - written < SECONDS
    assert other.input_value("#composer textarea[name=text]") == "Half a sentence, not yet"
    focused = "document.activeElement.name"
    assert other.evaluate(focused) == "text"
    assert other.locator("#entries", has_text="Called the agency back.").count() == 0

    other.click("#show-new")
    other.wait_for_selector("#entries :text('Called the agency back.')")
    assert other.input_value("#composer textarea[name=text]") == "Half a sentence, not yet"


def test_ones_own_entry_appears_at_once(room: Any) -> None:
    lead, _address = room
    lead.fill("#composer textarea[name=text]", "Called the agency back.")
    lead.click("#composer button[type=submit]")
    lead.wait_for_selector("#entries :text('Called the agency back.')", timeout=3_000)
    assert lead.input_value("#composer textarea[name=text]") == ""


def test_the_header_of_an_open_room_follows_the_status(room: Any, sign_in: Any) -> None:
    lead, address = room
    other = sign_in(COLLEAGUE)
    other.goto(address)
    other.wait_for_selector("#strip [data-status=triage]")
    other.wait_for_selector("#connection[data-state=live]")
    move(lead, address, "active")
    other.wait_for_selector("#strip [data-status=active]", timeout=3_000)


def test_without_the_stream_the_room_follows_by_asking(room: Any, sign_in: Any) -> None:
    lead, address = room
    other = sign_in(COLLEAGUE)
    other.route("**/stream/", lambda route: route.fulfill(status=204, body=""))
    other.goto(address)
    move(lead, address, "active")
    other.wait_for_selector("#strip [data-status=active]", timeout=10_000)


def test_a_room_that_is_taken_away_says_so_and_keeps_what_was_typed(
    room: Any, sign_in: Any, watch: Any
) -> None:
    watch.expected.append("status of 404")
    lead, address = room
    other = sign_in(COLLEAGUE)
    other.goto(address)
    other.wait_for_selector("#connection[data-state=live]")
    other.fill("#composer textarea[name=text]", "Half a sentence, not yet")
    lead.goto(f"{address}status/")
    form = lead.locator("form[action$='confidentiality/change/']")
    form.locator("[name=reason]").fill("A name is in it.")
    form.locator("button[type=submit]").click()
    lead.wait_for_url(address)
    other.wait_for_selector("[data-lost=gone]", state="visible", timeout=30_000)
    assert other.input_value("#composer textarea[name=text]") == "Half a sentence, not yet"
