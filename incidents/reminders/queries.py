"""Whom a step calls, asked at the time it is taken; what a reminder is about, in facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from incidents import access
from incidents.clocks import rules as clock_rules
from incidents.clocks.rules import Addressee
from incidents.models import Assignment, Delivery, Due, Incident, Release, Stage, Step, StepName
from incidents.reminders import rules
from incidents.roles.queries import holders
from incidents.signoff.queries import signers
from teams.models import User


@dataclass(frozen=True)
class Room:
    """Who holds which role, read once for all the steps of an incident."""

    incident: Incident
    held: dict[str, Assignment]
    at: datetime


@dataclass(frozen=True)
class NextStep:
    """A step still to come: what it is called, when, whom it would call if nothing changes."""

    name: str
    at: datetime
    people: str


@dataclass(frozen=True)
class ReminderRow:
    """What a reminder's page shows; `page` is where the thing owed itself is done."""

    pk: int
    kind: str
    what: str
    due_at: datetime
    settled_at: datetime | None
    seen_by: str
    seen_at: datetime | None
    snoozed_until: datetime | None
    snooze_reason: str
    steps: Sequence[NextStep]
    is_called: bool
    is_mine: bool
    subject: int


@dataclass(frozen=True)
class EscalatedRow:
    """Something owed by others (`owner`, empty for a sign-off) that has climbed to a person."""

    due: int
    kind: str
    reference: str
    incident: str
    what: str
    owner: str
    due_at: datetime
    subject: int


def room(incident: Incident, *, at: datetime) -> Room:
    return Room(incident=incident, held=holders(incident), at=at)


def waiting_steps(*, at: datetime) -> QuerySet[Step]:
    return Step.objects.filter(taken_at=None, dropped_at=None, at__lte=at)


def incidents_with_due_steps(*, at: datetime) -> list[int]:
    """Return the keys of the incidents where a step is due, the longest waiting first."""
    found = waiting_steps(at=at).order_by("at").values_list("due__incident", flat=True)
    return list(dict.fromkeys(found))


def called(due: Due, addressee: Addressee, *, room: Room) -> list[User]:
    """Return whom a step calls; where it finds nobody, who comes next."""
    for wanted in (addressee, *rules.CLIMB[addressee]):
        people = _allowed(_named(due, wanted, room), due, room)
        if people:
            return people
    return []


def concerned(due: Due, *, room: Room) -> list[User]:
    """Return everyone whom some step of this due would call: who may answer for it."""
    people: dict[int, User] = {}
    for rule in clock_rules.STEPS[due.kind]:
        people |= {one.pk: one for one in called(due, rule.calls, room=room)}
    for owner in _owners(due, room):
        people[owner.pk] = owner
    return list(people.values())


def subject_of(due: Due) -> dict[str, Any]:
    """Return what a due is about, as facts of an entry or a delivery."""
    facts: dict[str, Any] = {"owes": str(due.kind), "due_row": due.pk, "due_at": due.due_at}
    if due.promise is not None:
        what = clock_rules.subject_fact(due.promise)
        facts |= {"what": what, "audience": due.promise.audience, "owner": due.promise.owner}
        return facts | {"promise": due.promise.pk}
    if due.stage is not None:
        statement = due.stage.round.version.statement
        return facts | {
            "what": statement.title,
            "statement": statement.pk,
            "number": statement.number,
        }
    if due.release is not None:
        return facts | _release_facts(due.release)
    assert due.assignment is not None  # noqa: S101 - a constraint says so
    return facts | {
        "what": due.assignment.role,
        "owner": due.assignment.user,
        "assignment": due.assignment.pk,
    }


def _release_facts(release: Release) -> dict[str, Any]:
    return {
        "what": release.version.statement.title,
        "statement": release.version.statement_id,
        "owner": release.owed_by,
        "released_by": release.released_by,
        "form": str(release.form),
        "release": release.pk,
    }


def _named(due: Due, wanted: Addressee, room: Room) -> list[User]:
    owners = _owners(due, room)
    if wanted == Addressee.OWNER:
        return owners
    if wanted == Addressee.DEPUTY:
        return _deputies(owners, room)
    leader = room.held.get(rules.LEADERS[wanted])
    if leader is None:
        return []
    # Someone who owns the thing is not called a second time as lead: their deputy is. Nobody
    # reviews their own release.
    known = {owner.pk for owner in owners}
    if due.release is not None and due.release.form == Release.Form.BREAK_GLASS:
        known.add(due.release.released_by_id)
    people = [one for one in (leader.user, leader.deputy) if one and one.pk not in known]
    return people[:1]


