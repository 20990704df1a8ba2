"""What the verbs ask before they change a promise. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from incidents.clocks import rules
from incidents.models import Assignment, Incident, Promise, Publication
from teams.models import User

ACTIVE_ASSIGNMENT = (Assignment.State.OFFERED, Assignment.State.ACCEPTED)


def open_promises(incident: Incident) -> QuerySet[Promise]:
    return Promise.objects.filter(incident=incident, state=Promise.State.OPEN).order_by(
        "due_at", "pk"
    )


def cadence_promise(incident: Incident) -> Promise | None:
    """Return the open promise that the level's cadence made, if there is one."""
    return open_promises(incident).filter(source=Promise.Source.CADENCE).first()


def speaker(incident: Incident) -> User | None:
    """Return who speaks for the house here: communications lead, else spokesperson, else lead."""
    held = {
        one.role.slug: one.user
        for one in Assignment.objects.filter(
            incident=incident, state__in=ACTIVE_ASSIGNMENT, role__slug__in=rules.SPEAKERS
        ).select_related("role", "user")
    }
    return next((held[slug] for slug in rules.SPEAKERS if slug in held), None)


def spoken_to_public(incidents: Iterable[Incident | int]) -> QuerySet[Publication]:
    """Return words of ours that reached the public: signed, or released by a named person."""
    return Publication.objects.filter(
        Q(audience__slug=rules.PUBLIC) | Q(channel__in=rules.PUBLIC_CHANNELS),
        incident__in=incidents,
        is_internal=False,
    ).exclude(basis=Publication.Basis.UNSIGNED)


def last_word(incident: Incident) -> datetime:
    """Return when the public last heard from us, or silence was put on record; else the opening."""
    silent = Promise.objects.filter(
        incident=incident, source=Promise.Source.CADENCE, state=Promise.State.CANCELLED
    )
    spoken = _latest(spoken_to_public([incident]), "published_at")
    words: Iterable[tuple[datetime]] = spoken.union(_latest(silent, "settled_at"), all=True)
    return max([incident.opened_at, *(time for (time,) in words)])


def _latest(rows: QuerySet[Any], column: str) -> QuerySet[Any, Any]:
    """Return the latest time in a column of one incident's rows; no row where there is none."""
    latest: QuerySet[Any, Any] = rows.order_by().values("incident").annotate(last=Max(column))
    return latest.values_list("last")


@dataclass(frozen=True)
class Met:
    """
    The promises that a publication may settle, the earliest due first.

    `open` are all that stand in the incident; `given_up`: missed, yet the words were out before
    (the publication was recorded late). `has_spoken`: this very text, on another channel, has
    already kept one.
    """

    open: tuple[Promise, ...]
    given_up: tuple[Promise, ...]
    has_spoken: bool


def met_by(publication: Publication) -> Met:
    """Read the promises that a publication may settle, in one query."""
    state = Promise.State
    spoken = Q(kept_by__version=publication.version_id, kept_by__audience=publication.audience_id)
    found = Promise.objects.filter(
        Q(state=state.OPEN)
        | Q(state=state.MISSED, settled_at__gte=publication.published_at)
        | Q(spoken, kept_by__isnull=False),
        incident=publication.incident_id,
    )
    rows = list(found.select_related("audience").order_by("due_at", "-channel", "pk"))
    return Met(
        open=tuple(one for one in rows if one.state == state.OPEN),
        given_up=tuple(one for one in rows if one.state == state.MISSED),
        has_spoken=any(one.state == state.KEPT for one in rows),
    )


def kept_of(met: Met, publication: Publication) -> Promise | None:
    """
    Return the promise that a publication keeps: to its audience, the earliest due.

    It was made before the publication. One that names a channel wants that channel.
    """
    minute = rules.end_of_minute(publication.published_at)
    wanted = (publication.channel,) if met.has_spoken else ("", publication.channel)
    owed = [
        one
        for one in sorted((*met.open, *met.given_up), key=_turn)
        if one.audience_id == publication.audience_id
        and one.channel in wanted
        and one.made_at <= minute
    ]
    return next(iter(owed), None)


def _turn(promise: Promise) -> tuple[datetime, bool, int]:
    """The earliest due first; of these the one that names a channel."""
    return promise.due_at, not promise.channel, promise.pk


def cadence_of(open_: Iterable[Promise]) -> Promise | None:
    """Return the promise that the level's cadence made, among the open ones."""
    made = (one for one in open_ if one.source == Promise.Source.CADENCE)
    return next(made, None)


def overtaken(*, at: datetime) -> QuerySet[Promise]:
    """Return open promises behind which the next to the same audience has fallen due."""
    later = Promise.objects.filter(
        incident=OuterRef("incident"),
        audience=OuterRef("audience"),
        channel=OuterRef("channel"),
        state=Promise.State.OPEN,
        due_at__gt=OuterRef("due_at"),
        due_at__lte=at,
    )
    return Promise.objects.filter(Exists(later), state=Promise.State.OPEN, due_at__lt=at)
