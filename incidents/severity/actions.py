from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.clocks.actions import replan_for_severity
from incidents.models import Assessment, Incident, Rubric, Severity
from incidents.models import severity as events
from incidents.severity import queries, rules
from incidents.signoff.actions import tighten
from incidents.timeline.actions import record
from teams.models import User


class NothingKnown(Refused):
    """An assessment of nothing: every fact is open."""


class OverrideNeedsReason(Refused):
    """The rule gives another level, and nobody said why it should not hold."""


class AssessedMeanwhile(Refused):
    """Somebody recorded an assessment after the page was opened (or the button went twice)."""


class TooLateToAssess(Refused):
    """The incident is closed."""


@transaction.atomic
def assess_severity(
    incident: Incident,
    *,
    facts: rules.Facts,
    reason: str,
    override: int | None = None,
    override_reason: str = "",
    follows: int | None = None,
    by: User,
    at: datetime,
) -> Assessment:
    """
    Record how bad it is; the level of the incident follows the rule unless overridden.

    `facts` holds only what is known. `follows` is the number of the last assessment on the page
    (0: none). A worse level shortens clocks and adds the stricter policy's missing stages to
    what is not published; a milder one takes nothing back.

    :raises rules.UnknownFact: the facts do not fit the rubric.
    """
    shown, incident = incident, Incident.objects.lock(incident.pk)
    last = queries.latest(incident)
    _check_turn(incident, last, follows)
    rubric = queries.current_rubric(incident.team)
    known = {fact: value for fact, value in facts.items() if value is not None}
    outcome = rules.evaluate(rubric.body, known)
    _check_known(rubric, outcome)
    level = _level(outcome, override, override_reason)
    assessment = Assessment.objects.create(
        incident=incident,
        number=last.number + 1 if last else 1,
        rubric=rubric,
        facts=known,
        score=outcome.score,
        triggers=list(outcome.triggers),
        computed_level=outcome.level,
        level=level,
        reason=reason,
        override_reason=override_reason if level != outcome.level else "",
        assessed_by=by,
        assessed_at=at,
    )
    before = incident.severity
    shown.severity = incident.severity = level
    incident.save(update_fields=["severity"])
    _record(incident, assessment, outcome, before=before, by=by, at=at)
    replan_for_severity(incident, by=by, at=at)
    tighten(incident, by=by, at=at)
    return assessment


def _check_turn(incident: Incident, last: Assessment | None, follows: int | None) -> None:
    if incident.status == Incident.Status.CLOSED:
        raise TooLateToAssess(_("The incident is closed. Reopen it to assess it again."))
    if follows is not None and follows != (last.number if last else 0):
        raise AssessedMeanwhile(_meanwhile(last))


def _check_known(rubric: Rubric, outcome: rules.Outcome) -> None:
    if len(outcome.open) == len(rubric.body["facts"]):
        raise NothingKnown(_("Nothing is ticked yet. Choose at least one fact that is known."))


def _level(outcome: rules.Outcome, override: int | None, reason: str) -> int:
    level = outcome.level if override is None else Severity(override).value
    if level != outcome.level and not reason.strip():
        raise OverrideNeedsReason(
            _("The rule gives another level. Say why it should not hold, for the record.")
        )
    return level


def _record(
    incident: Incident,
    assessment: Assessment,
    outcome: rules.Outcome,
    *,
    before: int | None,
    by: User,
    at: datetime,
) -> None:
    """Write the entry; how the public sees our part is a perception and stays out of it."""
    overridden = assessment.level != outcome.level
    rubric = assessment.rubric
    record(
        incident,
        events.OVERRIDDEN if overridden else events.ASSESSED,
        by=by,
        at=at,
        level=Severity(assessment.level),
        before=Severity(before) if before else None,
        computed=Severity(outcome.level),
        score=outcome.score,
        triggers=list(outcome.triggers),
        why=outcome.why,
        reason=assessment.override_reason or assessment.reason,
        note=assessment.reason,
        number=assessment.number,
        rubric=rubric.version,
        ticked=rules.for_export(rubric.body, assessment.facts),
        key_moment=before is not None and before != assessment.level,
    )


def _meanwhile(last: Assessment | None) -> str:
    if last is None:
        return _("This page was older than the record. Nothing was recorded; open it again.")
    return _(
        "%(person)s recorded assessment %(number)s after you opened this page. Yours was not "
        "recorded; your words are kept below. Compare, then record it again if it still holds."
    ) % {"person": last.assessed_by.name, "number": last.number}
