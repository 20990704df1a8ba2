"""What needs this person now, over all incidents they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.db.models import Exists, OuterRef

from crisisdesk.kit.times import due_state
from incidents import access
from incidents.board.queries.incidents import missing_roles
from incidents.clocks import rules as clock_rules
from incidents.models import (
    Action,
    Assignment,
    Due,
    Incident,
    Promise,
    Release,
    Round,
    Statement,
    VersionAuthor,
)
from incidents.reminders import queries as reminders
from incidents.roles import rules as role_rules
from incidents.signoff import releases
from incidents.statements import correcting
from teams.models import Role, User

UNDONE: Final = (Action.State.OPEN, Action.State.STARTED)
Kind = Literal[
    "signoff",
    "promise",
    "escalated",
    "offer",
    "assess",
    "roles",
    "orphaned",
    "publish",
    "released",
    "correct",
    "review",
    "confirm",
]


@dataclass(frozen=True)
class NeedRow:
    """
    One thing to do.

    `what`: the text to sign or publish, what is promised, the role offered, the roles missing;
    `who`: whom it is for, who asks or who owes it; `target`: key of statement, promise, reminder,
    assignment or release;
    `version`, `language`: of the text, where there is one; `about`: the kind of thing that was
    escalated; `count`: how many live posts are to be corrected.
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
    language: str = ""
    count: int = 0


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


def orphaned(
    user: User,
    incidents: Sequence[Incident],
    held: dict[int, list[Assignment]],
    *,
    at: datetime,
) -> list[NeedRow]:
    """What is owed, in the incidents this person leads, by people who can no longer see them."""
    mine = [one for one in incidents if _leads(user, held.get(one.pk, []))]
    inside = access.enters("owner", "incident", at=at)
    here = {"incident__in": [one.pk for one in mine]}
    promised = Promise.objects.filter(**here, state=Promise.State.OPEN).exclude(inside)
    agreed = Action.objects.filter(**here, state__in=UNDONE).exclude(inside)
    owed: dict[int, list[str]] = {}
    for some in (promised, agreed):
        for incident, name in some.order_by("pk").values_list("incident", "owner__name"):
            owed.setdefault(incident, []).append(name)
    return [
        NeedRow(
            kind="orphaned",
            reference=one.reference,
            incident=one.title,
            what="",
            who=", ".join(dict.fromkeys(owed[one.pk])),
            count=len(owed[one.pk]),
        )
        for one in mine
        if one.pk in owed
    ]


def to_publish(user: User, incidents: Sequence[Incident]) -> list[NeedRow]:
    """Texts this person has written that are good to publish and not out yet."""
    good = Statement.objects.exclude(kind=Statement.Kind.LINE).filter(
        incident__in=[one.pk for one in incidents],
        status=Statement.Status.GOOD,
        versions__authors__user=user,
    )
    let_out = Round.objects.filter(
        version__statement=OuterRef("pk"), outcome=Round.Outcome.RELEASED
    )
    return [
        NeedRow(
            kind="released" if one.was_released else "publish",
            reference=one.incident.reference,
            incident=one.incident.title,
            what=one.title,
            who=one.audience.name,
            target=one.number,
            language=one.language,
        )
        for one in good.select_related("incident", "audience")
        .annotate(was_released=Exists(let_out))
        .distinct()
    ]


def to_correct(
    user: User, incidents: Sequence[Incident], held: dict[int, list[Assignment]]
) -> list[NeedRow]:
    """
    Say of each incident which live posts tell something that is known differently by now.

    To whoever may record a publication there by their role, and to the authors of the words.
    """
    live = correcting.live(incidents)
    wrote = set(
        VersionAuthor.objects.filter(
            user=user, version__statement__in=[one.pk for one in live]
        ).values_list("version__statement", flat=True)
    )
    rows = []
    for incident in incidents:
        speaks = _publishes(user, held.get(incident.pk, []))
        here = [o for o in live if o.incident_id == incident.pk and (speaks or o.pk in wrote)]
        if here:
            titles = ", ".join(dict.fromkeys(one.title for one in here))
            rows.append(
                NeedRow(
                    kind="correct",
                    reference=incident.reference,
                    incident=incident.title,
                    what=titles,
                    count=len(here),
                )
            )
    return rows


def released(user: User, *, at: datetime) -> list[NeedRow]:
    """
    Releases that this person has to review, agreements by word of mouth to confirm or deny.

    Of incidents that have ended too: what is owed about them stays owed.
    """
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
            language=one.version.statement.language,
        )
        for one in releases.owed_by(user, at=at)
    ]


def _leads(user: User, held: Sequence[Assignment]) -> bool:
    return any(
        one.role.slug == role_rules.CRISIS_LEAD and user.pk in (one.user_id, one.deputy_id)
        for one in held
    )


def _publishes(user: User, held: Sequence[Assignment]) -> bool:
    return any(
        one.user_id == user.pk
        and "record_publication" in role_rules.PERMISSIONS.get(one.role.slug, ())
        for one in held
    )


def _due(assignment: Assignment) -> datetime | None:
    due = getattr(assignment, "due", None)
    return due.due_at if due is not None else None
