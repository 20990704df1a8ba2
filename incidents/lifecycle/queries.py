"""Reads of lifecycle: where one may open, where an incident may go, who sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from incidents.lifecycle import rules
from incidents.models import Incident, IncidentUserPermission, Review
from teams.models import Membership, Team, User


@dataclass(frozen=True)
class MoveRow:
    """A move that may be made now; `needs_waiver`: only without the post-mortem."""

    to: str
    words: str
    needs_waiver: bool


@dataclass(frozen=True)
class Audience:
    """How many people see the incident now, and how many would under the other setting."""

    team: int
    granted: int


def teams_to_open_in(user: User, *, at: datetime) -> QuerySet[Team]:
    """Return the teams whose incidents this person may open, with their number of people."""
    running = Q(memberships__ends_at=None) | Q(memberships__ends_at__gt=at)
    own = Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), user=user)
    return Team.objects.filter(pk__in=own.values("team")).annotate(
        people=Count("memberships", filter=running)
    )


def is_reviewed(incident: Incident) -> bool:
    """Say whether the post-mortem of this incident is accepted."""
    return Review.objects.filter(incident=incident, accepted_at__isnull=False).exists()


def moves(incident: Incident) -> list[MoveRow]:
    reviewed = is_reviewed(incident)
    return [
        MoveRow(
            to=str(to),
            words=str(words),
            needs_waiver=rules.needs_the_post_mortem(incident.status, to) and not reviewed,
        )
        for to, words in rules.moves(incident.status).items()
    ]


def audience(incident: Incident, *, at: datetime) -> Audience:
    """Count who sees a team incident (its team, and whoever has a grant) and a restricted one."""
    running = Q(ends_at=None) | Q(ends_at__gt=at)
    granted = (
        IncidentUserPermission.objects.filter(
            running,
            content_object=incident,
            permission__codename="view_incident",
            user__is_active=True,
        )
        .values("user")
        .distinct()
    )
    members = Membership.objects.filter(running, team=incident.team_id, user__is_active=True)
    either = User.objects.filter(Q(pk__in=granted) | Q(pk__in=members.values("user")))
    return Audience(team=either.count(), granted=granted.count())
