"""Reads of clocks: what is owed, to whom, by whom, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import BooleanField, ExpressionWrapper, Min, Prefetch, QuerySet
from django.utils.translation import gettext as _

from crisisdesk.kit.times import clock_time, due_state, moment
from incidents import access
from incidents.clocks import owed, rules
from incidents.models import (
    Assessment,
    Channel,
    Incident,
    Promise,
    Publication,
    Seat,
    Stage,
)
from teams.models import User

ORDER: Final = {"overdue": 0, "soon": 1, "running": 2, "none": 3, "met": 4}


@dataclass(frozen=True)
class ClockRow:
    """One clock; `kind`: promise, stage or first_response. `key` is stable on the page."""

    kind: str
    key: str
    label: str
    due_at: datetime | None
    note: str
    state: str
    met_at: datetime | None = None
    started_at: datetime | None = None
    owner: str = ""


@dataclass(frozen=True)
class PromiseRow:
    """One promise in the panel; `state_words` replace the countdown of one that has ended."""

    pk: int
    due: int | None
    subject: str
    audience: str
    channel: str
    owner: str
    origin: str
    due_at: datetime
    state: str
    is_open: bool
    is_cadence: bool
    is_mine: bool
    owner_is_out: bool
    met_at: datetime | None
    reason: str
    moved_to: datetime | None
    seen_by: str
    snoozed_until: datetime | None
    rings: bool


@dataclass(frozen=True)
class OwedRow:
    """A promise that a person owns, for the desk."""

    promise: int
    reference: str
    title: str
    subject: str
    audience: str
    due_at: datetime


@dataclass(frozen=True)
class PromisePanel:
    """The promises of an incident: what is owed, what has ended, and the counts of the head."""

    owed: Sequence[PromiseRow]
    ended: Sequence[PromiseRow]
    summary: str
    may_promise: bool


@dataclass(frozen=True)
class FirstResponse:
    """When the first words were due, by the level that held, and when they were published."""

    due_at: datetime | None
    met_at: datetime | None


def first_response(incident: Incident) -> FirstResponse:
    """
    Return when the first response was due and when it was given.

    The clock runs from opening to the first publication, signed or released by a named person,
    that is not internal; without a level nothing is due yet. Once given it is judged by the level of that moment: raising the
    level afterwards makes nobody late.
    """
    return first_responses([incident])[incident.pk]


def first_responses(incidents: Iterable[Incident]) -> dict[int, FirstResponse]:
    """Return every incident's first response by its key, in as many queries for one as for all."""
    found = list(incidents)
    met = dict(
        Publication.objects.filter(incident__in=found, is_internal=False)
        .exclude(basis=Publication.Basis.UNSIGNED)
        .values_list("incident")
        .annotate(first=Min("published_at"))
    )
    judged = Assessment.objects.filter(incident__in=list(met)).order_by("number")
    levels = {one.pk: one.severity for one in found} | {
        key: level
        for key, level, assessed_at in judged.values_list("incident", "level", "assessed_at")
        if assessed_at <= met[key]
    }
    return {
        one.pk: FirstResponse(
            rules.first_response_due(one.opened_at, levels[one.pk]), met.get(one.pk)
        )
        for one in found
    }


def incidents_to_miss(*, at: datetime) -> list[Incident]:
    """Return the incidents where an open promise may have been overtaken by the next."""
    late = Promise.objects.filter(state=Promise.State.OPEN, due_at__lt=at)
    overtaken = owed.overtaken(at=at).values("incident")
    cadence = late.filter(source=Promise.Source.CADENCE).select_related("incident")
    over = [one.incident for one in cadence if rules.slot_passed(one, one.incident, at=at)]
    return over + list(
        Incident.objects.filter(pk__in=overtaken).exclude(pk__in=[i.pk for i in over])
    )


def clocks_of(incidents: Iterable[Incident], *, at: datetime) -> dict[int, list[ClockRow]]:
    """Return every incident's clocks in their order, by its key, for any number of incidents."""
    found = list(incidents)
    rows: dict[int, list[ClockRow]] = defaultdict(list)
    for promise in _open_promises(found):
        rows[promise.incident_id].append(_promise_clock(promise, at=at))
    for stage in _open_stages(found):
        incident_id = stage.round.version.statement.incident_id
        rows[incident_id].append(_stage_clock(stage, at=at))
    answered = first_responses(found)
    for incident in found:
        row = _first_response_clock(incident, answered[incident.pk], at=at)
        if row is not None:
            rows[incident.pk].append(row)
    return {incident.pk: sorted(rows[incident.pk], key=_rank) for incident in found}


