"""Make, keep, move, cancel and miss promises; plan and settle what else falls due."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents import access
from incidents.clocks import cadence, life, owed, plan, rules
from incidents.models import (
    Assignment,
    Due,
    Incident,
    Promise,
    Publication,
    Release,
    Round,
    Stage,
)
from incidents.models import clock as events
from incidents.timeline.actions import record
from teams.models import Audience, User

State = Promise.State
Source = Promise.Source


class PastTime(Refused):
    """A promise is for a time to come."""


class NotTheirRoom(Refused):
    """Whoever owns a promise must be able to see the incident."""


class Settled(Refused):
    """The promise has ended meanwhile."""


class OwedByCadence(Refused):
    """What the severity asks for is answered by speaking, or by recording why not."""


class ReasonMissing(Refused):
    """A change on the record says why."""


@transaction.atomic
def make_promise(
    incident: Incident,
    *,
    audience: Audience,
    channel: str,
    subject: str,
    due_at: datetime,
    owner: User,
    source: str,
    announced_in: Publication | None = None,
    by: User,
    at: datetime,
) -> Promise:
    """
    Promise an audience an update by a time; `channel` empty means whichever.

    An audience is promised one thing for one time: asked for again, the open promise returns.
    :raises PastTime: the time has passed. :raises NotTheirRoom: the owner may not see the room.
    """
    incident = Incident.objects.lock(incident.pk)
    if due_at <= at:
        raise PastTime(_("Nothing was promised: this time has passed. Choose a later one."))
    _check_owner(incident, owner, at=at)
    same = owed.open_promises(incident).filter(
        audience=audience, channel=channel, due_at=due_at, subject=subject, owner=owner
    )
    return same.first() or life.make(
        incident,
        audience=audience,
        channel=channel,
        subject=subject,
        due_at=due_at,
        owner=owner,
        source=Source(source),
        announced_in=announced_in,
        by=by,
        at=at,
    )


def keep_promises(
    publication: Publication,
    *,
    next_update_at: datetime | None = None,
    by: User,
    at: datetime,
) -> list[Promise]:
    """
    Settle what a publication keeps, and plan what it leads to; one without sign-off keeps nothing.

    Called inside the verb that records the publication, which holds the incident's lock.
    What a named person released did speak, as what was signed does. It keeps the earliest
    promise to its audience, and the cadence when it spoke to the public; the same version on
    another channel keeps nothing twice. `next_update_at` is the time that the words announce: it
    is promised to the audience. Then the cadence is planned anew.
    """
    if publication.basis == Publication.Basis.UNSIGNED:
        return []
    incident, met = publication.incident, owed.met_by(publication)
    kept = _kept_by(met, publication)
    for promise in kept:
        life.keep(promise, publication, by=by, at=at)
    left: list[Promise] | None = [one for one in met.open if one not in kept]
    if next_update_at is not None and next_update_at > at:
        left = None
        make_promise(
            incident,
            audience=publication.audience,
            channel="",
            subject=rules.ANNOUNCED_WORDS["fr" if incident.language == "fr" else "en"],
            due_at=next_update_at,
            owner=owed.speaker(incident) or by,
            source=Source.STATEMENT,
            announced_in=publication,
            by=by,
            at=at,
        )
    cadence.plan_cadence(incident, open_=left, spoken_to=publication.audience, by=by, at=at)
    return kept


@transaction.atomic
def move_promise(
    promise: Promise, *, due_at: datetime, reason: str, by: User, at: datetime
) -> Promise:
    """
    Promise another time instead; the old promise stays on record as moved.

    :raises Settled: it has ended. :raises PastTime: the time has passed.
    """
    incident, promise = _lock(promise, "move")
    if due_at <= at:
        raise PastTime(_("The promise was not moved: this time has passed. Choose a later one."))
    if promise.source == Source.CADENCE and due_at > promise.due_at:
        raise OwedByCadence(
            _("The severity sets this time. Speak, or record why not; it cannot be moved later.")
        )
    return life.move(incident, promise, due_at=due_at, reason=_given(reason), by=by, at=at)


@transaction.atomic
def cancel_promise(promise: Promise, *, reason: str, by: User, at: datetime) -> Promise:
    """:raises Settled: it has ended. :raises OwedByCadence: silence is recorded, not cancelled."""
    incident, promise = _lock(promise, "cancel")
    if promise.source == Source.CADENCE:
        raise OwedByCadence(
            _("This is owed because of the severity. Speak, or record why you do not.")
        )
    life.end(promise, State.CANCELLED, reason=_given(reason), at=at)
    record(
        incident,
        events.CANCELLED,
        by=by,
        at=at,
        person=promise.owner,
        **life.facts(promise),
        reason=promise.reason,
    )
    cadence.plan_cadence(incident, by=by, at=at)
    return promise


@transaction.atomic
def record_silence(incident: Incident, *, reason: str, by: User, at: datetime) -> Promise | None:
    """
    Put on record why the public is not spoken to now, and plan the next time.

    :raises Settled: nothing is owed to the public by the cadence.
    """
    incident = Incident.objects.lock(incident.pk)
    promise = owed.cadence_promise(incident)
    if promise is None:
        raise Settled(_("Nothing is owed to the public by the cadence at the moment."))
    life.end(promise, State.CANCELLED, reason=_given(reason), at=at)
    record(
        incident, events.SILENCE_RECORDED, by=by, at=at, reason=promise.reason, promise=promise.pk
    )
    return cadence.plan_cadence(incident, by=by, at=at)


@transaction.atomic
def replan_for_severity(incident: Incident, *, by: User, at: datetime) -> Promise | None:
    """
    Bring the cadence in line with the level that was just set; the earlier time wins.

    Also called when an incident is taken up again. Returns the promise now open, if any is.
    """
    return cadence.plan_cadence(Incident.objects.lock(incident.pk), by=by, at=at)


@transaction.atomic
def settle_at_stand_down(incident: Incident, *, by: User, at: datetime) -> list[Promise]:
    """
    End what the incident owed: overdue promises are missed, the cadence stops.

    A promise to an audience for a later time stays owed.
    """
    incident = Incident.objects.lock(incident.pk)
    ended = []
    for promise in owed.open_promises(incident).select_related("audience", "owner"):
        if promise.due_at < at:
            life.miss(incident, promise, at=at)
            ended.append(promise)
        elif promise.source == Source.CADENCE:
            life.end(
                promise,
                State.CANCELLED,
                reason=rules.STAND_DOWN_WORDS["fr" if incident.language == "fr" else "en"],
                at=at,
            )
            record(
                incident,
                events.CANCELLED,
                by=by,
                at=at,
                person=promise.owner,
                **life.facts(promise),
                reason=rules.STAND_DOWN_WORDS,
            )
            ended.append(promise)
    return ended


@transaction.atomic
def miss_overtaken(incident: Incident, *, at: datetime) -> list[Promise]:
    """
    Mark as missed what is still open when the next to the same audience falls due.

    A cadence goes on: its next slot is owed from the moment the last one was missed. Called by
    the tick of the reminders.
    """
    incident = Incident.objects.lock(incident.pk)
    missed = list(owed.overtaken(at=at).filter(incident=incident))
    for promise in missed:
        life.miss(incident, promise, at=at)
    standing = owed.cadence_promise(incident)
    if standing is None or not rules.slot_passed(standing, incident, at=at):
        return missed
    every = rules.cadence(incident.severity)
    assert every is not None  # noqa: S101 - a slot passed
    slot = rules.latest_slot(standing.due_at, every, at=at)
    life.miss(incident, standing, at=at)
    cadence.make_cadence(incident, due_at=slot, by=None, at=at)
    return [*missed, standing]


def plan_stage(stage: Stage, *, at: datetime) -> Due | None:
    """Plan the reminders of a stage that has just opened; called inside the verb that opens it."""
    if stage.due_at is None:
        return None
    incident = stage.round.version.statement.incident
    return plan.plan(incident, Due.Kind.STAGE, due_at=stage.due_at, at=at, stage=stage)


def settle_stage(stage: Stage, *, at: datetime) -> None:
    plan.settle(Due.objects.filter(stage=stage), at=at)


def plan_role(assignment: Assignment, *, at: datetime) -> Due:
    """Plan the reminders of a role on offer; called inside the verb that offers it."""
    due_at = at + rules.ROLE_ANSWER
    return plan.plan(
        assignment.incident, Due.Kind.ROLE, due_at=due_at, at=at, assignment=assignment
    )


def settle_role(assignment: Assignment, *, at: datetime) -> None:
    plan.settle(Due.objects.filter(assignment=assignment), at=at)


def plan_release(release: Release, *, at: datetime) -> Due:
    """Plan the reminders of a review or confirmation; called inside the verb that releases."""
    incident = release.version.statement.incident
    return plan.plan(incident, Due.Kind.RELEASE, due_at=release.owed_at, at=at, release=release)


def settle_release(release: Release, *, at: datetime) -> None:
    plan.settle(Due.objects.filter(release=release), at=at)


def settle_releases(round_: Round, *, at: datetime) -> None:
    """End what is owed about the releases of a round: its text is no longer the one to publish."""
    plan.settle(Due.objects.filter(release__round=round_), at=at)


def _kept_by(met: owed.Met, publication: Publication) -> list[Promise]:
    kept = owed.kept_of(met, publication)
    found = [kept] if kept else []
    if not rules.speaks_to_public(
        audience=publication.audience.slug,
        is_internal=publication.is_internal,
        channel=publication.channel,
    ):
        return found
    standing = owed.cadence_of(met.open)
    if standing is None or standing in found or met.has_spoken:
        return found
    if standing.made_at <= rules.end_of_minute(publication.published_at):
        found.append(standing)
    return found


def _lock(promise: Promise, verb: str) -> tuple[Incident, Promise]:
    incident = Incident.objects.lock(promise.incident_id)
    promise = Promise.objects.select_related("audience", "owner").get(pk=promise.pk)
    if not rules.can(verb, promise.state):
        raise Settled(
            _("Nothing was changed: this promise is already “%(state)s”.")
            % {"state": State(promise.state).label}
        )
    return incident, promise


def _check_owner(incident: Incident, owner: User, *, at: datetime) -> None:
    if not access.may(owner, incident, access.VIEW, at=at):
        raise NotTheirRoom(
            _("%(person)s cannot see this incident. Choose somebody who can.")
            % {"person": owner.name}
        )


def _given(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Nothing was changed: say why. The reason goes on the record."))
    return reason
