"""
Reads of the timeline: who may read an entry, pages of rows, what is new, is the chain whole.

Pages go by (occurred instant, number). To someone outside the compartment a privileged entry is
a bare number: it then stands where it was *recorded*, which its number tells anyway, so that
its place says nothing of when it happened; it counts in no filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet

from crisisdesk.kit.names import place
from incidents import access
from incidents.models import Category, Entry, Evidence, Incident, PrivilegedReader
from incidents.models import timeline as events
from incidents.models.evidence import ADDED_TO_ENTRY
from incidents.timeline import rows, wording
from incidents.timeline.rows import Chip, Page, Row
from teams.models import User

PAGE: Final = 30
MOST: Final = 200
CHIPS: Final = (
    "",
    Category.FACT,
    Category.DECISION,
    Category.MESSAGE,
    Category.STATEMENT,
    Category.SEVERITY,
    Category.PROMISE,
    "key_moment",
    "privileged",
)
FILTERS: Final = frozenset({*CHIPS, *Category.values})
Cursor = tuple[datetime, int]


@dataclass(frozen=True)
class Reader:
    """Who reads a timeline, and whether its whole privileged part is theirs."""

    user: User
    sees_privileged: bool


def reader_of(user: User, rights: Iterable[str]) -> Reader:
    return Reader(user=user, sees_privileged="see_privileged" in rights)


def cursor_text(at: datetime, number: int) -> str:
    return f"{(at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)}.{number}"


def read_cursor(text: str) -> Cursor | None:
    """Return the cursor a page handed out; nothing for any other text."""
    micros, _dot, number = text.partition(".")
    try:
        at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(micros))
        return at, min(int(number), 2**31 - 1)
    except (ValueError, OverflowError):
        return None


def privileged_now(incident: Incident) -> Q:
    """Match what was written, or later classified, as privileged."""
    stricter = Entry.objects.filter(incident=incident, kind=events.RECLASSIFIED.name)
    return Q(is_privileged=True) | Q(pk__in=stricter.values("corrects"))


def is_privileged(entry: Entry) -> bool:
    return bool(
        entry.is_privileged or entry.corrections.filter(kind=events.RECLASSIFIED.name).exists()
    )


def saying_the_same(entry: Entry) -> list[Entry]:
    """Return what else tells what this entry says: its corrections, the names of its files."""
    told = Entry.objects.filter(incident=entry.incident, kind=ADDED_TO_ENTRY.name)
    of_files = [
        one
        for one in told.filter(number__gt=entry.number).select_related("content")
        if one.content.body["facts"].get("entry") == entry.number
    ]
    return [*entry.corrections.filter(kind=events.CORRECTED.name), *of_files]


def may_read(entry: Entry, *, user: User, at: datetime) -> bool:
    """Tell whether a person may enter the room and read what this entry says."""
    rights = access.rights(user, entry.incident, at=at)
    if not rights or not is_privileged(entry):
        return bool(rights)
    return "see_privileged" in rights or named_reader(entry, user)


def named_reader(entry: Entry, user: User) -> bool:
    return PrivilegedReader.objects.filter(entry=entry, user=user).exists()


def readable(incident: Incident, reader: Reader) -> QuerySet[Entry]:
    """Return the entries whose content this reader may see."""
    entries: QuerySet[Entry] = Entry.objects.filter(incident=incident)
    if reader.sees_privileged:
        return entries
    return entries.filter(~privileged_now(incident) | Q(pk__in=_named(reader)))


def hidden(incident: Incident, reader: Reader) -> QuerySet[Entry]:
    """Return the entries of which this reader sees the number alone."""
    entries: QuerySet[Entry] = Entry.objects.filter(incident=incident)
    if reader.sees_privileged:
        return entries.none()
    return entries.filter(privileged_now(incident)).exclude(pk__in=_named(reader))


def _named(reader: Reader) -> QuerySet[PrivilegedReader, Any]:
    return PrivilegedReader.objects.filter(user=reader.user).values("entry")


def with_parts(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Load what a row needs, in a number of queries that does not grow."""
    pointing = Entry.objects.only("number", "kind", "corrects_id").order_by("number")
    return entries.select_related("content", "actor__function", "corrects").prefetch_related(
        Prefetch("corrections", queryset=pointing, to_attr="pointing"),
        Prefetch("evidence", queryset=Evidence.objects.order_by("pk"), to_attr="pieces"),
        "readers",
    )