def _owners(due: Due, room: Room) -> list[User]:
    if due.promise is not None:
        return [due.promise.owner]
    if due.stage is not None:
        return signers(due.stage.round, at=room.at)
    if due.release is not None:
        return [due.release.owed_by] if due.release.owed_by else []
    assert due.assignment is not None  # noqa: S101 - a constraint says so
    return [due.assignment.user]


def _deputies(owners: Iterable[User], room: Room) -> list[User]:
    known = {owner.pk for owner in owners}
    behind = {
        one.deputy.pk: one.deputy
        for one in room.held.values()
        if one.deputy and one.user_id in known and one.deputy.pk not in known
    }
    return list(behind.values())


def _allowed(people: list[User], due: Due, room: Room) -> list[User]:
    """
    Return those who may see the incident now: nobody else learns that it exists.

    Somebody from outside who is asked to sign hears that their text still waits, and no more.
    """
    return [
        one
        for one in people
        if access.may(one, room.incident, access.VIEW, at=room.at)
        or (due.stage is not None and _is_shown(due.stage, one, room))
    ]


def _is_shown(stage: Stage, person: User, room: Room) -> bool:
    return bool(access.statement_rights(person, stage.round.version.statement, at=room.at))


def dues() -> QuerySet[Due]:
    """Return dues with all that their words need."""
    return Due.objects.select_related(
        "acknowledged_by",
        "promise__audience",
        "promise__owner",
        "stage__round__version__statement__incident",
        "assignment__role",
        "assignment__user",
        "release__version__statement__incident",
        "release__owed_by",
        "release__released_by",
    )


def escalated_to(user: User, incidents: Iterable[Incident], *, at: datetime) -> list[EscalatedRow]:
    """Return what is still owed by others and was escalated to this person, or taken on by them."""
    steps = Step.objects.filter(
        due__incident__in=[one.pk for one in incidents],
        due__settled_at=None,
        name__in=clock_rules.ESCALATIONS,
        taken_at__isnull=False,
    )
    reasons = {f"step:{pk}": due for pk, due in steps.values_list("pk", "due")}
    called_by = Delivery.objects.filter(person=user, reason__in=reasons)
    found = (
        dues()
        .filter(pk__in={reasons[one] for one in called_by.values_list("reason", flat=True)})
        .filter(Q(acknowledged_by=None) | Q(acknowledged_by=user))
        .exclude(snoozed_until__gt=at)
        .exclude(promise__owner=user)
        .exclude(assignment__user=user)
        .exclude(release__owed_by=user)
        .select_related("incident")
    )
    return [_escalated(due) for due in found]


def _escalated(due: Due) -> EscalatedRow:
    owner = _owner(due)
    return EscalatedRow(
        due=due.pk,
        kind=due.kind,
        reference=due.incident.reference,
        incident=due.incident.title,
        what=_what(due),
        owner=owner.name if owner else "",
        due_at=due.due_at,
        subject=_subject_key(due),
    )


def _owner(due: Due) -> User | None:
    if due.release is not None:
        return due.release.owed_by
    return due.promise.owner if due.promise else due.assignment.user if due.assignment else None


def reminder_row(due: Due, incident: Incident, *, viewer: User, at: datetime) -> ReminderRow:
    here = room(incident, at=at)
    waiting = due.steps.filter(taken_at=None, dropped_at=None).order_by("at", "pk")
    steps = [
        NextStep(
            name=str(StepName(step.name).label),
            at=step.at,
            people=", ".join(
                person.name
                for person in called(
                    due, clock_rules.step_rule(due.kind, step.name).calls, room=here
                )
            ),
        )
        for step in waiting
    ]
    snoozed = due.snoozed_until if due.snoozed_until and due.snoozed_until > at else None
    return ReminderRow(
        pk=due.pk,
        kind=due.kind,
        what=_what(due),
        due_at=due.due_at,
        settled_at=due.settled_at,
        seen_by=due.acknowledged_by.name if due.acknowledged_by else "",
        seen_at=due.acknowledged_at,
        snoozed_until=snoozed,
        snooze_reason=due.snooze_reason if snoozed else "",
        steps=steps,
        is_called=viewer.pk in {person.pk for person in concerned(due, room=here)},
        is_mine=due.acknowledged_by_id == viewer.pk,
        subject=_subject_key(due),
    )


def _what(due: Due) -> str:
    if due.promise is not None:
        what = clock_rules.subject(due.promise)
        return _("%(audience)s: %(what)s") % {"audience": due.promise.audience.name, "what": what}
    if due.stage is not None:
        return due.stage.round.version.statement.title
    if due.release is not None:
        return due.release.version.statement.title
    return due.assignment.role.name if due.assignment else ""


def _subject_key(due: Due) -> int:
    """Return what the address of the thing owed is made with."""
    if due.promise_id is not None:
        return due.promise_id
    if due.stage is not None:
        return due.stage.round.version.statement.number
    return due.release_id or due.assignment_id or 0
