"""The chronology: entries of the timeline, without what this reader may not take away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from incidents.models import Category, Entry, Incident, Occurred
from incidents.models import timeline as events
from incidents.review.queries.rows import EntryRow, NamedRow
from incidents.timeline.wording import (
    actor_name,
    kind_label,
    notes,
    occurred_of,
    read_occurred,
    say,
    when_full,
)


@dataclass(frozen=True)
class Record:
    """The entries that may be shown, in the order of what happened, and how many may not."""

    rows: tuple[EntryRow, ...]
    shown: tuple[Entry, ...]
    left_out: int

    @property
    def moments(self) -> tuple[EntryRow, ...]:
        return tuple(row for row in self.rows if row.is_key_moment)

    @property
    def decisions(self) -> tuple[EntryRow, ...]:
        return tuple(row for row in self.rows if row.category.slug == Category.DECISION)


def entries(incident: Incident, *, whole: bool) -> list[Entry]:
    """
    Return entries with their content, in the order of what happened.

    Not `whole`: only those that the page shows (key moments, decisions), and those by which
    others are privileged or corrected.
    """
    found = Entry.objects.filter(incident=incident)
    if not whole:
        stricter = found.filter(kind=events.RECLASSIFIED.name)
        found = found.filter(
            Q(is_key_moment=True)
            | Q(category=Category.DECISION)
            | Q(is_privileged=True)
            | Q(corrects__isnull=False)
            | Q(pk__in=stricter.values("corrects"))
        )
    return list(found.select_related("content", "corrects").order_by("occurred_from", "number"))


def record(found: Iterable[Entry], *, with_privileged: bool) -> Record:
    """Word the entries that may be shown; count those left out."""
    found = list(found)
    secret = privileged(found)
    shown = [
        entry
        for entry in found
        if body(entry) is not None and (with_privileged or entry.number not in secret)
    ]
    corrected = _corrections(shown)
    rows = [
        _row(
            entry,
            corrected_by=corrected.get(entry.number, ()),
            is_privileged=entry.number in secret,
        )
        for entry in shown
    ]
    return Record(rows=tuple(rows), shown=tuple(shown), left_out=len(found) - len(shown))


def privileged(found: Iterable[Entry]) -> set[int]:
    """
    Return the numbers of the privileged entries.

    Those written so, those reclassified since, and what corrects one of them.
    """
    found = list(found)
    numbers = {entry.number for entry in found if entry.is_privileged}
    for entry in found:
        if entry.kind == events.RECLASSIFIED.name and entry.corrects is not None:
            numbers.add(entry.corrects.number)
    for entry in sorted(found, key=lambda e: e.number):
        corrected = entry.corrects if entry.kind == events.CORRECTED.name else None
        if corrected is not None and corrected.number in numbers:
            numbers.add(entry.number)
    return numbers


def body(entry: Entry) -> dict[str, Any] | None:
    """Return what an entry says, or None where its content is withheld or erased."""
    content = getattr(entry, "content", None)
    return content.body if content is not None else None


def _corrections(shown: Iterable[Entry]) -> dict[int, tuple[int, ...]]:
    corrected: dict[int, list[int]] = defaultdict(list)
    for entry in shown:
        if entry.corrects is not None and _withdraws(entry):
            corrected[entry.corrects.number].append(entry.number)
    return {number: tuple(sorted(by)) for number, by in corrected.items()}


def other_times(facts: Mapping[str, Any]) -> list[Occurred]:
    """Return the times that other sources give; none of them is declared right."""
    return [read_occurred(one["occurred"]) for one in facts.get("conflicting_times") or ()]


def _withdraws(entry: Entry) -> bool:
    return entry.kind != events.RECLASSIFIED.name


def _row(entry: Entry, *, corrected_by: tuple[int, ...], is_privileged: bool) -> EntryRow:
    content = body(entry) or {}
    facts = content["facts"]
    occurred = occurred_of(content)
    return EntryRow(
        number=entry.number,
        kind=entry.kind,
        category=NamedRow(entry.category, kind_label(entry.kind, entry.category)),
        occurred=occurred,
        when=when_full(occurred),
        recorded_at=entry.recorded_at,
        actor=actor_name(content),
        on_behalf_of=content["on_behalf_of"],
        sentence=say(entry.kind, content["text"], facts),
        why=str(facts.get("why") or "") if entry.category == Category.DECISION else "",
        source=str(facts.get("source") or "") if "actor_type" in facts else "",
        notes=tuple(notes(facts)),
        is_key_moment=entry.is_key_moment,
        is_privileged=is_privileged,
        corrects=entry.corrects.number if entry.corrects and _withdraws(entry) else None,
        corrected_by=corrected_by,
    )
