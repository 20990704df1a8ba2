"""
Absences, and the hand-over of one's sign-off meanwhile.

A person does it for themself, an administrator of the team for others. A hand-over is dated,
stays within the function, and goes no further: who received it cannot pass it on.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from crisisdesk.kit.times import day_time
from teams import queries, rules
from teams.actions.journal import write_journal
from teams.changes import lock_teams
from teams.models import Absence, Delegation, Role, Team, User


class NotTheirs(Refused):
    """Somebody else's absence or sign-off, and no administrator of their team."""


class WrongPeriod(Refused):
    """It ends before it begins, or is over already."""


class AlreadyOver(Refused):
    """What is to be ended has ended."""


class CannotTakeOver(Refused):
    """No one, or no one who may sign in here, would hold the sign-off."""


class OutsideTheFunction(Refused):
    """A sign-off never leaves its function."""


class PassedOn(Refused):
    """A sign-off that was received would be handed on, or one handed over twice."""


@transaction.atomic
def record_absence(
    person: User,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    note: str = "",
    by: User | None,
    at: datetime,
) -> Absence:
    """
    Say that a person is away; `ends_at` None: until further notice.

    The journals learn when, never the note: a reason may be an illness, and a journal forgets
    nothing.

    :raises NotTheirs, WrongPeriod:
    """
    teams = lock_teams(queries.teams_of(person, at=at))
    _allow(by, person, teams, at=at)
    _check_period(starts_at, ends_at, at=at)
    absence = Absence(
        user=person, starts_at=starts_at, ends_at=ends_at, note=note, made_by=by, made_at=at
    )
    absence.full_clean()
    absence.save()
    for team in teams:
        write_journal(
            team,
            rules.ABSENCE_RECORDED,
            by=by,
            at=at,
            person=person,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    return absence


@transaction.atomic
def cancel_absence(absence: Absence, *, by: User | None, at: datetime) -> Absence:
    """
    End an absence before its time: the person is there, or back.

    :raises NotTheirs, AlreadyOver:
    """
    teams = lock_teams(queries.teams_of(absence.user, at=at))
    _allow(by, absence.user, teams, at=at)
    locked = Absence.objects.standing(at).select_for_update().filter(pk=absence.pk).first()
    if locked is None:
        raise AlreadyOver(_("This absence is already over. Nothing was changed."))
    locked.cancelled_at = at
    locked.save(update_fields=["cancelled_at"])
    for team in teams:
        write_journal(team, rules.ABSENCE_CANCELLED, by=by, at=at, person=absence.user)
    return locked


@transaction.atomic
def delegate_signoff(
    giver: User,
    *,
    to: User,
    team: Team,
    role: Role | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User | None,
    at: datetime,
) -> Delegation:
    """
    Hand a person's sign-off in a team to somebody of the same function, until a date.

    `role` None: for all roles of the giver. It begins now at the earliest.

    :raises NotTheirs, WrongPeriod, CannotTakeOver, OutsideTheFunction, PassedOn:
    """
    locked = Team.objects.lock(team.pk)
    _allow(by, giver, [locked], at=at)
    starts_at = max(starts_at, at)
    _check_period(starts_at, ends_at, at=at)
    _check_people(giver, to, locked, role, at=at)
    _check_no_chain(giver, to, _overlapping(locked, role, starts_at, ends_at))
    delegation = Delegation(
        team=locked,
        giver=giver,
        receiver=to,
        role=role,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        made_by=by,
        made_at=at,
    )
    delegation.full_clean()
    delegation.save()
    facts = {"giver": giver, "receiver": to, "role": role, "reason": reason}
    times = {"starts_at": starts_at, "ends_at": ends_at}
    write_journal(locked, rules.DELEGATION_GIVEN, by=by, at=at, **facts, **times)
    return delegation


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, by: User | None, at: datetime) -> Delegation:
    """
    Take a sign-off back before its day. What was signed meanwhile stands.

    :raises NotTheirs, AlreadyOver:
    """
    team = Team.objects.lock(delegation.team_id)
    _allow(by, delegation.giver, [team], at=at)
    locked = Delegation.objects.standing(at).select_for_update().filter(pk=delegation.pk).first()
    if locked is None:
        raise AlreadyOver(_("This hand-over is already over. Nothing was changed."))
    return _revoke(locked, team, by=by, at=at)


