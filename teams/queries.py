"""Reads of people and teams: frozen rows for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from crisisdesk.kit import chain
from crisisdesk.kit.names import by_name, place
from teams import rules, wording
from teams.models import Absence, Delegation, JournalEntry, Membership, StandIn, Team, User
from teams.models.absence import DelegationQuerySet


@dataclass(frozen=True)
class TeamRow:
    slug: str
    name: str
    prefix: str
    members: int
    is_member: bool


@dataclass(frozen=True)
class MemberRow:
    name: str
    title: str
    function: str
    is_admin: bool
    ends_at: datetime | None
    may_sign_in: bool
    uuid: UUID
    away: str  # until when; empty: there


@dataclass(frozen=True)
class AbsenceRow:
    pk: int
    name: str
    period: str
    note: str
    is_running: bool
    said_by: str  # where somebody else recorded it


@dataclass(frozen=True)
class HandOverRow:
    pk: int
    giver: str
    receiver: str
    role: str  # empty: all of the giver's
    team: str
    period: str
    reason: str
    is_running: bool
    may_revoke: bool


@dataclass(frozen=True)
class ListedRow:
    pk: int
    name: str
    function: str
    away: str


@dataclass(frozen=True)
class RoleListRow:
    role: str
    people: list[ListedRow]


def running(at: datetime) -> Q:
    """Match what has not ended: memberships, rights, invitations."""
    return Q(ends_at=None) | Q(ends_at__gt=at)


def teams_for(user: User, *, at: datetime) -> QuerySet[Team]:
    """Return the teams whose page a person may read: their own; all for an administrator."""
    if user.is_staff:
        return Team.objects.all()
    memberships = Membership.objects.filter(running(at), user=user)
    return Team.objects.filter(pk__in=memberships.values("team"))


def teams_of(person: User, *, at: datetime) -> QuerySet[Team]:
    """Return the teams a person is in now."""
    memberships = Membership.objects.filter(running(at), user=person)
    return Team.objects.filter(pk__in=memberships.values("team"))


def members(team: Team, *, at: datetime) -> QuerySet[User]:
    """Return who is in a team now and may sign in."""
    memberships = Membership.objects.filter(running(at), team=team)
    return User.objects.filter(is_active=True, pk__in=memberships.values("user"))


def administers(user: User, teams: Iterable[Team], *, at: datetime) -> bool:
    """Say whether a person keeps the people and lists of one of these teams."""
    if not user.is_active:
        return False
    if user.is_staff:
        return True
    own = Membership.objects.filter(running(at), user=user, is_admin=True)
    return own.filter(team__in=[team.pk for team in teams]).exists()


def away(people: Iterable[User | int], *, at: datetime) -> dict[int, Absence]:
    """Return who of these people is away now, by id; of several absences the one that ends last."""
    ids = {one if isinstance(one, int) else one.pk for one in people}
    found: dict[int, Absence] = {}
    by_end = Absence.objects.running(at).order_by(F("ends_at").asc(nulls_last=True), "pk")
    for absence in by_end.filter(user__in=ids):
        found[absence.user_id] = absence
    return found


def delegates(team: Team, *, at: datetime) -> dict[tuple[int, int | None], list[User]]:
    """
    Return whose sign-off is in other hands now: (giver, role or None for all) -> who holds it.

    Both must be in the team and able to sign in: who lost a right has none to hand over, and
    nobody holds one outside the function. `rules.receivers` reads the answer for one role.
    """
    here = members(team, at=at).values("pk")
    running_now = Delegation.objects.running(at).filter(
        team=team, giver__in=here, receiver__in=here
    )
    found: dict[tuple[int, int | None], list[User]] = {}
    for one in running_now.select_related("giver", "receiver", "role").order_by("made_at", "pk"):
        if rules.same_function(one.receiver, one.role, one.giver):
            found.setdefault((one.giver_id, one.role_id), []).append(one.receiver)
    return found


def stand_ins(team: Team, *, at: datetime) -> dict[int, list[User]]:
    """Return the team's list for each role, by the role's id: who can step in, in order."""
    found: dict[int, list[User]] = {}
    for one in _listed(team, at=at):
        if rules.same_function(one.user, one.role, None):
            found.setdefault(one.role_id, []).append(one.user)
    return found


def _listed(team: Team, *, at: datetime) -> QuerySet[StandIn]:
    here = members(team, at=at).values("pk")
    listed = StandIn.objects.filter(team=team, user__in=here)
    return listed.select_related("user__function", "role").order_by("order", "pk")


def team_rows(user: User, *, at: datetime) -> list[TeamRow]:
    own = set(Membership.objects.filter(running(at), user=user).values_list("team", flat=True))
    live = Q(memberships__ends_at=None) | Q(memberships__ends_at__gt=at)
    teams = teams_for(user, at=at).annotate(members=Count("memberships", filter=live))
    return [TeamRow(t.slug, t.name, t.prefix, t.members, t.pk in own) for t in by_name(teams)]


def member_rows(team: Team, *, at: datetime) -> list[MemberRow]:
    found = list(Membership.objects.filter(running(at), team=team).select_related("user__function"))
    found.sort(key=lambda one: place(one.user.name))
    gone = away((m.user_id for m in found), at=at)
    return [
        MemberRow(
            name=m.user.name,
            title=m.user.title,
            function=m.user.function.name if m.user.function else "",
            is_admin=m.is_admin,
            ends_at=m.ends_at,
            may_sign_in=m.user.is_active,
            uuid=m.user.uuid,
            away=_until(gone.get(m.user_id), at=at),
        )
        for m in found
    ]


def absence_rows(people: QuerySet[User], *, at: datetime) -> list[AbsenceRow]:
    """Return who of these people is away or will be, the first to go first."""
    found = Absence.objects.standing(at).filter(user__in=people.values("pk"))
    return [
        AbsenceRow(
            pk=one.pk,
            name=one.user.name,
            period=wording.period(one.starts_at, one.ends_at, at=at),
            note=one.note,
            is_running=one.starts_at <= at,
            said_by=one.made_by.name if one.made_by and one.made_by != one.user else "",
        )
        for one in found.select_related("user", "made_by")
    ]


def hand_over_rows(found: DelegationQuerySet, *, reader: User, at: datetime) -> list[HandOverRow]:
    """Return the hand-overs that run or will; `reader` may take back their own, or keep the team's."""
    rows = list(found.standing(at).select_related("giver", "receiver", "role", "team"))
    kept = _kept_teams(reader, at=at)
    return [
        HandOverRow(
            pk=one.pk,
            giver=one.giver.name,
            receiver=one.receiver.name,
            role=one.role.name if one.role else "",
            team=one.team.name,
            period=wording.period(one.starts_at, one.ends_at, at=at),
            reason=one.reason,
            is_running=one.starts_at <= at,
            may_revoke=one.giver_id == reader.pk or reader.is_staff or one.team_id in kept,
        )
        for one in rows
    ]


