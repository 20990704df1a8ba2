"""What becomes of a mail: accepted, refused for now, refused for good, or nobody knows."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core import mail as outside
from django.db import transaction

from incidents.deliveries.actions import deliver
from incidents.lifecycle.actions import change_confidentiality
from incidents.models import Incident, Message, StoredMail
from incidents.notifications import rules
from incidents.notifications.actions import _lease, empty_outbox, send_messages
from incidents.notifications.queries import inbox
from incidents.notifications.rules import Answer, Outcome
from incidents.roles.actions import relieve_role
from incidents.timeline.rules import plain
from teams.models import User
from tests.conftest import make_a_drill
from tests.mail_sink import Sink, mail_sink

State = Message.State


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def owe(incident: Incident, person: User, at: datetime, *, reason: str = "step:1") -> None:
    """Owe a person one mail of a reminder."""
    facts = plain(
        {
            "about": "step",
            "step": "due",
            "owes": "promise",
            "due_row": 1,
            "due_at": at,
            "what": "answer to Le Fil Info",
            "audience": "media",
            "owner": person,
            "promise": 1,
        }
    )
    with transaction.atomic():
        deliver(person, reason=reason, incident=incident, facts=facts, at=at)


def at_time(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def the_mail() -> Message:
    return Message.objects.get(channel="email")


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    with mail_sink() as sink:
        settings.EMAIL_BACKEND = "incidents.notifications.mail.PostBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_TIMEOUT = 3
        yield sink


def test_a_mail_that_the_server_accepts_is_delivered(staffed, thomas, nine, sink):
    owe(staffed, thomas, nine)
    assert send_messages(clock=at_time(nine)) == 1

    message = the_mail()
    assert (message.state, message.attempts, message.doubts) == (State.DELIVERED, 1, 0)
    assert message.delivered_at == nine
    [mail] = sink.mails
    assert mail.recipients == (thomas.email,)
    assert send_messages(clock=at_time(nine + seconds(120))) == 0


def test_the_subject_carries_the_reference_and_never_the_title(staffed, thomas, nine, sink):
    owe(staffed, thomas, nine)
    send_messages(clock=at_time(nine))
    [mail] = sink.mails
    assert mail.subject == staffed.reference
    assert staffed.title not in str(mail.message)
    assert str(the_mail().uuid) in mail.message["Message-ID"]
    assert str(staffed.uuid) in mail.message["References"]
    assert "answer to Le Fil Info" in mail.text


def test_the_mail_of_an_opening_does_not_carry_the_title_either(staffed, thomas, nine, sink):
    empty_outbox(at=nine)
    send_messages(clock=at_time(nine + seconds(10)))
    [mail] = [one for one in sink.mails if thomas.email in one.recipients]
    assert "An incident was opened" in mail.text
    assert staffed.title not in str(mail.message)
    assert staffed.title in str(inbox(thomas, at=nine)[0].lines)


def test_a_mail_of_a_drill_says_so_in_subject_and_text(staffed, thomas, nine, sink):
    make_a_drill(staffed)
    owe(staffed, thomas, nine)
    send_messages(clock=at_time(nine))
    [mail] = sink.mails
    assert mail.subject == f"DRILL {staffed.reference}"
    assert "This is a drill" in mail.text


def test_times_are_those_of_the_readers_zone(staffed, thomas, nine, sink):
    thomas.zone = "America/New_York"
    thomas.save()
    owe(staffed, thomas, nine)
    send_messages(clock=at_time(nine))
    assert "04:00" in sink.mails[0].text


def test_a_mail_refused_for_now_is_tried_again_later_with_the_same_id(staffed, thomas, nine, sink):
    owe(staffed, thomas, nine)
    sink.answer = 451
    assert send_messages(clock=at_time(nine)) == 0
    message = the_mail()
    assert (message.state, message.doubts) == (State.WAITING, 0)
    assert message.last_error.startswith("451")

    sink.answer = 250
    assert send_messages(clock=at_time(nine + seconds(4))) == 0
    assert send_messages(clock=at_time(nine + seconds(5))) == 1
    assert (the_mail().state, the_mail().attempts) == (State.DELIVERED, 2)
    assert len(sink.mails) == 1


def test_a_mail_refused_for_good_fails_where_it_can_be_seen(staffed, thomas, zoe, nine, sink):
    from incidents.notifications.queries import troubled

    owe(staffed, thomas, nine)
    sink.answer = 550
    send_messages(clock=at_time(nine))
    assert the_mail().state == State.FAILED
    [row] = troubled(thomas, at=nine)
    assert (row.person, row.reference) == (thomas.name, staffed.reference)
    assert row.error.startswith("550")
    assert troubled(zoe, at=nine) == []
    zoe.is_staff = True
    [row] = troubled(zoe, at=nine)
    assert (row.person, row.reference) == (thomas.name, "")


def test_a_line_cut_after_the_text_leaves_a_doubt_and_the_same_id_is_tried_again(
    staffed, thomas, nine, sink
):
    owe(staffed, thomas, nine)
    sink.silent = True
    send_messages(clock=at_time(nine))
    assert (the_mail().state, the_mail().doubts) == (State.WAITING, 1)

    sink.silent = False
    send_messages(clock=at_time(nine + seconds(60)))
    assert (the_mail().state, the_mail().doubts) == (State.DELIVERED, 1)
    ids = {mail.message["Message-ID"] for mail in sink.mails}
    assert len(sink.mails) == 2
    assert len(ids) == 1


def test_after_three_doubts_a_mail_rests_as_perhaps_delivered(staffed, thomas, nine, sink):
    owe(staffed, thomas, nine)
    sink.silent = True
    for minute in range(6):
        send_messages(clock=at_time(nine + seconds(60 * minute)))
    assert (the_mail().state, the_mail().doubts) == (State.UNCERTAIN, 3)
    assert len(sink.mails) == 3


def test_a_server_that_is_away_costs_nothing_but_time(staffed, thomas, ines, nine, settings):
    settings.EMAIL_BACKEND = "incidents.notifications.mail.PostBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    owe(staffed, thomas, nine)
    owe(staffed, ines, nine)
    send_messages(clock=at_time(nine))
    states = list(Message.objects.filter(channel="email").values_list("state", "doubts"))
    assert states == [(State.WAITING, 0), (State.WAITING, 0)]


def test_a_lease_that_ran_out_is_taken_again_and_leaves_a_doubt(staffed, thomas, nine, sink):
    owe(staffed, thomas, nine)
    assert _lease(at=nine) is not None  # a worker takes it, and is killed
    assert send_messages(clock=at_time(nine + seconds(59))) == 0
    assert send_messages(clock=at_time(nine + seconds(60))) == 1
    assert (the_mail().state, the_mail().attempts, the_mail().doubts) == (State.DELIVERED, 2, 1)


def test_a_sender_whose_lease_was_taken_over_does_not_overwrite_what_the_other_found(
    staffed, thomas, nine, sink
):
    from incidents.notifications.actions import _mark

    owe(staffed, thomas, nine)
    slow = _lease(at=nine)
    assert slow is not None
    send_messages(clock=at_time(nine + seconds(60)))
    _mark(slow, Outcome(Answer.LATER, "too late"), at=nine + seconds(61))
    assert the_mail().state == State.DELIVERED


def test_a_mail_is_not_sent_to_someone_who_may_not_see_the_room_any_more(
    staffed, claire, thomas, nine, sink
):
    owe(staffed, thomas, nine)
    change_confidentiality(staffed, to="restricted", reason="Leaks.", by=claire, at=nine)
    relieve_role(
        staffed.assignments.get(role__slug="communications_lead"), reason="x", by=claire, at=nine
    )
    send_messages(clock=at_time(nine))
    assert the_mail().state == State.FAILED
    assert sink.mails == []


def test_words_that_cannot_be_written_are_kept_for_later(
    staffed, thomas, ines, nine, monkeypatch, caplog
):
    from incidents.notifications import letters

    owe(staffed, thomas, nine)
    owe(staffed, ines, nine)
    real = letters.write

    def breaks(message, *, at):
        if message.person_id == thomas.pk:
            raise KeyError("words")
        return real(message, at=at)

    monkeypatch.setattr(letters, "write", breaks)
    assert send_messages(clock=at_time(nine)) == 1
    assert Message.objects.get(person=thomas, channel="email").state == State.WAITING
    assert "could not be written" in caplog.text


def test_the_demonstration_keeps_its_mails_in_the_product(staffed, thomas, nine, settings):
    settings.EMAIL_BACKEND = "incidents.notifications.mail.StoredMailBackend"
    owe(staffed, thomas, nine)
    send_messages(clock=at_time(nine))
    kept = StoredMail.objects.get()
    assert (kept.to, kept.subject) == (thomas.email, staffed.reference)
    assert "answer to Le Fil Info" in kept.plain
    assert "<li>" in kept.html


def test_an_unknown_backend_that_fails_leaves_a_doubt(staffed, thomas, nine, monkeypatch):
    owe(staffed, thomas, nine)

    def fails(_self, _mails):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fails)
    send_messages(clock=at_time(nine))
    assert (the_mail().state, the_mail().doubts) == (State.WAITING, 1)
    assert outside.outbox == []


def test_a_mail_under_which_every_sender_dies_does_not_hold_up_the_others(staffed, thomas, nine):
    owe(staffed, thomas, nine)
    at = nine
    for _death in range(30):
        _lease(at=at)
        at += seconds(61)
    assert the_mail().state == State.UNCERTAIN
    assert the_mail().doubts == rules.DEAD_LEASES


def test_back_off_grows_and_stops_growing():
    waits = [rules.backoff(n) for n in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=5)


def test_a_mail_that_lay_in_a_machine_at_rest_is_not_given_up_at_its_first_refusal():
    later = Outcome(Answer.LATER, "451")
    weekend = rules.after(later, attempts=1, doubts=0, age=timedelta(days=3))
    tired = rules.after(later, attempts=40, doubts=0, age=timedelta(days=3))
    doubted = rules.after(later, attempts=40, doubts=1, age=timedelta(days=3))
    assert [weekend.state, tired.state, doubted.state] == [
        State.WAITING,
        State.FAILED,
        State.UNCERTAIN,
    ]
