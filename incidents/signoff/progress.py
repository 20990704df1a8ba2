"""Reads of sign-off: how far a round is, as finished rows for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from crisisdesk.kit.times import in_french, moment
from incidents.models import Assignment, Decision, Round, Seat, Stage
from incidents.signoff import queries, rules
from teams.models import User

# The state of a seat, as `{% stages %}` draws it, by the verdict given.
VERDICT_STATES = {
    rules.Verdict.APPROVE: "approved",
    rules.Verdict.CHANGES: "changes",
    rules.Verdict.REFUSE: "refused",
}


@dataclass(frozen=True)
class SeatRow:
    """A role that is asked to sign: who may, who did. `who`, `struck`, `text` suit {% stages %}."""

    state: str
    role: str
    slug: str
    holder: str
    deputy: str
    deputy_from: datetime | None
    deputy_may: bool
    signer: str
    deputy_of: str
    decided_at: datetime | None
    comment: str
    is_mine: bool
    stands_in: bool
    due_at: datetime | None
    struck: str
    text: str

    @property
    def who(self) -> str:
        return self.role

    @property
    def is_unfilled(self) -> bool:
        return not self.holder and not self.signer


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
    stages: tuple[StageRow, ...]

    @property
    def seats(self) -> list[SeatRow]:
        return [seat for stage in self.stages for seat in stage.seats]

    @property
    def needed(self) -> int:
        return sum(stage.needed for stage in self.stages)

    @property
    def signed(self) -> int:
        return sum(1 for seat in self.seats if seat.state == "approved")

    @property
    def due_at(self) -> datetime | None:
        return next((s.due_at for s in self.stages if s.is_open), None)

    @property
    def my_turn(self) -> bool:
        return any(seat.is_mine for seat in self.seats)


def with_everything(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Fetch what `progress` reads, in a fixed number of queries."""
    decisions = Decision.objects.select_related("signer", "deputy_of")
    seats = Seat.objects.select_related("role").order_by("role__order", "pk")
    stages = Stage.objects.prefetch_related(Prefetch("seats", seats)).order_by("order")
    return rounds.select_related("policy", "version").prefetch_related(
        Prefetch("stages", stages), Prefetch("decisions", decisions), "version__authors"
    )


def progress(
    round_: Round,
    *,
    held: Mapping[str, Assignment],
    viewer: User,
    at: datetime,
    before: Mapping[str, Decision] | None = None,
) -> RoundRow:
    """
    Return how far a round is; `held` are the incident's holders by role.

    `before`: the last approval of an earlier version by role, which this text has voided. The
    round comes from `with_everything`: no query is made here.
    """
    decisions = {d.seat_id: d for d in round_.decisions.all()}
    out = frozenset(a.user_id for a in round_.version.authors.all())
    out |= frozenset(d.signer_id for d in round_.decisions.all())
    seen = _Seen(round_, decisions, out, held, viewer, at, before or {})
    return RoundRow(
        pk=round_.pk,
        outcome=round_.outcome,
        opened_at=round_.opened_at,
        closed_at=round_.closed_at,
        policy=round_.policy.name_fr if in_french() else round_.policy.name_en,
        stages=tuple(_stage(stage, seen) for stage in round_.stages.all()),
    )


@dataclass(frozen=True)
class _Seen:
    round: Round
    decisions: Mapping[int, Decision]
    barred: frozenset[int]
    held: Mapping[str, Assignment]
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
    assignment = seen.held.get(seat.role.slug)
    hands = queries.hands(assignment)
    state = _state(stage, decision, seen.round)
    widened = queries.is_widened(stage, at=seen.at)
    waiting = state == "waiting"
    capacity = rules.signs_as(seen.viewer.pk, hands, barred=seen.barred, widened=widened)
    before = seen.before.get(seat.role.slug)
    deputy = assignment.deputy if assignment else None
    return SeatRow(
        state="void" if waiting and before else state,
        role=seat.role.name,
        slug=seat.role.slug,
        holder=assignment.user.name if assignment else "",
        deputy=deputy.name if deputy else "",
        deputy_from=rules.half_time(stage.opened_at, stage.due_at)
        if waiting and deputy and stage.opened_at and stage.due_at
        else None,
        deputy_may=waiting and rules.deputy_may(hands, barred=seen.barred, widened=widened),
        signer=decision.signer.name if decision else "",
        deputy_of=decision.deputy_of.name if decision and decision.deputy_of else "",
        decided_at=decision.decided_at if decision else None,
        comment=decision.comment if decision else "",
        is_mine=waiting and capacity is not None,
        stands_in=capacity == "deputy",
        due_at=stage.due_at if waiting else None,
        struck=_struck(before) if waiting and before else "",
        text=_text(state, seen, decision, assignment),
    )


def _state(stage: Stage, decision: Decision | None, round_: Round) -> str:
    if decision is not None:
        void = round_.outcome == rules.Outcome.VOID
        return "void" if void else VERDICT_STATES[rules.Verdict(decision.verdict)]
    if stage.completed_at is not None or round_.outcome != rules.Outcome.OPEN:
        return "skipped"
    return "waiting" if stage.opened_at is not None else "todo"


def _struck(decision: Decision) -> str:
    return _("approved v%(number)s") % {"number": decision.version.number}


def _text(state: str, seen: _Seen, decision: Decision | None, assignment: Assignment | None) -> str:
    if decision is not None:
        return _decided(decision, seen)
    if state == "skipped":
        return _("not asked any more")
    if assignment is None:
        return _("nobody holds this role")
    if state == "todo":
        return _("%(name)s, after the stage before") % {"name": assignment.user.name}
    return _("waits for %(name)s") % {"name": assignment.user.name}


def _decided(decision: Decision, seen: _Seen) -> str:
    words = {
        "name": decision.signer.name,
        "holder": decision.deputy_of.name if decision.deputy_of else "",
        "number": seen.round.version.number,
        "time": moment(decision.decided_at, now=seen.at),
    }
    verdict = rules.Verdict(decision.verdict)
    if decision.deputy_of:
        sentence = {
            rules.Verdict.APPROVE: _(
                "%(name)s, deputy of %(holder)s, approved v%(number)s, %(time)s"
            ),
            rules.Verdict.CHANGES: _(
                "%(name)s, deputy of %(holder)s, asked for changes to v%(number)s, %(time)s"
            ),
            rules.Verdict.REFUSE: _(
                "%(name)s, deputy of %(holder)s, refused v%(number)s, %(time)s"
            ),
        }[verdict]
    else:
        sentence = {
            rules.Verdict.APPROVE: _("%(name)s approved v%(number)s, %(time)s"),
            rules.Verdict.CHANGES: _("%(name)s asked for changes to v%(number)s, %(time)s"),
            rules.Verdict.REFUSE: _("%(name)s refused v%(number)s, %(time)s"),
        }[verdict]
    return sentence % words


def last_approvals(decisions: Iterable[Decision], *, before: int) -> dict[str, Decision]:
    """Return by role the newest approval of a version older than `before`."""
    found: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda d: d.version.number):
        if decision.version.number < before and decision.verdict == rules.Verdict.APPROVE:
            found[decision.seat.role.slug] = decision
    return found
