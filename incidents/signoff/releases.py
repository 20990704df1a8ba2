"""Reads of releases: whether one is allowed, who is missing, who refused, who reviews it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from incidents import access
from incidents.models import (
    Decision,
    Incident,
    IncidentUserPermission,
    Policy,
    Release,
    Round,
    Seat,
    Version,
)
from incidents.roles.queries import holders
from incidents.signoff import circuits, moves, people, queries, reading, rules, seat_words
from teams.models import User
from teams.queries import running

LEAD, SPONSOR = "crisis_lead", "executive_sponsor"
# A safety warning to victims never waits, whatever the policy says.
NEVER_WAITS = "victims"


def forbidding(
    version: Version, incident: Incident, *, under: Policy | None, source: str, at: datetime
) -> Policy | None:
    """
    Return the policy that lets a text not be released without its sign-offs, or None.

    The one its round runs `under`, or the one that it would meet today: a severity that was
    raised adds stages to a round, and the round keeps its policy.
    """
    if version.audience == NEVER_WAITS:
        return None
    if under is not None and not under.allows_break_glass:
        return under
    today = circuits.circuit_of(version, incident, source=source, at=at)
    return today.policy if today and not today.policy.allows_break_glass else None


def forbidden(round_: Round, incident: Incident, *, at: datetime) -> Policy | None:
    """Return what `forbidding` says of the text of a round; the round with policy and statement."""
    source = circuits.source_now(round_)
    return forbidding(round_.version, incident, under=round_.policy, source=source, at=at)


def given(round_: Round) -> frozenset[int]:
    """
    Return the seats that hold what was asked of them, by id.

    Signed, carried over a typo, or agreed by word of mouth and confirmed since. An agreement that
    is not confirmed, or denied, holds nothing; nor does anything in a round that is void.
    """
    if round_.outcome == rules.Outcome.VOID:
        return frozenset()
    seats = [seat for stage in round_.stages.all() for seat in stage.seats.all()]
    signed = {d.seat_id for d in round_.decisions.all() if d.verdict == Decision.Verdict.APPROVE}
    carried = {seat.pk for seat in seats if seat.carried_from_id is not None}
    confirmed = Release.Outcome.CONFIRMED
    agreed = {r.seat_id for r in round_.releases.all() if r.outcome == confirmed and r.seat_id}
    return frozenset(signed | carried | agreed)


def missing(round_: Round) -> list[Seat]:
    """
    Return the seats whose sign-off this text lacks: the one answer, for every page, verb and mail.

    The seats that hold nothing, of stages that lack somebody; none of a void round, whose text
    nobody is asked about any more. No query where stages, seats, decisions and releases are
    fetched.
    """
    return [seat for _owed, seats in _lacking(round_) for seat in seats]


def _lacking(round_: Round) -> Iterator[tuple[int, list[Seat]]]:
    """Return of each stage that lacks somebody how many it lacks, and the seats that hold nothing."""
    if round_.outcome == rules.Outcome.VOID:
        return
    held = given(round_)
    for stage in sorted(round_.stages.all(), key=lambda one: one.order):
        free = [seat for seat in stage.seats.all() if seat.pk not in held]
        lacks = stage.needed - (len(stage.seats.all()) - len(free))
        if lacks > 0:
            yield lacks, free


@dataclass(frozen=True)
class OwedRow:
    """
    What is owed about a text that was let out: a review, or the confirmation of an agreement.

    `name` is empty where nobody else may review it yet.
    """

    release: int
    is_oral: bool
    name: str
    due_at: datetime


def owed(round_: Round) -> tuple[OwedRow, ...]:
    """Return what is still owed about the releases of a round, the soonest first."""
    if round_.outcome == rules.Outcome.VOID:
        return ()
    found = sorted(
        (one for one in round_.releases.all() if not one.outcome), key=lambda one: one.owed_at
    )
    return tuple(
        OwedRow(
            release=one.pk,
            is_oral=one.form == Release.Form.ORAL,
            name=one.owed_by.name if one.owed_by else "",
            due_at=one.owed_at,
        )
        for one in found
    )


def owed_by(user: User, *, at: datetime) -> QuerySet[Release]:
    """
    Return the releases that wait for this person's word, the soonest first.

    Those that name them; and reviews that nobody could be named for, of whoever may do them now.
    Of incidents that have ended too: what is owed about them stays owed.
    """
    may = IncidentUserPermission.objects.filter(
        running(at), user=user, permission__codename="break_glass"
    )
    unnamed = Q(owed_by=None, form=Release.Form.BREAK_GLASS) & ~Q(released_by=user)
    incident = "round__version__statement__incident"
    return (
        Release.objects.filter(
            Q(owed_by=user) | (unnamed & Q(**{f"{incident}__in": may.values("content_object")})),
            **{f"{incident}__in": access.visible_to(user, at=at)},
            outcome="",
        )
        .exclude(round__outcome=rules.Outcome.VOID)
        .select_related("version__statement__incident", "released_by", "approver")
        .order_by("owed_at", "pk")
    )


def went_without(release: Release) -> list[dict[str, Any]]:
    """
    Return without whose sign-off a text went out by a release, as name facts.

    One that rests on agreements by word of mouth rests on all of its round, not the first alone.
    """
    if release.form != Release.Form.ORAL:
        return list(release.missing)
    agreed = Release.objects.filter(round=release.round_id, form=Release.Form.ORAL).order_by("pk")
    return [one for each in agreed for one in each.missing]


def missing_now(round_: Round) -> list[dict[str, Any]]:
    """
    Return what `missing` says, read anew, as facts for the record.

    Where some of a stage are enough, it says how many were owed of whom: nobody reads later that
    all of them were.
    """
    whole = Round.objects.prefetch_related(
        "stages__seats__role", "stages__seats__person", "decisions", "releases"
    ).get(pk=round_.pk)
    found: list[dict[str, Any]] = []
    for lacks, seats in _lacking(whole):
        asked = [moves.whom(seat, round_.version.statement) for seat in seats]
        found += moves.owed(asked, lacks)
    return found


def refusals(statement: int) -> list[Decision]:
    """
    Return the refusals and requests for changes that a statement would go out over.

    Those of its last round that was decided, so that a comma more does not make a refusal
    forgotten; but not of who has approved since.
    """
    rounds = Round.objects.filter(version__statement=statement)
    undecided = (rules.Outcome.VOID, rules.Outcome.OPEN)
    last = rounds.exclude(outcome__in=undecided).order_by("-pk").first()
    if last is None:
        return []
    approved = Decision.objects.filter(
        round__version__statement=statement, round__gt=last.pk, verdict=rules.Verdict.APPROVE
    )
    found = last.decisions.exclude(verdict=rules.Verdict.APPROVE).exclude(
        signer__in=approved.values("signer")
    )
    return list(found.select_related("signer", "version").order_by("pk"))


def reviewer(incident: Incident, *, by: User, at: datetime) -> User | None:
    """
    Return who looks at a break-glass release again, never the releaser.

    The executive sponsor when the lead (or their deputy) released, else the crisis lead; whoever
    of them is there, then anyone who may break the glass. Nobody, where nobody else may.
    """
    held = holders(incident)
    lead = held.get(LEAD)
    by_lead = lead is not None and by.pk in (lead.user_id, lead.deputy_id)
    order = (SPONSOR, LEAD) if by_lead else (LEAD, SPONSOR)
    named = [one for slug in order if (a := held.get(slug)) for one in (a.user, a.deputy) if one]
    others = IncidentUserPermission.objects.filter(
        content_object=incident, permission__codename="break_glass"
    ).select_related("user")
    everybody = [*named, *(one.user for one in others.order_by("pk"))]
    return next(
        (
            one
            for one in everybody
            if one.pk != by.pk and access.may(one, incident, "break_glass", at=at)
        ),
        None,
    )


@dataclass(frozen=True)
class Choice:
    """
    A person who may take a seat now, and so agree to it by word of mouth.

    `capacity` is empty for whoever the seat is. `reads`: they read the text, or somebody vouches
    for it; else the agreement is refused.
    """

    seat: str
    role: str
    person: User
    capacity: str
    reads: bool


def choices(round_: Round, incident: Incident, *, by: User, at: datetime) -> list[Choice]:
    """Return who may agree now to which seat of a round; whoever records it does not."""
    if round_.outcome != rules.Outcome.OPEN:
        return []
    here, out = people.room(incident, at=at), queries.barred(round_) | {by.pk}
    inside = here.inside or frozenset()
    shown = frozenset(round_.version.statement.externals.values_list("user", flat=True))
    found = []
    for seat in queries.open_seats(round_):
        near = people.people_of_seat(seat, here)
        gone = people.gone_by(seat.stage, at=at)
        for person in near.everybody:
            capacity = rules.signs_as(person.pk, near.hands, barred=out, gone_by=gone)
            # Whoever signs from outside could not confirm it here afterwards.
            if capacity and person.pk in inside:
                own = capacity == rules.Capacity.HOLDER
                label = "" if own else seat_words.in_short(capacity)
                reads = reading.may_agree(round_.version, person)
                called = seat_words.called(seat, shown)
                found.append(Choice(seat.key, called, person, label, reads))
    return found
