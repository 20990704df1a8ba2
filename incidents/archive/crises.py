"""
Files of past crises, read and checked; pure.

A crisis is one object with title, organisation, zone and events (see tests/data/crises for the
format). Times stay as exact as they are written; other times from other sources are kept beside,
none declared right. Any mistake is named by its path, before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from incidents.archive.bad_file import refuse
from incidents.models import EventKind, Occurred, PartOfDay, Precision
from incidents.models import timeline as events
from incidents.timeline import calendar
from incidents.timeline.rules import unwritable

KINDS: Final[dict[str, EventKind]] = {
    "signal": events.SIGNAL,
    "statement": events.THEIR_STATEMENT,
    "decision": events.THEIR_DECISION,
    "media": events.MEDIA,
    "action": events.ACTION,
    "outcome": events.OUTCOME,
}
SHAPES: Final = {
    Precision.MINUTE: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"),
    Precision.HOUR: re.compile(r"\d{4}-\d\d-\d\dT\d\d"),
    Precision.PART_OF_DAY: re.compile(r"\d{4}-\d\d-\d\d"),
    Precision.DAY: re.compile(r"\d{4}-\d\d-\d\d"),
}
TIME_FIELDS: Final = (
    "occurred_at",
    "precision",
    "part_of_day",
    "utc_offset",
    "approximate",
)
EVENT_FIELDS: Final = frozenset(
    {
        *TIME_FIELDS,
        *("id", "actor", "actor_type", "kind", "channel", "description", "source"),
        *("time_note", "conflicting_times", "corrects", "adequate"),
    }
)
OFFSET: Final = re.compile(r"(?P<sign>[+-])(?P<h>\d\d):(?P<m>\d\d)")
SHORT: Final = 200
LONG: Final = 2_000
TEXT: Final = 100_000


@dataclass(frozen=True)
class OtherTime:
    """What another source says of the time."""

    occurred: Occurred
    source: str
    note: str


@dataclass(frozen=True)
class PastEvent:
    """An event of the file; `place` is where it stands there."""

    place: str
    key: str
    kind: EventKind
    occurred: Occurred
    actor: str
    actor_type: str
    text: str
    channel: str = ""
    source: str = ""
    time_note: str = ""
    corrects: str = ""
    adequate: bool = False
    other_times: tuple[OtherTime, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Crisis:
    """A past crisis; `events` in order of their instants."""

    key: str
    title: str
    organisation: str
    language: str
    zone: str
    outcome: str
    open_conflicts: tuple[str, ...]
    events: tuple[PastEvent, ...]

    @property
    def first_signal(self) -> PastEvent:
        """The first sign of the crisis, or its first event where none is called a signal."""
        signals = (e for e in self.events if e.kind is events.SIGNAL)
        return next(signals, self.events[0])


def read(payload: Any) -> Crisis:
    """
    Return the crisis that a JSON file tells.

    :raises BadFile: naming the path of the first mistake.
    """
    if not isinstance(payload, dict):
        refuse("", _("The file holds no crisis: an object with title and events is expected."))
    zone = _text(payload, "zone", "", most=64)
    if zone not in available_timezones():
        refuse("zone", _("“%(zone)s” is not a time zone, such as Europe/Paris.") % {"zone": zone})
    language = _text(payload, "language", "", most=2, needed=False) or "en"
    found = payload.get("events")
    if not isinstance(found, list) or not found:
        refuse("events", _("a list with at least one event is expected."))
    conflicts = payload.get("open_conflicts") or []
    if not isinstance(conflicts, list):
        refuse("open_conflicts", _("a list of sentences is expected."))
    return Crisis(
        key=_text(payload, "id", "", most=SHORT, needed=False),
        title=_text(payload, "title", "", most=SHORT),
        organisation=_text(payload, "organisation", "", most=SHORT),
        language=language,
        zone=zone,
        outcome=_text(payload, "outcome", "", most=TEXT, needed=False),
        open_conflicts=tuple(
            _string(item, f"open_conflicts[{n}]", most=TEXT) for n, item in enumerate(conflicts)
        ),
        events=in_order(
            [event(item, f"events[{n}]", ZoneInfo(zone)) for n, item in enumerate(found)]
        ),
    )


def event(item: Any, path: str, zone: ZoneInfo) -> PastEvent:
    """Return one event; `path` says where it stands, for the message."""
    if not isinstance(item, dict):
        refuse(path, _("an object is expected."))
    kind = _text(item, "kind", path, most=SHORT)
    if kind not in KINDS:
        refuse(
            f"{path}.kind",
            _("“%(kind)s” is none of: %(known)s.") % {"kind": kind, "known": ", ".join(KINDS)},
        )
    others = item.get("conflicting_times") or []
    if not isinstance(others, list):
        refuse(f"{path}.conflicting_times", _("a list is expected."))
    return PastEvent(
        place=path,
        key=_text(item, "id", path, most=SHORT),
        kind=KINDS[kind],
        occurred=occurred(item, path, zone),
        actor=_text(item, "actor", path, most=SHORT),
        actor_type=_text(item, "actor_type", path, most=SHORT),
        text=_text(item, "description", path, most=TEXT),
        channel=_text(item, "channel", path, most=SHORT, needed=False),
        source=_text(item, "source", path, most=LONG, needed=False),
        time_note=_text(item, "time_note", path, most=LONG, needed=False),
        corrects=_text(item, "corrects", path, most=SHORT, needed=False),
        adequate=_truth(item, "adequate", path),
        other_times=tuple(
            _other_time(other, f"{path}.conflicting_times[{n}]", zone)
            for n, other in enumerate(others)
        ),
        more=_more(item, path),
    )


def occurred(item: Mapping[str, Any], path: str, zone: ZoneInfo) -> Occurred:
    """Return the time of an event, exactly as exact as it is written."""
    written = _text(item, "occurred_at", path, most=SHORT)
    part = _text(item, "part_of_day", path, most=SHORT, needed=False)
    precision = _precision(item, path, written, part)
    if not SHAPES[precision].fullmatch(written):
        refuse(
            f"{path}.occurred_at",
            _("“%(written)s” is not written to the precision “%(precision)s”.")
            % {"written": written, "precision": precision},
        )
    try:
        wall = datetime.fromisoformat(f"{written}:00" if precision == Precision.HOUR else written)
        first, after = _span(wall, precision, part, _clock(item, path, wall, zone))
    except (ValueError, OverflowError):
        refuse(f"{path}.occurred_at", _("“%(written)s” is no time.") % {"written": written})
    return Occurred(
        earliest=first.astimezone(UTC),
        latest=after.astimezone(UTC),
        precision=precision,
        part_of_day=part,
        approximate=_truth(item, "approximate", path),
        written=written,
        offset=calendar.offset_of(first),
    )


def _precision(item: Mapping[str, Any], path: str, written: str, part: str) -> Precision:
    given = _text(item, "precision", path, most=SHORT, needed=False)
    if not given:
        shapes = [p for p, shape in SHAPES.items() if shape.fullmatch(written)]
        if part:
            return Precision.PART_OF_DAY
        return shapes[-1] if shapes else Precision.MINUTE
    if given not in Precision.values:
        refuse(
            f"{path}.precision",
            _("“%(given)s” is none of: %(known)s.")
            % {"given": given, "known": ", ".join(Precision.values)},
        )
    if (given == Precision.PART_OF_DAY) != bool(part) or (part and part not in PartOfDay.values):
        refuse(
            f"{path}.part_of_day",
            _("the precision part_of_day, and no other, asks for one of: %(known)s.")
            % {"known": ", ".join(PartOfDay.values)},
        )
    return Precision(given)


def _clock(
    item: Mapping[str, Any], path: str, wall: datetime, zone: ZoneInfo
) -> timezone | ZoneInfo:
    """Return the clock of the wall time: its offset, or the file's zone where none is given."""
    given = _text(item, "utc_offset", path, most=6, needed=False)
    if not given:
        if "T" in str(item["occurred_at"]) and len(calendar.readings(wall, zone)) != 1:
            refuse(
                f"{path}.utc_offset",
                _("the clock was changed then: the offset is needed to know which time is meant."),
            )
        return zone
    found = OFFSET.fullmatch(given)
    if not found or int(found["h"]) > 14 or int(found["m"]) > 59:
        refuse(
            f"{path}.utc_offset",
            _("“%(given)s” is no offset, such as +02:00 or -05:00.") % {"given": given},
        )
    length = timedelta(hours=int(found["h"]), minutes=int(found["m"]))
    return timezone(-length if found["sign"] == "-" else length)