def header_clocks(incident: Incident, *, at: datetime) -> list[ClockRow]:
    """Return the clocks of one incident: overdue, soon, running, met."""
    return clocks_of([incident], at=at)[incident.pk]


def next_dues(incidents: Iterable[Incident], *, at: datetime) -> dict[int, ClockRow]:
    """Return what is due next in each incident, by its key; an incident that owes nothing is absent."""
    return {
        key: rows[0]
        for key, rows in clocks_of(incidents, at=at).items()
        if rows and rows[0].met_at is None and rows[0].due_at is not None
    }


def next_due(incident: Incident, *, at: datetime) -> ClockRow | None:
    return next_dues([incident], at=at).get(incident.pk)


def promises(
    incident: Incident, *, viewer: User, rights: frozenset[str], at: datetime
) -> PromisePanel:
    """Return the panel of promises: what is owed first, by time; then what ended, newest first."""
    found = with_parts(at=at).filter(incident=incident).order_by("due_at", "pk")
    rows = [promise_row(one, viewer=viewer, at=at) for one in found]
    owed = [row for row in rows if row.is_open]
    ended = sorted((row for row in rows if not row.is_open), key=_ended_rank, reverse=True)
    return PromisePanel(
        owed=owed,
        ended=ended,
        summary=_summary(rows, at=at),
        may_promise="draft_statement" in rights,
    )


def panel(incident: Incident, *, user: User, rights: frozenset[str], at: datetime) -> PromisePanel:
    return promises(incident, viewer=user, rights=rights, at=at)


def with_parts(*, at: datetime) -> QuerySet[Promise]:
    """Return promises with all that a row shows, and whether their owner sees the room."""
    inside = ExpressionWrapper(
        access.enters("owner", "incident", at=at), output_field=BooleanField()
    )
    return Promise.objects.select_related(
        "audience", "owner", "announced_in", "moved_to", "due", "due__acknowledged_by"
    ).annotate(owner_inside=inside)


def likely_owner(incident: Incident) -> User | None:
    """Return who would most likely keep a promise: who speaks for the house here."""
    return owed.speaker(incident)


def owners(incident: Incident, *, at: datetime) -> QuerySet[User]:
    """Return who can own a promise: everyone who sees the incident."""
    return access.people_of(incident, at=at).order_by("name")


def owed_by(user: User, *, at: datetime) -> list[OwedRow]:
    """Return the open promises that this person owns wherever they may see them, earliest first."""
    found = (
        Promise.objects.filter(
            owner=user, state=Promise.State.OPEN, incident__in=access.visible_to(user, at=at)
        )
        .select_related("incident", "audience")
        .order_by("due_at", "pk")
    )
    return [
        OwedRow(
            promise=one.pk,
            reference=one.incident.reference,
            title=one.incident.title,
            subject=rules.subject(one),
            audience=one.audience.name,
            due_at=one.due_at,
        )
        for one in found
    ]


def _open_promises(incidents: list[Incident]) -> list[Promise]:
    return list(
        Promise.objects.filter(incident__in=incidents, state=Promise.State.OPEN)
        .select_related("audience", "owner", "incident", "due")
        .order_by("due_at", "pk")
    )


def _open_stages(incidents: list[Incident]) -> list[Stage]:
    return list(
        Stage.objects.filter(
            round__version__statement__incident__in=incidents,
            round__outcome="open",
            opened_at__isnull=False,
            due_at__isnull=False,
            completed_at=None,
        )
        .select_related("round__version__statement")
        .defer("round__version__text", "round__version__channel_texts")
        .prefetch_related(Prefetch("seats", _seats_still_asked()))
        .order_by("due_at", "pk")
    )


def _seats_still_asked() -> QuerySet[Seat]:
    waiting = Seat.objects.filter(carried_from=None, decisions=None, releases=None)
    return waiting.select_related("role", "person").order_by("role__order", "pk")


def _promise_clock(promise: Promise, *, at: datetime) -> ClockRow:
    label = (
        _("Next public update")
        if promise.source == Promise.Source.CADENCE
        else _("%(audience)s: %(what)s")
        % {"audience": promise.audience.name, "what": rules.subject(promise)}
    )
    note = _("Promised for %(time)s · %(person)s")
    if promise.source == Promise.Source.CADENCE:
        note = _("Due %(time)s, or say why not · %(person)s")
    return ClockRow(
        kind="promise",
        key=f"promise-{promise.pk}",
        label=label,
        due_at=promise.due_at,
        note=note % {"time": moment(promise.due_at, now=at), "person": promise.owner.name},
        state=due_state(promise.due_at, now=at),
        owner=promise.owner.name,
    )


