"""Reads of sign-off: the living round, and who may sign now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max, Prefetch, Q, QuerySet, Value

from incidents.access import open_to
from incidents.models import Assignment, Decision, Exclusion, Incident, Round, Seat, Stage, Version
from incidents.roles.rules import ACTIVE
from incidents.signoff import people, rules
from teams.models import User


def living_round(statement: int) -> Round | None:
    """Return the open, approved or released round of a statement."""
    return (
        Round.objects.filter(version__statement=statement, outcome__in=rules.LIVING)
        .select_related("version")
        .order_by("-pk")
        .first()
    )


def newest_number(version: Version) -> int:
    """Return the number of the newest version of the same statement."""
    found = Version.objects.filter(statement=version.statement_id).aggregate(last=Max("number"))
    return int(found["last"] or 0)


AUTHOR, DECIDED, AGREED = "author", "decided", "agreed"
HOLDS, SUBJECT = "holds", "subject"
OUT_OF_IT: Final = frozenset({AUTHOR, DECIDED, AGREED})


@dataclass(frozen=True)
class Given:
    """
    What was given in a round so far, and what one person has in its room.

    `out_of_it`: who may not sign (any more) and why: they wrote it, have decided, or agreed by
    word; an agreement by word of mouth is a decision, nobody counts twice. `seats`: those that
    a decision or a release has taken. `roles`: those that the person asked about holds;
    `is_subject`: they are excluded, as the subject of the crisis.
    """

    out_of_it: Mapping[int, frozenset[str]]
    seats: frozenset[int]
    roles: frozenset[int] = frozenset()
    is_subject: bool = False


def given(round_: Round, *, person: User | None = None, incident: int = 0) -> Given:
    """Read what was given in a round, and what a person has in an incident, in one query."""
    rows = [
        round_.version.authors.values_list("user", Value(AUTHOR), Value(0)),
        round_.decisions.values_list("signer", Value(DECIDED), "seat"),
        round_.releases.values_list("approver", Value(AGREED), "seat"),
    ]
    if person is not None:
        here = {"incident": incident, "user": person}
        held = Assignment.objects.filter(state__in=ACTIVE, **here)
        subject = Exclusion.objects.filter(ended_at=None, **here)
        rows.append(held.values_list("user", Value(HOLDS), "role"))
        rows.append(subject.values_list("user", Value(SUBJECT), Value(0)))
    found = defaultdict[str, list[tuple[int | None, int | None]]](list)
    for pk, why, what in rows[0].union(*rows[1:], all=True):
        found[why].append((pk, what))
    out_of_it = defaultdict[int, set[str]](set)
    for why in OUT_OF_IT:
        for pk, _seat in found[why]:
            if pk is not None:
                out_of_it[pk].add(why)
    return Given(
        out_of_it={pk: frozenset(whys) for pk, whys in out_of_it.items()},
        seats=frozenset(seat for _pk, seat in (*found[DECIDED], *found[AGREED]) if seat),
        roles=frozenset(role for _pk, role in found[HOLDS] if role),
        is_subject=bool(found[SUBJECT]),
    )


def barred(round_: Round) -> frozenset[int]:
    """Return who may not sign (any more)."""
    return frozenset(given(round_).out_of_it)


def open_seats(round_: Round) -> QuerySet[Seat]:
    """Return the seats that wait for a decision in the stage whose turn it is."""
    return (
        Seat.objects.filter(
            stage__round=round_,
            stage__opened_at__isnull=False,
            stage__completed_at=None,
            decisions=None,
            releases=None,
            carried_from=None,
        )
        .select_related("stage", "role", "person")
        .order_by("stage__order", "role__order", "pk")
    )


def taken(stage: Stage) -> int:
    """Count the seats that need nobody: signed, carried over a typo, agreed by word of mouth."""
    seats = stage.seats.filter(
        Q(decisions__verdict=rules.Verdict.APPROVE)
        | Q(carried_from__isnull=False)
        | Q(releases__isnull=False)
    )
    return seats.distinct().count()


@dataclass(frozen=True)
class Capacity:
    """A seat that a person may take now, and as what; `stands_for`: in whose place."""

    seat: Seat
    capacity: str
    stands_for: User | None


def capacities(round_: Round, person: User, incident: Incident, *, at: datetime) -> list[Capacity]:
    """Return the seats that this person may take now; their own before those they stand in for."""
    if round_.outcome != rules.Outcome.OPEN:
        return []
    here, out = people.room(incident, at=at), barred(round_)
    found = [c for seat in open_seats(round_) if (c := _capacity(seat, person, here, out, at))]
    return sorted(found, key=lambda c: RANK[c.capacity])


@dataclass(frozen=True)
class Turn:
    """The stage whose turn it is: the open seats that are one person's own, and the taken ones."""

    own: tuple[Seat, ...]
    taken: tuple[Seat, ...]

    def taken_with(self, seat: Seat) -> int:
        """Count the seats of its stage that need nobody once this one is signed (see `taken`)."""
        return len({one.pk for one in self.taken if one.stage_id == seat.stage_id} | {seat.pk})


