"""One tick, by hand: take what is due, tell who hears of it, send what waits."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from incidents.notifications import actions as notifications
from incidents.reminders import actions as reminders


class Command(BaseCommand):
    help = "Take the reminders that are due now and send the messages that wait: one tick."

    def handle(self, *_args: Any, **_options: Any) -> None:
        taken = reminders.take_due_steps(at=now())
        told = notifications.empty_outbox(at=now())
        sent = notifications.send_messages(clock=now)
        self.stdout.write(
            f"{taken} reminder steps taken, {told} entries announced, {sent} mails sent."
        )
