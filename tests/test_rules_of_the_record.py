"""
Attempts on rules 5, 6, 7 and 9: the timeline only grows, one act is one entry, two times are kept
apart, and who may not see learns nothing. By verbs, the ORM, raw SQL, the admin and commands.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from crisisdesk.kit import guards
from crisisdesk.kit.append_only import AppendOnly
from incidents import access
from incidents.lifecycle.actions import change_confidentiality, change_status
from incidents.models import Entry, EntryContent, Evidence, Incident, Occurred, Outbox
from incidents.models import timeline as events
from incidents.timeline import proof
from incidents.timeline.actions import log_entry, record
from teams.models import JournalEntry, User
from tests.conftest import GUARDS

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no such statement"
)
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own statement")


@pytest.fixture
def entry(staffed: Incident, thomas: User, nine: datetime) -> Entry:
    return log_entry(staffed, kind="fact", text="Four lots", occurred=None, by=thomas, at=nine)


def refused(sql: str, *values: Any) -> None:
    """Run a statement; the database itself refuses it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Else the fresh rows of this transaction stand in the way before the guard does.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            cursor.execute(sql, values)


# Rule 5: the timeline only grows.


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE incidents_entry SET kind = 'entry.decided'",
        "UPDATE incidents_entry SET recorded_at = '2020-01-01 00:00:00+00:00'",
        "UPDATE incidents_entry SET number = number + 1000",
        "UPDATE incidents_entry SET is_privileged = NOT is_privileged",
        "UPDATE incidents_entrycontent SET salt = 'x'",
        "DELETE FROM incidents_entrycontent",
        "DELETE FROM incidents_entry",
        "UPDATE teams_journalentry SET kind = 'x'",
        "DELETE FROM teams_journalentry",
        "UPDATE teams_journalcontent SET salt = 'x'",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(
    entry: Entry, claire: User, nine: datetime, sql: str
) -> None:
    from teams.actions import change_team

    change_team(entry.incident.team, changes={"name": "Verdier"}, by=claire, at=nine)
    before = list(EntryContent.objects.values_list("entry_id", "salt"))
    refused(sql)
    assert list(EntryContent.objects.values_list("entry_id", "salt")) == before
    assert proof.verify(entry.incident) is None


@only_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE incidents_entry CASCADE",
        "TRUNCATE incidents_entrycontent",
        "TRUNCATE incidents_evidence CASCADE",
        "INSERT INTO incidents_entrycontent (entry_id, salt, body) "
        "SELECT entry_id, 'x', body FROM incidents_entrycontent "
        "ON CONFLICT (entry_id) DO UPDATE SET salt = 'x'",
    ],
)
def test_postgresql_refuses_its_own_ways_round(entry: Entry, sql: str) -> None:
    refused(sql)
    assert proof.verify(entry.incident) is None


@only_sqlite
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT OR REPLACE INTO incidents_entry SELECT * FROM incidents_entry",
        "REPLACE INTO incidents_entrycontent (entry_id, salt, body) SELECT entry_id, 'x', body "
        "FROM incidents_entrycontent",
        "INSERT INTO incidents_entrycontent (entry_id, salt, body) "
        "SELECT entry_id, 'x', body FROM incidents_entrycontent WHERE true "
        "ON CONFLICT (entry_id) DO UPDATE SET salt = 'x'",
    ],
)
def test_sqlite_refuses_its_own_ways_round(entry: Entry, sql: str) -> None:
    refused(sql)
    assert proof.verify(entry.incident) is None


@pytest.mark.parametrize("number", [1, 3, 500])
def test_no_entry_is_put_in_between_or_ahead(entry: Entry, number: int) -> None:
    columns = [f.column for f in Entry._meta.concrete_fields if f.name not in ("id", "number")]
    names = ", ".join(f'"{c}"' for c in columns)
    refused(
        f"INSERT INTO incidents_entry (number, {names}) "  # noqa: S608
        f"SELECT {number}, {names} FROM incidents_entry WHERE id = {entry.pk}"
    )


@pytest.mark.parametrize(
    "attempt",
    [
        lambda e: e.save(),
        lambda e: e.delete(),
        lambda e: Entry.objects.filter(pk=e.pk).update(kind="x"),
        lambda e: Entry.objects.filter(pk=e.pk).delete(),
        lambda e: Entry.objects.bulk_update([e], ["kind"]),
        lambda e: e.content.save(),
        lambda e: EntryContent.objects.filter(entry=e).delete(),
    ],
)
def test_no_code_of_ours_changes_an_entry(entry: Entry, attempt: Callable[[Entry], Any]) -> None:
    with pytest.raises(TypeError, match="only grows"), transaction.atomic():
        attempt(entry)
    assert proof.verify(entry.incident) is None


def test_an_incident_with_a_timeline_cannot_be_deleted(entry: Entry) -> None:
    with pytest.raises(Exception, match=r"protected|only grows"), transaction.atomic():
        entry.incident.delete()
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_every_guard_stands_and_a_missing_one_is_named(entry: Entry) -> None:
    assert guards.missing(connection, GUARDS) == []
    lifted = next(g for g in GUARDS if g.name == "incidents_entry_no_update")
    with connection.cursor() as cursor:
        for statement in lifted.drop(connection.vendor):
            cursor.execute(statement)
    [error] = guards.check_guards(GUARDS, ["default"])
    assert "incidents_entry_no_update" in error.msg