def turn(round_: Round, so_far: Given, person: User) -> Turn:
    """
    Read the stage whose turn it is, without asking who else could take its seats.

    The short way for the one who was asked, and about whom `so_far` was read; whoever is barred
    is asked about before.
    """
    seats = Seat.objects.filter(
        stage__round=round_, stage__opened_at__isnull=False, stage__completed_at=None
    )
    found = sorted(seats.select_related("stage", "role"), key=_place)
    taken = [s for s in found if s.carried_from_id or s.pk in so_far.seats]
    can = person.is_active and not so_far.is_subject
    own = [s for s in found if s.role_id in so_far.roles or s.person_id == person.pk]
    return Turn(tuple(s for s in own if can and s not in taken), tuple(taken))


def _place(seat: Seat) -> tuple[int, int, int]:
    return (seat.stage.order, seat.role.order if seat.role else 0, seat.pk)


RANK: Final = {capacity: place for place, capacity in enumerate(rules.Capacity.values)}


def _capacity(
    seat: Seat, person: User, here: people.Room, out: frozenset[int], at: datetime
) -> Capacity | None:
    found = people.people_of_seat(seat, here)
    capacity = rules.signs_as(
        person.pk, found.hands, barred=out, gone_by=people.gone_by(seat.stage, at=at)
    )
    if capacity is None:
        return None
    return Capacity(seat, capacity, None if capacity == rules.Capacity.HOLDER else found.holder)


def signers(round_: Round, *, at: datetime) -> list[User]:
    """Return everyone who may sign now: holders, and whoever the right has widened to."""
    if round_.outcome != rules.Outcome.OPEN:
        return []
    here = people.room(round_.version.statement.incident, at=at)
    out = barred(round_)
    found: dict[int, User] = {}
    for seat in open_seats(round_):
        for person in people.people_of_seat(seat, here).everybody:
            if _capacity(seat, person, here, out, at):
                found[person.pk] = person
    return list(found.values())


def circuit_people(round_: Round, *, at: datetime) -> list[User]:
    """Return everyone with a seat in a round: holders, those behind them, who has decided."""
    here = people.room(round_.version.statement.incident, at=at)
    seats = Seat.objects.filter(stage__round=round_).select_related("role", "person")
    found = {d.signer_id: d.signer for d in round_.decisions.select_related("signer")}
    for seat in seats:
        for person in people.people_of_seat(seat, here).everybody:
            found[person.pk] = person
    return list(found.values())


@dataclass(frozen=True)
class WaitingRow:
    """A text that waits for this person's sign-off, for desk and inbox."""

    round: int
    reference: str
    severity: int | None
    is_drill: bool
    statement: int
    title: str
    language: str
    kind: str
    version: int
    role: str
    capacity: str
    deputy_of: str
    opened_at: datetime | None
    due_at: datetime | None


def waiting_for(user: User, *, at: datetime) -> list[WaitingRow]:
    """Return what waits for this person's sign-off now, in all their incidents, soonest first."""
    decisions = Prefetch("round__decisions", queryset=Decision.objects.only("round", "signer"))
    seats = Prefetch(
        "seats",
        Seat.objects.filter(carried_from=None)
        .select_related("role", "person")
        .prefetch_related("decisions", "releases"),
    )
    stages = list(
        Stage.objects.filter(
            round__outcome=rules.Outcome.OPEN,
            opened_at__isnull=False,
            completed_at=None,
            round__version__statement__incident__in=open_to(user, at=at),
        )
        .select_related("round__version__statement__incident__team")
        .prefetch_related(seats, "round__version__authors", "round__releases", decisions)
        .order_by("due_at", "pk")
    )
    here = people.rooms({s.round.version.statement.incident for s in stages}, at=at)
    rows = [
        _waiting_row(stage, user, here[stage.round.version.statement.incident_id], at=at)
        for stage in stages
    ]
    return [row for row in rows if row]


def _waiting_row(stage: Stage, user: User, here: people.Room, *, at: datetime) -> WaitingRow | None:
    version = stage.round.version
    statement = version.statement
    out = frozenset(a.user_id for a in version.authors.all())
    out |= frozenset(d.signer_id for d in stage.round.decisions.all())
    out |= frozenset(r.approver_id for r in stage.round.releases.all() if r.approver_id)
    for seat in stage.seats.all():
        if seat.decisions.all() or seat.releases.all():
            continue
        seat.stage = stage
        mine = _capacity(seat, user, here, out, at)
        if mine:
            return WaitingRow(
                round=stage.round_id,
                reference=statement.incident.reference,
                severity=statement.incident.severity,
                is_drill=statement.incident.is_drill,
                statement=statement.number,
                title=statement.title,
                language=statement.language,
                kind=statement.get_kind_display(),
                version=version.number,
                role=seat.name,
                capacity=mine.capacity,
                deputy_of=mine.stands_for.name if mine.stands_for else "",
                opened_at=stage.opened_at,
                due_at=stage.due_at,
            )
    return None
