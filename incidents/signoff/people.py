"""Reads of sign-off: in whose hands a seat is, with absences, delegations and lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from incidents.access import people_of
from incidents.models import Assignment, Exclusion, Incident, Seat, Stage
from incidents.roles.rules import ACTIVE
from incidents.signoff import rules
from teams.models import Absence, User
from teams.queries import away, delegates, stand_ins
from teams.rules import Delegates, receivers, same_function


@dataclass(frozen=True)
class Room:
    """
    Everyone who could take a seat in one incident, read once for all its seats.

    `excluded`: since when, by user id. `inside`: who can enter the room; None where that is not asked (the lists over all rooms).
    """

    held: Mapping[str, Assignment]
    delegates: Delegates = field(default_factory=dict)
    listed: Mapping[int, list[User]] = field(default_factory=dict)
    away: Mapping[int, Absence] = field(default_factory=dict)
    excluded: Mapping[int, datetime] = field(default_factory=dict)
    inside: frozenset[int] | None = None


@dataclass(frozen=True)
class SeatPeople:
    """The people of one seat, as `rules.Hands` has their ids."""

    hands: rules.Hands
    holder: User | None = None
    delegates: tuple[User, ...] = ()
    deputy: User | None = None
    listed: tuple[User, ...] = ()

    @property
    def everybody(self) -> list[User]:
        found = (self.holder, *self.delegates, self.deputy, *self.listed)
        return list(dict.fromkeys(one for one in found if one is not None))


def room(incident: Incident, *, at: datetime) -> Room:
    """Read everyone who could take a seat in an incident, in a fixed number of queries."""
    return Room(
        **vars(rooms([incident], at=at)[incident.pk])
        | {"inside": frozenset(people_of(incident, at=at).values_list("pk", flat=True))}
    )


def rooms(incidents: Iterable[Incident], *, at: datetime) -> dict[int, Room]:
    """Read the rooms of several incidents; the queries grow with teams, not with incidents."""
    found = list(incidents)
    assignments = Assignment.objects.filter(incident__in=found, state__in=ACTIVE).select_related(
        "role", "user", "deputy"
    )
    held: dict[int, dict[str, Assignment]] = {one.pk: {} for one in found}
    for one in assignments.order_by("role__order", "role__slug"):
        held[one.incident_id][one.role.slug] = one
    excluded: dict[int, dict[int, datetime]] = {one.pk: {} for one in found}
    out = Exclusion.objects.filter(incident__in=found, ended_at=None)
    for incident, user, since in out.values_list("incident", "user", "excluded_at"):
        excluded[incident][user] = since
    teams = {one.team_id: one.team for one in found}
    given = {pk: delegates(team, at=at) for pk, team in teams.items()}
    listed = {pk: stand_ins(team, at=at) for pk, team in teams.items()}
    absent = away(_everybody(held, given, listed), at=at)
    return {
        one.pk: Room(
            held=held[one.pk],
            delegates=given[one.team_id],
            listed=listed[one.team_id],
            away=absent,
            excluded=excluded[one.pk],
        )
        for one in found
    }


def _everybody(
    held: Mapping[int, Mapping[str, Assignment]],
    given: Mapping[int, Delegates],
    listed: Mapping[int, Mapping[int, list[User]]],
) -> set[int]:
    found = {a.user_id for here in held.values() for a in here.values()}
    found |= {a.deputy_id for here in held.values() for a in here.values() if a.deputy_id}
    for delegations in given.values():
        for (giver, _role), people in delegations.items():
            found |= {giver, *(one.pk for one in people)}
    return found | {
        one.pk for team in listed.values() for people in team.values() for one in people
    }


def people_of_seat(seat: Seat, here: Room) -> SeatPeople:
    """Return whose seat it is and who may stand in: nobody from outside the function."""
    if seat.person is not None:
        given = [*here.delegates.get((seat.person.pk, None), ())]
        return _seat(here, holder=seat.person, delegates=given, is_named=True)
    role = seat.role
    if role is None:
        return _seat(here)
    assignment = here.held.get(role.slug)
    holder = assignment.user if assignment else None
    deputy = assignment.deputy if assignment else None
    if deputy is not None and not same_function(deputy, role, holder):
        deputy = None
    return _seat(
        here,
        holder=holder,
        delegates=receivers(here.delegates, role=role, giver=holder) if holder else [],
        deputy=deputy,
        listed=[
            one
            for one in here.listed.get(role.pk, ())
            if holder is None or same_function(one, role, holder)
        ],
    )


def _seat(
    here: Room,
    *,
    holder: User | None = None,
    delegates: Collection[User] = (),
    deputy: User | None = None,
    listed: Collection[User] = (),
    is_named: bool = False,
) -> SeatPeople:
    first = {one.pk for one in (holder, *delegates, deputy) if one is not None}
    behind = [one for one in listed if one.pk not in first]
    everybody = [one for one in (holder, *delegates, deputy, *behind) if one is not None]
    gone = {one.pk for one in everybody if not one.is_active} | set(here.excluded)
    if here.inside is not None:
        # A person from outside enters by their statement, not by the room.
        outside = {one.pk for one in everybody if one.pk not in here.inside}
        gone |= outside - ({holder.pk} if is_named and holder else set())
    hands = rules.Hands(
        holder=holder.pk if holder else None,
        delegates=tuple(one.pk for one in delegates if not holder or one.pk != holder.pk),
        deputy=deputy.pk if deputy else None,
        listed=tuple(one.pk for one in behind),
        away=frozenset(here.away),
        gone=frozenset(gone),
    )
    return SeatPeople(hands, holder, tuple(delegates), deputy, tuple(behind))


def gone_by(stage: Stage, *, at: datetime) -> float:
    """Return which share of the stage's time has gone by."""
    if stage.opened_at is None or stage.due_at is None:
        return 0.0
    return rules.share_gone(stage.opened_at, stage.due_at, at)
