"""Circuits, seats and what follows from a decision. Pure: no query, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from incidents.models import Decision, Round, Statement, Version

Outcome = Round.Outcome
Verdict = Decision.Verdict

# What a statement becomes when its round gets this outcome.
STATUS_AFTER: Final[dict[str, str]] = {
    Outcome.OPEN: Statement.Status.IN_SIGNOFF,
    Outcome.APPROVED: Statement.Status.GOOD,
    Outcome.CHANGES: Statement.Status.DRAFT,
    Outcome.REFUSED: Statement.Status.DRAFT,
    Outcome.RELEASED: Statement.Status.GOOD,
}
ENDS: Final[dict[str, str]] = {
    Verdict.CHANGES: Outcome.CHANGES,
    Verdict.REFUSE: Outcome.REFUSED,
}
LIVING: Final = (Outcome.OPEN, Outcome.APPROVED, Outcome.RELEASED)
# Where a raised severity adds the stages that are missing.
UNPUBLISHED_SOMEWHERE: Final = (
    Statement.Status.IN_SIGNOFF,
    Statement.Status.GOOD,
    Statement.Status.PUBLISHED,
)
# Whoever else a circuit asks, these kinds always have these roles.
ALWAYS: Final[dict[str, tuple[str, ...]]] = {Statement.Kind.APOLOGY: ("executive_sponsor",)}
DEFAULT_MINUTES: Final = 30


@dataclass(frozen=True)
class StagePlan:
    """
    One stage as a circuit asks for it: `needed` of `roles` sign, in parallel.

    `roles` are slugs of roles and uuids of named people: the keys of its seats.
    """

    roles: tuple[str, ...]
    needed: int
    minutes: int = DEFAULT_MINUTES
    told: tuple[str, ...] = ()

    @property
    def sure(self) -> frozenset[str]:
        """The roles without which this stage cannot be complete."""
        return frozenset(self.roles) if self.needed >= len(self.roles) else frozenset()


Plan = tuple[StagePlan, ...]


def plan(body: Sequence[Mapping[str, Any]]) -> Plan:
    """Return the stages of a policy's body; a stage that names nobody is left out."""
    stages = []
    for stage in body:
        named = (*(stage.get("roles") or ()), *(stage.get("people") or ()))
        roles = tuple(dict.fromkeys(named))
        wanted = stage.get("needed")
        needed = len(roles) if wanted is None else max(1, min(int(wanted), len(roles)))
        minutes = max(1, int(stage.get("minutes") or DEFAULT_MINUTES))
        if roles:
            stages.append(StagePlan(roles, needed, minutes, tuple(stage.get("told") or ())))
    return tuple(stages)


def asked(stages: Iterable[StagePlan]) -> frozenset[str]:
    """Return the roles whose sign-off these stages cannot do without."""
    return frozenset().union(*(s.sure for s in stages))


def strictness(stages: Plan) -> tuple[int, int, int]:
    """Order circuits: by roles that must sign, then by sign-offs, then by stages."""
    return (len(asked(stages)), sum(s.needed for s in stages), len(stages))


def missing(stages: Plan, wanted: Plan) -> Plan:
    """
    Return what `wanted` asks beyond `stages`, as stages to add.

    A role that signs surely counts wherever it is asked; any 1 of 2 is met when one of the two
    signs surely. A role is not asked twice.
    """
    out: list[StagePlan] = []
    for stage in wanted:
        if any(set(s.roles) <= set(stage.roles) and s.needed >= stage.needed for s in stages):
            continue
        sure = asked((*stages, *out))
        left = tuple(r for r in stage.roles if r not in sure)
        needed = min(stage.needed - (len(stage.roles) - len(left)), len(left))
        if any(set(s.roles) <= set(left) and s.needed >= needed for s in (*stages, *out)):
            continue
        if needed > 0:
            out.append(replace(stage, roles=left, needed=needed))
    return tuple(out)


def merged(plans: Iterable[Plan]) -> Plan:
    """Return the strictest circuit, with whatever the others ask beyond it."""
    ordered = sorted(plans, key=strictness, reverse=True)
    if not ordered:
        return ()
    first, *others = ordered
    for other in others:
        first = (*first, *missing(first, other))
    return first


def with_externals(stages: Plan, people: Sequence[str]) -> Plan:
    """Add the people from outside who are asked for this one statement, as a last stage."""
    wanted = (StagePlan(tuple(people), len(people)),) if people else ()
    return (*stages, *missing(stages, wanted))


def without(stages: Plan, keys: Collection[str]) -> Plan:
    """Take seats out of a circuit that is to be asked anew; a stage left empty goes."""
    kept = (tuple(r for r in stage.roles if r not in keys) for stage in stages)
    return tuple(
        replace(stage, roles=roles, needed=min(stage.needed, len(roles)))
        for stage, roles in zip(stages, kept, strict=True)
        if roles
    )


