"""What people write: entries, corrections, privilege, and what each reader sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crisisdesk.kit.refusals import Refused
from incidents import access
from incidents.models import Entry, Incident, PrivilegedReader
from incidents.timeline import actions, proof, queries
from incidents.timeline.calendar import minute
from incidents.timeline.rules import Unwritable
from teams.models import User

SECRET = "Do not state a cause before the lab report."


def log(incident: Incident, by: User, at: datetime, text: str = "Seen", **more: Any) -> Entry:
    told = {"kind": "fact", "occurred": None, **more}
    return actions.log_entry(incident, text=text, by=by, at=at, **told)


def read(incident: Incident, user: User, at: datetime, **how: Any) -> Any:
    incident.refresh_from_db()
    rights = access.rights(user, incident, at=at)
    return queries.page(incident, reader=queries.reader_of(user, rights), **how)


def shown(page: Any) -> list[int]:
    return [row.number for row in page.rows]


def test_a_decision_keeps_its_why(staffed: Incident, helene: User, nine: datetime) -> None:
    entry = log(staffed, helene, nine, "Recall lots", kind="decision", why="Boxes stay in freezers")
    assert (entry.kind, entry.category) == ("entry.decided", "decision")
    row = read(staffed, helene, nine).rows[0]
    assert (row.says, row.why) == ("Recall lots", "Boxes stay in freezers")


def test_a_late_entry_says_how_late(staffed: Incident, thomas: User, nine: datetime) -> None:
    log(staffed, thomas, nine, occurred=minute(nine - timedelta(minutes=30), said=None))
    row = next(r for r in read(staffed, thomas, nine).rows if r.says == "Seen")
    assert row.late == "30 min late"
    with translation.override("fr"):
        assert next(r for r in read(staffed, thomas, nine).rows if r.says == "Seen").late


def test_a_double_click_writes_one_entry(staffed: Incident, thomas: User, nine: datetime) -> None:
    first = log(staffed, thomas, nine)
    assert log(staffed, thomas, nine + timedelta(seconds=1)) == first
    assert log(staffed, thomas, nine + timedelta(minutes=5)) != first


def test_a_correction_is_a_new_entry_that_points_at_the_old_one(
    staffed: Incident, thomas: User, nine: datetime
) -> None:
    old = log(staffed, thomas, nine, "Four lots")
    new = actions.correct_entry(old, text="Three lots", by=thomas, at=nine)
    rows = {row.number: row for row in read(staffed, thomas, nine).rows}
    assert rows[old.number].corrected_by == new.number
    assert rows[old.number].says == "Four lots"
    assert rows[new.number].corrects == old.number
    with pytest.raises(actions.AlreadyCorrected, match=str(new.number)):
        actions.correct_entry(old, text="Two lots", by=thomas, at=nine)


def test_only_counsel_writes_privileged(
    staffed: Incident, karim: User, thomas: User, nine: datetime
) -> None:
    assert log(staffed, karim, nine, SECRET, privileged=True).is_privileged
    before = Entry.objects.count()
    with pytest.raises(actions.OnlyCounsel):
        log(staffed, thomas, nine, "Mine", privileged=True)
    assert Entry.objects.count() == before


def test_outside_the_compartment_a_privileged_entry_is_a_number(
    staffed: Incident, karim: User, thomas: User, nine: datetime, client: Client
) -> None:
    entry = log(staffed, karim, nine, SECRET, kind="decision", privileged=True, key_moment=True)
    page = read(staffed, thomas, nine)
    row = next(r for r in page.rows if r.number == entry.number)
    assert row == type(row)(number=entry.number, url=row.url, hidden=True)
    assert {chip.key for chip in page.chips}.isdisjoint({"privileged", "decision"})
    assert entry.number not in shown(read(staffed, thomas, nine, chosen="decision"))
    client.force_login(thomas)
    for name, more in (("timeline", []), ("entry", [entry.number]), ("timeline-panel", [])):
        answer = client.get(reverse(f"incidents:{name}", args=[staffed.reference, *more]))
        assert SECRET not in answer.content.decode()
        assert answer.status_code == 200
    client.force_login(karim)
    answer = client.get(reverse("incidents:timeline", args=[staffed.reference]))
    assert SECRET in answer.content.decode()


def test_the_place_of_a_hidden_entry_tells_nothing_of_its_time(
    staffed: Incident, karim: User, thomas: User, nine: datetime
) -> None:
    yesterday = minute(nine - timedelta(days=1), said=None)
    hidden = log(staffed, karim, nine, SECRET, privileged=True, occurred=yesterday)
    log(staffed, thomas, nine + timedelta(minutes=1), "After")
    assert shown(read(staffed, thomas, nine))[:2] == [hidden.number + 1, hidden.number]
    assert shown(read(staffed, karim, nine))[-1] == hidden.number


def test_whom_counsel_names_reads_that_entry_alone(
    staffed: Incident, karim: User, thomas: User, zoe: User, nine: datetime
) -> None:
    one = log(staffed, karim, nine, SECRET, privileged=True)
    other = log(staffed, karim, nine, "Another secret", privileged=True)
    actions.name_reader(one, reader=thomas, by=karim, at=nine)
    rows = {row.number: row for row in read(staffed, thomas, nine).rows}
    assert rows[one.number].says == SECRET
    assert rows[other.number].hidden
    assert [c.count for c in read(staffed, thomas, nine).chips if c.key == "privileged"] == [1]
    assert staffed.entries.filter(kind="entry.reader_named").count() == 1
    with pytest.raises(actions.NotInTheRoom):
        actions.name_reader(one, reader=zoe, by=karim, at=nine)
    with pytest.raises(actions.OnlyCounsel):
        actions.name_reader(other, reader=thomas, by=thomas, at=nine)
    assert PrivilegedReader.objects.count() == 1


def test_an_entry_becomes_stricter_and_never_looser(
    staffed: Incident, karim: User, thomas: User, nine: datetime
) -> None:
    entry = log(staffed, thomas, nine, "The supplier’s name")
    correction = actions.correct_entry(entry, text="His other name", by=thomas, at=nine)
    with pytest.raises(actions.OnlyCounsel):
        actions.reclassify_entry(entry, reason="Mine", by=thomas, at=nine)
    actions.reclassify_entry(entry, reason="Legal advice", by=karim, at=nine)
    rows = {row.number: row for row in read(staffed, thomas, nine).rows}
    assert rows[entry.number].hidden
    assert rows[correction.number].hidden
    with pytest.raises(actions.AlreadyPrivileged):
        actions.reclassify_entry(entry, reason="Again", by=karim, at=nine)
    assert proof.verify(staffed) is None


def test_a_correction_of_a_privileged_entry_is_as_privileged(
    staffed: Incident, karim: User, thomas: User, nine: datetime
) -> None:
    entry = log(staffed, karim, nine, SECRET, privileged=True, readers=[thomas])
    correction = actions.correct_entry(entry, text="State nothing", by=thomas, at=nine)
    assert correction.is_privileged
    assert [r.user for r in correction.readers.all()] == [thomas]


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "x" * 100_001, "   "])
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    staffed: Incident, thomas: User, nine: datetime, text: str
) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused, match=r"\.$") as refused:
        log(staffed, thomas, nine, text)
    assert isinstance(refused.value, (Unwritable, actions.NothingSaid))
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "text", ["🍕" * 40_000, "مرحبا بالعالم", "<script>alert(1)</script>", "{text}"]
)
def test_whatever_can_be_kept_comes_back_whole(
    staffed: Incident, thomas: User, nine: datetime, text: str
) -> None:
    log(staffed, thomas, nine, text)
    assert read(staffed, thomas, nine).rows[0].says == text
    assert proof.verify(staffed) is None


def test_others_are_counted_and_ones_own_appear(
    staffed: Incident, thomas: User, ines: User, nine: datetime
) -> None:
    upto = read(staffed, thomas, nine).upto
    mine = log(staffed, thomas, nine, "Mine")
    theirs = log(staffed, ines, nine, "Theirs")
    page = read(staffed, thomas, nine, upto=upto)
    assert mine.number in shown(page)
    assert theirs.number not in shown(page)
    assert page.waiting == 1
    assert theirs.number in shown(read(staffed, thomas, nine))


def test_pages_hold_every_entry_once(staffed: Incident, thomas: User, nine: datetime) -> None:
    for n in range(40):
        when = minute(nine - timedelta(minutes=n % 7), said=None)
        log(staffed, thomas, nine, f"n {n}", occurred=when)
    seen, before = [], ""
    while True:
        page = read(staffed, thomas, nine, before=before, size=7)
        seen += shown(page)
        if not page.earlier:
            break
        before = page.earlier
    staffed.refresh_from_db()
    assert sorted(seen) == list(range(1, staffed.last_entry_number + 1))


def test_the_open_part_of_the_list_stays_when_news_arrive(
    staffed: Incident, thomas: User, ines: User, nine: datetime
) -> None:
    for n in range(10):
        log(staffed, thomas, nine + timedelta(minutes=n), f"n {n}")
    first = read(staffed, thomas, nine, size=5)
    log(staffed, ines, nine + timedelta(minutes=20), "Theirs")
    again = read(staffed, thomas, nine, floor=first.floor, upto=first.upto)
    assert shown(again) == shown(first)
    assert (again.floor, again.waiting) == (first.floor, 1)


def test_a_page_costs_the_same_queries_however_long_the_timeline(
    staffed: Incident,
    thomas: User,
    karim: User,
    nine: datetime,
    count_queries: Callable[..., int],
) -> None:
    log(staffed, karim, nine, SECRET, privileged=True)
    few = count_queries(lambda: read(staffed, thomas, nine))
    for n in range(60):
        log(staffed, karim if n % 9 == 0 else thomas, nine, f"n {n}", privileged=n % 9 == 0)
    assert count_queries(lambda: read(staffed, thomas, nine)) == few


def test_a_stranger_finds_no_timeline(staffed: Incident, zoe: User, client: Client) -> None:
    client.force_login(zoe)
    for name in ("timeline", "timeline-panel", "timeline-earlier", "evidence", "record"):
        assert client.get(reverse(f"incidents:{name}", args=[staffed.reference])).status_code == 404
    url = reverse("incidents:log-entry", args=[staffed.reference])
    assert client.post(url, {"text": "x", "kind": "fact"}).status_code == 404


def test_acts_on_an_entry_go_through_the_page(
    staffed: Incident, karim: User, thomas: User, nine: datetime, client: Client
) -> None:
    entry = log(staffed, thomas, nine, "Four lots")
    at = lambda name: reverse(f"incidents:{name}", args=[staffed.reference, entry.number])  # noqa: E731
    client.force_login(thomas)
    assert client.post(at("entry-reclassify"), {"reason": "x"}).status_code == 403
    assert client.post(at("entry-correct"), {"text": ""}).status_code == 422
    assert client.post(at("entry-correct"), {"text": "Three lots"}).status_code == 302
    client.force_login(karim)
    assert client.post(at("entry-reclassify"), {"reason": "Legal advice"}).status_code == 302
    assert client.post(at("entry-name-reader"), {"reader": thomas.pk}).status_code == 302
    assert client.get(at("entry")).status_code == 200
    client.force_login(thomas)
    assert "Four lots" in client.get(at("entry")).content.decode()
