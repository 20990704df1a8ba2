"""Somebody from outside: invited, in by one e-mailed code on a telephone, nowhere else, signed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.journeys import acts
from tests.journeys.eye import Eye
from tests.processes import eventually

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)

LEROY = "anne.leroy@cabinet.example"
TITLE = "A letter from a lawyer"
TEXT = "We have the letter. Lot L6061 is checked tonight."
CODE = re.compile(r"^\d{6}\s*$", re.MULTILINE)
LINK = re.compile(r"https?://\S+/for-signature/\S+")


def a_text_in_sign_off(sign_in: Any) -> tuple[Any, str]:
    """Let Ines write a text that Thomas is asked to sign; return her page and its address."""
    ines = sign_in(acts.INES)
    room = acts.open_incident(ines, TITLE)
    acts.assess(ines, room, {"people_harmed": "none"}, "One complaint.")
    acts.assign(ines, room, {"communications_lead": "Thomas Nguyen"})
    statement = acts.begin_statement(ines, room, "Holding", kind="holding", channel="x")
    acts.write_draft(ines, TEXT)
    acts.save_version(ines, "First words")
    acts.submit(ines)
    return ines, statement


def show_to_leroy(page: Any, statement: str) -> None:
    page.goto(statement)
    page.click(f"a[href='{urlsplit(statement).path}outside/']")
    page.fill("#invite [name=email]", LEROY)
    page.fill("#invite [name=name]", "Anne Leroy")
    page.fill("#invite [name=ends_at]", "tomorrow 18:00")
    with page.expect_navigation():
        page.click("#invite button[type=submit]")
    page.wait_for_selector("main li :text('Anne Leroy')")


def mails(desk_server: Any) -> list[Any]:
    return [mail for mail in desk_server.sink.mails if LEROY in mail.recipients]


def first_match(desk_server: Any, wanted: re.Pattern[str], after: int = 0) -> str:
    def found() -> list[str]:
        return [
            m.group().strip()
            for mail in mails(desk_server)[after:]
            if (m := wanted.search(mail.text))
        ]

    eventually(lambda: bool(found()), seconds=30)
    return found()[0]


def come_in(page: Any, desk_server: Any, link: str) -> None:
    """Follow the link of the mail; prove who one is with a code."""
    page.goto(link)
    page.fill("[name=login]", LEROY)
    had = len(mails(desk_server))
    page.locator("button[formaction$='/login/code/']").tap()
    page.wait_for_url("**/login/code/confirm/**")
    page.fill("[name=code]", first_match(desk_server, CODE, had))
    page.press("[name=code]", "Enter")
    page.wait_for_url(link)


def test_by_code_on_a_telephone_to_one_text_and_nowhere_else(
    desk_server: Any, sign_in: Any, open_page: Any
) -> None:
    ines, statement = a_text_in_sign_off(sign_in)
    show_to_leroy(ines, statement)
    writer = Eye(ines)
    writer.look(everywhere=True)
    link = first_match(desk_server, LINK)
    for mail in mails(desk_server):
        assert TITLE not in mail.text
        assert "Holding" not in mail.text

    page = open_page(phone=True, reduced_motion="reduce")
    come_in(page, desk_server, link)
    assert TEXT in page.inner_text("main")
    assert TITLE not in page.content()
    assert page.locator("[data-approve]").count() == 0, "Others sign first."
    reader = Eye(page)
    reader.look(everywhere=True)

    room = urlsplit(statement).path.partition("statements/")[0]
    for path in (room, urlsplit(statement).path, "/incidents/", "/teams/", "/notices/", "/admin/"):
        assert page.goto(path).status == 404, path
    reader.look(everywhere=True)
    page.goto("/")
    assert urlsplit(page.url).path == urlsplit(link).path

    acts.approve(sign_in(acts.THOMAS), statement)
    page.goto(link)
    page.locator("[data-approve]").tap()
    page.locator("#confirm button[type=submit]").tap()
    page.wait_for_selector("main :text('You have decided on this version')")
    reader.look(everywhere=True)
    decided = desk_server.tell(
        "from incidents.models import Decision\n"
        f"made = Decision.objects.filter(signer__email={LEROY!r})\n"
        "answer = [[d.verdict, d.capacity, d.seat.person.email] for d in made]"
    )
    assert decided == [["approve", "holder", LEROY]]

    ines.goto(f"{statement}outside/")
    with ines.expect_navigation():
        ines.click("main form[action$='/end/'] button")
    writer.look(everywhere=False)
    assert page.goto(link).status == 404
    writer.verdict()
    reader.verdict()
