"""Reads of severity: the rubric that counts, and every assessment so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from crisisdesk.kit.times import in_french
from incidents.models import Assessment, Incident, Rubric
from incidents.severity import rules
from teams.models import Team


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment in the history; `computed` differs from `level` where overridden."""

    number: int
    at: datetime
    level: int
    computed: int
    score: int
    by: str
    reason: str
    override_reason: str
    why: str
    rubric: int

    @property
    def is_overridden(self) -> bool:
        return self.level != self.computed


def current_rubric(team: Team | None) -> Rubric:
    """Return the rubric that counts: the team's newest, else the newest shipped one."""
    found = Rubric.objects.filter(Q(team=team) | Q(team=None))
    own_first: list[Rubric] = sorted(found, key=lambda one: (one.team_id is None, -one.version))
    if not own_first:
        raise Rubric.DoesNotExist("No rubric: run the migrations.")
    return own_first[0]


def latest(incident: Incident) -> Assessment | None:
    return incident.assessments.select_related("rubric", "assessed_by").order_by("number").last()


def history(incident: Incident) -> list[AssessmentRow]:
    """Return every assessment, the oldest first."""
    found = incident.assessments.select_related("rubric", "assessed_by").order_by("number")
    return [_row(one) for one in found]


def why(assessment: Assessment) -> str:
    """Say in the reader's language why the rule gave what it gave."""
    outcome = rules.evaluate(assessment.rubric.body, assessment.facts)
    return outcome.why_fr if in_french() else outcome.why_en


def _row(one: Assessment) -> AssessmentRow:
    return AssessmentRow(
        number=one.number,
        at=one.assessed_at,
        level=one.level,
        computed=one.computed_level,
        score=int(one.score),
        by=one.assessed_by.name,
        reason=one.reason,
        override_reason=one.override_reason,
        why=why(one),
        rubric=one.rubric.version,
    )
