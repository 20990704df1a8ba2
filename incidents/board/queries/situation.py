"""Where an incident stands, in three short lists: we know, we do not know, we decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from incidents.facts import queries as facts
from incidents.facts.rows import FactRow
from incidents.models import Incident, Occurred, PartOfDay, Precision
from incidents.models import timeline as events
from incidents.severity import queries as severity
from incidents.statements import correcting
from incidents.timeline import queries as timeline
from incidents.timeline.rows import Row
from teams.models import User

MOST: Final = 5


@dataclass(frozen=True)
class Situation:
    """
    `known`, `unknown`: the facts that changed last, out of `known_count`, `unknown_count`;
    `decisions` are rows of the timeline, the newest first, without what this reader may not see;
    `decision_count` is that of the timeline's filter. `first_seen` is None where nobody knows,
    `level` empty before the first assessment. `live`, `outdated`: posts, and texts of all kinds,
    that say something else than the facts they stand on.
    """

    known: tuple[FactRow, ...]
    known_count: int
    unknown: tuple[FactRow, ...]
    unknown_count: int
    decisions: tuple[Row, ...]
    decision_count: int
    live: int
    outdated: int
    what_happened: str
    first_seen: Occurred | None
    where: str
    link: str
    kind: str
    level: int | None
    why: str
    assessed_by: str
    assessed_at: datetime | None


def situation(incident: Incident, *, user: User, rights: frozenset[str]) -> Situation:
    latest = severity.latest(incident)
    ledger = facts.ledger(incident, rights=rights)
    reader = timeline.reader_of(user, rights)
    decided = timeline.rows_where(
        incident, reader=reader, where=Q(kind=events.DECIDED.name), most=MOST
    )
    live, outdated = correcting.counted(incident)
    return Situation(
        known=ledger.known[:MOST],
        known_count=len(ledger.known),
        unknown=ledger.unknown[:MOST],
        unknown_count=len(ledger.unknown),
        decisions=decided[::-1],
        decision_count=_decisions(incident, reader, len(decided)),
        live=live,
        outdated=outdated,
        what_happened=incident.what_happened,
        first_seen=first_seen(incident),
        where=incident.first_seen_where,
        link=incident.first_seen_link,
        kind=incident.get_kind_display(),
        level=latest.level if latest else None,
        why=severity.why(latest) if latest else "",
        assessed_by=latest.assessed_by.name if latest else "",
        assessed_at=latest.assessed_at if latest else None,
    )


def _decisions(incident: Incident, reader: timeline.Reader, shown: int) -> int:
    """Count the decisions of the room, those that this reader may read."""
    if shown < MOST:
        return shown
    return timeline.readable(incident, reader).filter(kind=events.DECIDED.name).count()


def first_seen(incident: Incident) -> Occurred | None:
    """Return when the first sign was seen, as exactly as it was given."""
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
