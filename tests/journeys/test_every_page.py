"""Every page that a link leads to: nothing for axe to find, nothing that sticks out, no error.

A browser follows the links of the example from the desk on and looks once at each kind of page
(each name of an address): at 1440 and 390 px, light and dark; then at 360 px, where nothing may
stick out. Claire leads and reads English, Karim is counsel and reads French.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.journeys import acts
from tests.journeys.eye import Eye

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)

# Files, other people's pages, and acts that a link merely stands for.
NOT_PAGES = {
    "evidence-file",
    "statement-proof-file",
    "statement-proof-text",
    "statement-attachment",
    "account_logout",
    "javascript-catalog",
}
LINKS = "links => links.map(link => link.href)"

SEEN_BY_CLAIRE = {
    "desk", "incidents", "open", "reports", "room", "state", "severity", "roles", "role",
    "sign-offs", "statements", "statement", "statement-proof", "statement-new", "statement-unsigned",
    "ours", "statement-releasing",
    "facts", "fact", "correct-now", "statement-facts", "lines", "line-new",
    "timeline", "entry", "evidence", "record", "promise", "promise-new", "reminder", "report",
    "policies", "policy-new", "policy-edit", "prepared-texts", "prepared", "prepared-text",
    "notices", "mails", "profile", "absence", "absence-of", "team", "journal",
    "account_change_password", "mfa_list_webauthn", "mfa_add_webauthn",
}  # fmt: skip
SEEN_BY_KARIM = {"desk", "incidents", "room", "statement-decide", "statement", "entry", "report"}


def kind_of(url: str, home: str) -> str:
    """Return the name of an address of ours, empty for others."""
    if not url.startswith(home):
        return ""
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        return ""
    if "admin" in found.namespaces or not found.url_name:
        return ""
    return found.url_name


def pages(page: Any, home: str, *also: str) -> Iterator[str]:
    """Go from link to link, `also` from these addresses; stand once on each kind of page."""
    waiting, seen = [page.url, *also], set(NOT_PAGES)
    while waiting:
        url = waiting.pop(0)
        name = kind_of(url, home)
        if not name or name in seen:
            continue
        seen.add(name)
        answer = page.goto(url)
        assert answer.status == 200, f"{url}: {answer.status}"
        # A picture is shown without scripts: an eye that looks at it would wait for ever.
        assert "text/html" in answer.headers["content-type"], f"{url} is a file: see NOT_PAGES"
        waiting += [urldefrag(link).url for link in page.eval_on_selector_all("a[href]", LINKS)]
        yield name


def a_reminder(desk_server: Any) -> str:
    """Return the address of a reminder: links lead there only when one is near."""
    return str(
        desk_server.tell(
            "from incidents.models import Due\n"
            "from django.urls import reverse\n"
            "due = Due.objects.filter(incident__title__startswith='Plastic', kind='promise').last()\n"
            "answer = reverse('incidents:reminder', args=[due.incident.reference, due.pk])"
        )
    )


def a_release(desk_server: Any) -> str:
    """Return the address of a release: one statement of each state is seen, not always this one."""
    return str(
        desk_server.tell(
            "from incidents.models import Statement\n"
            "from django.urls import reverse\n"
            "one = Statement.objects.filter(status='in_signoff', incident__title__startswith='Plastic')[0]\n"
            "name = 'incidents:statement-releasing'\n"
            "answer = reverse(name, args=[one.incident.reference, one.number])"
        )
    )


@pytest.mark.parametrize(
    ("email", "language", "expected"),
    [(acts.CLAIRE, "en", SEEN_BY_CLAIRE), (acts.KARIM, "fr", SEEN_BY_KARIM)],
)
def test_every_page_that_a_link_leads_to(
    sign_in: Any, desk_server: Any, email: str, language: str, expected: set[str]
) -> None:
    page = sign_in(email, reduced_motion="reduce")
    eye, seen = Eye(page), set()
    also = [a_reminder(desk_server)]
    if "statement-releasing" in expected:
        also.append(a_release(desk_server))
    for name in pages(page, desk_server.url, *(desk_server.url + one for one in also)):
        seen.add(name)
        eye.look(everywhere=email == acts.CLAIRE)
        if page.get_attribute("html", "lang") != language:
            eye.wrong.append(f"{page.url}: not in the reader's language")
    eye.verdict()
    assert expected - seen == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_before_signing_in(open_page: Any, language: str) -> None:
    page = open_page(language=language, reduced_motion="reduce")
    eye = Eye(page)
    for path in ("/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"):
        page.goto(path)
        assert page.get_attribute("html", "lang") == language
        eye.look(everywhere=True)
    page.goto("/accounts/login/")
    page.fill("[name=login]", "nobody@verdier.example")
    page.fill("[name=password]", "not the word")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[role=alert]")
    eye.look(everywhere=True)
    page.click("button[formaction$='/login/code/']")
    page.wait_for_url("**/login/code/confirm/**")
    eye.look(everywhere=True)
    page.fill("[name=code]", "1")
    page.press("[name=code]", "Enter")
    page.wait_for_selector(".invalid-feedback")
    eye.look(everywhere=True)
    eye.verdict()


def test_the_pages_of_a_statement_on_its_way(sign_in: Any) -> None:
    """Editor, brief, decision with its dialogs, publication."""
    ines, thomas = (sign_in(who, reduced_motion="reduce") for who in (acts.INES, acts.THOMAS))
    writer, signer = Eye(ines), Eye(thomas)
    room = acts.open_incident(ines, "A letter from a lawyer")
    acts.assess(ines, room, {"people_harmed": "none"}, "One complaint.")
    acts.assign(ines, room, {"communications_lead": "Thomas Nguyen"})
    statement = acts.begin_statement(ines, room, "Holding", kind="holding", channel="x")
    acts.write_draft(ines, "We have the letter. " * 20)  # too long for its channel
    writer.look(everywhere=True)
    ines.goto(f"{statement}brief/")
    writer.look(everywhere=True)
    ines.goto(f"{statement}edit/")
    acts.save_version(ines, "First words")
    acts.submit(ines)
    thomas.goto(f"{statement}decide/")
    signer.look(everywhere=True)
    acts.approve(thomas, statement)
    ines.goto(f"{statement}publication/")
    assert ines.url == f"{statement}publication/"  # and not sent back: it is good to publish
    writer.look(everywhere=True)
    writer.verdict()
    signer.verdict()


def test_pages_that_say_no(sign_in: Any) -> None:
    """404 for what is not there; 422 and 409 show what was typed; 403 says why."""
    page = sign_in(acts.CLAIRE, reduced_motion="reduce")
    eye = Eye(page)
    page.goto("/incidents/MV-1999-0001/")
    eye.look(everywhere=True)
    page.goto("/incidents/new/")
    page.fill("[name=first_seen]", "half past never")
    page.eval_on_selector("main form", "form => { form.noValidate = true; }")
    page.click("main form button[type=submit]")
    page.wait_for_selector("[role=alert]")
    eye.look(everywhere=True)

    outsider = sign_in(acts.SAMUEL, reduced_motion="reduce")
    room = acts.open_incident(page, "A letter from a lawyer")
    assert outsider.goto(f"{room}statements/new/").status == 403
    other = Eye(outsider)
    other.look(everywhere=True)

    page.goto(f"{room}status/")
    form = page.locator("form[action$='/status/change/']")
    form.locator("[name=to]").first.evaluate("radio => { radio.value = 'monitoring'; }")
    form.locator("[name=to]").first.check()
    form.locator("[name=reason]").fill("Nobody speaks of it any more.")
    form.evaluate("form => form.submit()")  # as a browser without script sends it
    page.wait_for_url(re.compile(r"/status/change/$"))
    assert "Nobody speaks of it any more." in page.content()
    eye.look(everywhere=True)
    eye.verdict()
    other.verdict()


def test_the_example_shows_its_own_mails(sign_in: Any, desk_server: Any) -> None:
    desk_server.tell(
        "from django.core.mail import EmailMessage, get_connection\n"
        "keep = get_connection('incidents.notifications.mail.StoredMailBackend')\n"
        f"mail = EmailMessage('MV-2026-0007', 'Read it: http://127.0.0.1/', to=['{acts.CLAIRE}'])\n"
        "keep.send_messages([mail])"
    )
    page = sign_in(acts.CLAIRE, reduced_motion="reduce")
    page.goto("/mails/")
    assert page.locator("main h2", has_text="MV-2026-0007").count() >= 1
    eye = Eye(page)
    eye.look(everywhere=True)
    eye.verdict()
