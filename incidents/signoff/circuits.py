"""Reads of sign-off: which circuit a statement meets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from django.db.models import Min, Q

from incidents.models import (
    ExternalApprover,
    Incident,
    Policy,
    Round,
    Seat,
    Statement,
    Version,
)
from incidents.signoff import rules
from teams.models import Team

Source = Policy.Source


@dataclass(frozen=True)
class Circuit:
    """
    The policy that counts, and what follows from all that must be met.

    `carries`: sign-offs stand after a typo, but those of the roles in `always`.
    """

    policy: Policy
    stages: rules.Plan
    carries: bool
    always: tuple[str, ...]


class Asked(TypedDict):
    """What a circuit is chosen by."""

    severity: int | None
    kind: str
    channels: Iterable[str]
    language: str
    audience: str
    source: NotRequired[str]


def policy_for(team: Team, **asked: Unpack[Asked]) -> Policy | None:
    """Return the policy that counts: the strictest of those that the channels lead to."""
    found = circuit_for(team, **asked)
    return found.policy if found else None


def circuit_for(team: Team, **asked: Unpack[Asked]) -> Circuit | None:
    """Return the circuit that a team's policies ask for a statement, or None (see `choose`)."""
    return choose(candidates(team), **asked)


def candidates(team: Team) -> list[Policy]:
    """Return the policies that a team chooses from: its own and the shipped ones."""
    return list(Policy.objects.filter(Q(team=team) | Q(team=None), is_active=True))


def choose(policies: Iterable[Policy], **asked: Unpack[Asked]) -> Circuit | None:
    """
    Return the circuit for a statement, or None where no policy fits.

    For each channel the most specific policy counts, the team's before the shipped ones, the
    stricter of equals. Several channels: the strictest, with what the others ask beyond it; what
    one of them forbids (a release without all sign-offs, carrying over a typo) is forbidden. An
    incident not yet assessed meets only policies without a severity.
    """
    found = by_channel(policies, **asked)
    if found is None:
        return None
    chosen = in_order(found)
    merged = rules.merged(rules.plan(p.stages) for p in chosen)
    return Circuit(
        policy=next((p for p in chosen if not p.allows_break_glass), chosen[0]),
        stages=rules.with_always(merged, asked["kind"]),
        carries=all(p.allows_typo for p in chosen),
        always=tuple(dict.fromkeys(role for p in chosen for role in p.always)),
    )


def by_channel(policies: Iterable[Policy], **asked: Unpack[Asked]) -> dict[str, Policy] | None:
    """Return the policy that counts for each channel, or None where one of them has none."""
    fitting = [
        p
        for p in policies
        if p.source == asked.get("source", Source.ORDINARY)
        and p.severity in (None, asked["severity"])
        and p.statement_kind in ("", asked["kind"])
        and p.language in ("", asked["language"])
        and p.audience in ("", asked["audience"])
        and rules.plan(p.stages)
    ]
    found: dict[str, Policy] = {}
    for channel in [*asked["channels"]] or [""]:
        here = [p for p in fitting if p.channel in ("", channel)]
        if not here:
            return None
        found[channel] = max(here, key=rank)
    return found


def in_order(found: Mapping[str, Policy]) -> list[Policy]:
    """Return the policies that count, each once: the strictest leads, the others add to it."""
    chosen: list[Policy] = []
    for policy in found.values():
        if policy not in chosen:
            chosen.append(policy)
    return sorted(chosen, key=lambda p: rules.strictness(rules.plan(p.stages)), reverse=True)


def rank(policy: Policy) -> tuple[bool, int, tuple[int, int, int], int]:
    """Order policies that fit the same statement: the greatest counts."""
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


def circuit_of(
    version: Version, incident: Incident, *, source: str = Source.ORDINARY, at: datetime
) -> Circuit | None:
    """
    Return the circuit of a version, with what an earlier, stricter round had asked for.

    The texts of a library are prepared texts, whatever `source` says.
    """
    found = circuit_for(
        incident.team,
        severity=incident.severity,
        kind=version.kind,
        channels=version.channel_texts,
        language=version.language,
        audience=version.audience,
        source=Source.PREPARED if incident.is_library else source,
    )
    if found is None:
        return None
    stages = rules.with_externals(found.stages, _externals(version, at=at))
    worst = _worst(version.statement_id, incident)
    if rules.was_lowered(worst, incident.severity) and (before := last_round(version.statement_id)):
        gone = _no_longer_asked(version, at=at)
        stages = rules.merged([stages, rules.without(plan_of(before), gone)])
    return replace(found, stages=stages)


def _worst(statement: int, incident: Incident) -> int | None:
    """
    Return the worst severity at which sign-off of a statement was asked, None for never.

    Not only of its last round: it may have been opened at today's, with what a worse one had
    asked, or have got its stages from a severity that was raised and has fallen since.
    """
    rounds = Round.objects.filter(version__statement=statement)
    asked = rounds.aggregate(worst=Min("severity"), since=Min("opened_at"))
    if asked["since"] is None:
        return None
    later = incident.assessments.filter(assessed_at__gte=asked["since"])
    raised = later.aggregate(worst=Min("level"))
    levels = (asked["worst"], raised["worst"])
    return min((one for one in levels if one is not None), default=None)


def _externals(version: Version, *, at: datetime) -> list[str]:
    """Return the people from outside whose sign-off of this statement is asked."""
    asked = ExternalApprover.objects.filter(
        statement=version.statement_id, signs=True, ended_at=None, ends_at__gt=at
    )
    return [str(uuid) for uuid in asked.order_by("pk").values_list("user__uuid", flat=True)]


def _no_longer_asked(version: Version, *, at: datetime) -> set[str]:
    """Return whom from outside this statement asked once and does not any more."""
    known = ExternalApprover.objects.filter(statement=version.statement_id)
    everyone = {str(uuid) for uuid in known.values_list("user__uuid", flat=True)}
    return everyone.difference(_externals(version, at=at))


def source_now(round_: Round) -> str:
    """Return which policies a round meets today: a prepared text that was withdrawn earns nothing."""
    source: str = round_.policy.source
    if source != Source.FROM_PREPARED:
        return source
    began = round_.version.statement.prepared_from_id
    gone = Statement.objects.filter(versions=began, status=Statement.Status.WITHDRAWN)
    return str(Source.ORDINARY) if gone.exists() else source


def signed(round_: Round) -> rules.Plan:
    """Return the seats of a round that somebody signed: nobody signs one version twice."""
    seats = Seat.objects.filter(
        stage__round=round_, decisions__verdict=rules.Verdict.APPROVE
    ).select_related("role", "person")
    return tuple(rules.StagePlan((seat.key,), 1) for seat in seats)


def undecided(round_: Round) -> frozenset[str]:
    """Return whom the stages that are not complete ask; nobody where word of mouth was taken."""
    if round_.outcome != rules.Outcome.OPEN or round_.releases.exists():
        return frozenset()
    seats = Seat.objects.filter(stage__round=round_, stage__completed_at=None, carried_from=None)
    return frozenset(seat.key for seat in seats.select_related("role", "person"))


def plan_of(round_: Round) -> rules.Plan:
    """Return the stages of a round as a plan."""
    stages = round_.stages.prefetch_related("seats__role", "seats__person")
    return tuple(
        rules.StagePlan(tuple(seat.key for seat in stage.seats.all()), stage.needed, stage.minutes)
        for stage in stages
    )


def last_round(statement: int) -> Round | None:
    rounds = Round.objects.filter(version__statement=statement).select_related("version")
    return rounds.order_by("-pk").first()
