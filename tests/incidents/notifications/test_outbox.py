"""Who hears of what happened, and who does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from incidents.lifecycle.actions import change_confidentiality
from incidents.models import Delivery, Incident, Message, Outbox
from incidents.models import incident as incident_events
from incidents.notifications.actions import empty_outbox, mark_read
from incidents.notifications.queries import inbox, unread_count
from incidents.roles.actions import assign_role, invite_person, relieve_role
from incidents.timeline.actions import record
from teams.models import Role, User


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def told(kind: str) -> set[str]:
    """Return the first names of those who were told of an entry of this kind, in the product."""
    found = Delivery.objects.filter(channel="desk", reason__startswith="entry:")
    entries = {f"entry:{pk}" for pk in _entries(kind)}
    return {one.person.name.split()[0] for one in found if one.reason in entries}


def _entries(kind: str) -> list[int]:
    from incidents.models import Entry

    return list(Entry.objects.filter(kind=kind).values_list("pk", flat=True))


def happened(incident: Incident, kind: object, *, by: User, at: datetime, **facts: object) -> None:
    with transaction.atomic():
        record(incident, kind, by=by, at=at, **facts)  # type: ignore[arg-type]


def test_the_person_named_hears_of_a_role_and_the_one_who_gave_it_does_not(
    staffed, claire, sophie, nine
):
    assign_role(
        staffed, role=Role.objects.get(slug="spokesperson"), user=sophie, by=claire, at=nine
    )
    empty_outbox(at=nine)

    assert told("role.assigned") == {"Karim", "Helene", "Thomas", "Ines", "Sophie"}
    assert unread_count(sophie, at=nine) == 1
    assert unread_count(claire, at=nine) > 0


def test_the_lead_hears_who_accepted_but_not_of_their_own_acts(staffed, nine):
    empty_outbox(at=nine)

    assert told("role.accepted") == {"Claire"}
    assert told("incident.opened") == {"Karim", "Helene", "Thomas", "Ines"}


def test_everything_that_waits_leaves_the_outbox_once(staffed, nine):
    assert empty_outbox(at=nine) > 0
    assert not Outbox.objects.filter(taken_at=None).exists()
    before = Delivery.objects.count()
    assert empty_outbox(at=nine) == 0
    assert Delivery.objects.count() == before


def test_one_delivery_per_reason_person_and_channel(staffed, nine):
    empty_outbox(at=nine)
    rows = list(Delivery.objects.values_list("reason", "person", "channel"))
    assert len(rows) == len(set(rows)) > 0


def test_who_lost_the_room_hears_nothing_more(staffed, claire, bruno, thomas, nine):
    invite_person(staffed, user=bruno, by=claire, at=nine)
    change_confidentiality(staffed, to="restricted", reason="Leaks.", by=claire, at=nine)
    relieve_role(
        staffed.assignments.get(role__slug="communications_lead"), reason="x", by=claire, at=nine
    )
    empty_outbox(at=nine)

    assert "Thomas" not in told("role.relieved")
    assert not Message.objects.filter(person=thomas).exists()
    assert "Bruno" in told("role.invited")


def test_messages_of_a_room_one_may_no_longer_see_are_gone_from_the_inbox(
    staffed, claire, thomas, nine
):
    empty_outbox(at=nine)
    assert inbox(thomas, at=nine)
    change_confidentiality(staffed, to="restricted", reason="Leaks.", by=claire, at=nine)
    relieve_role(
        staffed.assignments.get(role__slug="communications_lead"), reason="x", by=claire, at=nine
    )

    assert inbox(thomas, at=nine) == []
    assert unread_count(thomas, at=nine) == 0


def test_privileged_words_reach_those_of_the_compartment_alone(staffed, claire, karim, nine):
    from incidents.models import incident as events

    with transaction.atomic():
        record(
            staffed,
            events.STATUS_CHANGED,
            by=claire,
            at=nine,
            privileged=True,
            before="triage",
            after="active",
            reason="advice of counsel",
        )
    empty_outbox(at=nine)

    assert told("incident.status_changed") == {"Karim"}
    lines = [line.text for row in inbox(karim, at=nine) for line in row.lines]
    assert any("advice of counsel" in line for line in lines)


def test_what_happens_together_is_one_mail(staffed, claire, nine):
    empty_outbox(at=nine)
    mails = Message.objects.filter(person=claire, channel="email")
    assert mails.count() == 1
    assert mails.get().deliveries.count() == 4


def test_reading_is_marked_for_oneself_alone(staffed, claire, thomas, nine):
    empty_outbox(at=nine)
    theirs = list(Message.objects.filter(person=claire).values_list("pk", flat=True))
    mark_read(thomas, messages=theirs, at=nine)
    assert unread_count(claire, at=nine) == 1

    mark_read(claire, at=nine)
    assert unread_count(claire, at=nine) == 0
    assert unread_count(thomas, at=nine) == 1


def test_the_inbox_costs_the_same_for_one_message_and_for_many(
    staffed, claire, thomas, nine, count_queries
):
    empty_outbox(at=nine)
    one = count_queries(lambda: inbox(thomas, at=nine))
    for number in range(10):
        happened(
            staffed,
            incident_events.STATUS_CHANGED,
            by=claire,
            at=nine + minutes(number),
            before=Incident.Status.TRIAGE,
            after=Incident.Status.ACTIVE,
            reason=f"reason {number}",
        )
        empty_outbox(at=nine + minutes(number))

    assert len(inbox(thomas, at=nine)) >= 10
    assert count_queries(lambda: inbox(thomas, at=nine)) == one


def test_an_entry_that_cannot_be_announced_stays_and_holds_up_no_other(
    staffed, nine, monkeypatch, caplog
):
    from incidents.notifications import queries

    first = Outbox.objects.filter(taken_at=None, entry__kind="incident.opened").get()
    real = queries.hearers

    def breaks(entry, *, at):
        if entry.pk == first.pk:
            raise RuntimeError("no words")
        return real(entry, at=at)

    monkeypatch.setattr(queries, "hearers", breaks)
    assert empty_outbox(at=nine) > 0
    first.refresh_from_db()
    assert first.taken_at is None
    assert "stays in the outbox" in caplog.text

    monkeypatch.undo()
    assert empty_outbox(at=nine) == 1
    assert told("incident.opened") == {"Karim", "Helene", "Thomas", "Ines"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_messages_speak_the_readers_language(staffed, karim, language, nine):
    karim.language = language
    karim.save()
    empty_outbox(at=nine)
    assert inbox(karim, at=nine)[0].lines[0].text
