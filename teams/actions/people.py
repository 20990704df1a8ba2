"""Teams, people, and who is in which team."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from teams import rules
from teams.actions.absence import end_hand_overs
from teams.actions.journal import write_journal
from teams.actions.stand_ins import unlist_everywhere
from teams.changes import apply, lock_teams
from teams.models import Membership, Team, User


@transaction.atomic
def found_team(
    *, slug: str, name: str, prefix: str, by: User | None, at: datetime, **settings: Any
) -> Team:
    """Create a team; `settings` may give zone and language."""
    team = Team(slug=slug, name=name, prefix=prefix, **settings)
    team.full_clean()
    team.save()
    write_journal(team, rules.TEAM_FOUNDED, by=by, at=at, name=name, prefix=prefix)
    return team


@transaction.atomic
def change_team(team: Team, *, changes: Mapping[str, Any], by: User | None, at: datetime) -> Team:
    locked = Team.objects.lock(team.pk)
    found = apply(locked, changes)
    if found:
        write_journal(locked, rules.TEAM_CHANGED, by=by, at=at, changes=found)
    return locked


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    by: User | None,
    at: datetime,
    password: str | None = None,
    **more: Any,
) -> User:
    """
    Create a person who may sign in; without a password they ask for one by e-mail.

    A team learns of a person when they join it (`join_team`); of an administrator, every team.
    """
    teams = lock_teams(Team.objects.all()) if more.get("is_staff") else []
    person = User(email=User.objects.normalize_email(email).lower(), name=name, **more)
    person.set_password(password)
    person.full_clean(exclude=["password"])
    person.save()
    for team in teams:
        write_journal(team, rules.ADMINISTRATOR_ADDED, by=by, at=at, person=person)
    return person


@transaction.atomic
def change_person(
    person: User, *, changes: Mapping[str, Any], by: User | None, at: datetime
) -> User:
    """Change what others see of a person; who may administer is told to every team."""
    everyone = "is_staff" in changes and changes["is_staff"] != person.is_staff
    own = Team.objects.filter(memberships__user=person)
    teams = lock_teams(Team.objects.all() if everyone else own)
    locked = User.objects.select_for_update().get(pk=person.pk)
    found = apply(locked, changes)
    for team in teams if found else []:
        write_journal(team, rules.PERSON_CHANGED, by=by, at=at, person=locked, changes=found)
    return locked


@transaction.atomic
def record_new_password(person: User, *, by: User, at: datetime) -> None:
    """Say in the journals that an administrator set somebody's password."""
    for team in lock_teams(Team.objects.filter(memberships__user=person)):
        write_journal(team, rules.PASSWORD_SET, by=by, at=at, person=person)


@transaction.atomic
def join_team(
    person: User,
    team: Team,
    *,
    by: User | None,
    at: datetime,
    is_admin: bool = False,
    ends_at: datetime | None = None,
) -> Membership:
    locked = Team.objects.lock(team.pk)
    membership = Membership(team=locked, user=person, is_admin=is_admin, ends_at=ends_at)
    membership.full_clean()
    membership.save()
    write_journal(
        locked,
        rules.MEMBER_JOINED,
        by=by,
        at=at,
        person=person,
        function=person.function,
        is_admin=is_admin,
        ends_at=ends_at,
    )
    return membership


@transaction.atomic
def change_membership(
    membership: Membership, *, changes: Mapping[str, Any], by: User | None, at: datetime
) -> Membership:
    team = Team.objects.lock(membership.team_id)
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    found = apply(locked, changes)
    if found:
        write_journal(team, rules.MEMBER_CHANGED, by=by, at=at, person=locked.user, changes=found)
    return locked


@transaction.atomic
def leave_team(membership: Membership, *, by: User | None, at: datetime) -> None:
    """End a membership, and with it the person's hand-overs and places on lists in the team."""
    team = Team.objects.lock(membership.team_id)
    person = membership.user
    end_hand_overs(person, team, by=by, at=at)
    unlist_everywhere(person, team, by=by, at=at)
    Membership.objects.get(pk=membership.pk).delete()
    write_journal(team, rules.MEMBER_LEFT, by=by, at=at, person=person)
