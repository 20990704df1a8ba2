"""Reads of sign-off: which circuit, how far it is, who may sign now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Prefetch, Q, QuerySet

from incidents.access import visible_to
from incidents.models import Assignment, Decision, Incident, Policy, Round, Seat, Stage, Version
from incidents.roles.queries import holders
from incidents.roles.rules import ACTIVE
from incidents.signoff import rules
from teams.models import Team, User


@dataclass(frozen=True)
class Circuit:
    """The policy that counts, and the stages that follow from all that must be met."""

    policy: Policy
    stages: rules.Plan


def policy_for(
    team: Team,
    *,
    severity: int | None,
    kind: str,
    channels: Iterable[str],
    language: str,
    audience: str,
) -> Policy | None:
    """Return the policy that counts: the strictest of those that the channels lead to."""
    found = circuit_for(
        team,
        severity=severity,
        kind=kind,
        channels=channels,
        language=language,
        audience=audience,
    )
    return found.policy if found else None


def circuit_for(
    team: Team,
    *,
    severity: int | None,
    kind: str,
    channels: Iterable[str],
    language: str,
    audience: str,
) -> Circuit | None:
    """
    Return the circuit for a statement, or None where no policy fits.

    For each channel the most specific policy counts, the team's before the shipped ones, the
    stricter of equals. Several channels: the strictest, with what the others ask beyond it. An
    incident not yet assessed meets only policies without a severity.
    """
    policies = list(
        Policy.objects.filter(
            Q(team=team) | Q(team=None),
            Q(severity=None) | Q(severity=severity),
            is_active=True,
            statement_kind__in=["", kind],
            language__in=["", language],
            audience__in=["", audience],
        )
    )
    chosen: dict[int, Policy] = {}
    for channel in [*channels] or [""]:
        fitting = [p for p in policies if p.channel in ("", channel) and rules.plan(p.stages)]
        if not fitting:
            return None
        best = max(fitting, key=_rank)
        chosen[best.pk] = best
    ordered = sorted(
        chosen.values(), key=lambda p: rules.strictness(rules.plan(p.stages)), reverse=True
    )
    merged = rules.merged(rules.plan(p.stages) for p in ordered)
    return Circuit(ordered[0], rules.with_always(merged, kind))


def _rank(policy: Policy) -> tuple[bool, int, tuple[int, int, int], int]:
    conditions = (
        policy.severity,
        policy.statement_kind,
        policy.channel,
        policy.language,
        policy.audience,
    )
    return (
        policy.team_id is not None,
        rules.specificity(conditions),
        rules.strictness(rules.plan(policy.stages)),
        policy.version,
    )


def circuit_of(version: Version, incident: Incident) -> Circuit | None:
    """Return the circuit of a version, with what an earlier, stricter round had asked for."""
    found = circuit_for(
        incident.team,
        severity=incident.severity,
        kind=version.kind,
        channels=version.channel_texts,
        language=version.language,
        audience=version.audience,
    )
    if found is None:
        return None
    before = last_round(version.statement_id)
    if before is None or not rules.was_lowered(before.severity, incident.severity):
        return found
    return Circuit(found.policy, rules.merged([found.stages, plan_of(before)]))


def plan_of(round_: Round) -> rules.Plan:
    """Return the stages of a round as a plan."""
    stages = round_.stages.prefetch_related("seats__role")
    return tuple(
        rules.StagePlan(
            tuple(seat.role.slug for seat in stage.seats.all()), stage.needed, stage.minutes
        )
        for stage in stages
    )


def last_round(statement: int) -> Round | None:
    return Round.objects.filter(version__statement=statement).order_by("-pk").first()


def living_round(statement: int) -> Round | None:
    """Return the open or approved round of a statement."""
    return (
        Round.objects.filter(version__statement=statement, outcome__in=rules.LIVING)
        .select_related("version", "policy")
        .order_by("-pk")
        .first()
    )


def newest_number(version: Version) -> int:
    """Return the number of the newest version of the same statement."""
    found = Version.objects.filter(statement=version.statement_id).aggregate(last=Max("number"))
    return int(found["last"] or 0)


def barred(round_: Round) -> frozenset[int]:
    """Return who may not sign (any more): the version's authors and whoever has decided."""
    authors = round_.version.authors.values_list("user", flat=True)
    decided = round_.decisions.values_list("signer", flat=True)
    return frozenset(authors) | frozenset(decided)


def open_seats(round_: Round) -> QuerySet[Seat]:
    """Return the seats that wait for a decision in the stage whose turn it is."""
    return (
        Seat.objects.filter(
            stage__round=round_,
            stage__opened_at__isnull=False,
            stage__completed_at=None,
            decisions=None,
        )
        .select_related("stage", "role")
        .order_by("stage__order", "role__order", "pk")
    )


