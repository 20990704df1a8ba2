"""The team's list for a role: whom it trusts to take it, in this order. Administrators keep it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from teams import queries, rules
from teams.actions.absence import CannotTakeOver, NotTheirs, OutsideTheFunction
from teams.actions.journal import write_journal
from teams.models import Role, StandIn, Team, User


class AlreadyListed(Refused):
    """The person stands in this list."""


@transaction.atomic
def list_stand_in(team: Team, *, role: Role, user: User, by: User | None, at: datetime) -> StandIn:
    """
    Add a person at the end of the team's list for a role.

    :raises NotTheirs, CannotTakeOver, OutsideTheFunction, AlreadyListed:
    """
    locked = Team.objects.lock(team.pk)
    _allow(by, locked, at=at)
    if not queries.members(locked, at=at).filter(pk=user.pk).exists():
        raise CannotTakeOver(
            _("%(name)s is not in the team, or may not sign in.") % {"name": user.name}
        )
    if not rules.same_function(user, role, None):
        raise OutsideTheFunction(
            _("%(role)s belongs to the function %(function)s, and %(name)s is not of it.")
            % {"role": role.name, "function": role.function, "name": user.name}
        )
    listed = list(StandIn.objects.filter(team=locked, role=role))
    if any(one.user_id == user.pk for one in listed):
        raise AlreadyListed(
            _("%(name)s is already listed for %(role)s.") % {"name": user.name, "role": role.name}
        )
    order = max((one.order for one in listed), default=0) + 1
    stand_in = StandIn.objects.create(team=locked, role=role, user=user, order=order)
    write_journal(locked, rules.STAND_IN_LISTED, by=by, at=at, person=user, role=role)
    return stand_in


@transaction.atomic
def raise_stand_in(stand_in: StandIn, *, by: User | None, at: datetime) -> StandIn:
    """
    Move a person one place up in the list; who is first stays so, and nothing is written.

    :raises NotTheirs:
    """
    team = Team.objects.lock(stand_in.team_id)
    _allow(by, team, at=at)
    listed = list(StandIn.objects.filter(team=team, role=stand_in.role_id).order_by("order", "pk"))
    place = next((n for n, one in enumerate(listed) if one.pk == stand_in.pk), 0)
    if not place:
        return stand_in
    listed[place - 1 : place + 1] = listed[place], listed[place - 1]
    for order, one in enumerate(listed, 1):
        one.order = order
    StandIn.objects.bulk_update(listed, ["order"])
    raised = listed[place - 1]
    facts = {"person": raised.user, "role": raised.role}
    write_journal(team, rules.STAND_IN_RAISED, by=by, at=at, **facts)
    return raised


@transaction.atomic
def unlist_stand_in(stand_in: StandIn, *, by: User | None, at: datetime) -> None:
    """
    Take a person off the team's list for a role; off it already is no fault.

    :raises NotTheirs:
    """
    team = Team.objects.lock(stand_in.team_id)
    _allow(by, team, at=at)
    _take_off(team, StandIn.objects.filter(pk=stand_in.pk), by=by, at=at)


@transaction.atomic
def unlist_everywhere(person: User, team: Team, *, by: User | None, at: datetime) -> None:
    """Take a person who leaves the team off all its lists."""
    locked = Team.objects.lock(team.pk)
    _take_off(locked, StandIn.objects.filter(team=locked, user=person), by=by, at=at)


def _take_off(team: Team, rows: QuerySet[StandIn], *, by: User | None, at: datetime) -> None:
    for row in rows.select_related("user", "role"):
        row.delete()
        write_journal(team, rules.STAND_IN_UNLISTED, by=by, at=at, person=row.user, role=row.role)


def _allow(by: User | None, team: Team, *, at: datetime) -> None:
    if by is None or queries.administers(by, [team], at=at):
        return
    raise NotTheirs(_("Only an administrator of the team keeps its lists. Nothing was changed."))
