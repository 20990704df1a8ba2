"""Reads of sign-off: the open stages that may concern one person, over all incidents."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet

from incidents.access import open_to
from incidents.models import Assignment, Decision, Round, Seat, Stage
from incidents.roles.rules import ACTIVE
from incidents.signoff import queries, releases, rules
from teams.models import Delegation, StandIn, User


def count(user: User, *, at: datetime) -> int:
    """
    Count what waits for this person: texts to sign, and what they owe about a release.

    Two queries where they have no part in any, wrote the text, or have decided: every page asks.
    """
    turn = _around(user, at=at).filter(opened_at__isnull=False)
    mine = turn.exclude(round__version__authors__user=user).exclude(round__decisions__signer=user)
    to_sign = len(queries.waiting_for(user, at=at)) if mine.exists() else 0
    return to_sign + releases.owed_by(user, at=at).count()


def stages_around(user: User, *, at: datetime) -> list[Stage]:
    """
    Return the stages of open rounds that are not complete and that may concern this person.

    Those whose turn is first, soonest due first; with all that tells in whose hands they are.
    """
    decisions = Prefetch("round__decisions", queryset=Decision.objects.only("round", "signer"))
    seats = Prefetch(
        "seats",
        Seat.objects.filter(carried_from=None)
        .select_related("role", "person")
        .prefetch_related("decisions", "releases"),
    )
    found = (
        _around(user, at=at)
        .select_related("round__version__statement__incident__team")
        .prefetch_related(seats, "round__version__authors", "round__releases", decisions)
    )
    return list(found.order_by(F("due_at").asc(nulls_last=True), "order", "pk"))


def _around(user: User, *, at: datetime) -> QuerySet[Stage]:
    return Stage.objects.filter(
        _perhaps(user, at=at),
        round__outcome=rules.Outcome.OPEN,
        completed_at=None,
        round__version__statement__incident__in=open_to(user, at=at),
    )


def _perhaps(user: User, *, at: datetime) -> Q:
    """Leave out the stages of rooms where this person has no role, deputyship, list or hand-over."""
    held = Assignment.objects.filter(Q(user=user) | Q(deputy=user), state__in=ACTIVE)
    listed = StandIn.objects.filter(user=user)
    given = Delegation.objects.running(at).filter(receiver=user)
    statement = "round__version__statement"
    return (
        Q(**{f"{statement}__incident__in": held.values("incident")})
        | Q(**{f"{statement}__incident__team__in": listed.values("team")})
        | Q(**{f"{statement}__incident__team__in": given.values("team")})
        | Q(pk__in=Seat.objects.filter(person=user).values("stage"))
    )


def free_seats(stage: Stage) -> list[Seat]:
    """Return the seats of such a stage that nobody has taken."""
    seats = list(stage.seats.all())
    for seat in seats:
        seat.stage = stage
    return [seat for seat in seats if not (seat.decisions.all() or seat.releases.all())]


def out_of(round_: Round) -> frozenset[int]:
    """Return whom `queries.barred` returns, from what `stages_around` fetched."""
    out = {a.user_id for a in round_.version.authors.all()}
    out |= {d.signer_id for d in round_.decisions.all()}
    return frozenset(out | {r.approver_id for r in round_.releases.all() if r.approver_id})
