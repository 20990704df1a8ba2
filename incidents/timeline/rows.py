"""Finished rows of the timeline: what a template shows, in the reader's language and zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.urls import reverse

from incidents.models import EVENTS, Entry, Evidence, Incident
from incidents.models import timeline as events
from incidents.timeline import rules, wording

BY_HAND: Final = frozenset(kind.name for kind in rules.LOGGED.values())


@dataclass(frozen=True)
class File:
    name: str
    url: str
    is_picture: bool
    size: int
    sha256: str


@dataclass(frozen=True)
class Row:
    """
    One entry as a reader sees it; of a hidden one `number` and `url` alone say anything.

    `day` is set where a new day begins on the page; `readers` is how many people counsel named.
    """

    number: int
    url: str
    hidden: bool = False
    day: str = ""
    icon: str = "shield-lock"
    kind: str = ""
    who: str = ""
    function: str = ""
    on_behalf_of: str = ""
    says: str = ""
    why: str = ""
    occurred: str = ""
    occurred_at: datetime | None = None
    occurred_full: str = ""
    occurred_there: str = ""
    recorded_at: datetime | None = None
    late: str = ""
    is_key_moment: bool = False
    is_privileged: bool = False
    readers: int = 0
    corrects: int | None = None
    corrected_by: int | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    files: tuple[File, ...] = ()
    is_mine: bool = False


@dataclass(frozen=True)
class Chip:
    """A filter with the number of entries behind it."""

    key: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Page:
    """
    A page of rows, newest first.

    `upto` is the highest number that the reader has opened: entries of others above it are only
    counted (`waiting`). `floor` is the lowest cursor on the page, `earlier` the cursor of the
    next one, empty at the end.
    """

    rows: tuple[Row, ...]
    chips: tuple[Chip, ...]
    total: int
    upto: int
    waiting: int
    floor: str
    earlier: str
    chosen: str


def hidden_row(incident: Incident, entry: Entry) -> Row:
    return Row(number=entry.number, url=address(incident, entry), hidden=True)


def address(incident: Incident, entry: Entry) -> str:
    return reverse("incidents:entry", args=[incident.reference, entry.number])


def row(incident: Incident, entry: Entry, *, reader_pk: int, day: str = "") -> Row:
    """Return a readable entry; its content and parts are loaded (see `queries.with_parts`)."""
    body: dict[str, Any] = entry.content.body
    facts = body["facts"]
    known = EVENTS.get(entry.kind)
    pointing: list[Entry] = getattr(entry, "pointing", [])
    stricter = any(e.kind == events.RECLASSIFIED.name for e in pointing)
    occurred = wording.occurred_of(body)
    is_privileged = entry.is_privileged or stricter
    return Row(
        number=entry.number,
        url=address(incident, entry),
        day=day,
        icon=known.icon if known else "file-text",
        kind=wording.kind_label(entry.kind, entry.category),
        who=wording.actor_name(body),
        function=entry.actor.function.name if entry.actor and entry.actor.function else "",
        on_behalf_of=body["on_behalf_of"],
        says=wording.say(entry.kind, body["text"], facts),
        why=str(facts.get("why", "")) if entry.kind in BY_HAND else "",
        occurred=wording.when_short(occurred),
        occurred_at=occurred.earliest,
        occurred_full=wording.when_full(occurred),
        occurred_there=wording.there(occurred, ZoneInfo(incident.zone)),
        recorded_at=entry.recorded_at,
        late=wording.late(occurred, entry.recorded_at) if entry.kind in BY_HAND else "",
        is_key_moment=entry.is_key_moment,
        is_privileged=is_privileged,
        readers=len(entry.readers.all()) if is_privileged else 0,
        corrects=_corrects(entry),
        corrected_by=next((e.number for e in pointing if e.kind != events.RECLASSIFIED.name), None),
        notes=tuple(wording.notes(facts)),
        source=str(facts.get("source") or "") if "actor_type" in facts else "",
        files=tuple(_file(incident, piece) for piece in getattr(entry, "pieces", [])),
        is_mine=entry.actor_id == reader_pk,
    )


def _corrects(entry: Entry) -> int | None:
    if entry.corrects is None or entry.kind == events.RECLASSIFIED.name:
        return None
    return entry.corrects.number


def _file(incident: Incident, piece: Evidence) -> File:
    return File(
        name=piece.name,
        url=reverse("incidents:evidence-file", args=[incident.reference, piece.pk]),
        is_picture=piece.content_type in rules.PICTURES,
        size=piece.size,
        sha256=piece.sha256,
    )
