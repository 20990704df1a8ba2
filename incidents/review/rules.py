"""
Delays between times that are known only so far, and which statement was the first. Pure.

A time known to the hour lies somewhere in that hour: a delay that begins or ends there is an
interval. Sources that disagree widen it; none of them is declared right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from incidents.models import Action, Occurred, Precision

NOTHING: Final = timedelta(0)

# What an action may become; every state may come back, since people err.
ACTION_ENDS: Final = frozenset({Action.State.DONE, Action.State.DROPPED})

# Only those may accept a post-mortem or take an acceptance back.
ACCEPTS: Final = "change_status"
EDITS: Final = "edit_report"
EXPORTS: Final = "export_record"
EXPORTS_PRIVILEGED: Final = "export_privileged"


@dataclass(frozen=True)
class Span:
    """The stretch within which something happened; an instant where both ends are equal."""

    earliest: datetime
    latest: datetime
    approximate: bool = False

    @classmethod
    def exactly(cls, at: datetime) -> Span:
        return cls(at, at)

    @classmethod
    def of(cls, occurred: Occurred, *others: Occurred) -> Span:
        """Return the stretch that holds every time that a source gives."""
        known = (occurred, *others)
        return cls(
            earliest=min(o.earliest for o in known),
            latest=max(o.latest for o in known),
            approximate=any(o.approximate for o in known),
        )


@dataclass(frozen=True)
class Delay:
    """How long something took: at least `low`, at most `high`."""

    low: timedelta
    high: timedelta
    approximate: bool = False

    @property
    def is_one_figure(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Said:
    """A statement of the organisation, as the record of a past crisis has it."""

    number: int
    occurred: Occurred
    span: Span
    adequate: bool = False

    @property
    def hour_unknown(self) -> bool:
        return self.occurred.precision == Precision.DAY


@dataclass(frozen=True)
class Firsts:
    """The first statement, the first adequate one, and those whose hour nobody knows."""

    first: Said | None
    adequate: Said | None
    hour_unknown: tuple[Said, ...]


def delay(start: Span, end: Span) -> Delay | None:
    """
    Return how long it took from `start` to `end`; None when the end lies before the start.

    Nothing answers before it is asked: an interval that would begin below zero begins at zero.
    """
    high = end.latest - start.earliest
    if high < NOTHING:
        return None
    return Delay(
        low=max(NOTHING, end.earliest - start.latest),
        high=high,
        approximate=start.approximate or end.approximate,
    )


def earliest(spans: Sequence[Span]) -> Span | None:
    """Return the span that begins first; of two that begin together, the one that ends first."""
    return min(spans, key=lambda s: (s.earliest, s.latest), default=None)


def firsts(statements: Iterable[Said]) -> Firsts:
    """
    Find the first response among the organisation's own statements.

    A statement known only to the day does not displace one known to the minute on that day:
    nobody can say which came first. It is named in `hour_unknown`.
    """
    ordered = sorted(statements, key=lambda s: (s.occurred.earliest, s.number))
    displaced = tuple(s for s in ordered if s.hour_unknown and _same_day(s, ordered))
    standing = [s for s in ordered if s not in displaced]
    first = standing[0] if standing else None
    vague = (first,) if first is not None and first.hour_unknown else ()
    before = [s for s in displaced if first and s.occurred.earliest <= first.occurred.latest]
    return Firsts(
        first=first,
        adequate=next((s for s in standing if s.adequate), None)
        or next((s for s in displaced if s.adequate), None),
        hour_unknown=(*vague, *before),
    )


def _same_day(vague: Said, others: Iterable[Said]) -> bool:
    return any(
        other.occurred.precision == Precision.MINUTE
        and vague.occurred.earliest <= other.occurred.earliest < vague.occurred.latest
        for other in others
    )


def middle(lengths: Sequence[timedelta]) -> timedelta | None:
    """Return the median; None of nothing."""
    return timedelta(seconds=median(x.total_seconds() for x in lengths)) if lengths else None


def is_within(length: Delay, target: timedelta) -> bool | None:
    """Say whether a target was met; None where the interval lies on both sides of it."""
    if length.high <= target:
        return True
    return False if length.low > target else None
