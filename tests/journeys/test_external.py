"""Somebody from outside: invited, in by one e-mailed code on a telephone, nowhere else, signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import URLResolver, get_resolver, resolve

from tests.journeys import acts
from tests.journeys.eye import Eye
from tests.processes import eventually

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)

LEROY = "anne.leroy@cabinet.example"
TITLE = "A letter from a lawyer"
TEXT = "We have the letter. Lot L6061 is checked tonight."
CODE = re.compile(r"^\d{6}\s*$", re.MULTILINE)
LINK = re.compile(r"https?://\S+/for-signature/\S+")

# What an account that is limited to one text may open; texts of others are among what it may not.
THEIRS = {
    "incidents:desk",  # leads on to the texts that are theirs
    "incidents:for-signature",
    "teams:profile",
    "teams:language-switch",
    "teams:theme-switch",
}
NAMED = re.compile(r"<(?:(\w+):)?(\w+)>")
STAND_INS = {None: "1", "int": "1", "path": "1", "str": "1"}
WHAT_IS_THERE = """
from incidents.models import Policy, Statement
here = Statement.objects.get(incident__reference={reference!r}, number={number})
other = Statement.objects.exclude(incident=here.incident).first()
holder = here.incident.assignments.first()
answer = {{
    "reference": {reference!r}, "number": "{number}", "slug": here.incident.team.slug,
    "statement": str(other.uuid), "assignment": str(holder.pk), "person": str(holder.user.uuid),
    "sha256": "0" * 64, "lineage": str(Policy.objects.first().lineage), "part": "summary",
}}
"""
ASK = """async ([paths, token]) => {
  const ask = async (path, method) => {
    const headers = {'X-CSRFToken': token};
    const answer = await fetch(path, {method, headers, redirect: 'manual'});
    await answer.text();
    return answer.status;
  };
  const said = [];
  for (const path of paths) { said.push([path, [await ask(path, 'GET'), await ask(path, 'POST')]]); }
  return said;
}"""


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


def what_is_there(desk_server: Any, statement: str) -> dict[str, str]:
    """Return what stands in addresses, of the very incident: nothing is missed for want of rows."""
    reference, number = re.search(r"/incidents/([^/]+)/statements/(\d+)/", statement).groups()  # type: ignore[union-attr]
    return dict(desk_server.tell(WHAT_IS_THERE.format(reference=reference, number=number)))


def addresses(patterns: list[Any], there: dict[str, str], before: str = "/") -> Iterator[str]:
    """Return every address the product has, each name in it filled in."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, there, route)
        elif not route.startswith("/accounts/"):  # the ways in and out are everybody's
            yield NAMED.sub(lambda found: there.get(found[2]) or STAND_INS[found[1]], route)


def try_everything(page: Any, there: dict[str, str]) -> dict[str, list[int]]:
    """Ask every address that is not theirs, to read and to write; return what each answered."""
    every = addresses(get_resolver().url_patterns, there)
    closed = [path for path in every if resolve(path).view_name not in THEIRS]
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    return dict(page.evaluate(ASK, [closed, token]))


def is_nowhere(answers: list[int]) -> bool:
    """404; where only the other way of asking is known at all, 405 may stand beside it."""
    return 404 in answers and set(answers) <= {404, 405}


def test_by_code_on_a_telephone_to_one_text_and_nowhere_else(
    desk_server: Any, sign_in: Any, open_page: Any, watch: Any
) -> None:
    watch.expected.append("status of 405")
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

    tried = try_everything(page, what_is_there(desk_server, statement))
    assert f"{urlsplit(statement).path}decide/" in tried
    assert {path: said for path, said in tried.items() if not is_nowhere(said)} == {}
    assert page.goto(urlsplit(statement).path).status == 404
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