def page(
    incident: Incident,
    *,
    reader: Reader,
    chosen: str = "",
    before: str = "",
    floor: str = "",
    upto: int | None = None,
    size: int = PAGE,
) -> Page:
    """
    Return a page of the timeline: the first, the one `before` a cursor, or all down to `floor`.

    `upto`: what others recorded above this number is counted, not shown.
    """
    chosen = chosen if chosen in FILTERS else ""
    upto = incident.last_entry_number if upto is None else upto
    low = read_cursor(floor)
    size = MOST if low else size
    seen = Q(number__lte=upto) | Q(actor=reader.user)
    shown = filtered(incident, reader, chosen).filter(seen)
    bare = hidden(incident, reader).filter(seen) if not chosen else Entry.objects.none()
    found = _newest(shown, bare, low=low, high=read_cursor(before), most=size + 1)
    last = found[:size][-1] if found else None
    ended = len(found) <= size and not (low and _any_below(shown, low))
    lowest = cursor_text(last[0], last[1].number) if last else floor
    return Page(
        rows=tuple(_rows(incident, reader, found[:size])),
        chips=chips(incident, reader, chosen),
        total=incident.last_entry_number,
        upto=upto,
        waiting=_waiting(incident, reader, chosen, upto),
        floor=lowest,
        earlier="" if ended else lowest,
        chosen=chosen,
    )


def filtered(incident: Incident, reader: Reader, chosen: str) -> QuerySet[Entry]:
    entries = readable(incident, reader)
    if chosen == "key_moment":
        return entries.filter(is_key_moment=True)
    if chosen == "privileged":
        return entries.filter(privileged_now(incident))
    return entries.filter(category=chosen) if chosen else entries


def _newest(
    shown: QuerySet[Entry],
    bare: QuerySet[Entry],
    *,
    low: Cursor | None,
    high: Cursor | None,
    most: int,
) -> list[tuple[datetime, Entry, bool]]:
    """Merge readable entries by when they occurred and hidden ones by when they were recorded."""
    found = [
        (e.occurred_from, e, False)
        for e in with_parts(_between(shown, "occurred_from", low, high))[:most]
    ]
    found += [(e.recorded_at, e, True) for e in _between(bare, "recorded_at", low, high)[:most]]
    return sorted(found, key=lambda item: (item[0], item[1].number), reverse=True)[:most]


def _between(
    entries: QuerySet[Entry], column: str, low: Cursor | None, high: Cursor | None
) -> QuerySet[Entry]:
    if high:
        entries = entries.filter(
            Q(**{f"{column}__lt": high[0]}) | Q(**{column: high[0]}, number__lt=high[1]),
            **{f"{column}__lte": high[0]},
        )
    if low:
        entries = entries.filter(
            Q(**{f"{column}__gt": low[0]}) | Q(**{column: low[0]}, number__gte=low[1]),
            **{f"{column}__gte": low[0]},
        )
    return entries.order_by(f"-{column}", "-number")


def _any_below(entries: QuerySet[Entry], low: Cursor) -> bool:
    under = Q(occurred_from__lt=low[0]) | Q(occurred_from=low[0], number__lt=low[1])
    return entries.filter(under).exists()


def _rows(
    incident: Incident, reader: Reader, found: Iterable[tuple[datetime, Entry, bool]]
) -> Iterator[Row]:
    last_day = ""
    for _at, entry, is_hidden in found:
        if is_hidden:
            yield rows.hidden_row(incident, entry)
            continue
        day = wording.day_of(wording.occurred_of(entry.content.body), ZoneInfo(incident.zone))
        heading = day if day != last_day else ""
        last_day = day
        yield rows.row(incident, entry, reader_pk=reader.user.pk, day=heading)


