"""Reads of releases: whether one is allowed, who is missing, who refused, who reviews it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisisdesk.kit.times import in_french
from incidents import access
from incidents.models import Decision, Incident, IncidentUserPermission, Policy, Release, Round
from incidents.roles.queries import holders
from incidents.signoff import people, queries, rules
from teams.models import Role, User

LEAD, SPONSOR = "crisis_lead", "executive_sponsor"
# A safety warning to victims never waits, whatever the policy says.
NEVER_WAITS = "victims"


def allows(policy: Policy, audience: str) -> bool:
    """Say whether a text of this circuit may be released without its sign-offs."""
    return policy.allows_break_glass or audience == NEVER_WAITS


def name_of(policy: Policy) -> str:
    return policy.name_fr if in_french() else policy.name_en


def missing(round_: Round) -> list[Role | User]:
    """
    Return whose sign-off this text lacks: the open and refused seats of incomplete stages.

    An agreement by word of mouth is no sign-off until it is confirmed.
    """
    found: list[Role | User] = []
    stages = round_.stages.order_by("order").prefetch_related(
        "seats__role", "seats__person", "seats__decisions", "seats__releases"
    )
    for stage in stages:
        seats = list(stage.seats.all())
        given = [
            seat
            for seat in seats
            if seat.carried_from_id is not None
            or any(r.outcome == Release.Outcome.CONFIRMED for r in seat.releases.all())
            or any(d.verdict == Decision.Verdict.APPROVE for d in seat.decisions.all())
        ]
        if len(given) >= stage.needed:
            continue
        found += [one for seat in seats if seat not in given and (one := seat.role or seat.person)]
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
    """A person who may take a seat now, and so agree to it by word of mouth."""

    seat: str
    role: str
    person: User
    capacity: str


def choices(round_: Round, incident: Incident, *, by: User, at: datetime) -> list[Choice]:
    """Return who may agree now to which seat of a round; whoever records it does not."""
    if round_.outcome != rules.Outcome.OPEN:
        return []
    here, out = people.room(incident, at=at), queries.barred(round_) | {by.pk}
    inside = here.inside or frozenset()
    found = []
    for seat in queries.open_seats(round_):
        near = people.people_of_seat(seat, here)
        gone = people.gone_by(seat.stage, at=at)
        for person in near.everybody:
            capacity = rules.signs_as(person.pk, near.hands, barred=out, gone_by=gone)
            # Whoever signs from outside could not confirm it here afterwards.
            if capacity and person.pk in inside:
                label = str(rules.Capacity(capacity).label)
                found.append(Choice(seat.key, seat.name, person, label))
    return found
