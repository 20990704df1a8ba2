"""Reads of people and teams: frozen rows for the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from crisisdesk.kit import chain
from teams.models import JournalEntry, Membership, Team, User


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


def running(at: datetime) -> Q:
    return Q(ends_at=None) | Q(ends_at__gt=at)


def teams_for(user: User, *, at: datetime) -> QuerySet[Team]:
    """Return the teams whose page a person may read: their own; all for an administrator."""
    if user.is_staff:
        return Team.objects.all()
    memberships = Membership.objects.filter(running(at), user=user)
    return Team.objects.filter(pk__in=memberships.values("team"))


def team_rows(user: User, *, at: datetime) -> list[TeamRow]:
    own = set(Membership.objects.filter(running(at), user=user).values_list("team", flat=True))
    live = Q(memberships__ends_at=None) | Q(memberships__ends_at__gt=at)
    teams = teams_for(user, at=at).annotate(members=Count("memberships", filter=live))
    return [TeamRow(t.slug, t.name, t.prefix, t.members, t.pk in own) for t in teams]


def member_rows(team: Team, *, at: datetime) -> list[MemberRow]:
    found = (
        Membership.objects.filter(running(at), team=team)
        .select_related("user__function")
        .order_by("user__name")
    )
    return [
        MemberRow(
            name=m.user.name,
            title=m.user.title,
            function=m.user.function.name if m.user.function else "",
            is_admin=m.is_admin,
            ends_at=m.ends_at,
            may_sign_in=m.user.is_active,
        )
        for m in found
    ]


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
