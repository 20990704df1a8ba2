"""Reads of sign-off: how far a round is, as finished rows for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from crisisdesk.kit.times import in_french, moment
from incidents.models import Decision, Policy, Release, Round, Seat, Stage
from incidents.signoff import people, rules
from teams.models import User

# The state of a seat, as `{% stages %}` draws it, by the verdict given.
VERDICT_STATES = {
    rules.Verdict.APPROVE: "approved",
    rules.Verdict.CHANGES: "changes",
    rules.Verdict.REFUSE: "refused",
}
# The states of seats that need nobody any more.
TAKEN = ("approved", "carried", "oral")


@dataclass(frozen=True)
class OtherRow:
    """Somebody who may take the seat in the holder's place, from a time on (None: now)."""

    name: str
    capacity: str
    since: datetime | None


@dataclass(frozen=True)
class SeatRow:
    """
    A role or person asked to sign: who may, who did. `who`, `struck`, `text` suit {% stages %}.

    `others`: who else may sign and from when (None: now), in the order in which the right widens.
    """

    state: str
    role: str
    slug: str
    holder: str
    away_until: str
    others: tuple[OtherRow, ...]
    signer: str
    capacity: str
    deputy_of: str
    decided_at: datetime | None
    comment: str
    is_mine: bool
    my_capacity: str
    due_at: datetime | None
    struck: str
    text: str

    @property
    def who(self) -> str:
        return self.role

    @property
    def is_unfilled(self) -> bool:
        return not self.holder and not self.signer and not self.others

    @property
    def stands_in(self) -> bool:
        return bool(self.my_capacity) and self.my_capacity != rules.Capacity.HOLDER


@dataclass(frozen=True)
class StageRow:
    order: int
    needed: int
    opened_at: datetime | None
    due_at: datetime | None
    completed_at: datetime | None
    seats: tuple[SeatRow, ...]

    @property
    def is_choice(self) -> bool:
        """Not everybody who is asked has to sign."""
        return self.needed < len(self.seats)

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.completed_at is None


@dataclass(frozen=True)
class RoundRow:
    pk: int
    outcome: str
    opened_at: datetime
    closed_at: datetime | None
    policy: str
    is_reduced: bool
    stages: tuple[StageRow, ...]

    @property
    def seats(self) -> list[SeatRow]:
        return [seat for stage in self.stages for seat in stage.seats]

    @property
    def needed(self) -> int:
        return sum(stage.needed for stage in self.stages)

    @property
    def signed(self) -> int:
        return sum(1 for seat in self.seats if seat.state in TAKEN)

    @property
    def due_at(self) -> datetime | None:
        return next((s.due_at for s in self.stages if s.is_open), None)

    @property
    def my_turn(self) -> bool:
        return any(seat.is_mine for seat in self.seats)