def hands(assignment: Assignment | None) -> rules.Hands:
    if assignment is None:
        return rules.Hands(None, None)
    deputy = assignment.deputy
    return rules.Hands(
        assignment.user_id,
        deputy.pk if deputy and deputy.is_active else None,
        assignment.user.is_active,
    )


def is_widened(stage: Stage, *, at: datetime) -> bool:
    if stage.opened_at is None or stage.due_at is None:
        return False
    return at >= rules.half_time(stage.opened_at, stage.due_at)


@dataclass(frozen=True)
class Capacity:
    """A seat that a person may take now, and for whom where they are the deputy."""

    seat: Seat
    deputy_of: User | None


def capacities(round_: Round, person: User, incident: Incident, *, at: datetime) -> list[Capacity]:
    """Return the seats that this person may take now; their own before those they stand in for."""
    if round_.outcome != rules.Outcome.OPEN:
        return []
    held, out = holders(incident), barred(round_)
    found = []
    for seat in open_seats(round_):
        assignment = held.get(seat.role.slug)
        capacity = rules.signs_as(
            person.pk, hands(assignment), barred=out, widened=is_widened(seat.stage, at=at)
        )
        if capacity and assignment:
            found.append(Capacity(seat, assignment.user if capacity == "deputy" else None))
    return sorted(found, key=lambda c: c.deputy_of is not None)


def seats_of(user: User, incident: Incident, *, at: datetime) -> list[Capacity]:
    """Return the seats of all the incident's rounds that this person may take now."""
    rounds = Round.objects.filter(
        version__statement__incident=incident, outcome=rules.Outcome.OPEN
    ).select_related("version")
    return [c for r in rounds for c in capacities(r, user, incident, at=at)]


def signers(round_: Round, *, at: datetime) -> list[User]:
    """Return everyone who may sign now: holders of the open seats, deputies where they may."""
    if round_.outcome != rules.Outcome.OPEN:
        return []
    held, out = holders(round_.version.statement.incident), barred(round_)
    found: dict[int, User] = {}
    for seat in open_seats(round_):
        assignment = held.get(seat.role.slug)
        if assignment is None:
            continue
        for person in (assignment.user, assignment.deputy):
            if person and rules.signs_as(
                person.pk, hands(assignment), barred=out, widened=is_widened(seat.stage, at=at)
            ):
                found[person.pk] = person
    return list(found.values())


@dataclass(frozen=True)
class WaitingRow:
    """A text that waits for this person's sign-off, for the desk."""

    round: int
    reference: str
    severity: int | None
    is_drill: bool
    statement: int
    title: str
    kind: str
    version: int
    role: str
    deputy_of: str
    opened_at: datetime | None
    due_at: datetime | None


def waiting_for(user: User, *, at: datetime) -> list[WaitingRow]:
    """Return what waits for this person's sign-off now, in all their incidents, soonest first."""
    mine = Q(user=user) | Q(deputy=user)
    held = {
        (a.incident_id, a.role_id): a
        for a in Assignment.objects.filter(
            mine, state__in=ACTIVE, incident__in=visible_to(user, at=at)
        ).select_related("user", "deputy")
    }
    incidents = {incident for incident, _ in held}
    decisions = Prefetch("round__decisions", queryset=Decision.objects.only("round", "signer"))
    stages = (
        Stage.objects.filter(
            round__outcome=rules.Outcome.OPEN,
            opened_at__isnull=False,
            completed_at=None,
            round__version__statement__incident__in=incidents,
        )
        .select_related("round__version__statement__incident")
        .prefetch_related("seats__role", "seats__decisions", "round__version__authors", decisions)
        .order_by("due_at", "pk")
    )
    rows = [_waiting_row(stage, user, held, at=at) for stage in stages]
    return [row for row in rows if row]


def _waiting_row(
    stage: Stage, user: User, held: dict[tuple[int, int], Assignment], *, at: datetime
) -> WaitingRow | None:
    version = stage.round.version
    statement = version.statement
    out = {a.user_id for a in version.authors.all()}
    out |= {d.signer_id for d in stage.round.decisions.all()}
    for seat in stage.seats.all():
        assignment = held.get((statement.incident_id, seat.role_id))
        if assignment is None or seat.decisions.all():
            continue
        capacity = rules.signs_as(
            user.pk, hands(assignment), barred=out, widened=is_widened(stage, at=at)
        )
        if capacity:
            return WaitingRow(
                round=stage.round_id,
                reference=statement.incident.reference,
                severity=statement.incident.severity,
                is_drill=statement.incident.is_drill,
                statement=statement.number,
                title=statement.title,
                kind=statement.get_kind_display(),
                version=version.number,
                role=seat.role.name,
                deputy_of=assignment.user.name if capacity == "deputy" else "",
                opened_at=stage.opened_at,
                due_at=stage.due_at,
            )
    return None
