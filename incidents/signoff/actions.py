"""The verbs of sign-off. Each locks the incident first, so that simultaneous acts queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.clocks import actions as clocks
from incidents.models import Decision, Incident, Round, Seat, Stage, Statement, Version
from incidents.models import signoff as events
from incidents.roles.queries import holders
from incidents.signoff import queries, rules
from incidents.timeline.actions import record
from teams.models import Role, User


class NoCircuit(Refused):
    """No approval policy fits, so that nobody would sign."""


class RoundEnded(Refused):
    """The round has been decided, or voided by a newer version."""


class TextChanged(Refused):
    """What was on the signer's screen is not the newest version; nothing was signed."""

    def __init__(self, newest: Version) -> None:
        message = _(
            "The text has changed: v%(number)s exists. Nothing was signed. Read the difference,"
            " then decide on v%(number)s."
        )
        super().__init__(message % {"number": newest.number})
        self.newest = newest


class OtherText(Refused):
    """The fingerprint on the signer's screen is not that of the text in sign-off."""


class OwnWords(Refused):
    """An author does not sign their own words."""


class AlreadySigned(Refused):
    """One person decides once per version."""


class NoSeat(Refused):
    """This person's sign-off is not asked for here and now."""


class CommentMissing(Refused):
    """A refusal or a request for changes says why."""


VERDICT_EVENTS = {
    (rules.Verdict.APPROVE, False): events.APPROVED,
    (rules.Verdict.APPROVE, True): events.APPROVED_AS_DEPUTY,
    (rules.Verdict.CHANGES, False): events.CHANGES_REQUESTED,
    (rules.Verdict.CHANGES, True): events.CHANGES_REQUESTED_AS_DEPUTY,
    (rules.Verdict.REFUSE, False): events.REFUSED,
    (rules.Verdict.REFUSE, True): events.REFUSED_AS_DEPUTY,
}


@transaction.atomic
def open_round(version: Version, *, by: User, at: datetime) -> Round:
    """
    Ask for sign-off of a version: its circuit becomes stages and seats, the first stage opens.

    :raises NoCircuit: if no policy fits
    """
    incident = Incident.objects.lock(version.statement.incident_id)
    circuit = queries.circuit_of(version, incident)
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
    _add_stages(opened, circuit.stages, first=1)
    _set_status(opened)
    _open_next_stage(opened, incident, by=by, at=at)
    _tell(opened, circuit.stages, incident, by=by, at=at)
    return opened


@transaction.atomic
def decide(
    round_: Round,
    *,
    verdict: str,
    fingerprint: str,
    comment: str,
    base_version: Version | None,
    by: User,
    at: datetime,
    role: str | None = None,
) -> Decision:
    """
    Give one decision about exactly the text whose fingerprint was on the signer's screen.

    `base_version` is what the difference on the screen was against; `role` chooses between
    several seats of one person.

    :raises TextChanged: if a newer version exists or the fingerprint is not this version's
    :raises RoundEnded, OwnWords, AlreadySigned, NoSeat, CommentMissing: see each
    """
    incident = Incident.objects.lock(round_.version.statement.incident_id)
    found = Round.objects.select_related("version__statement").get(pk=round_.pk)
    _check_text(found, fingerprint)
    _check_person(found, by)
    if verdict != rules.Verdict.APPROVE and not comment.strip():
        raise CommentMissing(_("Say why, so that the author can act on it. Nothing was decided."))
    capacity = _capacity(found, incident, role, by=by, at=at)
    decision = Decision.objects.create(
        round=found,
        seat=capacity.seat,
        version=found.version,
        fingerprint=fingerprint,
        base_version=base_version,
        signer=by,
        deputy_of=capacity.deputy_of,
        verdict=verdict,
        comment=comment.strip(),
        decided_at=at,
    )
    _record_decision(decision, incident)
    if verdict == rules.Verdict.APPROVE:
        _advance(found, capacity.seat.stage, incident, by=by, at=at)
    else:
        _end(found, rules.ENDS[verdict], at=at)
        _set_status(found)
    return decision


@transaction.atomic
def void_round(round_: Round, *, by: User, at: datetime, say_so: bool = True) -> Round:
    """Void an open or approved round: its text is no longer the one to sign or publish."""
    incident = Incident.objects.lock(round_.version.statement.incident_id)
    found = Round.objects.select_related("version__statement").get(pk=round_.pk)
    if found.outcome not in rules.LIVING:
        raise RoundEnded(_("This sign-off has already ended."))
    _end(found, rules.Outcome.VOID, at=at)
    if say_so:
        record(incident, events.VOIDED, by=by, at=at, **_facts(found))
    return found


@transaction.atomic
def tighten(incident: Incident, *, by: User | None, at: datetime) -> list[Round]:
    """
    Add the stages that today's severity asks for and that unpublished statements lack.

    Nothing that was signed is lost and nothing that was asked is removed: an approved round
    that lacks a stage opens again. Returns the rounds that were changed.
    """
    locked = Incident.objects.lock(incident.pk)
    living = Round.objects.filter(
        version__statement__incident=locked,
        version__statement__status__in=[Statement.Status.IN_SIGNOFF, Statement.Status.GOOD],
        outcome__in=rules.LIVING,
    ).select_related("version__statement")
    return [r for r in living.order_by("pk") if _tightened(r, locked, by=by, at=at)]


