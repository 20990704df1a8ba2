"""Two ticks, two senders, two announcers at the same moment: each thing happens once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from incidents.models import Delivery, Message, Outbox
from incidents.notifications.actions import empty_outbox, send_messages
from incidents.reminders.actions import NothingDue, acknowledge_due, take_due_steps
from tests.incidents.reminders.test_tick import minutes, promise_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs real row locks"),
]


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in threads that begin at the same moment; return their answers."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(60)
            return act()
        except NothingDue as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_ticks_at_once_take_each_step_once(staffed, thomas, ines, nine):
    for number in range(10):
        promise_of(staffed, thomas if number % 2 else ines, nine, within=60 + number / 60)
    at = nine + minutes(75)
    taken = together(*[lambda: take_due_steps(at=at)] * 4)

    assert sum(taken) == 40  # before, due, deputy, lead of ten promises
    rows = list(Delivery.objects.values_list("reason", "person", "channel"))
    assert len(rows) == len(set(rows))
    assert staffed.entries.filter(kind="reminder.escalated").count() == 20
    numbers = list(staffed.entries.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_two_announcers_at_once_tell_everyone_once(staffed, nine):
    waiting = Outbox.objects.filter(taken_at=None, entry__kind="role.accepted").count()
    assert waiting > 0
    together(*[lambda: empty_outbox(at=nine)] * 4)

    assert not Outbox.objects.filter(taken_at=None).exists()
    rows = list(Delivery.objects.values_list("reason", "person", "channel"))
    assert len(rows) == len(set(rows))


def test_two_senders_at_once_send_each_mail_once(staffed, nine):
    empty_outbox(at=nine)
    later = nine + timedelta(seconds=10)
    sent = together(*[lambda: send_messages(clock=lambda: later)] * 4)

    mails = Message.objects.filter(channel="email")
    assert sum(sent) == len(mail.outbox) == mails.count() > 0
    assert set(mails.values_list("state", "attempts", "doubts")) == {("delivered", 1, 0)}
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == len(mail.outbox)


def test_of_two_who_take_care_at_once_one_does(staffed, thomas, claire, nine):
    due = promise_of(staffed, thomas, nine).due
    answers = together(
        lambda: acknowledge_due(due, by=thomas, at=nine),
        lambda: acknowledge_due(due, by=claire, at=nine),
    )
    assert sum(isinstance(one, NothingDue) for one in answers) == 1
    assert staffed.entries.filter(kind="reminder.acknowledged").count() == 1


def test_a_tick_while_somebody_answers_neither_deadlocks_nor_repeats(staffed, thomas, nine):
    dues = [promise_of(staffed, thomas, nine, within=60 + n).due for n in range(5)]
    at = nine + minutes(66)
    together(
        *[lambda: take_due_steps(at=at)] * 2,
        *[lambda due=due: acknowledge_due(due, by=thomas, at=at) for due in dues],
    )
    rows = list(Delivery.objects.values_list("reason", "person", "channel"))
    assert len(rows) == len(set(rows))
    assert staffed.entries.filter(kind="reminder.acknowledged").count() == 5
    assert take_due_steps(at=nine + minutes(300)) == 0
