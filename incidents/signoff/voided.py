"""
Why a round of sign-off is void, read from what is on record.

The database calls every one of them void; that the text changed is one reason among several.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as lazy

from incidents.models import Release, Round, Statement, Version

Status = Statement.Status
Row = TypeVar("Row", bound=Model)

BECAUSE: Final = "void_because"
DENIED, CHANGED, ANEW = "denied", "changed", "anew"
WITHDRAWN, SUPERSEDED = "withdrawn", "superseded"
WORDS: Final = {
    DENIED: lazy("void: an agreement by word of mouth was denied"),
    CHANGED: lazy("void: the text changed since"),
    ANEW: lazy("void: asked anew"),
    WITHDRAWN: lazy("void: the text was withdrawn"),
    SUPERSEDED: lazy("void: another text took its place"),
    "": lazy("void"),
}


def with_reason(rows: QuerySet[Row], path: str = "") -> QuerySet[Row]:
    """
    Have each row say why its round is void, in the query that fetches it (see `words`).

    `path`: where the round is from the row, with its underscores; empty for rounds themselves.
    """
    void, status = f"{path}outcome", f"{path}version__statement__status"
    reason: Any = Case(
        When(~Q(**{void: Round.Outcome.VOID}), then=Value("")),
        When(_denied(path), then=Value(DENIED)),
        When(_changed(path), then=Value(CHANGED)),
        When(_asked_anew(path), then=Value(ANEW)),
        When(Q(**{status: Status.WITHDRAWN}), then=Value(WITHDRAWN)),
        When(Q(**{status: Status.SUPERSEDED}), then=Value(SUPERSEDED)),
        default=Value(""),
    )
    found: QuerySet[Row] = rows.annotate(**{BECAUSE: reason})
    return found


def _denied(path: str) -> Exists:
    """The very act of denying ended it: one that is denied later has voided nothing."""
    of_it = Release.objects.filter(round=OuterRef(f"{path}pk"), outcome=Release.Outcome.DENIED)
    return Exists(of_it.filter(settled_at=OuterRef(f"{path}closed_at")))


def _changed(path: str) -> Exists:
    """A newer version was there when it ended; one that came later has voided nothing."""
    newer = Version.objects.filter(
        statement=OuterRef(f"{path}version__statement"),
        number__gt=OuterRef(f"{path}version__number"),
    )
    return Exists(newer.filter(saved_at__lte=OuterRef(f"{path}closed_at")))


def _asked_anew(path: str) -> Exists:
    same = Round.objects.filter(version=OuterRef(f"{path}version"), pk__gt=OuterRef(f"{path}pk"))
    return Exists(same)


def words(row: Model) -> str:
    """Say that the round of a row is void, and why; `row` comes from `with_reason`."""
    return str(WORDS[getattr(row, BECAUSE)])


def outcome(round_: Round) -> str:
    """Say how a round stands or ended; it comes from `with_reason`."""
    void = round_.outcome == Round.Outcome.VOID
    return words(round_) if void else str(round_.get_outcome_display())
