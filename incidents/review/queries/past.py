"""A past crisis, imported from public sources: its first signal and its own statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from incidents.models import Entry
from incidents.models import timeline as events
from incidents.review.queries.record import body, other_times
from incidents.review.rules import Said, Span
from incidents.timeline.wording import actor_name, occurred_of, when_full

OWN: Final = "organisation"


@dataclass(frozen=True)
class Past:
    """
    What figures need of an imported crisis.

    `who` and `times` (every time that a source gives, worded) go by the entry's number.
    """

    first_signal: Said | None
    statements: tuple[Said, ...]
    who: Mapping[int, str]
    times: Mapping[int, tuple[str, ...]]


def past(entries: Iterable[Entry]) -> Past:
    """Read the entries of an imported crisis; an impostor's words are never the organisation's."""
    told = [(entry, content) for entry in entries if (content := body(entry))]
    signals = [_said(entry, content) for entry, content in told if entry.kind == events.SIGNAL.name]
    own = {
        entry.number: (entry, content)
        for entry, content in told
        if entry.kind == events.THEIR_STATEMENT.name and content["facts"].get("actor_type") == OWN
    }
    return Past(
        first_signal=min(signals, key=lambda s: (s.occurred.earliest, s.number), default=None),
        statements=tuple(_said(entry, content) for entry, content in own.values()),
        who={number: actor_name(content) for number, (_entry, content) in own.items()},
        times={entry.number: _times(content) for entry, content in told},
    )


def _said(entry: Entry, content: Mapping[str, Any]) -> Said:
    occurred = occurred_of(content)
    return Said(
        number=entry.number,
        occurred=occurred,
        span=Span.of(occurred, *other_times(content["facts"])),
        adequate=content["facts"].get("adequate") is True,
    )


def _times(content: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(when_full(o) for o in (occurred_of(content), *other_times(content["facts"])))
