"""What people do on the pages, in their own hands: each act is the clicks of one person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

INES = "ines.carvalho@verdier.example"
THOMAS = "thomas.nguyen@verdier.example"
KARIM = "karim.haddad@verdier.example"
HELENE = "helene.verdier@verdier.example"
CLAIRE = "claire.morvan@verdier.example"
SAMUEL = "samuel.okoye@verdier.example"

COMPOSER = "#composer textarea[name=text]"


def open_incident(page: Any, title: str, *, restricted: bool = False) -> str:
    """Open an incident by the form; return the address of its room."""
    page.goto("/incidents/new/")
    page.fill("[name=title]", title)
    page.select_option("[name=kind]", "product")
    page.fill("[name=what_happened]", "A customer posted a picture of a blue fragment.")
    page.fill("[name=first_seen]", "yesterday around noon")
    page.fill("[name=where]", "Instagram")
    page.check(f"[name=confidentiality][value={'restricted' if restricted else 'team'}]")
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/incidents/[A-Z]+-\d+-\d+/$"))
    return str(page.url)


def assess(page: Any, room: str, facts: Mapping[str, str], reason: str) -> None:
    page.goto(f"{room}severity/")
    for key, value in facts.items():
        with page.expect_response("**/severity/preview/"):
            page.locator(f"label:has([name=fact_{key}][value='{value}'])").click()
    page.fill("#assess [name=reason]", reason)
    with page.expect_navigation():
        page.click("#record-effect")
    page.wait_for_selector("#assessments tbody tr")


def assign(page: Any, room: str, roles: Mapping[str, str]) -> None:
    """Ask people, by role, on the page of roles."""
    page.goto(f"{room}roles/")
    for role, name in roles.items():
        page.select_option("#assign [name=role]", role)
        page.fill("#assign [name=user]", name)
        with page.expect_response("**/roles/assign/") as answer:
            page.click("#assign button[type=submit]")
        assert answer.value.status == 204, answer.value.text()
        page.wait_for_selector(f"#roles-panel :text('{name}')")


def accept_role(page: Any, room: str) -> None:
    page.goto(room)
    with page.expect_response("**/accept/") as answer:
        page.locator("#roles-panel form[action$='/accept/'] button").click()
    assert answer.value.status == 204


def begin_statement(page: Any, room: str, title: str, *, kind: str, channel: str) -> str:
    """Begin a statement to customers; return its address. The page stands in the editor."""
    page.goto(f"{room}statements/new/")
    page.fill("[name=title]", title)
    page.select_option("[name=kind]", kind)
    page.select_option("[name=audience]", "customers")
    page.locator("label:has([name=language][value=en])").click()
    page.check(f"[name=channels][value={channel}]")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/statements/\d+/edit/$"))
    return str(page.url.removesuffix("edit/"))


def write_draft(page: Any, text: str) -> None:
    """Type into the editor, and see the draft save itself."""
    with page.expect_response("**/save-draft/") as answer:
        page.fill("#editor [name=text]", text)
    assert answer.value.status == 204


def save_version(page: Any, reason: str) -> None:
    """Save as the next version; the page then stands on the statement."""
    page.fill("#editor [name=reason]", reason)
    page.click("#editor button[type=submit]:not([name]):not([formaction])")
    page.wait_for_url(re.compile(r"/statements/\d+/$"))


def submit(page: Any) -> None:
    with page.expect_navigation():
        page.click("form[action$='/submit/'] button")


def approve(page: Any, statement: str, *, thumb: bool = False) -> None:
    """Read the decision page and approve what stands on it, with a mouse or a thumb."""
    page.goto(f"{statement}decide/")
    press = "tap" if thumb else "click"
    getattr(page.locator("[data-approve]"), press)()
    getattr(page.locator("#confirm form button[type=submit]"), press)()
    page.wait_for_url(statement)


def fingerprint(page: Any, statement: str) -> str:
    page.goto(statement)
    found = page.get_attribute("section[aria-labelledby=print-h] [data-copy]", "data-copy")
    assert re.fullmatch(r"[0-9a-f]{64}", found)
    return str(found)


def publish(page: Any, statement: str, *, link: str, next_update: str = "") -> None:
    """Record where the text stands: the exact text of the page is pasted back."""
    page.goto(f"{statement}publication/")
    page.fill("[name=link]", link)
    page.fill("[name=posted_text]", page.locator(".cd-exact").first.inner_text())
    page.fill("[name=next_update_at]", next_update)
    page.locator("form[action$='/record-publication/'] button[type=submit]").click()
    page.wait_for_url(statement)


def move(page: Any, room: str, to: str, reason: str) -> None:
    page.goto(f"{room}status/")
    form = page.locator("form[action$='/status/change/']")
    form.locator(f"[name=to][value={to}]").check()
    form.locator("[name=reason]").fill(reason)
    form.locator("button[type=submit]").click()
    page.wait_for_url(room)


def log(page: Any, text: str) -> None:
    """Write an entry with the composer of the page."""
    page.fill(COMPOSER, text)
    with page.expect_response("**/evidence/log/") as answer:
        page.click("#composer button[type=submit]")
    assert answer.value.status == 204
