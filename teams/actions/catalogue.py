"""Functions, roles and audiences; a change is told to every team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from teams import rules
from teams.actions.journal import write_journal
from teams.changes import apply, lock_teams
from teams.models import Team, User
from teams.models.catalogue import Catalogued


class StillInUse(Refused):
    """A catalogue row that incidents or people refer to."""


@transaction.atomic
def add_to_catalogue(row: Catalogued, *, by: User | None, at: datetime) -> Catalogued:
    """Save a new function, role or audience."""
    teams = lock_teams(Team.objects.all())
    row.full_clean()
    row.save()
    _tell_all(teams, rules.CATALOGUE_ADDED, row, by=by, at=at)
    return row


@transaction.atomic
def change_catalogue(
    row: Catalogued, *, changes: Mapping[str, Any], by: User | None, at: datetime
) -> Catalogued:
    teams = lock_teams(Team.objects.all())
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    found = apply(locked, changes)
    if found:
        _tell_all(teams, rules.CATALOGUE_CHANGED, locked, by=by, at=at, changes=found)
    return locked


@transaction.atomic
def remove_from_catalogue(row: Catalogued, *, by: User | None, at: datetime) -> None:
    """
    Delete a row that nothing refers to.

    :raises StillInUse: when something does.
    """
    teams = lock_teams(Team.objects.all())
    try:
        type(row)._default_manager.get(pk=row.pk).delete()
    except ProtectedError:
        raise StillInUse(
            _("“%(name)s” is in use, so it stays. Rename it instead.") % {"name": row.name}
        ) from None
    _tell_all(teams, rules.CATALOGUE_REMOVED, row, by=by, at=at)


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
