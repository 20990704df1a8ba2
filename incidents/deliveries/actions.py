from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from incidents.models import Delivery, Incident, Message
from teams.models import User

Channel = Message.Channel
State = Message.State
EVERYWHERE: Final = (Channel.DESK, Channel.EMAIL)
AT_ONCE: Final = timedelta(0)


def deliver(
    person: User,
    *,
    reason: str,
    incident: Incident,
    facts: Mapping[str, Any],
    at: datetime,
    channels: Iterable[Channel] = EVERYWHERE,
    wait: timedelta = AT_ONCE,
) -> list[Delivery]:
    """
    Owe a person the news of one reason, on each channel once; return what was not owed before.

    In the product it has arrived with the transaction. A mail may `wait` a moment for what
    happens together; what already waits for the person and the incident takes it along.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("deliver() is called inside the transaction of its reason.")
    known = set(
        Delivery.objects.filter(reason=reason, person=person).values_list("channel", flat=True)
    )
    return [
        Delivery.objects.create(
            reason=reason,
            person=person,
            channel=channel,
            message=_message(person, incident, channel, at=at, wait=wait),
            facts=dict(facts),
            created_at=at,
        )
        for channel in channels
        if channel not in known
    ]


def _message(
    person: User, incident: Incident, channel: Channel, *, at: datetime, wait: timedelta
) -> Message:
    """Return the message that takes the delivery along: one that still waits, or a new one."""
    same = Message.objects.filter(person=person, incident=incident, channel=channel)
    if channel == Channel.DESK:
        open_ = same.filter(created_at=at, read_at=None).first()
        return open_ or Message.objects.create(
            person=person,
            incident=incident,
            channel=channel,
            state=State.DELIVERED,
            created_at=at,
            not_before=at,
            delivered_at=at,
        )
    # Locked, so that no worker leases it between here and the commit.
    waiting = (
        same.filter(state=State.WAITING, attempts=0)
        .select_for_update(skip_locked=True)
        .order_by("pk")
        .first()
    )
    if waiting is None:
        return Message.objects.create(
            person=person,
            incident=incident,
            channel=channel,
            created_at=at,
            not_before=at + wait,
        )
    if at + wait < waiting.not_before:
        waiting.not_before = at + wait
        waiting.save(update_fields=["not_before"])
    return waiting
