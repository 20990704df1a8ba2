"""The head of a timeline is read once in a transaction; entries of one act are saved together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from incidents.models import Entry, Incident, Outbox
from incidents.models import timeline as events
from incidents.timeline import pen, proof
from incidents.timeline.actions import record
from teams.models import User

pytestmark = pytest.mark.django_db


def said(incident: Incident, words: str, *, by: User, at: datetime) -> Entry:
    return record(incident, events.NOTED, by=by, at=at, text=words)


def texts(incident: Incident, *, last: int) -> list[str]:
    newest = Entry.objects.filter(incident=incident).order_by("-number")[:last]
    return [one.content.body["text"] for one in reversed(newest)]


@transaction.atomic
def _said_and_undone(incident: Incident, *, by: User, at: datetime) -> None:
    said(incident, "undone", by=by, at=at)
    raise RuntimeError


@transaction.atomic
@pen.together()
def _said_together_and_undone(incident: Incident, *, by: User, at: datetime) -> None:
    said(Incident.objects.lock(incident.pk), "never", by=by, at=at)
    raise RuntimeError


def test_what_was_undone_leaves_no_gap(staffed: Incident, claire: User, nine: datetime) -> None:
    with transaction.atomic():
        locked = Incident.objects.lock(staffed.pk)
        said(locked, "first", by=claire, at=nine)
        with pytest.raises(RuntimeError):
            _said_and_undone(locked, by=claire, at=nine)
        said(locked, "second", by=claire, at=nine)
    staffed.refresh_from_db()
    assert texts(staffed, last=2) == ["first", "second"]
    assert proof.verify(staffed) is None


def test_a_verb_within_a_verb_goes_on_where_the_outer_one_is(
    staffed: Incident, claire: User, nine: datetime
) -> None:
    with transaction.atomic(), pen.together():
        outer = Incident.objects.lock(staffed.pk)
        said(outer, "outer", by=claire, at=nine)
        inner = Incident.objects.lock(staffed.pk)
        said(inner, "inner", by=claire, at=nine)
        said(outer, "outer again", by=claire, at=nine)
    staffed.refresh_from_db()
    assert texts(staffed, last=3) == ["outer", "inner", "outer again"]
    assert proof.verify(staffed) is None


@pytest.mark.parametrize("entries", [1, 5])
def test_any_number_of_entries_takes_as_many_queries(
    entries: int,
    staffed: Incident,
    claire: User,
    nine: datetime,
    django_assert_num_queries: Any,
) -> None:
    with transaction.atomic():
        locked = Incident.objects.lock(staffed.pk)
        with django_assert_num_queries(4), pen.together():
            for number in range(entries):
                said(locked, f"entry {number}", by=claire, at=nine)
    staffed.refresh_from_db()
    assert texts(staffed, last=entries) == [f"entry {number}" for number in range(entries)]
    assert proof.verify(staffed) is None
    assert Outbox.objects.count() == Entry.objects.count()


def test_an_act_that_fails_takes_its_entries_with_it(
    staffed: Incident, claire: User, nine: datetime
) -> None:
    staffed.refresh_from_db()
    before = staffed.last_entry_number
    with pytest.raises(RuntimeError):
        _said_together_and_undone(staffed, by=claire, at=nine)
    with transaction.atomic():
        said(staffed, "after it", by=claire, at=nine)
    staffed.refresh_from_db()
    assert staffed.last_entry_number == before + 1
    assert proof.verify(staffed) is None
