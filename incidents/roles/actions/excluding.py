"""Excluding a person who is the subject of the crisis, and letting them back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.access import is_excluded
from incidents.clocks.actions import plan_role, settle_role
from incidents.models import Assignment, Exclusion, Incident
from incidents.models import role as events
from incidents.roles import rights, rules
from incidents.roles.actions.assigning import CannotHold, LeadNeeded
from incidents.timeline.actions import record
from teams.models import Role, User
from teams.queries import running

State = Assignment.State


class NotExcluded(Refused):
    """The exclusion has ended before."""


@transaction.atomic
def exclude_person(
    incident: Incident, user: User, *, reason: str, by: User, at: datetime
) -> Exclusion:
    """
    Shut a person out of an incident, whatever their role or team, at once and without a word.

    For them it no longer exists. Their deputies take over their roles; a role without one is
    unfilled. The lead, where nobody else could assign roles, falls to whoever excludes.

    :raises CannotHold: they are excluded already
    :raises LeadNeeded: nobody would be left who may do this
    """
    incident = Incident.objects.lock(incident.pk)
    if is_excluded(user, incident):
        raise CannotHold(_("%(person)s is excluded already.") % {"person": user.name})
    exclusion = Exclusion.objects.create(
        incident=incident, user=user, reason=reason.strip(), excluded_by=by, excluded_at=at
    )
    heirs = [_passed_on(one, by=by, at=at) for one in _held(incident, user)]
    behind = _stood_behind(incident, user)
    _end_invitations(incident, user, at=at)
    rights.settle(incident, user, *(heir.user for heir in heirs if heir))
    led = None if rights.somebody_may(incident, "assign_role") else _take_lead(incident, by, at=at)
    _check_left(incident, user, by)
    record(incident, events.EXCLUDED, by=by, at=at, excluded=user, reason=exclusion.reason)
    for one in (*heirs, led):
        if one is not None:
            record(
                incident,
                events.TOOK_OVER,
                by=by,
                at=at,
                person=one.user,
                role=one.role,
                before=user,
            )
    for role in behind:
        record(incident, events.DEPUTY_RELEASED, by=by, at=at, person=user, role=role)
    return exclusion


@transaction.atomic
def readmit_person(exclusion: Exclusion, *, reason: str, by: User, at: datetime) -> Exclusion:
    """
    Let an excluded person back: to what the team may see. Their roles do not come back.

    :raises NotExcluded: it has ended before
    """
    incident = Incident.objects.lock(exclusion.incident_id)
    found = Exclusion.objects.select_related("user").get(pk=exclusion.pk)
    if found.ended_at is not None:
        raise NotExcluded(_("This exclusion has already ended. Nothing was changed."))
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    rights.settle(incident, found.user)
    record(incident, events.READMITTED, by=by, at=at, excluded=found.user, reason=reason.strip())
    return found


def _held(incident: Incident, user: User) -> list[Assignment]:
    found = incident.assignments.filter(user=user, state__in=rules.ACTIVE)
    return list(found.select_related("role", "deputy", "user").order_by("role__order"))


def _passed_on(held: Assignment, *, by: User, at: datetime) -> Assignment | None:
    """End what the person held; return the deputy's, who holds it from now on, if there is one."""
    held.state = State.ENDED
    held.ended_at = at
    held.save(update_fields=["state", "ended_at"])
    settle_role(held, at=at)
    deputy = held.deputy
    if deputy is None or not deputy.is_active or is_excluded(deputy, held.incident):
        return None
    return _hold(held.incident, held.role, deputy, note=held.handover_note, by=by, at=at)


def _hold(
    incident: Incident, role: Role, user: User, *, note: str = "", by: User, at: datetime
) -> Assignment:
    """Give a role from now on; whoever does not take it themselves is asked to accept."""
    own = user.pk == by.pk
    given = Assignment.objects.create(
        incident=incident,
        role=role,
        user=user,
        state=State.ACCEPTED if own else State.OFFERED,
        handover_note=note,
        assigned_by=by,
        assigned_at=at,
        answered_at=at if own else None,
    )
    if not own:
        plan_role(given, at=at)
    return given


def _stood_behind(incident: Incident, user: User) -> list[Role]:
    """Take the person away from behind every holder; return the roles."""
    found = incident.assignments.filter(deputy=user, state__in=rules.ACTIVE)
    roles = [one.role for one in found.select_related("role")]
    found.update(deputy=None)
    return roles


def _end_invitations(incident: Incident, user: User, *, at: datetime) -> None:
    incident.invitations.filter(running(at), user=user, ended_at=None).update(ended_at=at)


def _take_lead(incident: Incident, by: User, *, at: datetime) -> Assignment | None:
    """Make whoever excludes the crisis lead: a crisis is never left without one."""
    role = Role.objects.get(slug=rules.CRISIS_LEAD)
    free = not incident.assignments.filter(role=role, state__in=rules.ACTIVE).exists()
    if not free or is_excluded(by, incident):
        return None
    led = _hold(incident, role, by, by=by, at=at)
    rights.settle(incident, by)
    return led


def _check_left(incident: Incident, user: User, by: User) -> None:
    needed = ("assign_role", "change_status")
    if all(rights.somebody_may(incident, codename) for codename in needed):
        return
    if user.pk == by.pk:
        raise LeadNeeded(
            _("Nobody else here could do this. Hand your role over first, then exclude yourself.")
        )
    raise LeadNeeded(_("Nobody would be left who could assign roles. Nothing was changed."))
