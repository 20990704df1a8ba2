"""
An exported record, read and checked before anything of it is believed; pure.

The chain is followed from its genesis to the head that the file names, and every content that
came along is held against its commitment. What is wrong is named by its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from crisisdesk.kit import chain
from crisisdesk.kit.chain import Fault, Link
from incidents.archive import besides, bound
from incidents.archive.bad_file import refuse
from incidents.models import Incident, Occurred, PartOfDay
from incidents.timeline.proof import Segment
from incidents.timeline.rules import unwritable
from incidents.timeline.wording import occurred_of

FORMAT: Final = "crisisdesk-record/1"
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UUID_TEXT: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BODY: Final[dict[str, type | tuple[type, ...]]] = {
    "kind": str,
    "actor": (dict, type(None)),
    "on_behalf_of": str,
    "occurred": dict,
    "text": str,
    "privileged": bool,
    "key_moment": bool,
    "corrects": (int, type(None)),
    "facts": dict,
}


@dataclass(frozen=True)
class SealedEntry:
    """An entry of the file; without content it was withheld."""

    link: Link
    salt: str
    body: Mapping[str, Any] | None
    occurred: Occurred | None

    @property
    def recorded_at(self) -> datetime:
        return datetime.fromisoformat(self.link.recorded_at)


@dataclass(frozen=True)
class SealedRecord:
    incident: Mapping[str, Any]
    segments: tuple[Segment, ...]
    entries: tuple[SealedEntry, ...]
    rest: Mapping[str, Any]

    @property
    def last(self) -> int:
        return self.segments[-1].last

    @property
    def head(self) -> str:
        return self.segments[-1].head


def is_record(payload: Any) -> bool:
    return isinstance(payload, dict) and str(payload.get("format", "")).startswith(
        "crisisdesk-record/"
    )


def read(payload: Mapping[str, Any]) -> SealedRecord:
    """
    Return the record of a file; its shape is checked here, its chain by `fault`.

    :raises BadFile: naming the path of the first mistake.
    """
    if payload.get("format") != FORMAT:
        refuse("format", _("only %(format)s can be read here.") % {"format": FORMAT})
    besides.check(payload)
    links = _object(payload, "chain", "")
    given = _list(links, "entries", "chain")
    segments = tuple(
        _segment(item, f"chain.segments[{n}]")
        for n, item in enumerate(_list(links, "segments", "chain"))
    )
    if not segments or not given:
        refuse("chain", _("the chain has no entry."))
    incident = _incident(_object(payload, "incident", ""))
    entries = tuple(_entry(item, f"chain.entries[{n}]") for n, item in enumerate(given))
    bound.check(payload, (entry.body for entry in entries))
    return SealedRecord(
        incident=incident,
        segments=segments,
        entries=entries,
        rest={
            **{k: v for k, v in payload.items() if k != "chain"},
            "chain": {"segments": [vars(s) for s in segments]},
        },
    )


def fault(found: SealedRecord) -> Fault | None:
    """Return the first entry that does not fit, or None."""
    entries = {entry.link.number: entry for entry in found.entries}
    if len(entries) < len(found.entries):
        numbers = [entry.link.number for entry in found.entries]
        twice = next(n for n in numbers if numbers.count(n) > 1)
        return Fault(twice, f"Entry {twice} stands twice.")
    before: Segment | None = None
    for segment in found.segments:
        if why := _misplaced(segment, before, found):
            return Fault(segment.first, why)
        if wrong := _wrong_in(segment, found):
            return wrong
        before = segment
    past = [n for n in entries if n > found.last]
    return Fault(min(past), f"Entry {min(past)} is past the end of the record.") if past else None


def _misplaced(segment: Segment, before: Segment | None, found: SealedRecord) -> str:
    expected = (before.last + 1, before.last, before.head) if before else (1, 0, "")
    if (segment.first, segment.foreign_number, segment.foreign_head) != expected:
        return f"The chain that begins with entry {segment.first} does not follow the one before."
    if segment is found.segments[-1] and segment.subject != found.incident["uuid"]:
        return "The chain belongs to another incident."
    return ""


def _wrong_in(segment: Segment, found: SealedRecord) -> Fault | None:
    inside = [e for e in found.entries if segment.first <= e.link.number <= segment.last]
    broken = chain.first_fault(
        (e.link for e in inside),
        start=segment.start,
        head=segment.head,
        last=segment.last,
        first=segment.first,
    )
    for entry in inside:
        if broken and broken.number <= entry.link.number:
            return broken
        if entry.body is not None and not chain.opens(
            entry.link.commitment, entry.body, entry.salt
        ):
            number = entry.link.number
            return Fault(number, f"Entry {number} says something else than was recorded.")
    return broken


def _entry(item: Any, path: str) -> SealedEntry:
    if not isinstance(item, dict):
        refuse(path, _("an object is expected."))
    number = item.get("number")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**31:
        refuse(f"{path}.number", _("a number is expected."))
    link = Link(
        number=number,
        recorded_at=_matching(item, "recorded_at", path, INSTANT),
        previous=_matching(item, "previous", path, DIGEST),
        commitment=_matching(item, "commitment", path, DIGEST),
        hash=_matching(item, "hash", path, DIGEST),
    )
    try:
        datetime.fromisoformat(link.recorded_at)
    except ValueError:
        refuse(f"{path}.recorded_at", _("this is no time."))
    body = item.get("content")
    if body is None:
        return SealedEntry(link, "", None, None)
    salt = _matching(item, "salt", path, DIGEST)
    return SealedEntry(link, salt, body, _body(body, f"{path}.content"))


def _body(body: Any, path: str) -> Occurred:
    if not isinstance(body, dict):
        refuse(path, _("an object is expected."))
    for name, shape in BODY.items():
        if name not in body or not isinstance(body[name], shape):
            refuse(f"{path}.{name}", _("this is missing, or of the wrong kind."))
    if len(body["kind"]) > 60:
        refuse(f"{path}.kind", _("the name of the kind is too long."))
    if why := next(filter(None, map(unwritable, _texts(body))), ""):
        refuse(path, why)
    return _occurred(body, f"{path}.occurred")


def _occurred(body: Mapping[str, Any], path: str) -> Occurred:
    try:
        occurred = occurred_of(body)
    except (KeyError, TypeError, ValueError, OverflowError):
        refuse(path, _("this is no time."))
    parts = ["", *PartOfDay.values]
    if occurred.part_of_day not in parts or occurred.latest < occurred.earliest:
        refuse(path, _("this is no time."))
    return occurred


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _segment(item: Any, path: str) -> Segment:
    if not isinstance(item, dict):
        refuse(path, _("an object is expected."))
    numbers: dict[str, int] = {}
    for name in ("first", "last", "foreign_number"):
        number = item.get(name)
        if isinstance(number, bool) or not isinstance(number, int):
            refuse(f"{path}.{name}", _("a number is expected."))
        numbers[name] = number
    foreign = item.get("foreign_head")
    if foreign != "":
        _matching(item, "foreign_head", path, DIGEST)
    return Segment(
        subject=_matching(item, "subject", path, UUID_TEXT),
        head=_matching(item, "head", path, DIGEST),
        foreign_head=str(foreign),
        first=numbers["first"],
        last=numbers["last"],
        foreign_number=numbers["foreign_number"],
    )


def _incident(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check what becomes columns; everything else of the file is kept as it is."""
    _matching(item, "uuid", "incident", UUID_TEXT)
    for name, most in (("title", 200), ("organisation", 200), ("what_happened", 100_000)):
        text = item.get(name)
        if not isinstance(text, str) or len(text) > most or unwritable(text):
            refuse(f"incident.{name}", _("a text is expected, not too long."))
    for name, known in (
        ("kind", Incident.Kind.values),
        ("status", Incident.Status.values),
        ("confidentiality", Incident.Confidentiality.values),
        ("severity", [None, 1, 2, 3, 4]),
        ("is_drill", [True, False]),
        ("is_imported", [True, False]),
    ):
        if name not in item or item[name] not in known:
            refuse(f"incident.{name}", _("this value is not known here."))
    return item


def _matching(item: Mapping[str, Any], name: str, path: str, shape: re.Pattern[str]) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not shape.fullmatch(value):
        refuse(f"{path}.{name}", _("this is missing, or not written as it should be."))
    return value


def _object(item: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    value = item.get(name)
    if not isinstance(value, dict):
        refuse(f"{path}.{name}" if path else name, _("an object is expected."))
    return value


def _list(item: Mapping[str, Any], name: str, path: str) -> list[Any]:
    value = item.get(name)
    if not isinstance(value, list):
        refuse(f"{path}.{name}", _("a list is expected."))
    return value