def _span(
    wall: datetime, precision: Precision, part: str, clock: timezone | ZoneInfo
) -> tuple[datetime, datetime]:
    start = wall.replace(tzinfo=clock)
    if precision == Precision.MINUTE:
        return start, start
    if precision == Precision.HOUR:
        return start, (start.astimezone(UTC) + timedelta(hours=1)).astimezone(clock)
    first, after = calendar.HOURS[part] if precision == Precision.PART_OF_DAY else (0, 24)
    return _at_hour(wall.date(), first, clock), _at_hour(wall.date(), after, clock)


def _at_hour(day: date, hour: int, clock: timezone | ZoneInfo) -> datetime:
    midnight = datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001
    return midnight.replace(tzinfo=clock)


def _other_time(item: Any, path: str, zone: ZoneInfo) -> OtherTime:
    if not isinstance(item, dict):
        refuse(path, _("an object is expected."))
    return OtherTime(
        occurred=occurred(item, path, zone),
        source=_text(item, "source", path, most=LONG, needed=False),
        note=_text(item, "note", path, most=LONG, needed=False),
    )


def in_order(found: list[PastEvent]) -> tuple[PastEvent, ...]:
    """
    Return the events by their instants; what corrects another comes after it.

    :raises BadFile: for an id that stands twice, or a correction of nothing or in a circle.
    """
    by_key: dict[str, PastEvent] = {}
    for item in found:
        if item.key in by_key:
            refuse(
                f"{item.place}.id",
                _("“%(id)s” is the id of %(other)s already.")
                % {"id": item.key, "other": by_key[item.key].place},
            )
        by_key[item.key] = item
    for item in found:
        if item.corrects and item.corrects not in by_key:
            refuse(
                f"{item.place}.corrects",
                _("there is no event “%(id)s” in this file.") % {"id": item.corrects},
            )
    waiting = sorted(found, key=lambda e: (e.occurred.earliest, e.occurred.latest))
    done: dict[str, PastEvent] = {}
    while waiting:
        ready = next((e for e in waiting if not e.corrects or e.corrects in done), None)
        if ready is None:
            refuse(
                f"{waiting[0].place}.corrects", _("these events correct each other in a circle.")
            )
        waiting.remove(ready)
        done[ready.key] = ready
    return tuple(done.values())


