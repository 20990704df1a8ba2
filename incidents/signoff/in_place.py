"""In whose place a person is asked to sign, and why: the same sentence in mails and on pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.models import Stage
from incidents.signoff import people, rules, waiting
from incidents.signoff.queries import RANK
from incidents.signoff.seat_words import FOR_SOMEBODY
from teams.models import User


def why(capacity: str, holder: User, *, here: people.Room, barred: Collection[int]) -> str:
    """
    Say as what somebody who stands behind the holder of a seat is asked to sign it, and why.

    `barred`: who may not sign this text, its authors and whoever has decided.
    """
    known = rules.Capacity(capacity)
    words = {"capacity": FOR_SOMEBODY[known] % {"name": holder.name}}
    if holder.pk in barred or holder.pk in here.excluded or not holder.is_active:
        return _("You are asked %(capacity)s, who does not sign this text.") % words
    if holder.pk in here.away:
        return _("You are asked %(capacity)s, who is away.") % words
    if known == rules.Capacity.DELEGATE:
        return _("You are asked %(capacity)s.") % words
    return _("You are asked %(capacity)s, who has not answered.") % words


def reasons(person: User, *, at: datetime) -> dict[int, str]:
    """
    Say why of every text that a person is asked to sign now in somebody's place, by statement.

    For lists over all rooms: the queries do not grow with texts.
    """
    stages = waiting.stages_around(person, at=at)
    here = people.rooms({one.round.version.statement.incident for one in stages}, at=at)
    found = reasons_in(stages, person, here, at=at)
    return {one.round.version.statement_id: found.get(one.round_id, "") for one in stages}


def reasons_in(
    stages: Iterable[Stage], person: User, here: Mapping[int, people.Room], *, at: datetime
) -> dict[int, str]:
    """Say it by round, of stages as `waiting.stages_around` reads them; without a query."""
    opened = [one for one in stages if one.opened_at is not None]
    rooms = [here[one.round.version.statement.incident_id] for one in opened]
    said = [
        (stage.round_id, _why_here(stage, person, room, at=at))
        for stage, room in zip(opened, rooms, strict=True)
    ]
    return {round_: words for round_, words in said if words}


def _why_here(stage: Stage, person: User, here: people.Room, *, at: datetime) -> str:
    """Say it of the seat that this person would take: their own comes before another's."""
    barred = waiting.out_of(stage.round)
    gone = people.gone_by(stage, at=at)
    near = [people.people_of_seat(seat, here) for seat in waiting.free_seats(stage)]
    able = [
        (RANK[capacity], capacity, one.holder)
        for one in near
        if (capacity := rules.signs_as(person.pk, one.hands, barred=barred, gone_by=gone))
    ]
    if not able:
        return ""
    _rank, capacity, holder = min(able, key=lambda one: one[0])
    if capacity == rules.Capacity.HOLDER or holder is None:
        return ""
    return why(capacity, holder, here=here, barred=barred)
