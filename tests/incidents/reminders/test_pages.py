"""A reminder is answered with one thumb; the inbox says what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.clocks.actions import make_promise
from incidents.models import Due, Incident, Message, Promise, StoredMail
from incidents.notifications.actions import empty_outbox
from teams.models import Audience, User


@pytest.fixture
def due(staffed: Incident, thomas: User) -> Due:
    at = timezone.now()
    promise = make_promise(
        staffed,
        audience=Audience.objects.get(slug="media"),
        channel="",
        subject="answer to Le Fil Info",
        due_at=at + timedelta(hours=1),
        owner=thomas,
        source=Promise.Source.HAND,
        by=thomas,
        at=at,
    )
    return Due.objects.get(promise=promise)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, due: Due) -> str:
    return reverse(f"incidents:{name}", args=[due.incident.reference, due.pk])


def test_the_page_names_who_is_called_next(due, thomas):
    shown = signed_in(thomas).get(page("reminder", due)).text
    assert "I take care of it" in shown
    assert "Claire Morvan" in shown
    assert "Helene Verdier" in shown


def test_one_press_takes_care_of_it(due, staffed, thomas):
    signed_in(thomas).post(page("reminder-acknowledge", due))
    due.refresh_from_db()
    assert due.acknowledged_by == thomas
    assert staffed.entries.filter(kind="reminder.acknowledged").count() == 1


def test_somebody_who_is_not_called_is_told_so(due, bruno):
    answer = signed_in(bruno).post(page("reminder-acknowledge", due))
    assert answer.status_code == 409
    due.refresh_from_db()
    assert due.acknowledged_by is None


def test_putting_off_wants_a_reason(due, staffed, thomas):
    web = signed_in(thomas)
    assert web.post(page("reminder-snooze", due), {"length": "10"}).status_code == 422
    web.post(page("reminder-snooze", due), {"length": "10", "reason": "Ten past."})
    due.refresh_from_db()
    assert due.snoozed_until is not None
    assert staffed.entries.filter(kind="reminder.snoozed").count() == 1


def test_the_tick_by_hand_reminds_mails_and_says_how_many(due, staffed, thomas, capsys, settings):
    settings.EMAIL_BACKEND = "incidents.notifications.mail.StoredMailBackend"
    due.steps.filter(name="before").update(at=timezone.now() - timedelta(minutes=1))
    call_command("send_due_reminders")

    assert "1 reminder steps taken" in capsys.readouterr().out
    reminded = StoredMail.objects.filter(to=thomas.email, plain__contains="A promise falls due")
    assert reminded.count() == 1
    assert Message.objects.filter(person=thomas, channel="desk", read_at=None).exists()
    assert reverse("incidents:reminder", args=[staffed.reference, due.pk]) in reminded.get().plain


def test_the_bell_counts_and_the_inbox_is_read_by_a_press(staffed, thomas):
    empty_outbox(at=timezone.now())
    web = signed_in(thomas)
    assert "1 unread message" in web.get(reverse("incidents:bell")).text
    assert staffed.reference in web.get(reverse("incidents:notices")).text
    assert Message.objects.filter(person=thomas, channel="desk", read_at=None).count() == 1

    web.post(reverse("incidents:notices-read"))
    assert "none unread" in web.get(reverse("incidents:bell")).text


def test_mails_are_shown_to_their_reader_alone_and_only_in_a_demonstration(
    staffed, thomas, zoe, settings
):
    StoredMail.objects.create(to=thomas.email, subject="MV-2030-0001", plain="only for Thomas")
    url = reverse("incidents:mails")
    assert signed_in(thomas).get(url).status_code == 404
    settings.DEMO = True
    assert "only for Thomas" in signed_in(thomas).get(url).text
    assert "only for Thomas" not in signed_in(zoe).get(url).text


@pytest.mark.parametrize("name", ["notices", "bell", "mails"])
def test_messages_want_a_sign_in(name, db):
    assert Client().get(reverse(f"incidents:{name}")).status_code == 302
