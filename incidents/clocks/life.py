"""What the verbs of a promise are made of. The caller holds the incident's lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents.clocks import plan, rules
from incidents.models import Due, Incident, Promise, Publication
from incidents.models import clock as events
from incidents.timeline.actions import record
from teams.models import Audience, User

State = Promise.State


def make(
    incident: Incident,
    *,
    audience: Audience,
    channel: str,
    subject: str,
    due_at: datetime,
    owner: User,
    source: Promise.Source,
    announced_in: Publication | None = None,
    by: User | None,
    at: datetime,
) -> Promise:
    promise = Promise.objects.create(
        incident=incident,
        audience=audience,
        channel=channel,
        subject=subject,
        due_at=due_at,
        owner=owner,
        source=source,
        announced_in=announced_in,
        made_by=by,
        made_at=at,
    )
    plan.plan(incident, Due.Kind.PROMISE, due_at=due_at, at=at, promise=promise)
    record(incident, events.PROMISED, by=by, at=at, person=owner, source=source, **facts(promise))
    return promise


def keep(promise: Promise, publication: Publication, *, by: User, at: datetime) -> None:
    promise.incident = publication.incident
    if promise.audience_id == publication.audience_id:
        promise.audience = publication.audience
    promise.state = State.KEPT
    promise.kept_by = publication
    promise.settled_at = publication.published_at
    promise.save(update_fields=["state", "kept_by", "settled_at"])
    plan.settle(Due.objects.filter(promise=promise), at=at)
    kind = events.KEPT_LATE if promise.is_late else events.KEPT
    record(
        promise.incident,
        kind,
        by=by,
        at=at,
        published=publication.published_at,
        publication=publication.pk,
        **facts(promise),
    )


def miss(incident: Incident, promise: Promise, *, at: datetime) -> None:
    end(promise, State.MISSED, reason="", at=at)
    record(incident, events.MISSED, by=None, at=at, person=promise.owner, **facts(promise))


def move(
    incident: Incident,
    promise: Promise,
    *,
    due_at: datetime,
    reason: str,
    shown: str | Mapping[str, str] = "",
    by: User | None,
    at: datetime,
) -> Promise:
    after = Promise.objects.create(
        incident=incident,
        audience=promise.audience,
        channel=promise.channel,
        subject=promise.subject,
        due_at=due_at,
        owner=promise.owner,
        source=promise.source,
        announced_in=promise.announced_in,
        made_by=by,
        made_at=at,
    )
    promise.moved_to = after
    promise.save(update_fields=["moved_to"])
    end(promise, State.MOVED, reason=reason, at=at)
    plan.plan(incident, Due.Kind.PROMISE, due_at=due_at, at=at, promise=after)
    said = {**facts(after), "reason": shown or reason, "before": promise.due_at}
    record(incident, events.MOVED, by=by, at=at, person=promise.owner, **said)
    return after


def end(promise: Promise, state: State, *, reason: str, at: datetime) -> None:
    promise.state = state
    promise.settled_at = at
    promise.reason = reason
    promise.save(update_fields=["state", "settled_at", "reason"])
    plan.settle(Due.objects.filter(promise=promise), at=at)


def facts(promise: Promise) -> dict[str, Any]:
    return {
        "audience": promise.audience,
        "what": rules.subject_fact(promise),
        "due": promise.due_at,
        "promise": promise.pk,
    }
