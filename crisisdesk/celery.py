"""Celery, and the beat table: all that the clock starts, on one screen.

Work that is due lies in the database; a tick only asks "what is due?". Ticks expire when the
next is due, so that a worker that comes back finds one tick waiting and not a thousand.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")

app = Celery("crisisdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "incidents.notifications",
        "incidents.reminders",
    ]
)


def _every(seconds: float, task: str) -> dict[str, object]:
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 2) * 5}}


app.conf.beat_schedule = {
    "what is due?": _every(3, "incidents.reminders.tasks.tick"),
    "who hears of what happened?": _every(2, "incidents.notifications.tasks.empty_outbox"),
    "which messages wait?": _every(2, "incidents.notifications.tasks.send_messages"),
}
