"""The cadence: speak to the public, or record why not, at least this often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from incidents.clocks import life, owed, rules
from incidents.models import Incident, Promise
from teams.models import Audience, User


def plan_cadence(
    incident: Incident,
    *,
    open_: Sequence[Promise] | None = None,
    spoken_to: Audience | None = None,
    by: User,
    at: datetime,
) -> Promise | None:
    """
    Owe the public word at the level's cadence, once; what is promised sooner stands for it.

    `open_`: the promises that stand in the incident, where the caller has just read them;
    `spoken_to`: the audience that it has just spoken to.
    """
    if open_ is None:
        open_ = list(owed.open_promises(incident).select_related("audience"))
    standing = owed.cadence_of(open_)
    if incident.severity is None or incident.is_imported:
        return standing
    if incident.status not in rules.SPEAKING:
        return standing
    due_at = rules.next_word_due(incident.severity, last_word=owed.last_word(incident), at=at)
    if standing is not None and standing.due_at <= due_at:
        return standing
    if standing is not None:
        return life.move(
            incident,
            standing,
            due_at=due_at,
            reason=rules.RAISED_WORDS["fr" if incident.language == "fr" else "en"],
            shown=rules.RAISED_WORDS,
            by=by,
            at=at,
        )
    sooner = [p for p in open_ if p.audience.slug == rules.PUBLIC and at < p.due_at <= due_at]
    return next(iter(sooner), None) or make_cadence(
        incident, due_at=due_at, spoken_to=spoken_to, by=by, at=at
    )


def make_cadence(
    incident: Incident,
    *,
    due_at: datetime,
    spoken_to: Audience | None = None,
    by: User | None,
    at: datetime,
) -> Promise | None:
    owner = owed.speaker(incident) or by or incident.opened_by
    if owner is None:
        return None
    public = spoken_to
    if public is None or public.slug != rules.PUBLIC:
        public = Audience.objects.get(slug=rules.PUBLIC)
    return life.make(
        incident,
        audience=public,
        channel="",
        subject=rules.CADENCE_WORDS["fr" if incident.language == "fr" else "en"],
        due_at=due_at,
        owner=owner,
        source=Promise.Source.CADENCE,
        by=by,
        at=at,
    )
