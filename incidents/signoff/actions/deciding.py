"""Giving one decision about exactly the text that was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Required, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from incidents import access
from incidents.models import Attestation, Decision, Incident, Round, Seat, Version
from incidents.models import signoff as events
from incidents.signoff import moves, queries, reading, rules, voided
from incidents.signoff.actions import rounds
from incidents.signoff.actions.refused import (
    AlreadySigned,
    CommentMissing,
    NoSeat,
    OtherText,
    OwnWords,
    RoundEnded,
    TextChanged,
)
from incidents.timeline.actions import record
from teams.models import User

Verdict, Capacity = rules.Verdict, rules.Capacity
VERDICT_EVENTS: Final = {
    Verdict.APPROVE: {
        Capacity.HOLDER: events.APPROVED,
        Capacity.DEPUTY: events.APPROVED_AS_DEPUTY,
        Capacity.DELEGATE: events.APPROVED_AS_DELEGATE,
        Capacity.LISTED: events.APPROVED_FROM_LIST,
    },
    Verdict.CHANGES: {
        Capacity.HOLDER: events.CHANGES_REQUESTED,
        Capacity.DEPUTY: events.CHANGES_REQUESTED_AS_DEPUTY,
        Capacity.DELEGATE: events.CHANGES_REQUESTED_AS_DELEGATE,
        Capacity.LISTED: events.CHANGES_REQUESTED_FROM_LIST,
    },
    Verdict.REFUSE: {
        Capacity.HOLDER: events.REFUSED,
        Capacity.DEPUTY: events.REFUSED_AS_DEPUTY,
        Capacity.DELEGATE: events.REFUSED_AS_DELEGATE,
        Capacity.LISTED: events.REFUSED_FROM_LIST,
    },
}


class Given(TypedDict, total=False):
    """
    A decision as it was given; `verdict`, `fingerprint`, `comment`, `base_version` always.

    `base_version` is what the difference on the screen was against; `role` chooses between
    several seats of one person; `cited`: the facts that stood on the screen with the text.
    """

    verdict: Required[str]
    fingerprint: Required[str]
    comment: Required[str]
    base_version: Required[Version | None]
    role: str | None
    cited: Sequence[Mapping[str, Any]]


@transaction.atomic
def decide(round_: Round, *, by: User, at: datetime, **given: Unpack[Given]) -> Decision:
    """
    Give one decision about exactly the text whose fingerprint was on the signer's screen.

    :raises TextChanged: if a newer version exists or the fingerprint is not this version's
    :raises RoundEnded, OwnWords, AlreadySigned, NoSeat, CommentMissing, NotRead: see each
    """
    incident = Incident.objects.lock(round_.version.statement.incident_id)
    found = Round.objects.select_related("version__statement").get(pk=round_.pk)
    newest = (
        found.version.statement.versions.filter(number__gt=found.version.number)
        .order_by("-number")
        .first()
    )
    if newest is not None:
        raise TextChanged(newest)
    return decide_locked(found, incident, by=by, at=at, **given)


def decide_locked(
    found: Round, incident: Incident, *, by: User, at: datetime, **given: Unpack[Given]
) -> Decision:
    """
    Do what `decide` does, for a verb that holds the lock and has just read the newest version.
    """
    verdict, fingerprint = given["verdict"], given["fingerprint"]
    comment, base_version = given["comment"], given["base_version"]
    cited = list(given.get("cited") or ())
    _check_text(found, fingerprint)
    so_far = queries.given(found, person=by, incident=incident.pk)
    _check_person(so_far, by)
    if verdict != rules.Verdict.APPROVE and not comment.strip():
        raise CommentMissing(_("Say why, so that the author can act on it. Nothing was decided."))
    turn = queries.turn(found, so_far, by)
    capacity = _capacity(found, turn, incident, given.get("role"), by=by, at=at)
    attested = reading.attested(found.version, by) if verdict == Verdict.APPROVE else None
    decision = Decision.objects.create(
        round=found,
        seat=capacity.seat,
        version=found.version,
        fingerprint=fingerprint,
        base_version=base_version,
        signer=by,
        deputy_of=capacity.stands_for,
        capacity=capacity.capacity,
        verdict=verdict,
        screen={
            **_screen(found.version, base_version, attested),
            **reading.left_behind(found.version),
            "facts": cited,
        },
        comment=comment.strip(),
        decided_at=at,
    )
    _record_decision(decision, incident)
    if verdict == rules.Verdict.APPROVE:
        stage, taken = capacity.seat.stage, turn.taken_with(capacity.seat)
        rounds.advance(found, stage, incident, taken=taken, by=by, at=at)
    else:
        rounds.end(found, rules.ENDS[verdict], at=at)
        moves.set_status(found)
    return decision


def _check_text(round_: Round, fingerprint: str) -> None:
    if fingerprint != round_.fingerprint:
        raise OtherText(
            _("This is not the text that waits for sign-off. Nothing was signed. Read it again.")
        )
    if round_.outcome != rules.Outcome.OPEN:
        ended = voided.with_reason(Round.objects.filter(pk=round_.pk)).get()
        raise RoundEnded(
            _("This sign-off has ended: %(outcome)s. Nothing was changed.")
            % {"outcome": voided.outcome(ended)}
        )


def _check_person(so_far: queries.Given, by: User) -> None:
    why = so_far.out_of_it.get(by.pk, ())
    if queries.AUTHOR in why:
        raise OwnWords(
            _(
                "You wrote part of this text since it was last approved, so someone else signs"
                " it. Your comment can go to the author."
            )
        )
    if queries.DECIDED in why:
        raise AlreadySigned(_("You have already decided on this version. It counts once."))
    if queries.AGREED in why:
        raise AlreadySigned(
            _(
                "You agreed to this version by word of mouth, and that is on record. Confirm or"
                " deny it instead; it counts once."
            )
        )


def _capacity(
    round_: Round,
    turn: queries.Turn,
    incident: Incident,
    role: str | None,
    *,
    by: User,
    at: datetime,
) -> queries.Capacity:
    for seat in turn.own:
        if role in (None, "", seat.key) and _is_shown_it(seat, round_, incident, by, at=at):
            return queries.Capacity(seat, Capacity.HOLDER, None)
    for capacity in queries.capacities(round_, by, incident, at=at):
        seat = capacity.seat
        if role in (None, "", seat.key) and _is_shown_it(seat, round_, incident, by, at=at):
            return capacity
    raise NoSeat(
        _(
            "Your sign-off is not asked for at this stage, or another person of your role has"
            " already given it. Nothing was changed."
        )
    )


def _is_shown_it(seat: Seat, round_: Round, incident: Incident, by: User, *, at: datetime) -> bool:
    """
    Say whether whoever is asked by name may still see the text; a seat of a role asks by itself.

    The gate was asked before the lock: an invitation that ended meanwhile gives no sign-off.
    """
    if seat.person_id != by.pk or access.may(by, incident, access.VIEW, at=at):
        return True
    shown = round_.version.statement.externals.filter(user=by, signs=True, ended_at=None)
    return shown.filter(ends_at__gt=at).exists()


def _record_decision(decision: Decision, incident: Incident) -> None:
    stood_for: dict[str, Any] = {"deputy_of": decision.deputy_of} if decision.deputy_of else {}
    seat = decision.seat
    record(
        incident,
        VERDICT_EVENTS[Verdict(decision.verdict)][Capacity(decision.capacity)],
        by=decision.signer,
        at=decision.decided_at,
        role=seat.role or seat.person,
        comment=decision.comment,
        fingerprint=decision.fingerprint,
        stage=seat.stage.order,
        base_version=decision.base_version.number if decision.base_version else None,
        screen=decision.screen,
        **moves.facts(decision.round),
        **moves.from_outside(seat, decision.version.statement),
        **stood_for,
    )


def _screen(version: Version, base: Version | None, attested: Attestation | None) -> dict[str, Any]:
    """Return what stood before the signer's eyes, for the proof."""
    return {
        "base_version": base.number if base else None,
        "base_fingerprint": base.fingerprint if base else "",
        "language": version.language,
        "reason": version.reason,
        "attested_by": attested.reader.name if attested else "",
    }
