"""The key figures: how long it took to open, to answer, to sign, and what became of promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from incidents.clocks.queries import first_response
from incidents.models import Decision, Incident, Occurred, PartOfDay, Precision
from incidents.review import rules
from incidents.review.queries.past import Past
from incidents.review.queries.rows import (
    DisputedRow,
    Figures,
    Measured,
    NamedRow,
    PromiseCount,
    RoleWait,
    StatedRow,
)
from incidents.review.rules import Delay, Span
from incidents.timeline.wording import when_full


def lived(
    incident: Incident, *, promises: PromiseCount, answered_at: datetime | None = None
) -> Figures:
    """
    Measure a crisis that was led: from the opening, and from the first sign.

    `answered_at` is the first response of a restored record, given before anything here.
    """
    answer = first_response(incident)
    due_at, met_at = answer.due_at, answered_at or answer.met_at
    seen = first_seen(incident)
    opened = Span.exactly(incident.opened_at)
    answered = Span.exactly(met_at) if met_at else None
    waits = waiting(incident)
    return Figures(
        to_open=rules.delay(Span.of(seen), opened) if seen else None,
        to_first=_measured(
            rules.delay(opened, answered) if answered else None,
            due_at - incident.opened_at if due_at else None,
        ),
        to_first_from_signal=rules.delay(Span.of(seen), answered) if seen and answered else None,
        to_adequate=None,
        signoff_median=rules.middle([length for _role, length in waits]),
        signoff_by_role=_by_role(waits),
        promises=promises,
        first_signal=when_full(seen) if seen else "",
        first_response=when_full(Occurred.exactly(met_at)) if met_at else "",
        hour_unknown=(),
        disputed=(),
    )


def imported(past: Past, *, promises: PromiseCount) -> Figures:
    """Measure a past crisis by its entries: from the first signal, as exactly as they are known."""
    firsts = rules.firsts(past.statements)
    signal = past.first_signal

    def since(said: rules.Said | None) -> Delay | None:
        return rules.delay(signal.span, said.span) if signal and said else None

    def when(said: rules.Said | None) -> str:
        return when_full(said.occurred) if said else ""

    return Figures(
        to_open=None,
        to_first=Measured(None),
        to_first_from_signal=since(firsts.first),
        to_adequate=since(firsts.adequate),
        signoff_median=None,
        signoff_by_role=(),
        promises=promises,
        first_signal=when(signal),
        first_response=when(firsts.first),
        hour_unknown=tuple(
            StatedRow(said.number, past.who.get(said.number, ""), when(said))
            for said in firsts.hour_unknown
        ),
        disputed=tuple(
            DisputedRow(said.number, past.times[said.number])
            for said in dict.fromkeys((signal, firsts.first, firsts.adequate))
            if said is not None and len(past.times[said.number]) > 1
        ),
    )


def first_seen(incident: Incident) -> Occurred | None:
    """Return when the crisis was first seen, as exactly as people knew."""
    if incident.first_seen_from is None or incident.first_seen_until is None:
        return None
    return Occurred(
        earliest=incident.first_seen_from,
        latest=incident.first_seen_until,
        precision=Precision(incident.first_seen_precision or Precision.MINUTE),
        part_of_day=PartOfDay(incident.first_seen_part_of_day)
        if incident.first_seen_part_of_day
        else "",
        approximate=incident.first_seen_approximate,
    )


def waiting(incident: Incident) -> list[tuple[NamedRow, timedelta]]:
    """Return for each sign-off decision its role and how long it waited since its stage opened."""
    decisions = Decision.objects.filter(version__statement__incident=incident).select_related(
        "seat__stage", "seat__role", "seat__person"
    )
    found: list[tuple[NamedRow, timedelta]] = []
    for decision in decisions.order_by("decided_at", "pk"):
        opened_at: datetime | None = decision.seat.stage.opened_at
        if opened_at is not None:
            seat = decision.seat
            found.append((NamedRow(seat.key, seat.name), decision.decided_at - opened_at))
    return found


def _measured(delay: Delay | None, target: timedelta | None) -> Measured:
    within = rules.is_within(delay, target) if delay and target else None
    return Measured(delay, target, within)


def _by_role(waits: Sequence[tuple[NamedRow, timedelta]]) -> tuple[RoleWait, ...]:
    """Waiting time is told by role, never by person."""
    lengths: dict[NamedRow, list[timedelta]] = defaultdict(list)
    for role, length in waits:
        lengths[role].append(length)
    return tuple(
        RoleWait(role, len(found), rules.middle(found) or rules.NOTHING)
        for role, found in lengths.items()
    )
