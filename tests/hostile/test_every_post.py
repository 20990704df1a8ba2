"""What every write demands: its own form, its own host, and a way back that stays in the house."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.test import Client

from tests.conftest import PASSWORD
from tests.hostile.walk import Walk, read

pytestmark = pytest.mark.django_db
EVIL: Final = ("https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)")
# Django's own answers to who may not even look, before any form is asked for.
GONE: Final = {404, 405}


def test_no_write_is_taken_without_the_token_of_its_form(walk: Walk) -> None:
    client = walk.signed_in("lead", enforce_csrf_checks=True)
    taken = {}
    for name, address in walk.addresses.items():
        answer: Any = client.post(address, {"reason": "x", "text": "x"})
        if answer.status_code not in {403, *GONE}:
            taken[name] = answer.status_code
    # The way in takes none either, and says so on a page of its own.
    assert taken == {}


def test_a_token_of_another_host_is_none(walk: Walk) -> None:
    client = walk.signed_in("lead", enforce_csrf_checks=True)
    client.get(walk.addresses["teams:profile"])
    token = client.cookies["csrftoken"].value
    answer = client.post(
        walk.addresses["teams:theme-switch"],
        {"csrfmiddlewaretoken": token, "theme": "dark"},
        headers={"origin": "https://evil.test"},
    )
    assert answer.status_code == 403


def test_no_write_leads_outside(walk: Walk) -> None:
    """Whatever an address is sent as the page to go to next, nobody is led out of the house."""
    for evil in EVIL:
        _leads_nowhere(walk, evil)


def _leads_nowhere(walk: Walk, evil: str) -> None:
    client = walk.signed_in("lead")
    led = {}
    # What ends the session or has one address each: the walk would end there.
    left_out = {"account_logout"}
    names = [n for n in walk.addresses if n.startswith(("teams:", "account_", "mfa_", "once_more"))]
    for name in set(names) - left_out:
        url = walk.addresses[name]
        for answer in (
            client.get(url, {"next": evil, "to": evil}),
            client.post(url, {"next": evil, "to": evil, "language": "en", "theme": "dark"}),
        ):
            to = answer.get("Location", "") + answer.get("HX-Redirect", "")
            if "evil" in to.partition("?")[0] or to.lower().startswith("javascript"):
                led[name] = to
    assert led == {}
    out = Client()
    sent = {"login": walk.people["lead"].email, "password": PASSWORD, "next": evil}  # type: ignore[union-attr]
    assert "evil" not in out.post("/accounts/login/", sent)["Location"]
    assert "evil" not in client.post("/accounts/logout/", {"next": evil})["Location"]


def test_another_host_is_not_served(walk: Walk) -> None:
    client = walk.signed_in("lead")
    for host in ("evil.test", "testserver.evil.test", "evil.test:80@testserver"):
        for name in ("incidents:desk", "account_login", "incidents:room"):
            assert client.get(walk.addresses[name], headers={"host": host}).status_code == 400


def test_a_forwarded_host_changes_no_link(walk: Walk, mailoutbox: Any) -> None:
    """A link in a mail is the installation's, whatever a request claims to be addressed to."""
    lead = walk.people["lead"]
    assert lead is not None
    client = Client(headers={"x-forwarded-host": "evil.test"})
    client.post("/accounts/password/reset/", {"email": lead.email})
    client.post("/accounts/login/code/", {"login": lead.email})
    assert mailoutbox
    for letter in mailoutbox:
        assert "evil.test" not in letter.subject + letter.body


def test_the_administration_is_no_way_in(walk: Walk) -> None:
    """Nobody but an administrator opens it; it holds no room, no text, no entry."""
    inside = {n: u for n, u in walk.addresses.items() if n.startswith("admin:")}
    assert len(inside) > 30
    for who in ("lead", "executive", "member", "stranger", "outside", "excluded", "out"):
        client = walk.signed_in(who)
        for name, url in inside.items():
            for call in (client.get, client.post):
                answer: Any = call(url)
                opened = answer.status_code == 200 and "login" not in name
                assert not opened or "login" in read(answer).lower(), (who, name)
                assert "teams_user" not in read(answer), (who, name)
    client = walk.signed_in("administrator")
    for name, url in inside.items():
        said = read(client.get(url))
        assert "We are checking" not in said, name
        assert "Plastic fragments" not in said, name
