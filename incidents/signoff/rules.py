"""Circuits, seats and what follows from a decision. Pure: no query, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from incidents.models import Decision, Round, Statement

Outcome = Round.Outcome
Verdict = Decision.Verdict

# What a statement becomes when its round gets this outcome.
STATUS_AFTER: Final[dict[str, str]] = {
    Outcome.OPEN: Statement.Status.IN_SIGNOFF,
    Outcome.APPROVED: Statement.Status.GOOD,
    Outcome.CHANGES: Statement.Status.DRAFT,
    Outcome.REFUSED: Statement.Status.DRAFT,
}
ENDS: Final[dict[str, str]] = {
    Verdict.CHANGES: Outcome.CHANGES,
    Verdict.REFUSE: Outcome.REFUSED,
}
LIVING: Final = (Outcome.OPEN, Outcome.APPROVED)
# Whoever else a circuit asks, these kinds always have these roles.
ALWAYS: Final[dict[str, tuple[str, ...]]] = {Statement.Kind.APOLOGY: ("executive_sponsor",)}
DEFAULT_MINUTES: Final = 30


@dataclass(frozen=True)
class StagePlan:
    """One stage as a circuit asks for it: `needed` of `roles` sign, in parallel."""

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
        roles = tuple(dict.fromkeys(stage.get("roles") or ()))
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


@dataclass(frozen=True)
class Hands:
    """A seat's people: who holds its role, who stands behind; `active` ids may sign in."""

    holder: int | None
    deputy: int | None
    holder_is_active: bool = True


def half_time(opened_at: datetime, due_at: datetime) -> datetime:
    """Return from when the deputy may sign too."""
    return opened_at + (due_at - opened_at) / 2


def deputy_may(hands: Hands, *, barred: Collection[int], widened: bool) -> bool:
    """
    Tell whether the deputy may sign in the holder's place.

    From half of the stage's time; at once where the holder cannot: they wrote the text, have
    signed another seat of this round, or have left.
    """
    if hands.holder is None or hands.deputy is None or hands.deputy in barred:
        return False
    return widened or hands.holder in barred or not hands.holder_is_active


def signs_as(person: int, hands: Hands, *, barred: Collection[int], widened: bool) -> str | None:
    """
    Return "holder", "deputy" or None: in which capacity this person may take the seat.

    `barred`: authors of the version and whoever has decided in this round.
    """
    if person in barred:
        return None
    if person == hands.holder:
        return "holder"
    if person == hands.deputy and deputy_may(hands, barred=barred, widened=widened):
        return "deputy"
    return None


def due_at(opened_at: datetime, minutes: int) -> datetime:
    return opened_at + timedelta(minutes=minutes)
