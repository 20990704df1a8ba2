"""
Is the timeline what was recorded? Links, contents, the columns that repeat them, the counters.

The first entry that does not fit is named. What the check cannot see: a whole history written
anew, with the incident's own head changed to match; the heads in exports and reports show that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crisisdesk.kit import chain
from crisisdesk.kit.chain import Fault, Link
from incidents.models import EVENTS, Entry, EntryContent, Incident
from incidents.models import timeline as events
from incidents.timeline import rules, wording

CHUNK: Final = 1000


@dataclass(frozen=True)
class Segment:
    """
    One chain of an incident: its own, or the sealed one of the place it came from.

    `subject` is the incident's UUID where the chain grew; a chain that follows a sealed one
    binds its head.
    """

    subject: str
    first: int
    last: int
    head: str
    foreign_head: str = ""
    foreign_number: int = 0

    @property
    def start(self) -> str:
        return chain.genesis(
            self.subject, foreign_head=self.foreign_head, foreign_number=self.foreign_number
        )


def segments(incident: Incident) -> list[Segment]:
    """Return the chains that make up the timeline, in order."""
    found: list[Segment] = []
    if incident.sealed_number:
        record = incident.restored_record.body
        found = [Segment(**one) for one in record["chain"]["segments"]]
    if incident.last_entry_number > incident.sealed_number or not found:
        found.append(
            Segment(
                subject=str(incident.uuid),
                first=incident.sealed_number + 1,
                last=incident.last_entry_number,
                head=incident.last_entry_hash,
                foreign_head=incident.sealed_head,
                foreign_number=incident.sealed_number,
            )
        )
    return found


def verify(incident: Incident) -> Fault | None:
    """Return the first entry of this incident that is not as it was recorded, or None."""
    incident = Incident.objects.get(pk=incident.pk)
    watch = _Watch(incident)
    walk = watch.links()
    for segment in segments(incident):
        fault = chain.first_fault(
            _until(walk, segment.last, is_final=segment.last >= incident.last_entry_number),
            start=segment.start,
            head=segment.head,
            last=segment.last,
            first=segment.first,
        )
        if fault or watch.fault:
            return _earlier(fault, watch.fault)
    if fault := _sealed_as_told(incident):
        return fault
    return _counters(incident, watch)


def _until(walk: Iterator[Link], last: int, *, is_final: bool) -> Iterator[Link]:
    """Hand on the links of one segment; the final one takes all that is left."""
    for link in walk:
        yield link
        if not is_final and link.number >= last:
            return


def _earlier(one: Fault | None, other: Fault | None) -> Fault | None:
    faults = [fault for fault in (one, other) if fault]
    return min(faults, key=lambda fault: fault.number) if faults else None


def _sealed_as_told(incident: Incident) -> Fault | None:
    """The incident and its restored record name the same sealed head."""
    if not incident.sealed_number:
        return None
    last = [s for s in segments(incident) if s.last <= incident.sealed_number][-1]
    if (last.last, last.head) != (incident.sealed_number, incident.sealed_head):
        return Fault(incident.sealed_number, "The sealed head is not that of the restored record.")
    return None


class _Watch:
    """Walks the entries once, comparing contents and columns on the way."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        self.fault: Fault | None = None
        self.counts: dict[str, int] = {}
        self.stricter: list[int] = []

    def links(self) -> Iterator[Link]:
        entries = Entry.objects.filter(incident=self.incident).select_related(
            "content", "actor", "corrects"
        )
        for entry in entries.order_by("number").iterator(chunk_size=CHUNK):
            content: EntryContent | None = getattr(entry, "content", None)
            if self.fault is None and (why := self._wrong(entry, content)):
                self.fault = Fault(entry.number, f"Entry {entry.number} {why}")
            self.counts = rules.counted(self.counts, entry)
            if entry.kind == events.RECLASSIFIED.name and entry.corrects_id:
                self.stricter.append(entry.corrects_id)
            yield Link(
                number=entry.number,
                recorded_at=chain.instant(entry.recorded_at),
                previous=entry.previous_hash,
                commitment=entry.commitment,
                hash=entry.hash,
            )

    def _wrong(self, entry: Entry, content: EntryContent | None) -> str:
        if content is None:
            sealed = entry.number <= self.incident.sealed_number
            if sealed and entry.kind == events.WITHHELD.name:
                return ""
            return "has lost its content."
        if not chain.opens(entry.commitment, content.body, content.salt):
            return "says something else than was recorded: its content does not fit."
        if names := _other_columns(entry, content.body):
            return f"was changed where lists look: {', '.join(names)}."
        return ""


def _other_columns(entry: Entry, body: dict[str, Any]) -> list[str]:
    """Name the columns that do not repeat the content."""
    known = EVENTS.get(body["kind"])
    expected: dict[str, Any] = {
        **rules.repeated(body, wording.occurred_of(body)),
        "category": known.category if known else entry.category,
    }
    wrong = [name for name, value in expected.items() if getattr(entry, name) != value]
    actor = (body["actor"] or {}).get("id")
    if entry.actor is not None and str(entry.actor.uuid) != actor:
        wrong.append("actor")
    if (entry.corrects.number if entry.corrects else None) != body["corrects"]:
        wrong.append("corrects")
    return wrong


def _counters(incident: Incident, watch: _Watch) -> Fault | None:
    counts = watch.counts
    for entry in Entry.objects.filter(pk__in=watch.stricter, is_privileged=False):
        counts = rules.hidden_too(counts, entry)
    kept = {name: n for name, n in incident.entry_counts.items() if n}
    if kept != counts:
        last = incident.last_entry_number
        return Fault(last, f"After entry {last}, the counters of the filters do not fit.")
    return None