def list_rows(team: Team, *, at: datetime) -> list[RoleListRow]:
    """Return the team's lists; who can no longer step in is not shown, nor asked."""
    rows: dict[int, RoleListRow] = {}
    found = [one for one in _listed(team, at=at) if rules.same_function(one.user, one.role, None)]
    gone = away((one.user_id for one in found), at=at)
    for one in sorted(found, key=lambda one: (one.role.order, one.order, one.pk)):
        row = rows.setdefault(one.role_id, RoleListRow(one.role.name, []))
        function = one.user.function.name if one.user.function else ""
        until = _until(gone.get(one.user_id), at=at)
        row.people.append(ListedRow(one.pk, one.user.name, function, until))
    return list(rows.values())


def _until(absence: Absence | None, *, at: datetime) -> str:
    return wording.period(absence.starts_at, absence.ends_at, at=at) if absence else ""


def _kept_teams(reader: User, *, at: datetime) -> set[int]:
    own = Membership.objects.filter(running(at), user=reader, is_admin=True)
    return set(own.values_list("team", flat=True))


def journal(team: Team) -> QuerySet[JournalEntry]:
    return team.journal.select_related("actor", "content").order_by("-number")


def journal_fault(team: Team) -> chain.Fault | None:
    """Check the journal's chain and contents; return the first entry that does not fit."""
    faults: list[chain.Fault] = []

    def links() -> Iterator[chain.Link]:
        entries = team.journal.select_related("content").order_by("number")
        for entry in entries.iterator(chunk_size=500):
            content = entry.content
            if not faults and not chain.opens(entry.commitment, content.body, content.salt):
                why = f"Entry {entry.number} was changed: its content does not fit."
                faults.append(chain.Fault(entry.number, why))
            yield chain.Link(
                number=entry.number,
                recorded_at=chain.instant(entry.recorded_at),
                previous=entry.previous_hash,
                commitment=entry.commitment,
                hash=entry.hash,
            )

    start = chain.genesis(str(team.uuid))
    fault = chain.first_fault(
        links(), start=start, head=team.last_entry_hash or start, last=team.last_entry_number
    )
    found = [f for f in (fault, *faults) if f]
    return min(found, key=lambda f: f.number) if found else None
