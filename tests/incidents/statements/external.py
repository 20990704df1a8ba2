"""Somebody from outside, for the tests of what they see, sign and hear."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from incidents.models import ExternalApprover, Message, Statement
from incidents.notifications.actions import empty_outbox
from incidents.notifications.letters import write as write_letter
from incidents.statements.actions import sharing
from teams.models import User

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ADDRESS = "maitre.leroy@cabinet.test"


def show(statement: Statement, by: User, at: datetime, **facts: Any) -> ExternalApprover:
    return sharing.invite_approver(
        statement,
        email=facts.pop("email", ADDRESS),
        name=facts.pop("name", "Anne Leroy"),
        language=facts.pop("language", "en"),
        signs=facts.pop("signs", True),
        ends_at=facts.pop("ends_at", at + 7 * DAY),
        by=by,
        at=at,
    )


def sent(statement: Statement) -> dict[str, Any]:
    newest = statement.versions.order_by("-number")[0]
    return {"version": newest.number, "fingerprint": newest.fingerprint}


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def address(name: str, statement: Statement, *more: str) -> str:
    return reverse(f"incidents:for-signature-{name}", args=[statement.uuid, *more])


def mails_to(user: User, at: datetime) -> list[Any]:
    empty_outbox(at=at)
    found = Message.objects.filter(person=user, channel=Message.Channel.EMAIL)
    return [letter for one in found if (letter := write_letter(one, at=at)) is not None]
