"""Rounds: opening one, its stages in turn, its end. Each verb locks the incident first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.clocks import actions as clocks
from incidents.models import (
    Decision,
    EventKind,
    Exclusion,
    Incident,
    Policy,
    Release,
    Round,
    Seat,
    Stage,
    Version,
)
from incidents.models import release as released
from incidents.models import signoff as events
from incidents.roles.queries import holders
from incidents.signoff import circuits, moves, queries, rules
from incidents.signoff.actions.refused import NoCircuit, OtherFrame, RoundEnded
from incidents.timeline.actions import record
from teams.models import Role, User


@transaction.atomic
def open_round(
    version: Version,
    *,
    source: str = Policy.Source.ORDINARY,
    standing: Sequence[Decision] = (),
    by: User,
    at: datetime,
) -> Round:
    """
    Ask for sign-off of a version: its circuit becomes stages and seats, the first stage opens.

    `standing`: approvals of an earlier version that nothing but a typo parts from this one;
    where the policy allows, they are carried and not asked again (see `rules.carried`).

    :raises NoCircuit: if no policy fits. :raises OtherFrame: if it was made for something else
    """
    incident = Incident.objects.lock(version.statement.incident_id)
    return open_round_locked(version, incident, source=source, standing=standing, by=by, at=at)


def open_round_locked(
    version: Version,
    incident: Incident,
    *,
    source: str = Policy.Source.ORDINARY,
    standing: Sequence[Decision] = (),
    by: User,
    at: datetime,
) -> Round:
    """Do what `open_round` does, for a verb that holds the lock."""
    if not rules.is_of_today(version, version.statement):
        raise OtherFrame(version)
    circuit = circuits.circuit_of(version, incident, source=source, at=at)
    if circuit is None or not circuit.stages:
        raise NoCircuit(
            _(
                "No approval policy fits this statement, so nobody would sign it. The text is"
                " kept. Ask an administrator to add a policy."
            )
        )
    opened = Round.objects.create(
        version=version,
        policy=circuit.policy,
        fingerprint=version.fingerprint,
        severity=incident.severity,
        opened_by=by,
        opened_at=at,
    )
    carried = _carried(opened, circuit, standing)
    made = _add_stages(opened, circuit.stages, first=1, carried=carried)
    moves.set_status(opened)
    if carried:
        record(
            incident,
            events.NOT_ASKED_AGAIN,
            by=by,
            at=at,
            signers=[decision.signer for decision in carried.values()],
            **moves.facts(opened),
        )
    _open_next_stage(opened, incident, waiting=made, by=by, at=at)
    _tell(opened, circuit.stages, incident, by=by, at=at)
    return opened


def _carried(
    round_: Round, circuit: circuits.Circuit, standing: Sequence[Decision]
) -> dict[str, Decision]:
    version = round_.version
    if not standing or not circuit.carries or version.change != Version.Change.TYPO:
        return {}
    subjects = set(
        Exclusion.objects.filter(incident=version.statement.incident_id, ended_at=None).values_list(
            "user", flat=True
        )
    )
    given = {one.seat.key: one for one in standing if one.signer_id not in subjects}
    keys = rules.carried(
        {key: decision.signer_id for key, decision in given.items()},
        circuit.stages,
        always=circuit.always,
        authors=set(version.authors.values_list("user", flat=True)),
    )
    return {key: given[key] for key in keys}


@transaction.atomic
def ask_also(round_: Round, person: User, *, by: User, at: datetime) -> bool:
    """
    Ask one more named person, as a stage of their own at the end of a round that still counts.

    A text that was good to publish waits for them. Returns False if they are asked already.
    """
    incident = Incident.objects.lock(round_.version.statement.incident_id)
    found = Round.objects.select_related("version__statement").get(pk=round_.pk)
    if found.outcome not in (rules.Outcome.OPEN, rules.Outcome.APPROVED):
        raise RoundEnded(_("This sign-off has already ended."))
    has = circuits.plan_of(found)
    added = rules.missing(has, rules.with_externals((), [str(person.uuid)]))
    if not added:
        return False
    _add_stages(found, added, first=len(has) + 1)
    _go_on(found, incident, by=by, at=at)
    return True


@transaction.atomic
def void_round(round_: Round, *, by: User, at: datetime, say_so: bool = True) -> Round:
    """Void an open or approved round: its text is no longer the one to sign or publish."""
    incident = Incident.objects.lock(round_.version.statement.incident_id)
    found = Round.objects.select_related("version__statement").get(pk=round_.pk)
    if found.outcome not in rules.LIVING:
        raise RoundEnded(_("This sign-off has already ended."))
    end(found, rules.Outcome.VOID, at=at)
    if say_so:
        record(incident, events.VOIDED, by=by, at=at, **moves.facts(found))
    return found


@transaction.atomic
def tighten(
    incident: Incident,
    *,
    statements: Collection[int] | None = None,
    because: EventKind = events.TIGHTENED,
    by: User,
    at: datetime,
) -> list[Round]:
    """
    Add the stages that today's severity asks for and that unpublished statements lack.

    `statements`, if given: only these; `because` is the entry that says why.

    Nothing that was asked is removed: an approved round that lacks a stage opens again with what
    was signed, and so does one that rests on agreements by word of mouth; a break-glass release
    stands, a named person answers for it. A round that still lets one of several sign whom an
    added stage asks for sure is asked anew: whoever took the one seat could not take the other.
    What is published on one channel and waits for another is unpublished there. Returns the
    rounds that were changed or begun.
    """
    locked = Incident.objects.lock(incident.pk)
    living = (
        Round.objects.filter(
            version__statement__incident=locked,
            version__statement__status__in=rules.UNPUBLISHED_SOMEWHERE,
            outcome__in=rules.LIVING,
        )
        .exclude(releases__form=Release.Form.BREAK_GLASS)
        .select_related("version__statement", "policy")
        .prefetch_related("version__publications")
    )
    if statements is not None:
        living = living.filter(version__statement__in=statements)
    waiting = (round_ for round_ in living.order_by("pk") if _waits_somewhere(round_))
    found = (_tightened(round_, locked, because, by=by, at=at) for round_ in waiting)
    return [round_ for round_ in found if round_ is not None]


def _waits_somewhere(round_: Round) -> bool:
    out = {one.channel for one in round_.version.publications.all()}
    return bool(round_.version.channel_texts.keys() - out) or not out


def _tightened(
    round_: Round, incident: Incident, because: EventKind, *, by: User, at: datetime
) -> Round | None:
    source = circuits.source_now(round_)
    circuit = circuits.circuit_of(round_.version, incident, source=source, at=at)
    has = circuits.plan_of(round_)
    counts = (*has, *circuits.signed(round_))
    added = rules.missing(counts, circuit.stages) if circuit else ()
    if circuit is None or not added:
        return None
    keys = {key for stage in added for key in stage.roles}
    anew = not keys.isdisjoint(circuits.undecided(round_))
    roles = {key for stage in circuit.stages for key in stage.roles} if anew else keys
    told = list(Role.objects.filter(slug__in=roles))
    if anew:
        void_round(round_, by=by, at=at, say_so=False)
        record(incident, because, by=by, at=at, roles=told, **moves.facts(round_))
        return open_round_locked(round_.version, incident, source=source, by=by, at=at)
    _add_stages(round_, added, first=len(has) + 1)
    record(incident, because, by=by, at=at, roles=told, **moves.facts(round_))
    _go_on(round_, incident, by=by, at=at)
    return round_


def _go_on(round_: Round, incident: Incident, *, by: User | None, at: datetime) -> None:
    """Open a round again that was approved before stages were added to it."""
    if round_.outcome == rules.Outcome.OPEN:
        return
    round_.outcome = rules.Outcome.OPEN
    round_.closed_at = None
    round_.save(update_fields=["outcome", "closed_at"])
    moves.set_status(round_)
    _open_next_stage(round_, incident, by=by, at=at)


def advance(
    round_: Round,
    stage: Stage,
    incident: Incident,
    *,
    taken: int | None = None,
    by: User,
    at: datetime,
) -> None:
    """
    Go on where a stage has what it needs: the next stage, or the end of the round.

    `taken`: how many of its seats need nobody any more, where the caller has counted. Complete
    with an agreement by word of mouth, the round is released, not approved.
    """
    if (queries.taken(stage) if taken is None else taken) < stage.needed:
        return
    _complete(stage, at=at)
    if _open_next_stage(round_, incident, by=by, at=at):
        return
    agreed = list(round_.releases.all())
    end(round_, rules.Outcome.RELEASED if agreed else rules.Outcome.APPROVED, at=at)
    moves.set_status(round_)
    if agreed:
        missing = [fact for one in agreed for fact in one.missing]
        record(incident, released.COMPLETED, by=by, at=at, missing=missing, **moves.facts(round_))
    else:
        record(incident, events.COMPLETED, by=by, at=at, **moves.facts(round_))


def _open_next_stage(
    round_: Round,
    incident: Incident,
    *,
    waiting: Mapping[Stage, Sequence[Seat]] | None = None,
    by: User | None,
    at: datetime,
) -> Stage | None:
    """
    Open the next stage that still needs somebody; what a typo left standing is complete.

    `waiting`: the stages that have not been opened, with their seats, where all are new.
    """
    carries = round_.version.change == Version.Change.TYPO
    for stage in waiting or round_.stages.filter(opened_at=None).order_by("order"):
        if not carries or queries.taken(stage) < stage.needed:
            seats = waiting[stage] if waiting else _seats(stage)
            return _open_stage(stage, seats, round_, incident, by=by, at=at)
        stage.opened_at = stage.completed_at = at
        stage.save(update_fields=["opened_at", "completed_at"])
    return None


def _seats(stage: Stage) -> Sequence[Seat]:
    return list(stage.seats.select_related("role", "person").order_by("role__order"))


def _open_stage(
    stage: Stage,
    seats: Iterable[Seat],
    round_: Round,
    incident: Incident,
    *,
    by: User | None,
    at: datetime,
) -> Stage:
    stage.opened_at = at
    stage.due_at = rules.due_at(at, stage.minutes)
    stage.save(update_fields=["opened_at", "due_at"])
    clocks.plan_stage(stage, at=at)
    seats = list(seats)
    free = [seat for seat in seats if seat.carried_from_id is None]
    asked = [moves.whom(seat, round_.version.statement) for seat in free]
    record(
        incident,
        events.STAGE_OPENED,
        by=by,
        at=at,
        stage=stage.order,
        roles=moves.owed(asked, stage.needed - (len(seats) - len(free))),
        due=stage.due_at,
        **moves.facts(round_),
    )
    return stage


def _complete(stage: Stage, *, at: datetime) -> None:
    stage.completed_at = at
    stage.save(update_fields=["completed_at"])
    clocks.settle_stage(stage, at=at)


def end(round_: Round, outcome: str, *, at: datetime) -> None:
    round_.outcome = outcome
    round_.closed_at = at
    round_.save(update_fields=["outcome", "closed_at"])
    for stage in round_.stages.filter(opened_at__isnull=False, completed_at=None):
        clocks.settle_stage(stage, at=at)
    if outcome == rules.Outcome.VOID:
        clocks.settle_releases(round_, at=at)


def _add_stages(
    round_: Round, stages: rules.Plan, *, first: int, carried: Mapping[str, Decision] | None = None
) -> dict[Stage, Sequence[Seat]]:
    """Write stages and seats; return them in order, the seats in the order of their roles."""
    made: dict[Stage, Sequence[Seat]] = {}
    keys = [key for stage in stages for key in stage.roles]
    roles = Role.objects.in_bulk(keys, field_name="slug")
    named = User.objects.filter(uuid__in=[key for key in keys if _is_uuid(key)])
    people = {str(person.uuid): person for person in named}
    for order, plan in enumerate(stages, start=first):
        if any(key not in roles and key not in people for key in plan.roles):
            raise NoCircuit(
                _("The approval policy names a role that does not exist. The text is kept.")
            )
        stage = Stage.objects.create(
            round=round_, order=order, needed=plan.needed, minutes=plan.minutes
        )
        seats = Seat.objects.bulk_create(
            Seat(
                stage=stage,
                role=roles.get(key),
                person=people.get(key),
                carried_from=(carried or {}).get(key),
            )
            for key in plan.roles
        )
        made[stage] = sorted(seats, key=lambda seat: seat.role.order if seat.role else 0)
    return made


def _is_uuid(key: str) -> bool:
    try:
        return bool(UUID(key))
    except ValueError:
        return False


def _tell(round_: Round, stages: rules.Plan, incident: Incident, *, by: User, at: datetime) -> None:
    """Tell the holders of roles that a policy informs without asking them to sign."""
    if not any(stage.told for stage in stages):
        return
    held = holders(incident)
    told = {held[slug].user_id: held[slug].user for s in stages for slug in s.told if slug in held}
    for person in told.values():
        if person.pk != by.pk:
            record(incident, events.TOLD, by=by, at=at, person=person, **moves.facts(round_))
