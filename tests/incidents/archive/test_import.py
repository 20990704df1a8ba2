"""A past crisis comes in as entries: times as they were written, and all of it or nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from crisisdesk.kit.refusals import Refused
from incidents.archive import reading
from incidents.archive.actions import ImportedBefore
from incidents.archive.bad_file import BadFile
from incidents.models import Entry, Incident, Statement
from teams.models import Team, User

CRISES = Path(__file__).parents[2] / "data" / "crises"
FILES = sorted(CRISES.glob("*.json"))


def take_in(team: Team, payload: Any, nine: datetime, **more: Any) -> Incident:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return reading.take_in(team, raw, filename="crisis.json", by=None, at=nine, **more)


@pytest.fixture
def united() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CRISES / "united-3411.json").read_text())
    return found


def told(incident: Incident) -> dict[str, Entry]:
    """Return the imported entries by the id of their event."""
    entries = incident.entries.select_related("content", "corrects").filter(
        kind__startswith="event."
    )
    return {e.content.body["facts"]["event_id"]: e for e in entries}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_crisis_becomes_one_closed_incident(team: Team, path: Path, nine: datetime) -> None:
    crisis = json.loads(path.read_text())
    incident = take_in(team, path.read_bytes(), nine)
    entries = told(incident)
    assert set(entries) == {event["id"] for event in crisis["events"]}
    assert (incident.status, incident.is_imported) == ("closed", True)
    assert (incident.zone, incident.language) == (crisis["zone"], crisis["language"])
    assert {e.recorded_at for e in entries.values()} == {nine}
    assert not Statement.objects.filter(incident=incident).exists()


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_events_stand_in_the_order_of_their_instants(
    team: Team, path: Path, nine: datetime
) -> None:
    entries = sorted(told(take_in(team, path.read_bytes(), nine)).values(), key=lambda e: e.number)
    assert [e.occurred_from for e in entries] == sorted(e.occurred_from for e in entries)


def test_a_time_stays_as_exact_as_it_was_written(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    entries = told(take_in(team, united, nine))
    to_the_minute = entries["T01-02"]
    assert to_the_minute.occurred_from == datetime(2017, 4, 9, 22, 21, tzinfo=UTC)
    assert to_the_minute.occurred_from == to_the_minute.occurred_until
    late_evening = entries["T01-08"]
    assert (late_evening.precision, late_evening.part_of_day) == ("part_of_day", "late_evening")
    assert late_evening.occurred_from == datetime(2017, 4, 10, 3, 0, tzinfo=UTC)
    assert late_evening.occurred_until == datetime(2017, 4, 10, 5, 0, tzinfo=UTC)
    whole_day = entries["T01-15"]
    assert whole_day.precision == "day"
    assert (whole_day.occurred_until - whole_day.occurred_from).total_seconds() == 86_400


def test_an_offset_of_its_own_places_an_event(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    """The source gives Eastern time; the file's zone is Chicago's."""
    apology = told(take_in(team, united, nine))["T01-14"]
    assert apology.occurred_from == datetime(2017, 4, 11, 19, 0, tzinfo=UTC)
    body = apology.content.body
    assert (body["occurred"]["written"], body["occurred"]["offset"]) == ("2017-04-11T15", "-04:00")
    assert apology.approximate
    assert body["facts"]["adequate"] is True
    assert body["facts"]["time_note"].startswith("given in Eastern time")


def test_conflicting_times_are_kept_and_none_is_declared_right(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    facts = told(take_in(team, united, nine))["T01-02"].content.body["facts"]
    [other] = facts["conflicting_times"]
    assert other["occurred"]["written"] == "2017-04-09T18:30"
    assert other["source"] == "Washington Post (address not kept)"


def test_a_correction_points_at_what_it_withdraws(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    entries = told(take_in(team, united, nine))
    assert entries["T01-13"].corrects == entries["T01-08"]
    assert entries["T01-08"].content.body["text"].startswith("Short message to reporters")


def test_unknown_kinds_of_actor_are_kept(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    united["events"][0]["actor_type"] = "passing seagull"
    facts = told(take_in(team, united, nine))["T01-01"].content.body["facts"]
    assert facts["actor_type"] == "passing seagull"


def test_who_acted_is_a_name_and_nobody_of_this_house(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    entry = told(take_in(team, united, nine))["T01-09"]
    assert entry.actor is None
    assert entry.content.body["actor"] == {"id": None, "name": "United chief executive"}


def test_the_import_itself_is_an_entry(
    team: Team, united: dict[str, Any], nine: datetime, claire: User
) -> None:
    raw = json.dumps(united).encode()
    incident = reading.take_in(team, raw, filename="u.json", by=claire, at=nine)
    first = incident.entries.select_related("content").get(number=1)
    assert (first.kind, first.actor) == ("incident.imported", claire)
    assert first.content.body["facts"]["open_conflicts"] == united["open_conflicts"]
    operators = take_in(team, united, nine, again=True)
    actor = operators.entries.select_related("content").get(number=1).content.body["actor"]
    assert actor == {"id": None, "name": "operator"}


def test_the_same_file_twice_is_refused_unless_asked_for(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    first = take_in(team, united, nine)
    with pytest.raises(ImportedBefore, match=first.reference):
        take_in(team, united, nine)
    assert Incident.objects.count() == 1
    take_in(team, united, nine, again=True)
    assert Incident.objects.count() == 2


def test_a_stranger_imports_nothing(
    team: Team, united: dict[str, Any], nine: datetime, claire: User, zoe: User
) -> None:
    raw = json.dumps(united).encode()
    reading.take_in(team, raw, filename="u.json", by=claire, at=nine)
    with pytest.raises(Refused, match="not in the team"):
        reading.take_in(team, raw, filename="u.json", again=True, by=zoe, at=nine)
    assert Incident.objects.count() == 1


def at_event(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(crisis: dict[str, Any]) -> None:
        crisis["events"][3][name] = value

    return spoil


def without(name: str) -> Callable[[dict[str, Any]], None]:
    def spoil(crisis: dict[str, Any]) -> None:
        del crisis[name]

    return spoil


BROKEN: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (without("title"), "title: this is missing"),
    (without("events"), "events: "),
    (lambda c: c.update(zone="Europe/Nowhere"), "zone: “Europe/Nowhere”"),
    (lambda c: c.update(zone=7), "zone: a text is expected"),
    (lambda c: c.update(events=[]), "events: "),
    (lambda c: c["events"].__setitem__(3, "what"), r"events\[3\]: an object"),
    (at_event("occurred_at", "2017-02-30T10:00"), r"events\[3\]\.occurred_at: .* is no time"),
    (at_event("occurred_at", "2017-04-09"), r"events\[3\]\.occurred_at: .*precision “minute”"),
    (at_event("occurred_at", None), r"events\[3\]\.occurred_at: this is missing"),
    (at_event("precision", "second"), r"events\[3\]\.precision: "),
    (at_event("precision", "part_of_day"), r"events\[3\]\.part_of_day: "),
    (at_event("part_of_day", "morning"), r"events\[3\]\.part_of_day: "),
    (at_event("utc_offset", "CET"), r"events\[3\]\.utc_offset: "),
    (at_event("utc_offset", "+25:00"), r"events\[3\]\.utc_offset: "),
    (at_event("approximate", "yes"), r"events\[3\]\.approximate: "),
    (at_event("kind", "rumour"), r"events\[3\]\.kind: “rumour” is none of"),
    (at_event("actor", ""), r"events\[3\]\.actor: this is missing"),
    (at_event("id", "T01-01"), r"events\[3\]\.id: .*events\[0\]"),
    (at_event("corrects", "T99"), r"events\[3\]\.corrects: there is no event"),
    (at_event("corrects", "T01-04"), r"events\[3\]\.corrects: .*circle"),
    (at_event("description", "a\x00b"), r"events\[3\]\.description: .*NUL"),
    (at_event("description", "a\ud800b"), r"events\[3\]\.description: .*half a character"),
    (at_event("description", "x" * 100_001), r"events\[3\]\.description: .*too long"),
    (at_event("conflicting_times", [{"occurred_at": "x"}]), r"conflicting_times\[0\]\.occurred_at"),
    (at_event("photo", {"a": 1}), r"events\[3\]\.photo: "),
]


@pytest.mark.parametrize(("spoil", "place"), BROKEN)
def test_a_mistake_is_named_by_its_path_and_nothing_is_half_done(
    team: Team,
    united: dict[str, Any],
    nine: datetime,
    spoil: Callable[[dict[str, Any]], None],
    place: str,
) -> None:
    broken = copy.deepcopy(united)
    spoil(broken)
    with pytest.raises(BadFile, match=place):
        take_in(team, broken, nine)
    assert not Incident.objects.exists()
    assert not Entry.objects.exists()
    assert take_in(team, united, nine).reference.endswith("0001")


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'{"title": "a",\n  "title" "b"}', "line 2, column 11"),
        (b'{"title": 1, "title": 2}', "title: this name stands twice"),
        (b'{"title": NaN}', "NaN"),
        (b'{\n"title": "\xff"}', "line 2: .*UTF-8"),
        (b"[" * 100_000, "deeply"),
        (b"[]", "no crisis"),
        (b"", "line 1"),
    ],
)
def test_what_is_no_json_is_named_by_its_line(
    team: Team, nine: datetime, raw: bytes, place: str
) -> None:
    with pytest.raises(BadFile, match=place):
        take_in(team, raw, nine)
    assert not Incident.objects.exists()


def test_emoji_right_to_left_and_a_very_long_text_come_in_whole(
    team: Team, united: dict[str, Any], nine: datetime
) -> None:
    text = "🍕 مرحبا " * 12_000
    united["events"][0]["description"] = text
    assert told(take_in(team, united, nine))["T01-01"].content.body["text"] == text


CSV = """id,occurred_at,precision,part_of_day,utc_offset,approximate,actor,actor_type,kind,channel,description,adequate
1,2017-04-09T17:21,minute,,-05:00,false,A passenger,customer,signal,X,"A clip,
on two lines",
2,2017-04-09,part_of_day,late_evening,-05:00,,United,organisation,statement,email,First words,yes
"""
TABLE = {"title": "Flight", "organisation": "United", "zone": "America/Chicago"}


def test_a_table_says_the_same(team: Team, nine: datetime) -> None:
    incident = take_in(team, CSV.encode(), nine, table=TABLE)
    entries = told(incident)
    assert (incident.title, incident.organisation) == ("Flight", "United")
    assert entries["1"].content.body["text"] == "A clip,\non two lines"
    assert entries["2"].part_of_day == "late_evening"
    assert entries["2"].content.body["facts"]["adequate"] is True


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("late_evening", "teatime", r"line 4\.part_of_day"),
        (",yes", ",perhaps", r"line 4\.adequate"),
        ("First words,", "First words,,", "line 4: 13 cells"),
        ("id,occurred_at", "id,when", "line 1: columns are missing: occurred_at"),
        ('lines"', "lines", "line 4: this is not CSV"),
    ],
)
def test_a_mistake_in_a_table_is_named_by_its_line(
    team: Team, nine: datetime, old: str, new: str, place: str
) -> None:
    with pytest.raises(BadFile, match=place):
        take_in(team, CSV.replace(old, new).encode(), nine, table=TABLE)
    assert not Incident.objects.exists()


def run(*words: str) -> tuple[int, str, str]:
    """Return exit code, stdout and stderr of import_incident."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_incident", *words, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_prints_the_reference(team: Team) -> None:
    code, out, _err = run(str(FILES[0]))
    assert (code, out.strip()) == (0, Incident.objects.get().reference)
    code, out, err = run(str(FILES[0]))
    assert (code, out) == (1, "")
    assert "--again" in err
    assert run(str(FILES[0]), "--again", "--drill")[0] == 0
    assert Incident.objects.filter(is_drill=True).count() == 1


def test_the_command_names_the_file_and_the_place(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"title": "x"}')
    code, out, err = run(str(path))
    assert (code, out) == (1, "")
    assert "bad.json: zone: this is missing" in err


@pytest.mark.parametrize(
    "words",
    [
        ("missing.json",),
        (str(FILES[0]), "--team", "nobody"),
        (str(FILES[0]), "--as", "nobody@desk.test"),
        (str(FILES[0]), "--title", "T"),
        ("table.csv",),
    ],
)
def test_wrong_usage_is_two(team: Team, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.strip()
    assert not Incident.objects.exists()


def test_a_person_outside_the_team_imports_nothing_by_command(team: Team, zoe: User) -> None:
    assert run(str(FILES[0]), "--as", zoe.email)[0] == 1
    assert not Incident.objects.exists()