def _more(item: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Keep what the format does not know, as long as it is plain text, number or yes and no."""
    found = {k: v for k, v in item.items() if k not in EVENT_FIELDS and v is not None}
    for name, value in found.items():
        if isinstance(value, str):
            _string(value, f"{path}.{name}", most=TEXT)
        elif not isinstance(value, bool | int) or abs(value) > 2**53 - 1:
            refuse(f"{path}.{name}", _("this field is not known and is not plain text."))
    return found


def _text(item: Mapping[str, Any], name: str, path: str, *, most: int, needed: bool = True) -> str:
    place = f"{path}.{name}" if path else name
    value = item.get(name)
    if value is None or value == "":
        if needed:
            refuse(place, _("this is missing."))
        return ""
    return _string(value, place, most=most)


def _string(value: Any, place: str, *, most: int) -> str:
    if not isinstance(value, str):
        refuse(place, _("a text is expected."))
    if why := unwritable(value):
        refuse(place, why)
    if len(value) > most:
        refuse(
            place,
            _("the text is too long: %(length)s characters, at most %(most)s.")
            % {"length": len(value), "most": most},
        )
    if not value.strip():
        refuse(place, _("this is empty."))
    return value


def _truth(item: Mapping[str, Any], name: str, path: str) -> bool:
    value = item.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        refuse(f"{path}.{name}", _("true or false is expected."))
    return value
