"""Where an incident stands, in three short lists: how it began, how bad it is, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from incidents.models import Incident, Occurred, PartOfDay, Precision
from incidents.models import timeline as events
from incidents.severity import queries as severity
from incidents.timeline import queries as timeline
from incidents.timeline.rows import Row
from teams.models import User

DECISIONS: Final = 4


@dataclass(frozen=True)
class Situation:
    """
    `first_seen` is None where nobody knows; `level` is empty before the first assessment;
    `decisions` are rows of the timeline, the newest first, without what this reader may not see.
    """

    what_happened: str
    first_seen: Occurred | None
    where: str
    link: str
    kind: str
    level: int | None
    why: str
    assessed_by: str
    assessed_at: datetime | None
    decisions: tuple[Row, ...]


def situation(incident: Incident, *, user: User, rights: frozenset[str]) -> Situation:
    latest = severity.latest(incident)
    decided = timeline.rows_where(
        incident,
        reader=timeline.reader_of(user, rights),
        where=Q(kind=events.DECIDED.name),
        most=DECISIONS,
    )
    return Situation(
        what_happened=incident.what_happened,
        first_seen=first_seen(incident),
        where=incident.first_seen_where,
        link=incident.first_seen_link,
        kind=incident.get_kind_display(),
        level=latest.level if latest else None,
        why=severity.why(latest) if latest else "",
        assessed_by=latest.assessed_by.name if latest else "",
        assessed_at=latest.assessed_at if latest else None,
        decisions=decided[::-1],
    )


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
