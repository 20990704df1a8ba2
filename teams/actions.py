"""
What is done to people, teams and catalogues; every change writes the team's journal.

A change of a person goes to the journal of each of their teams, a change of a catalogue to that
of every team. Act and entry are committed together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from crisisdesk.kit import chain
from crisisdesk.kit.refusals import Refused
from teams import rules
from teams.models import JournalContent, JournalEntry, Membership, Team, User
from teams.models.catalogue import Catalogued


class StillInUse(Refused):
    """A catalogue row that incidents or people refer to."""


def write_journal(
    team: Team, kind: str, *, by: User | None, at: datetime, **facts: Any
) -> JournalEntry:
    """Append one entry to a team's journal. Call inside the verb's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("write_journal() is called inside the transaction of the act.")
    locked = Team.objects.lock(team.pk)
    number = locked.last_entry_number + 1
    body = {"kind": kind, "actor": rules.plain(by), "facts": rules.plain(facts)}
    salt = chain.new_salt()
    commitment = chain.commit(body, salt)
    previous = locked.last_entry_hash or chain.genesis(str(locked.uuid))
    entry = JournalEntry.objects.create(
        team=locked,
        number=number,
        kind=kind,
        actor=by,
        recorded_at=at,
        previous_hash=previous,
        commitment=commitment,
        hash=chain.link_hash(
            previous=previous, number=number, recorded_at=chain.instant(at), commitment=commitment
        ),
    )
    JournalContent.objects.create(entry=entry, salt=salt, body=body)
    Team.objects.filter(pk=locked.pk).update(last_entry_number=number, last_entry_hash=entry.hash)
    team.last_entry_number, team.last_entry_hash = number, entry.hash
    return entry


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
    found = _apply(locked, changes)
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
    teams = _lock(Team.objects.all()) if more.get("is_staff") else []
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
    teams = _lock(Team.objects.all() if everyone else own)
    locked = User.objects.select_for_update().get(pk=person.pk)
    found = _apply(locked, changes)
    for team in teams if found else []:
        write_journal(team, rules.PERSON_CHANGED, by=by, at=at, person=locked, changes=found)
    return locked


@transaction.atomic
def record_new_password(person: User, *, by: User, at: datetime) -> None:
    """Say in the journals that an administrator set somebody's password."""
    for team in _lock(Team.objects.filter(memberships__user=person)):
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
    found = _apply(locked, changes)
    if found:
        write_journal(team, rules.MEMBER_CHANGED, by=by, at=at, person=locked.user, changes=found)
    return locked


@transaction.atomic
def leave_team(membership: Membership, *, by: User | None, at: datetime) -> None:
    team = Team.objects.lock(membership.team_id)
    person = membership.user
    Membership.objects.get(pk=membership.pk).delete()
    write_journal(team, rules.MEMBER_LEFT, by=by, at=at, person=person)


@transaction.atomic
def add_to_catalogue(row: Catalogued, *, by: User | None, at: datetime) -> Catalogued:
    """Save a new function, role or audience."""
    teams = _lock(Team.objects.all())
    row.full_clean()
    row.save()
    _tell_all(teams, rules.CATALOGUE_ADDED, row, by=by, at=at)
    return row


@transaction.atomic
def change_catalogue(
    row: Catalogued, *, changes: Mapping[str, Any], by: User | None, at: datetime
) -> Catalogued:
    teams = _lock(Team.objects.all())
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    found = _apply(locked, changes)
    if found:
        _tell_all(teams, rules.CATALOGUE_CHANGED, locked, by=by, at=at, changes=found)
    return locked


@transaction.atomic
def remove_from_catalogue(row: Catalogued, *, by: User | None, at: datetime) -> None:
    """
    Delete a row that nothing refers to.

    :raises StillInUse: when something does.
    """
    teams = _lock(Team.objects.all())
    try:
        type(row)._default_manager.get(pk=row.pk).delete()
    except ProtectedError:
        raise StillInUse(
            _("“%(name)s” is in use, so it stays. Rename it instead.") % {"name": row.name}
        ) from None
    _tell_all(teams, rules.CATALOGUE_REMOVED, row, by=by, at=at)


def _apply(row: models.Model, changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Change a locked row; return the differences that the journal tells."""
    before = rules.state_of(row)
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return rules.differences(before, rules.state_of(row))


def _lock(teams: models.QuerySet[Team]) -> list[Team]:
    """Lock teams, always in the same order."""
    return list(Team.objects.select_for_update().filter(pk__in=teams.values("pk")).order_by("pk"))


def _tell_all(
    teams: Iterable[Team],
    kind: str,
    row: Catalogued,
    *,
    by: User | None,
    at: datetime,
    **facts: Any,
) -> None:
    for team in teams:
        write_journal(
            team, kind, by=by, at=at, row=row, catalogue=rules.CATALOGUES[type(row)], **facts
        )
