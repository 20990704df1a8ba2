"""What is done with roles. Every verb ends by giving each person exactly the rights they hold."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.access import is_excluded
from incidents.clocks.actions import plan_role, settle_role
from incidents.models import Assignment, Incident, Invitation
from incidents.models import role as events
from incidents.roles import rights, rules
from incidents.timeline.actions import record
from teams.models import Role, User

State = Assignment.State


class RoleTaken(Refused):
    """Somebody else holds the role now: the page was older than that."""


class NotTheirs(Refused):
    """Only the person who was asked can accept or decline."""


class OutOfTurn(Refused):
    """The assignment has moved on: answered, ended or handed over."""


class CannotHold(Refused):
    """This person cannot hold the role or stand behind it."""


class LeadNeeded(Refused):
    """A crisis is never left without somebody who can assign roles."""


@transaction.atomic
def assign_role(
    incident: Incident,
    *,
    role: Role,
    user: User,
    deputy: User | None = None,
    note: str = "",
    replaces: Assignment | None = None,
    by: User,
    at: datetime,
) -> Assignment:
    """
    Offer a role to a person, with a deputy; their rights begin at once.

    Whoever takes a role themselves has accepted it.
    `replaces` is the holder whom the person who assigns saw: the role is handed over.
    :raises RoleTaken: somebody (else) holds it now.
    """
    incident = Incident.objects.lock(incident.pk)
    _check_people(incident, user, deputy)
    before = _holder_seen(incident, role, user, replaces)
    if before is not None:
        _end(before, at=at)
    assignment = Assignment.objects.create(
        incident=incident,
        role=role,
        user=user,
        deputy=deputy,
        state=State.ACCEPTED if user == by else State.OFFERED,
        handover_note=note,
        assigned_by=by,
        assigned_at=at,
        answered_at=at if user == by else None,
    )
    if assignment.state == State.OFFERED:
        plan_role(assignment, at=at)
    rights.settle(incident, user, deputy, *_people(before))
    _record_assigned(incident, assignment, before, by=by, at=at)
    return assignment


@transaction.atomic
def accept_role(assignment: Assignment, *, by: User, at: datetime) -> Assignment:
    """
    Take an offered role; a second click changes nothing.

    :raises NotTheirs: somebody else was asked. :raises OutOfTurn: no longer on offer.
    """
    if assignment.user_id != by.pk:
        raise NotTheirs(_("This role was offered to somebody else. Only they can accept it."))
    incident = Incident.objects.lock(assignment.incident_id)
    fresh = _fresh(assignment)
    if fresh.state == State.ACCEPTED:
        return fresh
    assignment = _moved(fresh, "accept")
    assignment.answered_at = at
    assignment.save(update_fields=["state", "answered_at"])
    settle_role(assignment, at=at)
    record(incident, events.ACCEPTED, by=by, at=at, person=by, role=assignment.role)
    return assignment


@transaction.atomic
def decline_role(assignment: Assignment, *, reason: str, by: User, at: datetime) -> Assignment:
    """
    Give an offered role back; its rights end at once.

    A declined lead returns to whoever offered it if nobody else in the room could assign roles.
    """
    incident, assignment = _lock(assignment, "decline")
    if assignment.user_id != by.pk:
        raise NotTheirs(_("This role was offered to somebody else. Only they can decline it."))
    assignment.answered_at = assignment.ended_at = at
    assignment.save(update_fields=["state", "answered_at", "ended_at"])
    settle_role(assignment, at=at)
    rights.settle(incident, *_people(assignment))
    record(incident, events.DECLINED, by=by, at=at, person=by, role=assignment.role, reason=reason)
    offered_by = assignment.assigned_by
    if offered_by and offered_by != by and _leaves_nobody(incident, assignment):
        returned = _hold(incident, role=assignment.role, user=offered_by, by=by, at=at)
        record(incident, events.RETURNED, by=None, at=at, person=returned.user, role=returned.role)
    return assignment


@transaction.atomic
def relieve_role(assignment: Assignment, *, reason: str, by: User, at: datetime) -> Assignment:
    """
    Take a role away, and with it at once the rights it gave to holder and deputy.

    :raises LeadNeeded: nobody else in the room could assign roles.
    """
    incident, assignment = _lock(assignment, "relieve")
    _end(assignment, at=at)
    rights.settle(incident, *_people(assignment))
    if _leaves_nobody(incident, assignment):
        raise LeadNeeded(
            _("Nobody else here could assign roles. Hand the lead over to somebody instead.")
        )
    record(
        incident,
        events.RELIEVED,
        by=by,
        at=at,
        person=assignment.user,
        role=assignment.role,
        reason=reason,
    )
    return assignment


@transaction.atomic
def name_deputy(
    assignment: Assignment, *, deputy: User | None, by: User, at: datetime
) -> Assignment:
    """Put somebody behind the holder, or nobody; they have the holder's rights."""
    incident, assignment = _lock(assignment, "name_deputy")
    _check_people(incident, assignment.user, deputy)
    before = assignment.deputy
    if before == deputy:
        return assignment
    assignment.deputy = deputy
    assignment.save(update_fields=["deputy"])
    rights.settle(incident, before, deputy)
    role = assignment.role
    if deputy is not None:
        record(incident, events.DEPUTY_NAMED, by=by, at=at, person=deputy, role=role)
    elif before is not None:
        record(incident, events.DEPUTY_RELEASED, by=by, at=at, person=before, role=role)
    return assignment