def test_the_administration_cannot_change_what_only_grows(
    entry: Entry, claire: User, client: Client
) -> None:
    boss = User.objects.create_superuser("boss@desk.test", "correct horse battery", name="Boss")
    request = RequestFactory().get("/admin/")
    request.user = boss
    shown = [
        (model, page)
        for model, page in admin.site._registry.items()
        if issubclass(model, AppendOnly)
    ]
    assert JournalEntry in dict(shown)
    for model, page in shown:
        assert not page.has_add_permission(request), model
        assert not page.has_change_permission(request), model
        assert not page.has_delete_permission(request), model
    client.force_login(boss)
    for model in (Entry, EntryContent, Evidence):
        assert model not in admin.site._registry
        assert client.get(f"/admin/incidents/{model._meta.model_name}/").status_code == 404


# Rule 6: one act, one entry, both or neither.


@pytest.mark.django_db(transaction=True)
def test_the_pen_writes_only_inside_the_act(staffed: Incident, nine: datetime) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(staffed, events.NOTED, by=None, at=nine, text="Alone")
    staffed.refresh_from_db()
    assert proof.verify(staffed) is None


def test_an_act_whose_entry_fails_did_not_happen(
    staffed: Incident, claire: User, nine: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = Incident.objects.get(pk=staffed.pk).last_entry_number

    def broken(_rows: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Outbox.objects, "bulk_create", broken)
    with pytest.raises(DatabaseError, match="disk"):
        change_status(staffed, to="active", reason="It is one", by=claire, at=nine)
    now = Incident.objects.get(pk=staffed.pk)
    assert (now.status, now.last_entry_number) == ("triage", number)
    assert Entry.objects.filter(incident=staffed).count() == number


def test_an_entry_whose_act_fails_was_not_written(
    staffed: Incident, claire: User, nine: datetime
) -> None:
    number = Incident.objects.get(pk=staffed.pk).last_entry_number

    @transaction.atomic
    def act_that_fails_later() -> None:
        change_status(staffed, to="active", reason="It is one", by=claire, at=nine)
        raise ValueError("no, after all")

    with pytest.raises(ValueError, match="after all"):
        act_that_fails_later()
    assert Entry.objects.filter(incident=staffed).count() == number
    assert proof.verify(staffed) is None


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_many_writers_leave_no_gap(staffed: Incident, thomas: User, nine: datetime) -> None:
    before = Incident.objects.get(pk=staffed.pk).last_entry_number

    def write(n: int) -> None:
        try:
            fresh = Incident.objects.get(pk=staffed.pk)
            log_entry(fresh, kind="fact", text=f"n {n}", occurred=None, by=thomas, at=nine)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    numbers = list(staffed.entries.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, before + 41))
    assert proof.verify(staffed) is None


# Rule 7: two times.


def test_when_it_happened_and_when_it_was_recorded_are_two_times(
    staffed: Incident, thomas: User, nine: datetime, client: Client
) -> None:
    client.force_login(thomas)
    asked = datetime.now(UTC)
    client.post(
        reverse("incidents:log-entry", args=[staffed.reference]),
        {
            "text": "Seen",
            "kind": "fact",
            "occurred": "9 April 2017",
            "recorded_at": "2017-04-09T10:00Z",
            "at": "2017-04-09T10:00Z",
        },
    )
    entry = Entry.objects.get(kind="entry.noted")
    assert abs(entry.recorded_at - asked) < timedelta(minutes=5)
    assert (entry.precision, entry.occurred_until - entry.occurred_from) == (
        "day",
        timedelta(days=1),
    )


def test_an_act_that_crisisdesk_saw_has_one_time_for_both(entry: Entry, nine: datetime) -> None:
    assert entry.occurred == Occurred.exactly(nine)
    assert entry.recorded_at == nine


# Rule 9: who may not see, learns nothing.


@pytest.mark.parametrize("command", ["export_incident", "verify_timeline"])
def test_a_command_tells_a_stranger_no_more_than_of_what_does_not_exist(
    staffed: Incident, zoe: User, command: str
) -> None:
    told = []
    for reference in (staffed.reference, "MV-2030-9999"):
        out, err = StringIO(), StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command(command, reference, "--as", zoe.email, stdout=out, stderr=err)
        told.append((ended.value.code, out.getvalue(), err.getvalue().replace(reference, "X")))
    assert told[0] == told[1]


def test_a_restricted_incident_is_nowhere_for_a_colleague(
    staffed: Incident, claire: User, bruno: User, nine: datetime, client: Client
) -> None:
    assert access.visible_to(bruno, at=nine).filter(pk=staffed.pk).exists()
    change_confidentiality(staffed, to="restricted", reason="Names", by=claire, at=nine)
    assert not access.visible_to(bruno, at=nine).filter(pk=staffed.pk).exists()
    client.force_login(bruno)
    here = client.get(reverse("incidents:timeline", args=[staffed.reference]))
    nowhere = client.get(reverse("incidents:timeline", args=["MV-2030-9999"]))
    assert here.status_code == nowhere.status_code == 404
    assert staffed.title not in here.content.decode()


def test_nobody_is_let_in_for_being_a_superuser(staffed: Incident, client: Client) -> None:
    boss = User.objects.create_superuser("boss@desk.test", "correct horse battery", name="Boss")
    client.force_login(boss)
    for name in ("timeline", "record", "evidence"):
        assert client.get(reverse(f"incidents:{name}", args=[staffed.reference])).status_code == 404
