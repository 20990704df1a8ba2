"""
Attempts that once went through, kept so that they never do again: raw SQL past the guards, words
of others signed under a new title, names that outlive their compartment, hostile input.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import process_time
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from incidents.archive import sealed
from incidents.archive.actions import export_record, restore_record
from incidents.archive.bad_file import BadFile
from incidents.evidence.actions import add_evidence
from incidents.models import Entry, Incident, Publication, Round, Statement
from incidents.signoff.queries import signers
from incidents.statements.actions import (
    approve_statement,
    draft_statement,
    record_publication,
    save_version,
    submit_statement,
)
from incidents.statements.difference import difference
from incidents.statements.rules import fingerprint
from incidents.timeline import proof
from incidents.timeline.actions import log_entry, reclassify_entry
from incidents.timeline.rules import LONGEST_TEXT
from teams.models import Audience, User
from tests.conftest import NINE

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own statement")
MANY = "9" * 5000
BEYOND = "99999999999999999999"


def written(incident: Incident, by: User, text: str = "We are checking.") -> Statement:
    statement = draft_statement(
        incident,
        title="Holding",
        kind="holding",
        audience=Audience.objects.get(slug="public"),
        language="en",
        channels=["website", "x"],
        text=text,
        by=by,
        at=NINE,
    )
    save_version(statement, reason="", by=by, at=NINE)
    return statement


@pytest.fixture
def published(staffed: Incident, claire: User) -> Publication:
    statement = written(staffed, claire)
    version = statement.versions.get()
    round_ = submit_statement(statement, by=claire, at=NINE)
    while round_.outcome == Round.Outcome.OPEN:
        approve_statement(
            statement,
            version=version.number,
            fingerprint=version.fingerprint,
            by=signers(round_, at=NINE)[0],
            at=NINE,
        )
        round_.refresh_from_db()
    return record_publication(statement, channel="website", published_at=NINE, by=claire, at=NINE)


def refused(sql: str) -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match=r"only grows|keeps its|signed"),
        transaction.atomic(),
    ):
        cursor.execute(sql)


def copied(table: str, insert: str = "INSERT", **changed: str) -> str:
    """Return SQL that inserts the rows of a table again, without key, some columns changed."""
    model = {"incidents_publication": Publication, "incidents_round": Round}[table]
    names = [f.column for f in model._meta.concrete_fields if f.name != "id"]
    values = [changed.get(str(name), f'"{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    return f"{insert} INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table}"  # noqa: S608


@only_sqlite
@pytest.mark.parametrize(
    "sql",
    [
        copied("incidents_publication", "INSERT OR REPLACE", posted_text="'other words'"),
        copied("incidents_round", "INSERT OR REPLACE", outcome="'open'"),
        "REPLACE INTO incidents_incident SELECT * FROM incidents_incident",
    ],
)
def test_no_row_is_replaced_by_way_of_what_is_unique_in_part(
    published: Publication, sql: str
) -> None:
    refused(sql)
    assert Publication.objects.get().pk == published.pk


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE incidents_incident SET is_drill = NOT is_drill",
        "UPDATE incidents_incident SET reference = 'MV-2030-9999'",
        "UPDATE incidents_incident SET last_entry_number = last_entry_number - 1",
        "UPDATE incidents_incident SET sealed_number = 1",
        "UPDATE incidents_round SET id = id + 1000",
        "UPDATE incidents_round SET severity = 4",
        "UPDATE incidents_stage SET id = id + 1000",
        "UPDATE incidents_statement SET incident_id = incident_id + 1",
        "UPDATE incidents_statement SET audience_id = (SELECT MAX(id) FROM teams_audience)",
        "UPDATE incidents_statement SET kind = 'internal'",
    ],
)
def test_what_was_signed_or_numbered_keeps_its_name_and_its_kind(
    published: Publication, sql: str
) -> None:
    refused(sql)
    assert proof.verify(published.incident) is None


def test_what_was_signed_for_one_audience_is_not_published_to_another(
    published: Publication,
) -> None:
    employees = Audience.objects.get(slug="employees").pk
    refused(copied("incidents_publication", channel="'x'", audience_id=str(employees)))


def test_words_taken_from_an_unsigned_text_are_still_their_authors_words(
    staffed: Incident, claire: User, thomas: User
) -> None:
    source = written(staffed, thomas, text="Thomas wrote all of this.")
    taken = source.versions.get()
    made = draft_statement(
        staffed,
        title="Once more",
        kind="update",
        audience=source.audience,
        language="en",
        channels=["website"],
        text=taken.text,
        taken_from=taken,
        by=claire,
        at=NINE,
    )
    version = save_version(made, reason="", by=claire, at=NINE)
    assert version.text == "Thomas wrote all of this."
    assert set(version.authors.values_list("user", flat=True)) == {claire.pk, thomas.pk}
    assert thomas not in signers(submit_statement(made, by=claire, at=NINE), at=NINE)


def test_words_taken_from_a_signed_text_bar_nobody(published: Publication, ines: User) -> None:
    assert published.version is not None
    made = draft_statement(
        published.incident,
        title="Correction",
        kind="correction",
        audience=published.audience,
        language="en",
        channels=["website"],
        text=published.version.text,
        taken_from=published.version,
        by=ines,
        at=NINE,
    )
    version = save_version(made, reason="", by=ines, at=NINE)
    assert list(version.authors.values_list("user", flat=True)) == [ines.pk]


def test_the_name_of_a_file_goes_into_the_compartment_with_its_entry(
    staffed: Incident, thomas: User, karim: User, bruno: User, client: Client
) -> None:
    entry = log_entry(staffed, kind="fact", text="A call", occurred=None, by=thomas, at=NINE)
    letter = SimpleUploadedFile("settlement-offer.txt", b"confidential")
    add_evidence(staffed, file=letter, entry=entry, by=thomas, at=NINE)
    told = Entry.objects.get(incident=staffed, kind="evidence.added_to_entry")
    reclassify_entry(entry, reason="Advice", by=karim, at=NINE + timedelta(minutes=1))
    assert told.corrections.get().kind == "entry.reclassified"
    client.force_login(bruno)
    for name in ("room", "timeline", "evidence", "report"):
        page = client.get(reverse(f"incidents:{name}", args=[staffed.reference]))
        assert page.status_code == 200
        assert "settlement-offer" not in page.content.decode()


def test_what_a_person_may_see_is_kept_in_no_shared_cache(
    staffed: Incident, claire: User, client: Client
) -> None:
    client.force_login(claire)
    for url in ("/", reverse("incidents:room", args=[staffed.reference])):
        assert "private" in client.get(url)["Cache-Control"]


@pytest.mark.parametrize("number", [MANY, BEYOND, "²", "-1", ""])
def test_a_number_that_is_none_breaks_nothing(
    staffed: Incident, claire: User, client: Client, number: str
) -> None:
    written(staffed, claire)
    client.force_login(claire)
    at = [staffed.reference, 1]
    answers = [
        client.get(reverse("incidents:notices"), {"before": number}),
        client.post(reverse("incidents:notices-read"), {"message": number}),
        client.post(reverse("incidents:statement-go-back", args=at), {"version": number}),
        client.post(reverse("incidents:statement-submit", args=at), {"version": number}),
    ]
    assert all(answer.status_code < 500 for answer in answers)


def test_a_text_too_long_to_keep_is_refused_and_shown_again(
    staffed: Incident, claire: User, client: Client
) -> None:
    written(staffed, claire)
    client.force_login(claire)
    url = reverse("incidents:statement-save-draft", args=[staffed.reference, 1])
    words = "mot " * (LONGEST_TEXT // 4 + 1)
    answer = client.post(url, {"text": words, "revision": 0})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "maxlength" not in answer.content.decode().partition('name="text"')[2][:200]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            " ".join(str(n % 977) for n in range(20_000)),
            " ".join(str(n % 983) for n in range(20_000)),
        ),
        ("a " * 50_000, "a b " * 25_000),
        ("a\n" * 50_000, "a\nb\n" * 25_000),
        ("." * 100_000, ".!" * 50_000),
        ("Yes. " * 20_000, "No. " * 25_000),
    ],
)
def test_no_text_that_can_be_kept_takes_long_to_compare(old: str, new: str) -> None:
    before = process_time()
    found = difference(old, new)
    assert process_time() - before < 5
    assert "".join(text for op, text in found.pieces if op in "=-") == old
    assert "".join(text for op, text in found.pieces if op in "=+") == new


@pytest.mark.parametrize("written_time", ["9999-12-31", "31/12/9999", "0001-01-01", "1 May 0026"])
def test_a_day_of_another_age_is_refused_not_guessed(
    staffed: Incident, claire: User, client: Client, written_time: str
) -> None:
    client.force_login(claire)
    sent: dict[str, Any] = {"text": "Seen", "kind": "fact", "occurred": written_time}
    answer = client.post(reverse("incidents:log-entry", args=[staffed.reference]), sent)
    assert answer.status_code == 422
    assert not Entry.objects.filter(incident=staffed, kind="entry.noted").exists()


def test_a_restored_record_brings_no_link_to_a_script(
    staffed: Incident, claire: User, client: Client
) -> None:
    record = export_record(staffed, by=None, at=NINE)
    record["incident"]["first_seen_link"] = "javascript:alert(document.cookie)"
    restored = restore_record(
        staffed.team,
        sealed.read(record),
        filename="x.json",
        fingerprint="0" * 64,
        by=claire,
        at=NINE,
    )
    assert restored.first_seen_link == ""
    client.force_login(claire)
    page = client.get(reverse("incidents:room", args=[restored.reference]))
    assert "javascript:" not in page.content.decode()


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("statements[0].versions[0].fingerprint", {"text": "Never signed by anyone."}),
        ("roles[0]", {"roles": ["x"]}),
        ("exported", {"exported": None}),
    ],
)
def test_a_record_that_dresses_up_what_lies_beside_its_chain_is_refused(
    staffed: Incident, claire: User, path: str, changed: dict[str, Any]
) -> None:
    written(staffed, claire)
    record = export_record(staffed, by=None, at=NINE)
    sealed.read(record)
    if "text" in changed:
        record["statements"][0]["versions"][0] |= changed
    else:
        record |= changed
    with pytest.raises(BadFile) as refusal:
        sealed.read(record)
    assert str(refusal.value).startswith(path)


@pytest.fixture
def signed_record(published: Publication) -> dict[str, Any]:
    """The export of an incident whose statement was signed by three and published."""
    record: dict[str, Any] = export_record(published.incident, by=None, at=NINE)
    sealed.read(record)
    return record


def _another_signer(record: dict[str, Any]) -> None:
    decisions = record["statements"][0]["versions"][0]["rounds"][0]["decisions"]
    decisions[0]["signer"] = {"id": "00000000-0000-0000-0000-000000000000", "name": "Nobody"}


def _a_forged_text(record: dict[str, Any]) -> None:
    """A text with the fingerprint that is really its own, but that nobody ever saved."""
    statement = record["statements"][0]
    version = statement["versions"][0]
    version["text"] = "Never signed by anyone."
    version["fingerprint"] = fingerprint(
        statement=UUID(statement["uuid"]),
        **{
            name: version[name]
            for name in ("kind", "language", "audience", "text", "channel_texts", "attachments")
        },
    )


def _another_channel(record: dict[str, Any]) -> None:
    record["publications"][0]["channel"] = "sms"


def _no_publication(record: dict[str, Any]) -> None:
    record["publications"] = []


def _a_drill(record: dict[str, Any]) -> None:
    record["incident"]["is_drill"] = True


@pytest.mark.parametrize(
    ("path", "meddle"),
    [
        ("statements[0].versions[0].rounds[0].decisions[0]", _another_signer),
        ("statements[0].versions[0].fingerprint", _a_forged_text),
        ("publications[0]", _another_channel),
        ("statements[0].status", _no_publication),
        ("incident.is_drill", _a_drill),
    ],
)
def test_a_record_cannot_claim_what_its_chain_does_not_tell(
    signed_record: dict[str, Any], path: str, meddle: Callable[[dict[str, Any]], None]
) -> None:
    meddle(signed_record)
    with pytest.raises(BadFile, match="no entry of the chain tells this") as refusal:
        sealed.read(signed_record)
    assert str(refusal.value).startswith(path)
