"""Incidents as the desk and the lists show them: many at once, with few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from incidents.access import visible_to
from incidents.clocks import queries as clocks
from incidents.models import Assignment, Incident, Promise
from incidents.models.incident import IncidentQuerySet
from incidents.roles import rules as role_rules
from teams.models import User

RUNNING: Final = (
    Incident.Status.TRIAGE,
    Incident.Status.ACTIVE,
    Incident.Status.MONITORING,
)
# Not yet assessed may turn out to be anything: it stands right behind the worst.
UNASSESSED: Final = 1.5


@dataclass(frozen=True)
class IncidentRow:
    """
    One incident in a list.

    `response_due` is empty before the first assessment; `update_due` is the earliest open
    promise, `update_to` its audience, `then_due` and `then_to` the one after it.
    """

    pk: int
    reference: str
    title: str
    kind: str
    severity: int | None
    status: str
    is_restricted: bool
    is_drill: bool
    is_imported: bool
    opened_at: datetime
    ended_at: datetime | None
    reviewed_at: datetime | None
    lead: str
    unfilled: int
    runs: bool
    response_due: datetime | None
    response_met: datetime | None
    response_took: timedelta | None
    response_target: timedelta | None
    update_due: datetime | None
    update_to: str
    then_due: datetime | None
    then_to: str


@dataclass(frozen=True)
class PersonRow:
    """Someone on duty in the running incidents: the roles they hold, by reference."""

    name: str
    telephone: str
    holds: dict[str, list[str]]


def found(user: User, *, status: str, severity: str, at: datetime) -> IncidentQuerySet:
    """Return what this person may see, newest first; `running` stands for all that runs."""
    seen = visible_to(user, at=at)
    if status == "running":
        seen = seen.filter(status__in=RUNNING)
    elif status in Incident.Status.values:
        seen = seen.filter(status=status)
    if severity in {"1", "2", "3", "4"}:
        seen = seen.filter(severity=int(severity))
    elif severity == "none":
        seen = seen.filter(severity=None)
    return seen.order_by("-opened_at", "-pk")


def running(user: User, *, at: datetime) -> list[Incident]:
    return list(visible_to(user, at=at).filter(status__in=RUNNING))


def ended(user: User, *, at: datetime) -> IncidentQuerySet:
    """Return what is over and can be learned from, the latest first."""
    over = visible_to(user, at=at).filter(
        status__in=[Incident.Status.RESOLVED, Incident.Status.CLOSED]
    )
    return over.order_by(F("resolved_at").desc(nulls_last=True), "-opened_at", "-pk")


def holders(incidents: Iterable[Incident]) -> dict[int, list[Assignment]]:
    """Return who holds what in each incident, in the order of the role catalogue."""
    held: defaultdict[int, list[Assignment]] = defaultdict(list)
    active = Assignment.objects.filter(
        incident__in=[one.pk for one in incidents], state__in=role_rules.ACTIVE
    )
    for one in active.select_related("role", "user").order_by("role__order", "role__slug"):
        held[one.incident_id].append(one)
    return held


def missing_roles(incident: Incident, held: Sequence[Assignment]) -> list[str]:
    """Return the slugs of required roles that nobody holds."""
    needed = role_rules.required(
        incident.severity, incident.kind, inside_information=incident.has_inside_information
    )
    filled = {one.role.slug for one in held}
    return [slug for slug in needed if slug not in filled]


def rows(
    incidents: Sequence[Incident], *, held: dict[int, list[Assignment]] | None = None
) -> list[IncidentRow]:
    """Return a row for each; the number of queries does not grow with them."""
    held = holders(incidents) if held is None else held
    promised = _promised(incidents)
    answered = clocks.first_responses(incidents)
    reviewed = dict(
        Incident.objects.filter(
            pk__in=[one.pk for one in incidents], review__accepted_at__isnull=False
        ).values_list("pk", "review__accepted_at")
    )
    return [
        _row(
            one,
            held.get(one.pk, []),
            promised.get(one.pk, []),
            answered[one.pk],
            reviewed.get(one.pk),
        )
        for one in incidents
    ]


def by_urgency(found: Iterable[IncidentRow]) -> list[IncidentRow]:
    """Sort by severity, then by the clock that runs out first."""

    def urgency(row: IncidentRow) -> tuple[float, bool, datetime]:
        owed = [row.update_due] if row.update_due else []
        if row.response_due and not row.response_met:
            owed.append(row.response_due)
        return (row.severity or UNASSESSED, not owed, min(owed, default=row.opened_at))

    return sorted(found, key=urgency)


def on_duty(ordered: Sequence[IncidentRow], held: dict[int, list[Assignment]]) -> list[PersonRow]:
    """Return everyone with an accepted role: of the most urgent incident first, its lead ahead."""
    people: dict[int, PersonRow] = {}
    for incident in ordered:
        for one in held.get(incident.pk, []):
            if one.state != Assignment.State.ACCEPTED:
                continue
            blank = PersonRow(one.user.name, one.user.telephone, {})
            row = people.setdefault(one.user_id, blank)
            row.holds.setdefault(incident.reference, []).append(one.role.name)
    return list(people.values())


def _promised(incidents: Iterable[Incident]) -> dict[int, list[Promise]]:
    owed: defaultdict[int, list[Promise]] = defaultdict(list)
    still = Q(incident__in=[one.pk for one in incidents], state=Promise.State.OPEN)
    for one in Promise.objects.filter(still).select_related("audience").order_by("due_at", "pk"):
        owed[one.incident_id].append(one)
    return owed


def _row(
    incident: Incident,
    held: Sequence[Assignment],
    promised: Sequence[Promise],
    answered: clocks.FirstResponse,
    reviewed: datetime | None,
) -> IncidentRow:
    lead = next((o.user.name for o in held if o.role.slug == role_rules.CRISIS_LEAD), "")
    first, then = [*promised[:2], None, None][:2]
    runs = incident.status in RUNNING
    return IncidentRow(
        pk=incident.pk,
        reference=incident.reference,
        title=incident.title,
        kind=incident.get_kind_display(),
        severity=incident.severity,
        status=incident.status,
        is_restricted=incident.confidentiality == Incident.Confidentiality.RESTRICTED,
        is_drill=incident.is_drill,
        is_imported=incident.is_imported,
        opened_at=incident.opened_at,
        ended_at=incident.resolved_at or incident.closed_at,
        reviewed_at=reviewed,
        lead=lead,
        unfilled=len(missing_roles(incident, held)) if runs else 0,
        runs=runs,
        response_due=answered.due_at,
        response_met=answered.met_at,
        response_took=answered.met_at - incident.opened_at if answered.met_at else None,
        response_target=answered.due_at - incident.opened_at if answered.due_at else None,
        update_due=first.due_at if first else None,
        update_to=first.audience.name if first else "",
        then_due=then.due_at if then else None,
        then_to=then.audience.name if then else "",
    )
