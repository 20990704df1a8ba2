"""What somebody from outside is told by mail: that a text waits, where, and nothing else."""

from __future__ import annotations

from datetime import datetime

import pytest

from incidents.models import ExternalApprover, Message, Statement, Step
from incidents.notifications.actions import empty_outbox
from incidents.notifications.letters import write as write_letter
from incidents.reminders.actions import take_due_steps
from incidents.statements import actions
from incidents.statements.actions import sharing
from teams.models import User
from tests.incidents.statements.external import address, mails_to

pytestmark = pytest.mark.django_db


def test_the_mail_carries_the_link_and_nothing_of_the_incident(
    good: Statement, leroy: User, today: datetime
) -> None:
    (mail,) = mails_to(leroy, today)
    assert mail.subject == good.incident.reference
    for body in (mail.body, mail.alternatives[0][0]):
        assert address("text", good) in body
        assert body.count(address("text", good)) == 1
        assert "waits for your sign-off" in body
        for word in (good.title, good.incident.title, "Claire", "Thomas", "/incidents/"):
            assert word not in body


def test_they_hear_of_nothing_else(
    good: Statement, leroy: User, claire: User, thomas: User, today: datetime
) -> None:
    mails_to(leroy, today)
    had = Message.objects.filter(person=leroy).count()
    actions.withdraw_statement(good, reason="Overtaken.", by=claire, at=today)
    empty_outbox(at=today)
    assert Message.objects.filter(person=leroy).count() == had


def test_no_mail_goes_out_once_it_has_ended(
    good: Statement, leroy: User, claire: User, today: datetime
) -> None:
    empty_outbox(at=today)
    sharing.end_external_approver(ExternalApprover.objects.get(), by=claire, at=today)
    assert mails_to(leroy, today) == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("half", "Half of the time is gone."),
        ("three_quarters", "Three quarters of the time are gone."),
        ("due", "It is due now"),
    ],
)
def test_a_reminder_of_their_own_sign_off_says_how_the_time_stands_and_no_more(
    good: Statement, leroy: User, today: datetime, step: str, words: str
) -> None:
    mails_to(leroy, today)
    sent_before = Message.objects.filter(person=leroy)
    sent_before.update(state=Message.State.DELIVERED)
    for one in Step.objects.filter(due__stage__seats__person=leroy).order_by("at"):
        take_due_steps(at=one.at)
        if one.name == step:
            break
        sent_before.update(state=Message.State.DELIVERED)
    waiting = Message.objects.filter(person=leroy, channel=Message.Channel.EMAIL)
    (mail,) = waiting.filter(state=Message.State.WAITING)
    letter = write_letter(mail, at=one.at)
    assert letter is not None
    assert letter.subject == good.incident.reference
    assert "A text waits for your sign-off" in letter.body
    assert words in letter.body
    assert good.title not in letter.body
    assert "/incidents/" not in letter.body
