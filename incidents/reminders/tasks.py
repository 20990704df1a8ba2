"""What the clock starts."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from incidents.reminders import actions


@shared_task
def tick(**_unknown: Any) -> int:
    """Take what is due now; return how many steps were taken."""
    return actions.take_due_steps(at=now())