def with_everything(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Fetch what `progress` reads, in a fixed number of queries."""
    decisions = Decision.objects.select_related("signer", "deputy_of")
    releases = Release.objects.select_related("approver", "released_by")
    seats = Seat.objects.select_related(
        "role", "person", "carried_from__signer", "carried_from__version"
    ).order_by("role__order", "pk")
    stages = Stage.objects.prefetch_related(Prefetch("seats", seats)).order_by("order")
    return rounds.select_related("policy", "version").prefetch_related(
        Prefetch("stages", stages),
        Prefetch("decisions", decisions),
        Prefetch("releases", releases),
        "version__authors",
    )


def progress(
    round_: Round,
    *,
    here: people.Room,
    viewer: User,
    at: datetime,
    before: Mapping[str, Decision] | None = None,
) -> RoundRow:
    """
    Return how far a round is; `here`: who could take its seats.

    `before`: the last approval of an earlier version by role, which this text has voided. The
    round comes from `with_everything`: no query is made here.
    """
    decisions = {d.seat_id: d for d in round_.decisions.all()}
    out = frozenset(a.user_id for a in round_.version.authors.all())
    out |= frozenset(d.signer_id for d in round_.decisions.all())
    agreed = {r.seat_id: r for r in round_.releases.all() if r.seat_id is not None}
    out |= frozenset(r.approver_id for r in agreed.values() if r.approver_id)
    seen = _Seen(round_, decisions, agreed, out, here, viewer, at, before or {})
    return RoundRow(
        pk=round_.pk,
        outcome=round_.outcome,
        opened_at=round_.opened_at,
        closed_at=round_.closed_at,
        policy=round_.policy.name_fr if in_french() else round_.policy.name_en,
        is_reduced=round_.policy.source == Policy.Source.FROM_PREPARED,
        stages=tuple(_stage(stage, seen) for stage in round_.stages.all()),
    )


@dataclass(frozen=True)
class _Seen:
    round: Round
    decisions: Mapping[int, Decision]
    agreed: Mapping[int, Release]
    barred: frozenset[int]
    here: people.Room
    viewer: User
    at: datetime
    before: Mapping[str, Decision]


def _stage(stage: Stage, seen: _Seen) -> StageRow:
    return StageRow(
        order=stage.order,
        needed=stage.needed,
        opened_at=stage.opened_at,
        due_at=stage.due_at,
        completed_at=stage.completed_at,
        seats=tuple(_seat(seat, stage, seen) for seat in stage.seats.all()),
    )


def _seat(seat: Seat, stage: Stage, seen: _Seen) -> SeatRow:
    decision = seen.decisions.get(seat.pk)
    found = people.people_of_seat(seat, seen.here)
    state = _state(seat, stage, decision, seen)
    waiting = state == "waiting"
    capacity = rules.signs_as(
        seen.viewer.pk,
        found.hands,
        barred=seen.barred,
        gone_by=people.gone_by(stage, at=seen.at),
    )
    before = seen.before.get(seat.key)
    return SeatRow(
        state="void" if waiting and before else state,
        role=seat.name,
        slug=seat.key,
        holder=found.holder.name if found.holder else "",
        away_until=_away(found, seen) if waiting else "",
        others=_others(found, stage, seen) if waiting else (),
        signer=decision.signer.name if decision else "",
        capacity=str(decision.get_capacity_display()) if decision else "",
        deputy_of=decision.deputy_of.name if decision and decision.deputy_of else "",
        decided_at=decision.decided_at if decision else None,
        comment=decision.comment if decision else "",
        is_mine=waiting and capacity is not None,
        my_capacity=capacity or "" if waiting else "",
        due_at=stage.due_at if waiting else None,
        struck=_struck(before) if waiting and before else "",
        text=_text(state, seat, seen, decision, found),
    )


def _others(found: people.SeatPeople, stage: Stage, seen: _Seen) -> tuple[OtherRow, ...]:
    """Return who else may sign, and from when, as far as it can be said today."""
    if stage.opened_at is None or stage.due_at is None:
        return ()
    shares = {rules.Capacity.DEPUTY: rules.DEPUTY_FROM, rules.Capacity.LISTED: rules.LIST_FROM}
    rows = []
    for person in found.everybody:
        now = _capacity_at(person, found, seen, people.gone_by(stage, at=seen.at))
        last = _capacity_at(person, found, seen, 1.0)
        if last is None or last == rules.Capacity.HOLDER:
            continue
        since = None if now else rules.moment_of(stage.opened_at, stage.due_at, shares[last])
        rows.append(OtherRow(person.name, str(rules.Capacity(last).label), since))
    return tuple(rows)


def _capacity_at(
    person: User, found: people.SeatPeople, seen: _Seen, gone_by: float
) -> rules.Capacity | None:
    capacity = rules.signs_as(person.pk, found.hands, barred=seen.barred, gone_by=gone_by)
    return rules.Capacity(capacity) if capacity else None


def _away(found: people.SeatPeople, seen: _Seen) -> str:
    """Say until when the holder is away; empty where they are here."""
    absence = seen.here.away.get(found.holder.pk) if found.holder else None
    if absence is None:
        return ""
    if absence.ends_at is None:
        return _("away until further notice")
    return _("away until %(time)s") % {"time": moment(absence.ends_at, now=seen.at)}


def _state(seat: Seat, stage: Stage, decision: Decision | None, seen: _Seen) -> str:
    round_ = seen.round
    if decision is not None:
        void = round_.outcome == rules.Outcome.VOID
        return "void" if void else VERDICT_STATES[rules.Verdict(decision.verdict)]
    if seat.carried_from is not None:
        return "carried"
    if seat.pk in seen.agreed:
        return "oral"
    if stage.completed_at is not None or round_.outcome != rules.Outcome.OPEN:
        return "skipped"
    return "waiting" if stage.opened_at is not None else "todo"


def _struck(decision: Decision) -> str:
    return _("approved v%(number)s") % {"number": decision.version.number}


def _text(
    state: str, seat: Seat, seen: _Seen, decision: Decision | None, found: people.SeatPeople
) -> str:
    if decision is not None:
        return _decided(decision, seen)
    if seat.carried_from is not None:
        return _("not asked again: %(name)s signed v%(number)s, only a typo was mended since") % {
            "name": seat.carried_from.signer.name,
            "number": seat.carried_from.version.number,
        }
    if agreed := seen.agreed.get(seat.pk):
        return _agreed(agreed, seen)
    if state == "skipped":
        return _("not asked any more")
    return _waits(state, found)


def _waits(state: str, found: people.SeatPeople) -> str:
    if found.holder is None:
        return _("nobody holds this role")
    if state == "todo":
        return _("%(name)s, after the stage before") % {"name": found.holder.name}
    return _("waits for %(name)s") % {"name": found.holder.name}


def _agreed(release: Release, seen: _Seen) -> str:
    words = {
        "name": release.approver.name if release.approver else "",
        "by": release.released_by.name,
        "time": moment(release.released_at, now=seen.at),
    }
    if release.outcome == Release.Outcome.CONFIRMED:
        return _("%(name)s agreed by word of mouth, and confirmed it since") % words
    if release.outcome == Release.Outcome.DENIED:
        return _("%(name)s does not confirm what %(by)s recorded as agreed") % words
    return (
        _("%(name)s agreed by word of mouth, recorded by %(by)s, %(time)s; to be confirmed") % words
    )


def _decided(decision: Decision, seen: _Seen) -> str:
    words = {
        "name": decision.signer.name,
        "holder": decision.deputy_of.name if decision.deputy_of else "",
        "number": seen.round.version.number,
        "time": moment(decision.decided_at, now=seen.at),
    }
    sentence = SENTENCES[Capacity(decision.capacity)][Verdict(decision.verdict)]
    return str(sentence) % words


Capacity, Verdict = rules.Capacity, rules.Verdict
SENTENCES: Final = {
    Capacity.HOLDER: {
        Verdict.APPROVE: lazy("%(name)s approved v%(number)s, %(time)s"),
        Verdict.CHANGES: lazy("%(name)s asked for changes to v%(number)s, %(time)s"),
        Verdict.REFUSE: lazy("%(name)s refused v%(number)s, %(time)s"),
    },
    Capacity.DEPUTY: {
        Verdict.APPROVE: lazy("%(name)s, deputy of %(holder)s, approved v%(number)s, %(time)s"),
        Verdict.CHANGES: lazy(
            "%(name)s, deputy of %(holder)s, asked for changes to v%(number)s, %(time)s"
        ),
        Verdict.REFUSE: lazy("%(name)s, deputy of %(holder)s, refused v%(number)s, %(time)s"),
    },
    Capacity.DELEGATE: {
        Verdict.APPROVE: lazy(
            "%(name)s, by delegation of %(holder)s, approved v%(number)s, %(time)s"
        ),
        Verdict.CHANGES: lazy(
            "%(name)s, by delegation of %(holder)s, asked for changes to v%(number)s, %(time)s"
        ),
        Verdict.REFUSE: lazy(
            "%(name)s, by delegation of %(holder)s, refused v%(number)s, %(time)s"
        ),
    },
    Capacity.LISTED: {
        Verdict.APPROVE: lazy("%(name)s, from the team’s list, approved v%(number)s, %(time)s"),
        Verdict.CHANGES: lazy(
            "%(name)s, from the team’s list, asked for changes to v%(number)s, %(time)s"
        ),
        Verdict.REFUSE: lazy("%(name)s, from the team’s list, refused v%(number)s, %(time)s"),
    },
}


def last_approvals(decisions: Iterable[Decision], *, before: int) -> dict[str, Decision]:
    """Return by role the newest approval of a version older than `before`."""
    found: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda d: d.version.number):
        if decision.version.number < before and decision.verdict == rules.Verdict.APPROVE:
            found[decision.seat.key] = decision
    return found