def _tightened(round_: Round, incident: Incident, *, by: User | None, at: datetime) -> bool:
    circuit = queries.circuit_of(round_.version, incident)
    has = queries.plan_of(round_)
    added = rules.missing(has, circuit.stages) if circuit else ()
    if not added:
        return False
    _add_stages(round_, added, first=len(has) + 1)
    names = Role.objects.filter(slug__in=[slug for s in added for slug in s.roles])
    record(incident, events.TIGHTENED, by=by, at=at, roles=list(names), **_facts(round_))
    if round_.outcome == rules.Outcome.APPROVED:
        round_.outcome = rules.Outcome.OPEN
        round_.closed_at = None
        round_.save(update_fields=["outcome", "closed_at"])
        _set_status(round_)
        _open_next_stage(round_, incident, by=by, at=at)
    return True


def _check_text(round_: Round, fingerprint: str) -> None:
    version = round_.version
    newest = version.statement.versions.order_by("-number").first()
    if newest is not None and newest.pk != version.pk:
        raise TextChanged(newest)
    if fingerprint != round_.fingerprint:
        raise OtherText(
            _("This is not the text that waits for sign-off. Nothing was signed. Read it again.")
        )
    if round_.outcome != rules.Outcome.OPEN:
        raise RoundEnded(
            _("This sign-off has ended: %(outcome)s. Nothing was changed.")
            % {"outcome": round_.get_outcome_display()}
        )


def _check_person(round_: Round, by: User) -> None:
    if round_.version.authors.filter(user=by).exists():
        raise OwnWords(
            _(
                "You wrote part of this text since it was last approved, so someone else signs"
                " it. Your comment can go to the author."
            )
        )
    if round_.decisions.filter(signer=by).exists():
        raise AlreadySigned(_("You have already decided on this version. It counts once."))


def _capacity(
    round_: Round, incident: Incident, role: str | None, *, by: User, at: datetime
) -> queries.Capacity:
    for capacity in queries.capacities(round_, by, incident, at=at):
        if role in (None, "", capacity.seat.role.slug):
            return capacity
    raise NoSeat(
        _(
            "Your sign-off is not asked for at this stage, or another person of your role has"
            " already given it. Nothing was changed."
        )
    )


def _record_decision(decision: Decision, incident: Incident) -> None:
    deputy: dict[str, Any] = {"deputy_of": decision.deputy_of} if decision.deputy_of else {}
    record(
        incident,
        VERDICT_EVENTS[rules.Verdict(decision.verdict), bool(deputy)],
        by=decision.signer,
        at=decision.decided_at,
        role=decision.seat.role,
        comment=decision.comment,
        fingerprint=decision.fingerprint,
        stage=decision.seat.stage.order,
        base_version=decision.base_version.number if decision.base_version else None,
        **_facts(decision.round),
        **deputy,
    )


def _advance(round_: Round, stage: Stage, incident: Incident, *, by: User, at: datetime) -> None:
    approvals = Decision.objects.filter(
        round=round_, seat__stage=stage, verdict=rules.Verdict.APPROVE
    ).count()
    if approvals < stage.needed:
        return
    _complete(stage, at=at)
    if not _open_next_stage(round_, incident, by=by, at=at):
        _end(round_, rules.Outcome.APPROVED, at=at)
        _set_status(round_)
        record(incident, events.COMPLETED, by=by, at=at, **_facts(round_))


def _open_next_stage(
    round_: Round, incident: Incident, *, by: User | None, at: datetime
) -> Stage | None:
    stage = round_.stages.filter(opened_at=None).order_by("order").first()
    if stage is None:
        return None
    stage.opened_at = at
    stage.due_at = rules.due_at(at, stage.minutes)
    stage.save(update_fields=["opened_at", "due_at"])
    clocks.plan_stage(stage, at=at)
    roles = [seat.role for seat in stage.seats.select_related("role").order_by("role__order")]
    record(
        incident,
        events.STAGE_OPENED,
        by=by,
        at=at,
        stage=stage.order,
        roles=roles,
        due=stage.due_at,
        **_facts(round_),
    )
    return stage


def _complete(stage: Stage, *, at: datetime) -> None:
    stage.completed_at = at
    stage.save(update_fields=["completed_at"])
    clocks.settle_stage(stage, at=at)


def _end(round_: Round, outcome: str, *, at: datetime) -> None:
    round_.outcome = outcome
    round_.closed_at = at
    round_.save(update_fields=["outcome", "closed_at"])
    for stage in round_.stages.filter(opened_at__isnull=False, completed_at=None):
        clocks.settle_stage(stage, at=at)


def _add_stages(round_: Round, stages: rules.Plan, *, first: int) -> None:
    roles = Role.objects.in_bulk([r for s in stages for r in s.roles], field_name="slug")
    for order, plan in enumerate(stages, start=first):
        seats = [roles[slug] for slug in plan.roles if slug in roles]
        if len(seats) != len(plan.roles):
            raise NoCircuit(
                _("The approval policy names a role that does not exist. The text is kept.")
            )
        stage = Stage.objects.create(
            round=round_, order=order, needed=plan.needed, minutes=plan.minutes
        )
        Seat.objects.bulk_create(Seat(stage=stage, role=role) for role in seats)


def _set_status(round_: Round) -> None:
    statement = round_.version.statement
    statement.status = rules.STATUS_AFTER[round_.outcome]
    statement.save(update_fields=["status"])


def _tell(round_: Round, stages: rules.Plan, incident: Incident, *, by: User, at: datetime) -> None:
    """Tell the holders of roles that a policy informs without asking them to sign."""
    held = holders(incident)
    told = {held[slug].user_id: held[slug].user for s in stages for slug in s.told if slug in held}
    for person in told.values():
        if person.pk != by.pk:
            record(incident, events.TOLD, by=by, at=at, person=person, **_facts(round_))


def _facts(round_: Round) -> dict[str, Any]:
    version = round_.version
    return {
        "title": version.statement.title,
        "version": version.number,
        "statement": version.statement_id,
        "number": version.statement.number,
        "round": round_.pk,
    }
