"""The approver's inbox: what waits for their sign-off, what may come to them, what they decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from incidents.access import open_to, statements_shown_to
from incidents.models import (
    Channel,
    Decision,
    Publication,
    Release,
    Round,
    Seat,
    Stage,
    Statement,
)
from incidents.signoff import in_place, people, queries, releases, rules, voided, waiting
from incidents.signoff.queries import WaitingRow
from teams.models import User

LOOKS_BACK: Final = timedelta(days=30)
AT_MOST: Final = 50
Outcome = Round.Outcome


@dataclass(frozen=True)
class LaterRow:
    """
    A sign-off that is not this person's yet: they stand behind whoever is asked.

    `since`: from when the right widens to them, or None where a stage before theirs still signs.
    """

    reference: str
    is_drill: bool
    statement: int
    title: str
    language: str
    version: int
    role: str
    capacity: str
    holder: str
    since: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class DecidedRow:
    """A decision of this person's, and what became of the text."""

    reference: str
    is_drill: bool
    statement: int
    title: str
    language: str
    version: int
    role: str
    deputy_of: str
    verdict: str
    words: str
    became: str
    decided_at: datetime


@dataclass(frozen=True)
class OwedRow:
    """A word that is owed about a text that is out: a review, or whether one agreed to it."""

    release: int
    reference: str
    is_drill: bool
    is_oral: bool
    title: str
    language: str
    version: int
    who: str
    due_at: datetime


@dataclass(frozen=True)
class AskedRow(WaitingRow):
    """A text that waits for this person; `why` it is theirs, where they sign for somebody."""

    why: str


@dataclass(frozen=True)
class Inbox:
    waiting: tuple[AskedRow, ...]
    owed: tuple[OwedRow, ...]
    later: tuple[LaterRow, ...]
    decided: tuple[DecidedRow, ...]
    has_texts_from_outside: bool

    @property
    def count(self) -> int:
        return len(self.waiting) + len(self.owed)

    @property
    def next_turn(self) -> LaterRow | None:
        """The soonest of what may come to this person."""
        return next((row for row in self.later if row.since is not None), None)


def inbox(user: User, *, at: datetime) -> Inbox:
    """Return the inbox over all incidents and libraries; the queries do not grow with rows."""
    mine = queries.waiting_for(user, at=at)
    stages = waiting.stages_around(user, at=at)
    here = people.rooms({s.round.version.statement.incident for s in stages}, at=at)
    whys = in_place.reasons_in(stages, user, here, at=at)
    return Inbox(
        waiting=tuple(AskedRow(**vars(row), why=whys.get(row.round, "")) for row in mine),
        owed=tuple(_owed_row(one) for one in releases.owed_by(user, at=at)),
        later=tuple(_later(stages, user, here, but={row.round for row in mine}, at=at)),
        decided=tuple(_decided(user, at=at)),
        has_texts_from_outside=statements_shown_to(user, at=at).exists(),
    )


def _owed_row(one: Release) -> OwedRow:
    statement = one.version.statement
    return OwedRow(
        release=one.pk,
        reference=statement.incident.reference,
        is_drill=statement.incident.is_drill,
        is_oral=one.form == Release.Form.ORAL,
        title=statement.title,
        language=statement.language,
        version=one.version.number,
        who=one.released_by.name,
        due_at=one.owed_at,
    )


def _later(
    stages: Iterable[Stage],
    user: User,
    here: Mapping[int, people.Room],
    *,
    but: set[int],
    at: datetime,
) -> list[LaterRow]:
    found = []
    for stage in stages:
        if stage.round_id in but:
            continue
        room = here[stage.round.version.statement.incident_id]
        rows = (_later_row(stage, seat, user, room) for seat in waiting.free_seats(stage))
        found += [row for row in rows if row][:1]
    return sorted(found, key=lambda row: (row.since is None, row.since or at))


def _later_row(stage: Stage, seat: Seat, user: User, room: people.Room) -> LaterRow | None:
    near = people.people_of_seat(seat, room)
    capacity = rules.signs_as(user.pk, near.hands, barred=waiting.out_of(stage.round), gone_by=1.0)
    if capacity is None:
        return None
    since = None
    if stage.opened_at and stage.due_at:
        share = rules.WIDENS.get(rules.Capacity(capacity), 0.0)
        since = rules.moment_of(stage.opened_at, stage.due_at, share)
    version = stage.round.version
    statement = version.statement
    return LaterRow(
        reference=statement.incident.reference,
        is_drill=statement.incident.is_drill,
        statement=statement.number,
        title=statement.title,
        language=statement.language,
        version=version.number,
        role=seat.name,
        capacity=capacity,
        holder=near.holder.name if near.holder and near.holder.pk != user.pk else "",
        since=since,
        due_at=stage.due_at,
    )


def _decided(user: User, *, at: datetime) -> list[DecidedRow]:
    decided = Decision.objects.filter(
        signer=user,
        decided_at__gte=at - LOOKS_BACK,
        version__statement__incident__in=open_to(user, at=at),
    )
    found = (
        voided.with_reason(decided, "round__")
        .select_related(
            "version__statement__incident", "round", "seat__role", "seat__person", "deputy_of"
        )
        .prefetch_related("version__publications", "carried_to__stage__round")
        .order_by("-decided_at", "-pk")[:AT_MOST]
    )
    return [_decided_row(one) for one in found]


def _decided_row(one: Decision) -> DecidedRow:
    statement = one.version.statement
    return DecidedRow(
        reference=statement.incident.reference,
        is_drill=statement.incident.is_drill,
        statement=statement.number,
        title=statement.title,
        language=statement.language,
        version=one.version.number,
        role=one.seat.name,
        deputy_of=one.deputy_of.name if one.deputy_of else "",
        verdict=one.verdict,
        words=one.get_verdict_display(),
        became=_became(one, statement),
        decided_at=one.decided_at,
    )


def _became(one: Decision, statement: Statement) -> str:
    """Say what became of exactly the text that was decided about."""
    out = [p for p in one.version.publications.all() if p.basis != Publication.Basis.UNSIGNED]
    if out:
        where = ", ".join(str(Channel(p.channel).label) for p in out)
        if statement.status == Statement.Status.WITHDRAWN:
            return _("published on %(channels)s, withdrawn since") % {"channels": where}
        return _("published on %(channels)s") % {"channels": where}
    if one.round.outcome == Outcome.VOID:
        stands = any(s.stage.round.outcome in rules.LIVING for s in one.carried_to.all())
        if stands:
            return _("only a typo was mended since: your sign-off stands")
        return voided.words(one)
    if statement.status == Statement.Status.WITHDRAWN:
        return _("withdrawn")
    return _outcome(one.round.outcome, statement)


def _outcome(outcome: str, statement: Statement) -> str:
    for_use = statement.kind == Statement.Kind.LINE or statement.incident.is_library
    return {
        Outcome.OPEN: _("others still sign"),
        Outcome.APPROVED: _("good to use") if for_use else _("good to publish"),
        Outcome.RELEASED: _("released without all sign-offs"),
        Outcome.CHANGES: _("sent back to its authors"),
        Outcome.REFUSED: _("refused"),
    }[Outcome(outcome)]