@transaction.atomic
def end_hand_overs(person: User, team: Team, *, by: User | None, at: datetime) -> None:
    """Take back what a person who leaves the team has handed over or received there."""
    locked = Team.objects.lock(team.pk)
    standing = Delegation.objects.standing(at).filter(team=locked)
    for delegation in standing.filter(Q(giver=person) | Q(receiver=person)):
        _revoke(delegation, locked, by=by, at=at)


def _revoke(delegation: Delegation, team: Team, *, by: User | None, at: datetime) -> Delegation:
    delegation.revoked_at = at
    delegation.save(update_fields=["revoked_at"])
    facts = {"giver": delegation.giver, "receiver": delegation.receiver, "role": delegation.role}
    write_journal(team, rules.DELEGATION_REVOKED, by=by, at=at, **facts)
    return delegation


def _allow(by: User | None, person: User, teams: list[Team], *, at: datetime) -> None:
    """:raises NotTheirs: neither the person, nor one of their administrators, nor the operator."""
    if by is None or by == person or queries.administers(by, teams, at=at):
        return
    raise NotTheirs(
        _("Only %(name)s or an administrator of the team does this. Nothing was changed.")
        % {"name": person.name}
    )


def _check_period(starts_at: datetime, ends_at: datetime | None, *, at: datetime) -> None:
    if ends_at is None:
        return
    if ends_at <= at:
        raise WrongPeriod(_("This end has passed. Give a later one."))
    if ends_at <= starts_at:
        raise WrongPeriod(_("The end comes after the beginning. Give a later end."))


def _check_people(giver: User, to: User, team: Team, role: Role | None, *, at: datetime) -> None:
    if giver == to:
        raise CannotTakeOver(_("Nobody hands over to themself. Choose somebody else."))
    here = set(queries.members(team, at=at).filter(pk__in=(giver.pk, to.pk)))
    for person in (giver, to):
        if person not in here:
            raise CannotTakeOver(
                _("%(name)s is not in the team, or may not sign in.") % {"name": person.name}
            )
    if rules.same_function(to, role, giver):
        return
    function = (role.function if role else None) or giver.function
    if function is None:
        raise OutsideTheFunction(
            _("It is not known in which function %(name)s works. An administrator says so first.")
            % {"name": giver.name}
        )
    raise OutsideTheFunction(
        _(
            "%(name)s is not of the function %(function)s. "
            "A sign-off stays within its function: choose somebody there."
        )
        % {"name": to.name, "function": function.name}
    )


def _overlapping(
    team: Team, role: Role | None, starts_at: datetime, ends_at: datetime
) -> QuerySet[Delegation]:
    """Return the hand-overs that concern the same role at the same time."""
    same_role = Q() if role is None else Q(role=None) | Q(role=role)
    return Delegation.objects.filter(
        same_role, team=team, revoked_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).select_related("giver", "receiver")


def _check_no_chain(giver: User, to: User, others: QuerySet[Delegation]) -> None:
    """:raises PassedOn: no hand-over may begin where another one ends."""
    for other in others.filter(Q(receiver=giver) | Q(giver=to) | Q(giver=giver, receiver=to)):
        if other.receiver == giver:
            words = _(
                "%(receiver)s holds the sign-off of %(giver)s until %(until)s "
                "and cannot pass anything on meanwhile."
            )
        elif other.giver == to:
            words = _(
                "%(giver)s has handed their own sign-off to %(receiver)s until %(until)s. "
                "Choose somebody who is there."
            )
        else:
            words = _("%(receiver)s already holds the sign-off of %(giver)s until %(until)s.")
        raise PassedOn(
            words
            % {
                "giver": other.giver.name,
                "receiver": other.receiver.name,
                "until": day_time(other.ends_at),
            }
        )