@transaction.atomic
def invite_person(
    incident: Incident, *, user: User, ends_at: datetime | None = None, by: User, at: datetime
) -> Invitation:
    """Let a person into the room without a role: to look and to write in the timeline."""
    incident = Incident.objects.lock(incident.pk)
    _check_people(incident, user, None)
    if ends_at is not None and ends_at <= at:
        raise CannotHold(_("The end of the invitation lies in the past. Choose a later time."))
    known = incident.invitations.filter(user=user, ended_at=None).first()
    if known is not None and (known.ends_at is None or known.ends_at > at):
        raise CannotHold(_("%(person)s is already invited.") % {"person": user.name})
    if known is not None:
        known.ended_at = known.ends_at
        known.save(update_fields=["ended_at"])
    invitation = Invitation.objects.create(
        incident=incident, user=user, invited_by=by, invited_at=at, ends_at=ends_at
    )
    rights.settle(incident, user)
    record(incident, events.INVITED, by=by, at=at, person=user, until=ends_at)
    return invitation


@transaction.atomic
def end_invitation(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    incident = Incident.objects.lock(invitation.incident_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.ended_at is not None:
        raise OutOfTurn(_("This invitation has already ended."))
    invitation.ended_at = at
    invitation.save(update_fields=["ended_at"])
    rights.settle(incident, invitation.user)
    record(incident, events.INVITATION_ENDED, by=by, at=at, person=invitation.user)
    return invitation


@transaction.atomic
def grant_opener(incident: Incident, *, by: User, at: datetime) -> Assignment | None:
    """Make whoever opened the incident its lead until somebody else is; None if it has one."""
    incident = Incident.objects.lock(incident.pk)
    role = Role.objects.get(slug=rules.CRISIS_LEAD)
    if incident.assignments.filter(role=role, state__in=rules.ACTIVE).exists():
        return None
    assignment = _hold(incident, role=role, user=by, by=by, at=at)
    record(incident, events.ASSIGNED, by=by, at=at, person=by, role=role, note="")
    return assignment


def _holder_seen(
    incident: Incident, role: Role, user: User, replaces: Assignment | None
) -> Assignment | None:
    """Return who holds the role now, if that is whom the person who assigns saw."""
    before = incident.assignments.filter(role=role, state__in=rules.ACTIVE).first()
    if before is None:
        return None
    if replaces is None or replaces.pk != before.pk:
        raise RoleTaken(
            _(
                "%(person)s holds this role now. Nothing was changed. Hand it over if it should"
                " move."
            )
            % {"person": before.user.name}
        )
    if before.user_id == user.pk:
        raise RoleTaken(_("%(person)s already holds this role.") % {"person": user.name})
    return before


def _record_assigned(
    incident: Incident, given: Assignment, before: Assignment | None, *, by: User, at: datetime
) -> None:
    record(
        incident,
        events.HANDED_OVER if before else events.ASSIGNED,
        by=by,
        at=at,
        person=given.user,
        role=given.role,
        before=before.user if before else None,
        note=given.handover_note,
    )
    if given.deputy is not None:
        record(incident, events.DEPUTY_NAMED, by=by, at=at, person=given.deputy, role=given.role)


def _lock(assignment: Assignment, step: str) -> tuple[Incident, Assignment]:
    """Lock the incident, read the assignment anew, take the step in memory."""
    incident = Incident.objects.lock(assignment.incident_id)
    return incident, _moved(_fresh(assignment), step)


def _fresh(assignment: Assignment) -> Assignment:
    people = ("role", "user", "deputy", "assigned_by")
    return Assignment.objects.select_related(*people).get(pk=assignment.pk)


def _moved(fresh: Assignment, step: str) -> Assignment:
    state = rules.MOVES[step].get(State(fresh.state))
    if state is None:
        raise OutOfTurn(
            _("This role is no longer where the page showed it: %(state)s. Nothing was changed.")
            % {"state": fresh.get_state_display()}
        )
    fresh.state = state
    return fresh


def _hold(incident: Incident, *, role: Role, user: User, by: User, at: datetime) -> Assignment:
    assignment = Assignment.objects.create(
        incident=incident,
        role=role,
        user=user,
        state=State.ACCEPTED,
        assigned_by=by,
        assigned_at=at,
        answered_at=at,
    )
    rights.settle(incident, user)
    return assignment


def _end(assignment: Assignment, *, at: datetime) -> None:
    assignment.state = State.ENDED
    assignment.ended_at = at
    assignment.save(update_fields=["state", "ended_at"])
    settle_role(assignment, at=at)


def _leaves_nobody(incident: Incident, assignment: Assignment) -> bool:
    """Say whether, this assignment gone, nobody in the room can assign roles any more."""
    gave = "assign_role" in rules.permissions(assignment.role.slug)
    return gave and not rights.somebody_may(incident, "assign_role")


def _people(assignment: Assignment | None) -> list[User | None]:
    return [assignment.user, assignment.deputy] if assignment else []


def _check_people(incident: Incident, user: User, deputy: User | None) -> None:
    if deputy is not None and deputy.pk == user.pk:
        raise CannotHold(_("The deputy is somebody other than the holder."))
    for person in (user, deputy):
        if person is not None and not person.is_active:
            raise CannotHold(
                _("%(person)s cannot sign in any more. Choose somebody else.")
                % {"person": person.name}
            )
        if person is not None and is_excluded(person, incident):
            raise CannotHold(
                _("%(person)s is excluded from this incident. Choose somebody else.")
                % {"person": person.name}
            )