def with_always(stages: Plan, kind: str) -> Plan:
    """Add the roles that this kind of statement always has, as a last stage."""
    wanted = tuple(StagePlan((role,), 1) for role in ALWAYS.get(kind, ()))
    return (*stages, *missing(stages, wanted))


def specificity(conditions: Iterable[Any]) -> int:
    """Count the conditions that a policy makes: more of them is more specific."""
    return sum(1 for condition in conditions if condition not in (None, ""))


def was_lowered(asked_at: int | None, now: int | None) -> bool:
    """Tell whether a circuit was asked at a worse severity than today's (1 is the worst)."""
    return asked_at is not None and now is not None and asked_at < now


Capacity = Decision.Capacity
# From when the right widens: the deputy beside holder and delegates, then the team's list.
DEPUTY_FROM: Final = 0.5
LIST_FROM: Final = 0.75
WIDENS: Final = {Capacity.DEPUTY: DEPUTY_FROM, Capacity.LISTED: LIST_FROM}


@dataclass(frozen=True)
class Hands:
    """
    In whose hands a seat is, by user id: each may take it when those before cannot or do not.

    `away`: absent now; the right widens past them, yet they may still sign. `gone`: excluded
    from the incident, or not able to sign in any more.
    """

    holder: int | None
    delegates: tuple[int, ...] = ()
    deputy: int | None = None
    listed: tuple[int, ...] = ()
    away: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()

    @property
    def everybody(self) -> tuple[int, ...]:
        found = (self.holder, *self.delegates, self.deputy, *self.listed)
        return tuple(dict.fromkeys(one for one in found if one is not None))


def share_gone(opened_at: datetime, due_at: datetime, at: datetime) -> float:
    """Return which share of a stage's time has gone by: 0.0 at its opening, 1.0 when due."""
    whole = (due_at - opened_at).total_seconds()
    return (at - opened_at).total_seconds() / whole if whole > 0 else 1.0


def moment_of(opened_at: datetime, due_at: datetime, share: float) -> datetime:
    """Return when this share of a stage's time has gone by."""
    return opened_at + (due_at - opened_at) * share


def signs_as(person: int, hands: Hands, *, barred: Collection[int], gone_by: float) -> str | None:
    """
    Return in which capacity this person may take the seat now, or None.

    The holder, and whom they gave their sign-off to; the deputy from half of the time, the
    team's list from three quarters; each at once where nobody before them is within reach: they
    wrote the text, have decided in this round, are away, excluded or have left.
    `barred`: authors of the version and whoever has decided in this round.
    """
    if person in barred or person in hands.gone:
        return None
    if person == hands.holder:
        return Capacity.HOLDER
    if person in hands.delegates:
        return Capacity.DELEGATE
    near = within_reach(hands, barred=barred)
    first = [p for p in (hands.holder, *hands.delegates) if p in near]
    if person == hands.deputy and (gone_by >= DEPUTY_FROM or not first):
        return Capacity.DEPUTY
    behind = [*first, *([hands.deputy] if hands.deputy in near else [])]
    if person in hands.listed and (gone_by >= LIST_FROM or not behind):
        return Capacity.LISTED
    return None


def within_reach(hands: Hands, *, barred: Collection[int]) -> frozenset[int]:
    """Return who of them could sign this version today."""
    out = frozenset(barred) | hands.gone | hands.away
    return frozenset(p for p in hands.everybody if p not in out)


def carried(
    given: Mapping[str, int], stages: Plan, *, always: Collection[str], authors: Collection[int]
) -> frozenset[str]:
    """
    Return the seats whose sign-off may stand after a typo: not asked again.

    `given`: who signed each seat. Roles marked *always* sign again, and so does whoever wrote
    the typo. If nobody would be left to sign this text, everybody is asked: a fingerprint that
    no person has seen is never good to publish.
    """
    keys = [key for stage in stages for key in stage.roles]
    stands = {k for k in keys if k in given and k not in always and given[k] not in authors}
    for stage in stages:
        if stage.needed > len(stands.intersection(stage.roles)):
            return frozenset(stands)
    return frozenset()


def is_of_today(version: Version, statement: Statement) -> bool:
    """
    Tell whether a version was made for what the statement is now: kind, audience, language, channels.

    The circuit follows from these, and the fingerprint binds them: no other version is signed.
    """
    now = (statement.kind, statement.audience.slug, statement.language, set(statement.channels))
    return (version.kind, version.audience, version.language, set(version.channel_texts)) == now


def is_for_use(statement: Statement) -> bool:
    """Tell whether a text is used and never published itself: a line to take, a prepared text."""
    return statement.kind == Statement.Kind.LINE or statement.incident.is_library


def status_words(statement: Statement) -> str:
    """Say where a statement stands; what is never published itself is good to use."""
    if statement.status == Statement.Status.GOOD and is_for_use(statement):
        return _("good to use")
    return str(statement.get_status_display())


def due_at(opened_at: datetime, minutes: int) -> datetime:
    return opened_at + timedelta(minutes=minutes)
