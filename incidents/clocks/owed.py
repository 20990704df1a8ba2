"""What the verbs ask before they change a promise. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

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
    spoken = spoken_to_public([incident]).aggregate(last=Max("published_at"))["last"]
    silent = Promise.objects.filter(
        incident=incident, source=Promise.Source.CADENCE, state=Promise.State.CANCELLED
    ).aggregate(last=Max("settled_at"))["last"]
    return max(time for time in (incident.opened_at, spoken, silent) if time is not None)


def kept_by_the_same_version(publication: Publication) -> bool:
    """Say whether this very text, on another channel, has already kept a promise."""
    return publication.version_id is not None and (
        Promise.objects.filter(
            kept_by__version=publication.version_id, kept_by__audience=publication.audience_id
        )
        .exclude(kept_by=publication.pk)
        .exists()
    )


def promise_that_is_kept(publication: Publication) -> Promise | None:
    """
    Return the promise that a publication keeps: to its audience, the earliest due.

    It was made before the publication; a missed one counts when the words were out before it was
    given up (the publication was recorded late). One that names a channel wants that channel.
    """
    minute = publication.published_at.replace(second=59, microsecond=999999)
    owed = Promise.objects.filter(
        Q(state=Promise.State.OPEN)
        | Q(state=Promise.State.MISSED, settled_at__gte=publication.published_at),
        Q(channel="") | Q(channel=publication.channel),
        incident=publication.incident_id,
        audience=publication.audience_id,
        made_at__lte=minute,
    )
    if kept_by_the_same_version(publication):
        owed = owed.exclude(channel="")
    return owed.order_by("due_at", "-channel", "pk").first()


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
