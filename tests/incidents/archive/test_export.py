"""A record goes out whole, comes in sealed elsewhere, and anyone can check it."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from incidents.archive import reading
from incidents.archive.actions import NotYours, export_record
from incidents.archive.bad_file import BadFile
from incidents.evidence.actions import add_evidence
from incidents.models import Entry, Incident
from incidents.statements.actions import draft_statement, save_version
from incidents.timeline import proof
from incidents.timeline.actions import correct_entry, log_entry, reclassify_entry
from teams.models import Audience, Team, User

VERIFIER = Path(__file__).parents[3] / "docs" / "verify" / "verify_export.py"
SECRET = "Do not state a cause before the lab report."


@pytest.fixture
def lived(staffed: Incident, karim: User, thomas: User, nine: datetime) -> Incident:
    """An incident with everything in it: words, secrets, corrections, files, a statement."""
    log = {"occurred": None, "at": nine}
    first = log_entry(staffed, kind="fact", text="Four lots", by=thomas, **log)  # type: ignore[arg-type]
    correct_entry(first, text="Three lots", by=thomas, at=nine)
    log_entry(staffed, kind="fact", text=SECRET, privileged=True, by=karim, **log)  # type: ignore[arg-type]
    later = log_entry(staffed, kind="fact", text="The supplier’s name", by=thomas, **log)  # type: ignore[arg-type]
    reclassify_entry(later, reason="Legal advice", by=karim, at=nine)
    add_evidence(staffed, file=ContentFile(b"%PDF-1.7 x", "log.pdf"), by=thomas, at=nine)
    statement = draft_statement(
        staffed,
        title="Holding statement",
        kind="holding",
        audience=Audience.objects.get(slug="public"),
        language="en",
        channels=["x", "website"],
        text="We are checking. Next update at 11:00. 🍕",
        by=thomas,
        at=nine,
    )
    save_version(statement, reason="First words", change="material", by=thomas, at=nine)
    return staffed


def export(incident: Incident, nine: datetime, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        json.dumps(export_record(incident, at=nine, **{"by": None, **how}))
    )
    return found


def restore(team: Team, record: dict[str, Any], nine: datetime, **how: Any) -> Incident:
    raw = json.dumps(record).encode()
    at = nine + timedelta(days=1)
    return reading.take_in(team, raw, filename="record.json", **{"by": None, "at": at, **how})


@pytest.fixture
def elsewhere(db: Any) -> Team:
    return Team.objects.create(slug="elsewhere", name="Another house", prefix="EL")


def contents(record: dict[str, Any]) -> dict[int, Any]:
    return {e["number"]: e["content"] for e in record["chain"]["entries"]}


def test_an_export_holds_everything_and_tells_itself(lived: Incident, nine: datetime) -> None:
    record = export(lived, nine)
    last = contents(record)[lived.last_entry_number]
    assert (last["kind"], last["actor"]["name"]) == ("incident.exported", "operator")
    assert len(record["chain"]["entries"]) == lived.last_entry_number
    assert record["statements"][0]["versions"][0]["text"].endswith("11:00. 🍕")
    assert {r["role"]["slug"] for r in record["roles"]} >= {"crisis_lead", "legal_counsel"}
    assert record["evidence"][0]["name"] == "log.pdf"


def test_privileged_words_never_leave_unasked(lived: Incident, nine: datetime) -> None:
    open_part = export(lived, nine)
    text = json.dumps(open_part)
    assert SECRET not in text
    assert "supplier’s name" not in text.encode().decode("unicode_escape")
    withheld = [e for e in open_part["chain"]["entries"] if e["content"] is None]
    assert len(withheld) == 2
    assert {e["salt"] for e in withheld} == {None}
    assert SECRET in json.dumps(export(lived, nine, privileged=True))


def test_only_counsel_takes_out_what_is_privileged(
    lived: Incident, nine: datetime, karim: User, thomas: User, bruno: User
) -> None:
    assert SECRET in json.dumps(export(lived, nine, privileged=True, by=karim))
    before = lived.last_entry_number
    with pytest.raises(NotYours):
        export_record(lived, privileged=True, by=thomas, at=nine)
    with pytest.raises(NotYours):
        export_record(lived, by=bruno, at=nine)
    lived.refresh_from_db()
    assert lived.last_entry_number == before


@pytest.mark.parametrize("privileged", [True, False])
def test_a_restored_record_keeps_numbers_times_and_hashes(
    lived: Incident, elsewhere: Team, nine: datetime, privileged: bool
) -> None:
    record = export(lived, nine, privileged=privileged)
    restored = restore(elsewhere, record, nine)
    theirs = list(lived.entries.order_by("number").values_list("number", "recorded_at", "hash"))
    ours = list(restored.entries.order_by("number").values_list("number", "recorded_at", "hash"))
    assert ours[:-1] == theirs
    assert restored.reference.startswith("EL-")
    assert restored.entries.get(number=len(ours)).kind == "incident.restored"
    assert proof.verify(restored) is None
    assert proof.verify(lived) is None


def test_people_of_a_restored_record_are_names(
    lived: Incident, elsewhere: Team, nine: datetime
) -> None:
    restored = restore(elsewhere, export(lived, nine), nine)
    sealed = restored.entries.filter(number__lte=restored.sealed_number)
    assert not sealed.exclude(actor=None).exists()
    assert sealed.get(number=1).content.body["actor"]["name"] == "Claire Morvan"
    assert not restored.statements.exists()
    assert not restored.assignments.exists()


def test_what_grows_after_a_restoration_binds_the_foreign_head(
    lived: Incident, elsewhere: Team, nine: datetime
) -> None:
    restored = restore(elsewhere, export(lived, nine), nine)
    again = export(restored, nine + timedelta(days=2))
    first, second = again["chain"]["segments"]
    assert second["foreign_head"] == first["head"] == restored.sealed_head
    twice = restore(elsewhere, again, nine, at=nine + timedelta(days=3))
    assert proof.verify(twice) is None
    assert [s.subject for s in proof.segments(twice)] == [
        str(lived.uuid),
        str(restored.uuid),
        str(twice.uuid),
    ]


def test_a_sealed_entry_that_was_withheld_stays_closed_to_everyone(
    lived: Incident, elsewhere: Team, nine: datetime, client: Client, zoe: User
) -> None:
    elsewhere.memberships.create(user=zoe)
    restored = restore(elsewhere, export(lived, nine), nine)
    client.force_login(zoe)
    page = client.get(reverse("incidents:timeline", args=[restored.reference])).content.decode()
    assert "Three lots" in page
    number = restored.entries.filter(kind="entry.withheld").values_list("number", flat=True)[0]
    assert f"Entry {number} is privileged." in page
    record = client.get(reverse("incidents:record", args=[restored.reference])).content.decode()
    assert "Holding statement" in record
    assert lived.reference in record


def test_the_same_export_twice_is_refused(lived: Incident, elsewhere: Team, nine: datetime) -> None:
    record = export(lived, nine)
    restore(elsewhere, record, nine)
    with pytest.raises(BadFile.__mro__[1], match="--again"):
        restore(elsewhere, record, nine)
    restore(elsewhere, record, nine, again=True)
    assert Incident.objects.filter(team=elsewhere).count() == 2


def entry(n: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(record: dict[str, Any]) -> None:
        record["chain"]["entries"][n].update(changes)

    return spoil


def said(record: dict[str, Any]) -> None:
    record["chain"]["entries"][2]["content"]["text"] = "Something else"


def swapped(record: dict[str, Any]) -> None:
    entries = record["chain"]["entries"]
    for name in ("content", "salt"):
        entries[2][name], entries[3][name] = entries[3][name], entries[2][name]


def removed(record: dict[str, Any]) -> None:
    del record["chain"]["entries"][2]


def cut(record: dict[str, Any]) -> None:
    record["chain"]["entries"].pop()


def cut_with_its_head(record: dict[str, Any]) -> None:
    cut(record)
    record["chain"]["segments"][0]["last"] -= 1


def reordered(record: dict[str, Any]) -> None:
    entries = record["chain"]["entries"]
    entries[2]["number"], entries[3]["number"] = 4, 3
    entries.sort(key=lambda e: int(e["number"]))


def doubled(record: dict[str, Any]) -> None:
    record["chain"]["entries"].insert(3, copy.deepcopy(record["chain"]["entries"][2]))


def added(record: dict[str, Any]) -> None:
    last = copy.deepcopy(record["chain"]["entries"][-1])
    last["number"] += 1
    record["chain"]["entries"].append(last)


def other_incident(record: dict[str, Any]) -> None:
    record["incident"]["uuid"] = "0" * 8 + "-0000-0000-0000-" + "0" * 12


TAMPERED: list[tuple[Callable[[dict[str, Any]], None], int | None]] = [
    (said, 3),
    (swapped, 3),
    (removed, 3),
    (cut, None),
    (cut_with_its_head, None),
    (reordered, 3),
    (doubled, None),
    (added, None),
    (other_incident, 1),
    (entry(2, recorded_at="2030-03-01T09:00:00.000001Z"), 3),
    (entry(2, commitment="0" * 64), 3),
    (entry(2, hash="0" * 64), 3),
    (entry(2, previous="0" * 64), 3),
]


@pytest.mark.parametrize(("tamper", "number"), TAMPERED)
def test_every_tampering_is_found_here_and_by_the_stand_alone_verifier(
    lived: Incident,
    elsewhere: Team,
    nine: datetime,
    tmp_path: Path,
    tamper: Callable[[dict[str, Any]], None],
    number: int | None,
) -> None:
    record = export(lived, nine)
    assert alone(tmp_path, record)[0] == 0
    tamper(record)
    with pytest.raises(BadFile) as refused:
        restore(elsewhere, record, nine)
    code, said_alone = alone(tmp_path, record)
    assert code == 1
    if number:
        assert f"entry {number}:" in str(refused.value)
        assert f"entry {number}:" in said_alone
    assert not Incident.objects.filter(team=elsewhere).exists()


def alone(folder: Path, record: dict[str, Any], *words: str) -> tuple[int, str]:
    """Run the verifier as anyone would, without CrisisDesk on the path."""
    path = folder / "record.json"
    path.write_text(json.dumps(record, ensure_ascii=False))
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_stand_alone_verifier_checks_fingerprints_and_a_noted_head(
    lived: Incident, nine: datetime, tmp_path: Path
) -> None:
    record = export(lived, nine)
    noted = record["chain"]["entries"][1]["hash"]
    assert alone(tmp_path, record, "--number", "2", "--head", noted)[0] == 0
    assert alone(tmp_path, record, "--number", "3", "--head", noted)[0] == 1
    record["statements"][0]["versions"][0]["text"] += "!"
    code, why = alone(tmp_path, record)
    assert code == 1
    assert "statement 1, version 1" in why
    assert alone(tmp_path, {"format": "other"})[0] == 2


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda r: r.update(format="crisisdesk-record/9"), "format: "),
        (lambda r: r.pop("chain"), "chain: "),
        (lambda r: r["chain"].update(entries=7), "chain.entries: "),
        (lambda r: r["chain"]["entries"][1].update(number="2"), r"chain.entries\[1\].number"),
        (lambda r: r["chain"]["entries"][1].update(salt="xy"), r"chain.entries\[1\].salt"),
        (lambda r: r["chain"]["entries"][1]["content"].pop("kind"), r"\[1\].content.kind"),
        (lambda r: r["chain"]["entries"][1]["content"].update(text="\ud800"), r"\[1\].content"),
        (lambda r: r["incident"].update(title=None), "incident.title"),
        (lambda r: r["incident"].update(status="odd"), "incident.status"),
    ],
)
def test_a_record_of_another_shape_is_named_by_its_path(
    lived: Incident,
    elsewhere: Team,
    nine: datetime,
    spoil: Callable[[dict[str, Any]], Any],
    place: str,
) -> None:
    record = export(lived, nine)
    spoil(record)
    with pytest.raises(BadFile, match=place):
        restore(elsewhere, record, nine)
    assert not Incident.objects.filter(team=elsewhere).exists()


def run(*words: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(*words, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_commands_export_verify_and_restore(
    lived: Incident, elsewhere: Team, zoe: User, thomas: User, tmp_path: Path
) -> None:
    assert run("export_incident", lived.reference, "--as", zoe.email)[0] == 2
    assert run("export_incident", lived.reference, "--as", thomas.email, "--privileged")[0] == 1
    assert run("export_incident", "XX-2030-0001")[0] == 2
    code, out, _err = run("export_incident", lived.reference, "--as", thomas.email)
    assert code == 0
    path = tmp_path / "record.json"
    path.write_text(out)
    code, out, _err = run("verify_timeline", "--file", str(path))
    assert code == 0
    assert "2 withheld" in out
    code, out, _err = run("import_incident", str(path), "--team", "elsewhere")
    assert code == 0
    assert run("verify_timeline", out.strip())[0] == 0
    assert run("verify_timeline", "--all")[0] == 0
    assert run("verify_timeline")[0] == 2
    assert run("verify_timeline", "--all", "--file", str(path))[0] == 2
    path.write_text(path.read_text().replace("Three lots", "Four lots"))
    code, _out, err = run("verify_timeline", "--file", str(path))
    assert code == 1
    assert "says something else" in err


def test_the_record_is_exported_from_the_room(
    lived: Incident, client: Client, thomas: User, karim: User, bruno: User
) -> None:
    url = reverse("incidents:record-export", args=[lived.reference])
    client.force_login(bruno)
    assert client.post(url).status_code == 403
    client.force_login(thomas)
    answer = client.post(url)
    assert answer["Content-Disposition"] == f'attachment; filename="{lived.reference}.json"'
    assert SECRET not in answer.content.decode()
    assert client.post(url, {"privileged": "on"}).status_code == 409
    client.force_login(karim)
    assert SECRET in client.post(url, {"privileged": "on"}).content.decode()
    exported = Entry.objects.filter(incident=lived, kind="incident.exported")
    assert [e.actor for e in exported.order_by("number")] == [thomas, karim]


def test_an_export_costs_the_same_queries_however_long_the_record(
    lived: Incident, nine: datetime, thomas: User, count_queries: Callable[..., int]
) -> None:
    few = count_queries(lambda: export_record(lived, by=thomas, at=nine))
    for n in range(30):
        log_entry(lived, kind="fact", text=f"n {n}", occurred=None, by=thomas, at=nine)
    assert count_queries(lambda: export_record(lived, by=thomas, at=nine)) == few
