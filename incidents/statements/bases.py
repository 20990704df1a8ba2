"""What a text on the screen is compared with, and who is not shown a difference first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.models import Decision, Version
from teams.models import User


@dataclass(frozen=True)
class BaseRow:
    """What the difference is against; `verdict` is what the reader decided about it, if they did."""

    number: int
    verdict: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Unsigned:
    """
    A text whose signer has decided on no version of it: they are shown the whole, not a difference.

    `before`: the version that they may compare it with, one tap away; 0: none.
    """

    before: int


def base_of(
    every: Sequence[Version],
    shown: Version | None,
    user: User,
    *,
    wanted: int | None,
    signs: bool,
) -> BaseRow | Unsigned | None:
    """
    Return what a version is compared with, of `every` with their decisions.

    That is `wanted`, else what the reader last decided about, else the version before; but
    whoever `signs` it, and has decided about none, is asked to read all of it first: a small
    difference to words they never approved says nothing of the rest. None for a first version.
    """
    if shown is None:
        return None
    older = {v.number: v for v in every if v.number < shown.number}
    mine = {n: d for n, v in older.items() for d in v.decisions.all() if d.signer_id == user.pk}
    number = wanted if wanted in older else max(mine, default=None)
    if number is None:
        if signs and older:
            return Unsigned(before=max(older))
        number = max(older, default=None)
    return _row(number, mine.get(number)) if number is not None else None


def _row(number: int, decision: Decision | None) -> BaseRow:
    return BaseRow(
        number=number,
        verdict=decision.verdict if decision else "",
        decided_at=decision.decided_at if decision else None,
    )