def _waiting(incident: Incident, reader: Reader, chosen: str, upto: int) -> int:
    """Return how many entries of others came after the highest number opened."""
    if upto >= incident.last_entry_number:
        return 0
    newer = filtered(incident, reader, chosen).filter(number__gt=upto)
    count = newer.exclude(actor=reader.user).count()
    return count if chosen else count + hidden(incident, reader).filter(number__gt=upto).count()


def chips(incident: Incident, reader: Reader, chosen: str = "") -> tuple[Chip, ...]:
    """Return the filters that find something, from the counters that `record` keeps."""
    counts = dict(incident.entry_counts)
    if not reader.sees_privileged and counts.get("privileged"):
        counts = _readable_counts(incident, reader, counts)
    elif not reader.sees_privileged:
        counts["privileged"] = 0
    return tuple(
        Chip(
            key=str(key),
            label=wording.filter_label(str(key)),
            count=count,
            is_chosen=str(key) == chosen,
        )
        for key in CHIPS
        if (count := counts.get(str(key) or "all", 0)) or str(key) in ("", chosen)
    )


def _readable_counts(incident: Incident, reader: Reader, counts: dict[str, int]) -> dict[str, int]:
    """Return the counters without what the reader may not see; `all` counts the bare numbers."""
    named = Entry.objects.filter(
        privileged_now(incident), incident=incident, readers__user=reader.user
    )
    mine: dict[str, int] = {}
    grouped = named.order_by().values_list("category", "is_key_moment").annotate(n=Count("pk"))
    for category, is_key_moment, n in grouped:
        for key in (category, "privileged", *(["key_moment"] if is_key_moment else [])):
            mine[key] = mine.get(key, 0) + n
    for key in {*Category.values, "key_moment"}:
        counts[key] = counts.get(key, 0) - counts.get(f"privileged_{key}", 0) + mine.get(key, 0)
    counts["privileged"] = mine.get("privileged", 0)
    return counts


def row(entry: Entry, *, reader: Reader) -> Row:
    """Return one entry as this reader sees it."""
    found = with_parts(readable(entry.incident, reader).filter(pk=entry.pk)).first()
    if found is None:
        return rows.hidden_row(entry.incident, entry)
    zone = ZoneInfo(entry.incident.zone)
    day = wording.day_of(wording.occurred_of(found.content.body), zone)
    return rows.row(entry.incident, found, reader_pk=reader.user.pk, day=day)


def rows_where(
    incident: Incident, *, reader: Reader, where: Q, most: int = MOST
) -> tuple[Row, ...]:
    """Return the readable entries that match, oldest first: key moments, decisions."""
    found = with_parts(readable(incident, reader).filter(where))
    newest = found.order_by("-occurred_from", "-number")[:most]
    return tuple(_rows(incident, reader, [(e.occurred_from, e, False) for e in newest]))[::-1]


def entries_after(incident: Incident, number: int) -> QuerySet[Entry]:
    """Return what was recorded after a number, in order: for the stream."""
    return Entry.objects.filter(incident=incident, number__gt=number).order_by("number")


def subjects_after(incident: Incident, number: int) -> list[str]:
    """Name the nouns that something happened to after a number."""
    kinds = entries_after(incident, number).order_by().values_list("kind", flat=True).distinct()
    return sorted({kind.partition(".")[0] for kind in kinds})


def readers(entry: Entry) -> list[str]:
    """Name the people whom counsel let read this entry."""
    named = PrivilegedReader.objects.filter(entry=entry).select_related("user")
    return sorted((one.user.name for one in named), key=place)


def may_be_named(entry: Entry, *, at: datetime) -> QuerySet[User]:
    """Return the people who can enter the room and are not named yet."""
    inside = access.people_of(entry.incident, at=at)
    named = PrivilegedReader.objects.filter(entry=entry).values("user")
    return inside.exclude(pk__in=named).order_by("name")