def _stage_clock(stage: Stage, *, at: datetime) -> ClockRow:
    assert stage.due_at is not None  # noqa: S101 - the query asks for it
    roles = ", ".join(seat.name for seat in stage.seats.all())
    return ClockRow(
        kind="stage",
        key=f"stage-{stage.pk}",
        label=_("Sign-off: %(title)s") % {"title": stage.round.version.statement.title},
        due_at=stage.due_at,
        note=_("Due %(time)s · %(roles)s") % {"time": moment(stage.due_at, now=at), "roles": roles},
        state=due_state(stage.due_at, now=at),
        owner=roles,
    )


def _first_response_clock(
    incident: Incident, answer: FirstResponse, *, at: datetime
) -> ClockRow | None:
    due_at, met_at = answer.due_at, answer.met_at
    is_running = incident.status in rules.SPEAKING and not incident.is_imported
    if met_at is None and (due_at is None or not is_running):
        return None
    if met_at is not None:
        note = _("Published %(time)s") % {"time": moment(met_at, now=at)}
    else:
        note = _("Opened %(time)s") % {"time": moment(incident.opened_at, now=at)}
    if due_at is not None:
        minutes = int((due_at - incident.opened_at).total_seconds() // 60)
        note = _("%(when)s, target %(n)s min") % {"when": note, "n": minutes}
    return ClockRow(
        kind="first_response",
        key=f"first-response-{incident.pk}",
        label=_("First response"),
        due_at=due_at,
        note=note,
        state="met" if met_at else due_state(due_at, now=at) if due_at else "none",
        met_at=met_at,
        started_at=incident.opened_at,
    )


def _rank(row: ClockRow) -> tuple[int, float]:
    when = row.met_at or row.due_at
    return ORDER[row.state], when.timestamp() if when else 0.0


def promise_row(promise: Promise, *, viewer: User, at: datetime) -> PromiseRow:
    is_open = promise.state == Promise.State.OPEN
    due = getattr(promise, "due", None)
    seen_by = due.acknowledged_by.name if due and due.acknowledged_by else ""
    snoozed = due.snoozed_until if due and due.snoozed_until and due.snoozed_until > at else None
    return PromiseRow(
        pk=promise.pk,
        due=due.pk if due else None,
        subject=rules.subject(promise),
        audience=promise.audience.name,
        channel=str(Channel(promise.channel).label) if promise.channel else "",
        owner=promise.owner.name,
        origin=_origin(promise, at=at),
        due_at=promise.due_at,
        state=promise.state,
        is_open=is_open,
        is_cadence=promise.source == Promise.Source.CADENCE,
        is_mine=promise.owner_id == viewer.pk,
        owner_is_out=is_open and not getattr(promise, "owner_inside", True),
        met_at=promise.settled_at if promise.state == Promise.State.KEPT else None,
        reason=rules.reason(promise),
        moved_to=promise.moved_to.due_at if promise.moved_to else None,
        seen_by=seen_by if is_open else "",
        snoozed_until=snoozed if is_open else None,
        rings=is_open
        and bool(due)
        and not seen_by
        and snoozed is None
        and due_state(promise.due_at, now=at) != "running",
    )


def _origin(promise: Promise, *, at: datetime) -> str:
    if promise.source == Promise.Source.CADENCE:
        return _("asked by the severity")
    if promise.announced_in is not None:
        when = clock_time(promise.announced_in.published_at)
        return _("announced in the %(time)s publication") % {"time": when}
    if promise.source == Promise.Source.STATEMENT:
        return _("announced in a statement")
    return _("noted at %(time)s") % {"time": moment(promise.made_at, now=at)}


def _ended_rank(row: PromiseRow) -> tuple[datetime, int]:
    return (row.met_at or row.due_at, row.pk)


def _summary(rows: list[PromiseRow], *, at: datetime) -> str:
    kept = sum(row.state == Promise.State.KEPT for row in rows)
    missed = sum(row.state == Promise.State.MISSED for row in rows)
    overdue = sum(row.is_open and row.due_at < at for row in rows)
    parts = []
    if kept:
        parts.append(_("%(n)s kept") % {"n": kept})
    if missed:
        parts.append(_("%(n)s missed") % {"n": missed})
    if overdue:
        parts.append(_("%(n)s overdue") % {"n": overdue})
    return ", ".join(parts)
