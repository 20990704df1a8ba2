"""What the clock starts."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from incidents.notifications import actions


@shared_task
def empty_outbox(**_unknown: Any) -> int:
    """Announce what happened to those who hear of it; return how many entries."""
    return actions.empty_outbox(at=now())


@shared_task
def send_messages(**_unknown: Any) -> int:
    """Send the mails that wait; return how many were accepted."""
    return actions.send_messages(clock=now)
