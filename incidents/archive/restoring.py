"""Put a sealed record into the tables: its numbers, times and hashes as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import available_timezones

from incidents.archive.sealed import SealedEntry, SealedRecord
from incidents.models import EVENTS, Category, Entry, EntryContent, Incident, PartOfDay, Precision
from incidents.models import timeline as events
from incidents.timeline import rules
from teams.models import Team

AT_ONCE: Final = 500
TIMES: Final = ("opened_at", "resolved_at", "closed_at", "first_seen_from", "first_seen_until")
KEPT: Final = (
    *("title", "kind", "organisation", "what_happened", "status", "severity"),
    *("confidentiality", "is_drill", "is_imported"),
)


def incident_of(found: SealedRecord, team: Team, *, reference: str) -> Incident:
    """Return the incident of a record, under a reference and a name of its own here."""
    given = found.incident
    zone, language = str(given.get("zone")), str(given.get("language"))
    countries = given.get("countries")
    times = {name: _time(given.get(name)) for name in TIMES}
    return Incident(
        team=team,
        reference=reference,
        **{name: given[name] for name in KEPT},
        countries=countries if isinstance(countries, list) else [],
        zone=zone if zone in available_timezones() else team.zone,
        language=language if len(language) == 2 else team.language,
        first_seen_precision=_known(given.get("first_seen_precision"), Precision.values),
        first_seen_part_of_day=_known(given.get("first_seen_part_of_day"), PartOfDay.values),
        first_seen_approximate=given.get("first_seen_approximate") is True,
        first_seen_where=str(given.get("first_seen_where") or "")[:200],
        first_seen_link=_link(given.get("first_seen_link")),
        legal_hold=given.get("legal_hold") is True,
        has_inside_information=given.get("has_inside_information") is True,
        **{**times, "opened_at": times["opened_at"] or found.entries[0].recorded_at},
        origin_uuid=given["uuid"],
        sealed_number=found.last,
        sealed_head=found.head,
        last_entry_number=found.last,
        last_entry_hash=found.head,
        entry_counts={},
    )


def _known(given: Any, values: list[str]) -> str:
    return given if given in values else ""


def _link(given: Any) -> str:
    """Return an address that may be opened; a file of others makes no link to a script."""
    text = str(given or "")
    return text if text.startswith(("https://", "http://")) and len(text) <= 2000 else ""


def _time(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def fill(incident: Incident, found: SealedRecord) -> dict[str, int]:
    """Write the entries and their contents, in order; return the counters of the filters."""
    written: dict[int, Entry] = {}
    waiting: list[tuple[Entry, SealedEntry]] = []
    counts: dict[str, int] = {}
    for sealed in sorted(found.entries, key=lambda e: e.link.number):
        target = sealed.body["corrects"] if sealed.body else None
        if len(waiting) >= AT_ONCE or (target is not None and target not in written):
            _write(waiting, written)
        entry = _entry(incident, sealed, written.get(target) if target else None)
        waiting.append((entry, sealed))
        counts = rules.counted(counts, entry)
    _write(waiting, written)
    for stricter in (e for e in written.values() if e.kind == events.RECLASSIFIED.name):
        if stricter.corrects is not None and not stricter.corrects.is_privileged:
            counts = rules.hidden_too(counts, stricter.corrects)
    return counts


def _write(waiting: list[tuple[Entry, SealedEntry]], written: dict[int, Entry]) -> None:
    Entry.objects.bulk_create([entry for entry, _sealed in waiting])
    EntryContent.objects.bulk_create(
        EntryContent(entry=entry, salt=sealed.salt, body=sealed.body)
        for entry, sealed in waiting
        if sealed.body is not None
    )
    written.update({entry.number: entry for entry, _sealed in waiting})
    waiting.clear()


def _entry(incident: Incident, sealed: SealedEntry, corrects: Entry | None) -> Entry:
    return Entry(
        incident=incident,
        number=sealed.link.number,
        recorded_at=sealed.recorded_at,
        previous_hash=sealed.link.previous,
        commitment=sealed.link.commitment,
        hash=sealed.link.hash,
        corrects=corrects,
        **_columns(sealed),
    )


def _columns(sealed: SealedEntry) -> Mapping[str, Any]:
    if sealed.body is None or sealed.occurred is None:
        return {
            "kind": events.WITHHELD.name,
            "category": events.WITHHELD.category,
            "occurred_from": sealed.recorded_at,
            "occurred_until": sealed.recorded_at,
            "precision": Precision.MINUTE,
            "is_privileged": True,
        }
    known = EVENTS.get(sealed.body["kind"])
    return {
        **rules.repeated(dict(sealed.body), sealed.occurred),
        "category": known.category if known else Category.FACT,
    }
