"""Take what is due; acknowledge, put off."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.clocks import actions as clocks
from incidents.clocks import plan
from incidents.clocks import queries as clock_queries
from incidents.clocks import rules as clock_rules
from incidents.deliveries.actions import deliver
from incidents.models import Due, Incident, Step, StepName
from incidents.models import clock as events
from incidents.reminders import queries, rules
from incidents.reminders.queries import Room
from incidents.timeline import rules as timeline_rules
from incidents.timeline.actions import record
from teams.models import User

log = logging.getLogger(__name__)


class NotCalled(Refused):
    """Only those whom a reminder calls answer for it."""


class NothingDue(Refused):
    """It was settled, or somebody answered, meanwhile."""


class CannotSnooze(Refused):
    """A reminder is put off to a time to come, within a day, with a reason."""


def take_due_steps(*, at: datetime) -> int:
    """
    Take every step that is due, and miss what was overtaken; return how many steps were taken.

    One transaction per incident: of two ticks at once the second finds nothing left. Trouble in
    one incident is logged and leaves the others alone; its steps stay due for the next tick.
    """
    taken = 0
    for pk in queries.incidents_with_due_steps(at=at):
        try:
            taken += _take_in(pk, at=at)
        except Exception:
            log.exception("The reminders of incident %s could not be taken; they stay due.", pk)
    for incident in clock_queries.incidents_to_miss(at=at):
        try:
            clocks.miss_overtaken(incident, at=at)
        except Exception:
            log.exception("The promises of incident %s could not be looked at.", incident.pk)
    return taken


@transaction.atomic
def acknowledge_due(due: Due, *, by: User, at: datetime) -> Due:
    """
    Take care of what is due: the steps still waiting stop.

    :raises NotCalled: no step calls this person. :raises NothingDue: it was settled or answered.
    """
    incident, due = _lock(due, by=by, at=at)
    if due.acknowledged_by_id == by.pk:
        return due
    if due.acknowledged_by is not None:
        raise NothingDue(
            _("%(person)s already takes care of this.") % {"person": due.acknowledged_by.name}
        )
    due.acknowledged_at, due.acknowledged_by = at, by
    due.snoozed_until = None
    due.save(update_fields=["acknowledged_at", "acknowledged_by", "snoozed_until"])
    plan.drop_waiting(due, at=at)
    record(incident, events.ACKNOWLEDGED, by=by, at=at, **queries.subject_of(due))
    return due


@transaction.atomic
def snooze_due(due: Due, *, until: datetime, reason: str, by: User, at: datetime) -> Due:
    """
    Put the reminder off: its steps begin again at `until`. What is owed stays owed at its time.

    :raises CannotSnooze: no reason, or not a time within the next day.
    """
    incident, due = _lock(due, by=by, at=at)
    if not reason.strip():
        raise CannotSnooze(_("The reminder was not put off: say why."))
    if not at < until <= at + rules.LONGEST_SNOOZE:
        raise CannotSnooze(
            _("The reminder was not put off: choose a time within the next 24 hours.")
        )
    due.snoozed_until, due.snooze_reason = until, reason.strip()
    due.acknowledged_at = due.acknowledged_by = None
    due.save(update_fields=["snoozed_until", "snooze_reason", "acknowledged_at", "acknowledged_by"])
    plan.begin_series(due, until=until, at=at)
    facts = queries.subject_of(due)
    record(incident, events.SNOOZED, by=by, at=at, until=until, reason=reason.strip(), **facts)
    return due


@transaction.atomic
def _take_in(incident_pk: int, *, at: datetime) -> int:
    """Take the due steps of one incident: deliver, escalate on the record, mark as taken."""
    incident = Incident.objects.lock(incident_pk)
    steps = list(
        queries.waiting_steps(at=at)
        .filter(due__incident=incident)
        .select_related(
            "due__promise__audience",
            "due__promise__owner",
            "due__stage__round__version__statement__incident",
            "due__assignment__role",
            "due__assignment__user",
            "due__release__version__statement__incident",
            "due__release__owed_by",
            "due__release__released_by",
        )
        .order_by("at", "pk")
    )
    room = queries.room(incident, at=at)
    for step in steps:
        _take(step, room=room)
    return len(steps)


def _take(step: Step, *, room: Room) -> None:
    rule = clock_rules.step_rule(step.due.kind, step.name)
    people = queries.called(step.due, rule.calls, room=room)
    subject = queries.subject_of(step.due)
    facts = timeline_rules.plain({"about": "step", "step": step.name, **subject})
    for person in people:
        deliver(person, reason=f"step:{step.pk}", incident=room.incident, facts=facts, at=room.at)
    if not people:
        log.warning("Step %s of %s calls nobody: no one is in the room.", step.name, step.due)
    if rule.escalates and people:
        record(
            room.incident,
            events.ESCALATED,
            by=None,
            at=room.at,
            person=people,
            step=StepName(step.name),
            **subject,
        )
    step.taken_at = room.at
    step.save(update_fields=["taken_at"])


def _lock(due: Due, *, by: User, at: datetime) -> tuple[Incident, Due]:
    incident = Incident.objects.lock(due.incident_id)
    due = queries.dues().get(pk=due.pk)
    if due.settled_at is not None:
        raise NothingDue(_("Nothing was changed: this is no longer owed."))
    concerned = queries.concerned(due, room=queries.room(incident, at=at))
    if by.pk not in {person.pk for person in concerned}:
        raise NotCalled(
            _("Only those whom this reminder calls can answer for it: %(people)s.")
            % {"people": ", ".join(person.name for person in concerned)}
        )
    return incident, due
