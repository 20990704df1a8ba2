"""What needs this person now, over all incidents they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crisisdesk.kit.times import due_state
from incidents import access
from incidents.board.queries.incidents import missing_roles
from incidents.clocks import rules as clock_rules
from incidents.models import Assignment, Due, Incident, Promise, Release, Round, Statement
from incidents.reminders import queries as reminders
from incidents.roles import rules as role_rules
from teams.models import Role, User

Kind = Literal[
    "signoff", "promise", "escalated", "offer", "assess", "roles", "publish", "review", "confirm"
]


@dataclass(frozen=True)
class NeedRow:
    """
    One thing to do.

    `what`: the text to sign or publish, what is promised, the role offered, the roles missing;
    `who`: whom it is for, who asks or who owes it; `target`: key of statement, promise, reminder,
    assignment or release;
    `version`: of the text, where there is one; `about`: the kind of thing that was escalated.
    """

    kind: Kind
    reference: str
    incident: str
    what: str
    due_at: datetime | None = None
    who: str = ""
    target: int | None = None
    version: int | None = None
    about: str = ""


def order(found: list[NeedRow], *, at: datetime) -> list[NeedRow]:
    """Overdue first, then soon, then what has no clock, then what runs."""
    places = {"overdue": 0, "soon": 1, "running": 3}

    def place(row: NeedRow) -> tuple[int, datetime]:
        if row.due_at is None:
            return (2, at)
        return (places[due_state(row.due_at, now=at)], row.due_at)

    return sorted(found, key=place)


def promises(user: User, incidents: Sequence[Incident]) -> list[NeedRow]:
    """Updates this person has promised and still owes."""
    open_ones = Promise.objects.filter(
        incident__in=[one.pk for one in incidents], owner=user, state=Promise.State.OPEN
    )
    return [
        NeedRow(
            kind="promise",
            reference=one.incident.reference,
            incident=one.incident.title,
            what=clock_rules.subject(one),
            due_at=one.due_at,
            who=one.audience.name,
            target=one.pk,
        )
        for one in open_ones.select_related("incident", "audience")
    ]


def escalated(
    user: User, incidents: Sequence[Incident], *, at: datetime, signs: Sequence[NeedRow]
) -> list[NeedRow]:
    """What others owe and nobody answered for; not what this person `signs` anyway."""
    mine = {(row.reference, row.target) for row in signs}
    return [
        NeedRow(
            kind="escalated",
            reference=one.reference,
            incident=one.incident,
            what=one.what,
            due_at=one.due_at,
            who=one.owner,
            target=one.due,
            about=str(Due.Kind(one.kind).label),
        )
        for one in reminders.escalated_to(user, incidents, at=at)
        if one.kind != Due.Kind.STAGE or (one.reference, one.subject) not in mine
    ]


def offers(user: User, incidents: Sequence[Incident]) -> list[NeedRow]:
    """Roles that wait for this person's answer."""
    open_ones = Assignment.objects.filter(
        incident__in=[one.pk for one in incidents], user=user, state=Assignment.State.OFFERED
    )
    return [
        NeedRow(
            kind="offer",
            reference=one.incident.reference,
            incident=one.incident.title,
            what=one.role.name,
            due_at=_due(one),
            who=one.assigned_by.name if one.assigned_by else "",
            target=one.pk,
        )
        for one in open_ones.select_related("incident", "role", "assigned_by", "due")
    ]


def led(
    user: User, incidents: Sequence[Incident], held: dict[int, list[Assignment]]
) -> list[NeedRow]:
    """What is missing in the incidents this person leads: an assessment, people for roles."""
    mine = [one for one in incidents if _leads(user, held.get(one.pk, []))]
    missing = {one.pk: missing_roles(one, held.get(one.pk, [])) for one in mine if one.severity}
    slugs = {slug for some in missing.values() for slug in some}
    names = {role.slug: role.name for role in Role.objects.filter(slug__in=slugs)}
    unassessed = [
        NeedRow(kind="assess", reference=one.reference, incident=one.title, what="")
        for one in mine
        if one.severity is None
    ]
    unfilled = [
        NeedRow(
            kind="roles",
            reference=one.reference,
            incident=one.title,
            what=", ".join(names.get(slug, slug) for slug in missing[one.pk]),
        )
        for one in mine
        if missing.get(one.pk)
    ]
    return unassessed + unfilled


def to_publish(user: User, incidents: Sequence[Incident]) -> list[NeedRow]:
    """Texts this person has written that are good to publish and not out yet."""
    good = Statement.objects.exclude(kind=Statement.Kind.LINE).filter(
        incident__in=[one.pk for one in incidents],
        status=Statement.Status.GOOD,
        versions__authors__user=user,
    )
    return [
        NeedRow(
            kind="publish",
            reference=one.incident.reference,
            incident=one.incident.title,
            what=one.title,
            who=one.audience.name,
            target=one.number,
        )
        for one in good.select_related("incident", "audience").distinct()
    ]


def released(user: User, *, at: datetime) -> list[NeedRow]:
    """
    Releases that this person has to review, agreements by word of mouth to confirm or deny.

    Of incidents that have ended too: what is owed about them stays owed.
    """
    open_ones = Release.objects.filter(
        round__version__statement__incident__in=access.visible_to(user, at=at),
        owed_by=user,
        outcome="",
    ).exclude(round__outcome=Round.Outcome.VOID)
    return [
        NeedRow(
            kind="confirm" if one.form == Release.Form.ORAL else "review",
            reference=one.version.statement.incident.reference,
            incident=one.version.statement.incident.title,
            what=one.version.statement.title,
            due_at=one.owed_at,
            who=one.released_by.name,
            target=one.pk,
            version=one.version.number,
        )
        for one in open_ones.select_related("version__statement__incident", "released_by")
    ]


def _leads(user: User, held: Sequence[Assignment]) -> bool:
    return any(
        one.role.slug == role_rules.CRISIS_LEAD and user.pk in (one.user_id, one.deputy_id)
        for one in held
    )


def _due(assignment: Assignment) -> datetime | None:
    due = getattr(assignment, "due", None)
    return due.due_at if due is not None else None
