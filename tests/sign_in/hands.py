"""What people do to get in, as the forms of the pages send it."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from incidents.models import Statement
from teams.models import User
from tests.conftest import PASSWORD

CONFIRM = "/accounts/reauthenticate/"


def url(name: str, statement: Statement) -> str:
    return reverse(f"incidents:{name}", args=[statement.incident.reference, statement.number])


def seen(statement: Statement, **more: Any) -> dict[str, Any]:
    """What the form of the decision page sends."""
    version = statement.versions.order_by("-number")[0]
    return {"version": version.number, "fingerprint": version.fingerprint, **more}


def sign_in(user: User, client: Any = None) -> Any:
    client = client or Client()
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", sent).status_code == 302
    return client


def grow_old(client: Any, minutes: int = 31) -> None:
    """Let time pass since this session's last proof of identity."""
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= minutes * 60
    session.save()


def confirm(client: Any, page: str) -> Any:
    return client.post(CONFIRM, {"password": PASSWORD, "next": page})


def ask_for_code(client: Any, email: str, page: str = "/") -> Any:
    """Press "Send me a code" on the page of sign-in."""
    sent = {"login": email, "password": "", "next": page}
    return client.post("/accounts/login/code/", sent, follow=True)


def code_in(mail: Any) -> str:
    found = re.search(r"^\d{6}$", mail.body, re.MULTILINE)
    assert found
    return found.group()
