# ruff: noqa: S608  (the statements are put together from constants of this file)
"""Somebody lifts the guards and meddles with the tables: the check names the first bad entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from crisisdesk.kit import chain
from incidents.models import Incident
from incidents.timeline import proof
from incidents.timeline.actions import log_entry
from teams.models import User
from tests.conftest import lift_guards, set_guards

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged(incident: Incident, claire: User, nine: datetime) -> Incident:
    for n in range(1, 7):
        log_entry(
            incident,
            kind="fact",
            text=f"Fact {n}",
            occurred=None,
            key_moment=n == 3,
            by=claire,
            at=nine,
        )
    return incident


@pytest.fixture
def unguarded(logged: Incident) -> Iterator[Incident]:
    lift_guards()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
    yield logged
    set_guards()


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount, "the meddling did nothing"


ENTRY = "incident_id = %s AND number = %s"
CONTENT = f"entry_id = (SELECT id FROM incidents_entry WHERE {ENTRY})"


def change_words(incident: Incident, number: int) -> None:
    run(
        "UPDATE incidents_entrycontent SET body = "
        f"REPLACE(CAST(body AS TEXT), 'Fact', 'Fiction'){_as_json()} WHERE {CONTENT}",
        incident.pk,
        number,
    )


def _as_json() -> str:
    return "::jsonb" if connection.vendor == "postgresql" else ""


def change_time(incident: Incident, number: int) -> None:
    run(
        f"UPDATE incidents_entry SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE {ENTRY}",
        incident.pk,
        number,
    )


def change_column(name: str, value: Any) -> Callable[[Incident, int], None]:
    def change(incident: Incident, number: int) -> None:
        run(f"UPDATE incidents_entry SET {name} = %s WHERE {ENTRY}", value, incident.pk, number)

    return change


def change_actor(incident: Incident, number: int) -> None:
    other = User.objects.create_user("other@desk.test", None, name="Somebody Else")
    run(f"UPDATE incidents_entry SET actor_id = %s WHERE {ENTRY}", other.pk, incident.pk, number)


def remove(incident: Incident, number: int) -> None:
    run(f"DELETE FROM incidents_entrycontent WHERE {CONTENT}", incident.pk, number)
    run(
        "DELETE FROM incidents_outbox WHERE entry_id = "
        f"(SELECT id FROM incidents_entry WHERE {ENTRY})",
        incident.pk,
        number,
    )
    run(f"DELETE FROM incidents_entry WHERE {ENTRY}", incident.pk, number)


def remove_content(incident: Incident, number: int) -> None:
    run(f"DELETE FROM incidents_entrycontent WHERE {CONTENT}", incident.pk, number)


def swap_numbers(incident: Incident, number: int) -> None:
    for old, new in ((number, 900), (number + 1, number), (900, number + 1)):
        run(f"UPDATE incidents_entry SET number = %s WHERE {ENTRY}", new, incident.pk, old)


def swap_contents(incident: Incident, number: int) -> None:
    pks = dict(incident.entries.values_list("number", "pk"))
    one, other = pks[number], pks[number + 1]
    for old, new in ((one, -1), (other, one), (-1, other)):
        run("UPDATE incidents_entrycontent SET entry_id = %s WHERE entry_id = %s", new, old)


def rehash(incident: Incident, number: int) -> None:
    """The meddler computes a fitting hash for the changed entry, but not for all that follow."""
    entry = incident.entries.get(number=number)
    commitment = "0" * 64
    new = chain.link_hash(
        previous=entry.previous_hash,
        number=number,
        recorded_at=chain.instant(entry.recorded_at),
        commitment=commitment,
    )
    run(
        f"UPDATE incidents_entry SET commitment = %s, hash = %s WHERE {ENTRY}",
        commitment,
        new,
        incident.pk,
        number,
    )


MEDDLING: dict[str, tuple[Callable[[Incident, int], None], str]] = {
    "words": (change_words, "says something else"),
    "time of recording": (change_time, "was changed"),
    "time of the event": (
        change_column("occurred_from", "2020-01-01 00:00:00+00:00"),
        "where lists look: occurred_from",
    ),
    "kind": (change_column("kind", "entry.decided"), "where lists look: kind"),
    "category": (change_column("category", "decision"), "where lists look: category"),
    "privilege": (change_column("is_privileged", True), "where lists look: is_privileged"),
    "key moment": (change_column("is_key_moment", True), "where lists look: is_key_moment"),
    "actor": (change_actor, "where lists look: actor"),
    "hash": (change_column("hash", "0" * 64), "was changed"),
    "salt and commitment": (rehash, "says something else"),
    "removal": (remove, "is missing"),
    "lost content": (remove_content, "has lost its content"),
    "order": (swap_numbers, "does not follow"),
    "swapped contents": (swap_contents, "says something else"),
}


def test_what_nobody_touched_is_whole(logged: Incident) -> None:
    assert proof.verify(logged) is None


@pytest.mark.parametrize("name", MEDDLING)
def test_meddling_is_found_and_the_entry_named(unguarded: Incident, name: str) -> None:
    meddle, why = MEDDLING[name]
    assert proof.verify(unguarded) is None
    meddle(unguarded, 4)
    fault = proof.verify(unguarded)
    assert fault is not None
    assert fault.number == 4
    assert why in fault.why


def test_the_first_of_two_bad_entries_is_named(unguarded: Incident) -> None:
    change_time(unguarded, 6)
    change_words(unguarded, 4)
    fault = proof.verify(unguarded)
    assert fault is not None
    assert fault.number == 4


def test_a_cut_tail_is_found(unguarded: Incident) -> None:
    last = unguarded.last_entry_number
    remove(unguarded, last)
    fault = proof.verify(unguarded)
    assert fault is not None
    assert (fault.number, "cut" in fault.why) == (last, True)


def test_a_tail_cut_with_its_number_is_found_by_the_head(unguarded: Incident) -> None:
    last = unguarded.last_entry_number
    remove(unguarded, last)
    run(
        "UPDATE incidents_incident SET last_entry_number = %s WHERE id = %s", last - 1, unguarded.pk
    )
    fault = proof.verify(unguarded)
    assert fault is not None
    assert fault.number == last - 1


def test_an_entry_added_behind_the_back_of_the_pen_is_found(unguarded: Incident) -> None:
    last = unguarded.entries.get(number=unguarded.last_entry_number)
    last.pk, last.number, last._state.adding = None, last.number + 1, True
    last.save()
    fault = proof.verify(unguarded)
    assert fault is not None
    assert fault.number == last.number


def test_counters_that_do_not_fit_are_found(unguarded: Incident) -> None:
    Incident.objects.filter(pk=unguarded.pk).update(
        entry_counts={**unguarded.entry_counts, "fact": 1}
    )
    fault = proof.verify(unguarded)
    assert fault is not None
    assert "counters" in fault.why


def test_another_incidents_chain_does_not_pass_for_this_one(
    unguarded: Incident, claire: User
) -> None:
    Incident.objects.filter(pk=unguarded.pk).update(uuid="00000000-0000-0000-0000-000000000000")
    fault = proof.verify(unguarded)
    assert fault is not None
    assert fault.number == 1
