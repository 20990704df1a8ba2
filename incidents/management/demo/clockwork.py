"""Tells several parts of a story at once, in the order of the clock, with the desk at work."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

from incidents.management.demo.house import House, Story
from incidents.models import Message, Step
from incidents.notifications.actions import empty_outbox, mark_read, send_messages
from incidents.reminders.actions import take_due_steps

A_MOMENT = timedelta(seconds=10)
UNREAD_FOR = timedelta(hours=2)


def play(house: House, stories: Iterable[Story]) -> None:
    """Tell every part to its end; whatever falls due on the way is done at its time."""
    order = count()
    waiting = [(next(story), next(order), story) for story in stories]
    heapq.heapify(waiting)
    while waiting:
        at, _place, story = heapq.heappop(waiting)
        _remind_until(at)
        with suppress(StopIteration):
            heapq.heappush(waiting, (story.send(at), next(order), story))
        _announce(at + A_MOMENT)
    _remind_until(house.now)
    _announce(house.now)
    for person in house.people.values():
        mark_read(person, messages=_old(person.pk, house.now - UNREAD_FOR), at=house.now)


def _remind_until(at: datetime) -> None:
    """Take every step of a reminder at its own moment."""
    while True:
        step = (
            Step.objects.filter(taken_at=None, dropped_at=None, at__lte=at).order_by("at").first()
        )
        if step is None:
            return
        if not take_due_steps(at=step.at):
            return


def _announce(at: datetime) -> None:
    empty_outbox(at=at)
    send_messages(clock=lambda: at)


def _old(person: int, before: datetime) -> list[int]:
    found = Message.objects.filter(person=person, created_at__lt=before)
    return list(found.values_list("pk", flat=True))
