"""Reads of sign-off: how far a round is, as finished rows for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from crisisdesk.kit.times import moment
from incidents.models import Decision, ExternalApprover, Release, Round, Seat, Stage
from incidents.signoff import people, releases, rules, seat_words, voided
from incidents.signoff.rows import OtherRow, RoundRow, SeatRow, StageRow
from teams.models import User

# The state of a seat, as `{% stages %}` draws it, by the verdict given.
VERDICT_STATES = {
    rules.Verdict.APPROVE: "approved",
    rules.Verdict.CHANGES: "changes",
    rules.Verdict.REFUSE: "refused",
}
# The states of an agreement by word of mouth, by what its approver said about it since. None of
# them is a signature.
AGREED_STATES = {
    "": "oral",
    Release.Outcome.CONFIRMED: "confirmed",
    Release.Outcome.DENIED: "denied",
}
# The states of a seat that nobody has taken.
FREE: Final = ("waiting", "todo")
# What `with_everything` has each seat say: that its person was shown the statement from outside.
OUTSIDE: Final = "is_from_outside"


def with_everything(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Fetch what `progress` reads, in a fixed number of queries."""
    decisions = Decision.objects.select_related("signer", "deputy_of")
    releases = Release.objects.select_related("approver", "released_by", "owed_by")
    shown_to = ExternalApprover.objects.filter(
        user=OuterRef("person"), statement=OuterRef("stage__round__version__statement")
    )
    seats = (
        Seat.objects.select_related(
            "role", "person", "carried_from__signer", "carried_from__version"
        )
        .annotate(**{OUTSIDE: Exists(shown_to)})
        .order_by("role__order", "pk")
    )
    stages = Stage.objects.prefetch_related(Prefetch("seats", seats)).order_by("order")
    rounds = voided.with_reason(rounds)
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
    lacking = frozenset(seat.pk for seat in releases.missing(round_))
    seen = _Seen(round_, decisions, agreed, lacking, out, here, viewer, at, before or {})
    return RoundRow(
        pk=round_.pk,
        outcome=round_.outcome,
        outcome_words=voided.outcome(round_),
        opened_at=round_.opened_at,
        closed_at=round_.closed_at,
        policy=round_.policy.name,
        stages=tuple(_stage(stage, seen) for stage in round_.stages.all()),
        owed=releases.owed(round_),
    )


@dataclass(frozen=True)
class _Seen:
    round: Round
    decisions: Mapping[int, Decision]
    agreed: Mapping[int, Release]
    lacking: frozenset[int]
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
    agreed = seen.agreed.get(seat.pk)
    given = None if decision else seat.carried_from
    stuck = state in FREE and found.holder is not None and not _anybody(found, seen, gone_by=1.0)
    return SeatRow(
        state="void" if waiting and before else state,
        role=_called(seat),
        slug=seat.key,
        is_named=seat.person_id is not None,
        holder=found.holder.name if found.holder else "",
        away_until=_away(found, seen) if waiting else "",
        others=_others(found, stage, seen) if waiting else (),
        agreed_by=agreed.approver.name if agreed and agreed.approver else "",
        carried_by=given.signer.name if given else "",
        carried_version=given.version.number if given else 0,
        excluded_at=_excluded_at(decision or given, agreed, seen),
        **_decided(decision),
        is_mine=waiting and capacity is not None,
        my_capacity=capacity or "" if waiting else "",
        due_at=_due_at(state, stage, agreed),
        struck=seat_words.struck(before) if waiting and before else "",
        text=_text(state, seat, stage, found, seen),
        is_missing=seat.pk in seen.lacking,
        is_stuck=stuck,
    )


def _called(seat: Seat) -> str:
    """Name what the seat asks: never the person, whose name is in what it says of them."""
    person = seat.person_id
    outside = [person] if person is not None and getattr(seat, OUTSIDE) else []
    return seat_words.called(seat, outside)


def _anybody(found: people.SeatPeople, seen: _Seen, *, gone_by: float) -> User | None:
    """Return the first who may take the seat when this share of its time has gone by."""
    able = (one for one in found.everybody if _capacity_at(one, found, seen, gone_by))
    return next(able, None)


def _decided(decision: Decision | None) -> dict[str, Any]:
    """Return who decided, as what and when; nothing where nobody did."""
    stood_for = decision.deputy_of if decision else None
    return {
        "signer": decision.signer.name if decision else "",
        "capacity": seat_words.in_short(decision.capacity) if decision else "",
        "deputy_of": stood_for.name if stood_for else "",
        "decided_at": decision.decided_at if decision else None,
        "comment": decision.comment if decision else "",
    }


def _excluded_at(given: Decision | None, agreed: Release | None, seen: _Seen) -> datetime | None:
    """Return since when whoever decided or agreed is excluded: what they gave stays on record."""
    who = given.signer_id if given else agreed.approver_id if agreed else None
    return seen.here.excluded.get(who) if who is not None else None


def _due_at(state: str, stage: Stage, agreed: Release | None) -> datetime | None:
    if state == "oral" and agreed is not None:
        return agreed.owed_at
    return stage.due_at if state == "waiting" else None


def _others(found: people.SeatPeople, stage: Stage, seen: _Seen) -> tuple[OtherRow, ...]:
    """Return who else may sign, and from when, as far as it can be said today."""
    if stage.opened_at is None or stage.due_at is None:
        return ()
    rows = []
    for person in found.everybody:
        now = _capacity_at(person, found, seen, people.gone_by(stage, at=seen.at))
        last = _capacity_at(person, found, seen, 1.0)
        if last is None or last == rules.Capacity.HOLDER:
            continue
        since = None if now else rules.moment_of(stage.opened_at, stage.due_at, rules.WIDENS[last])
        rows.append(OtherRow(person.name, seat_words.in_short(last), since))
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
    void = round_.outcome == rules.Outcome.VOID
    if decision is not None:
        return "void" if void else VERDICT_STATES[rules.Verdict(decision.verdict)]
    if seat.carried_from is not None:
        return "void" if void else "carried"
    if agreed := seen.agreed.get(seat.pk):
        state = AGREED_STATES[agreed.outcome]
        return "void" if void and state != "denied" else state
    if stage.completed_at is not None or round_.outcome != rules.Outcome.OPEN:
        return "skipped"
    return "waiting" if stage.opened_at is not None else "todo"


def _text(state: str, seat: Seat, stage: Stage, found: people.SeatPeople, seen: _Seen) -> str:
    if decision := seen.decisions.get(seat.pk):
        return seat_words.decided(decision, number=seen.round.version.number, at=seen.at)
    if seat.carried_from is not None:
        return seat_words.carried(seat.carried_from)
    if agreed := seen.agreed.get(seat.pk):
        return seat_words.agreed(agreed, at=seen.at)
    if state not in FREE or found.holder is None:
        return seat_words.asks_nobody(state)
    if found.holder.pk not in seen.barred:
        return seat_words.waits(state, found.holder.name)
    wrote = any(one.user_id == found.holder.pk for one in seen.round.version.authors.all())
    now = _anybody(found, seen, gone_by=people.gone_by(stage, at=seen.at))
    return seat_words.holder_is_out(state, found.holder, wrote=wrote, instead=now)


def last_approvals(decisions: Iterable[Decision], *, before: int) -> dict[str, Decision]:
    """Return by role the newest approval of a version older than `before`."""
    found: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda d: d.version.number):
        if decision.version.number < before and decision.verdict == rules.Verdict.APPROVE:
            found[decision.seat.key] = decision
    return found
