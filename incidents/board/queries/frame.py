"""What stands around every page: the top bar, and the strip of an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.access import visible_to
from incidents.clocks import queries as clocks
from incidents.lifecycle import queries as lifecycle
from incidents.models import Assignment, Incident, Statement
from incidents.roles import queries as roles
from incidents.roles import rules as role_rules
from incidents.signoff import waiting
from teams.models import Team, User


@dataclass(frozen=True)
class FrameRow:
    """The top bar: whose house, how many incidents run, messages unread, texts to sign."""

    team: str
    open_incidents: int
    unread: int
    to_sign: int


@dataclass(frozen=True)
class StripRow:
    """
    The header of an incident: how bad, which status, who leads, what is due next.

    `due_words` is empty when nothing is owed; `people` counts who sees a restricted incident;
    `number` is the last entry of the timeline.
    """

    reference: str
    title: str
    severity: int | None
    severity_since: datetime | None
    status: str
    is_restricted: bool
    people: int
    opened_at: datetime
    lead: str
    lead_has_accepted: bool
    due_words: str
    due_at: datetime | None
    statements: int
    number: int
    is_library: bool
    may_assess: bool
    may_draft: bool
    may_move: bool


def frame(user: User, *, at: datetime, unread: int) -> FrameRow:
    team = Team.objects.filter(memberships__user=user).order_by("name").first()
    running = visible_to(user, at=at).filter(
        status__in=[Incident.Status.TRIAGE, Incident.Status.ACTIVE, Incident.Status.MONITORING]
    )
    to_sign = waiting.count(user, at=at)
    return FrameRow(team.name if team else "", running.count(), unread, to_sign)


def strip(incident: Incident, *, rights: frozenset[str], at: datetime) -> StripRow:
    """Return the header; the same number of queries for every incident."""
    lead = roles.active(incident).filter(role__slug=role_rules.CRISIS_LEAD).first()
    assessed = incident.assessments.order_by("-number").first()
    owed = clocks.next_due(incident, at=at)
    restricted = incident.confidentiality == Incident.Confidentiality.RESTRICTED
    return StripRow(
        reference=incident.reference,
        title=incident.title,
        severity=incident.severity,
        severity_since=assessed.assessed_at if assessed else None,
        status=incident.status,
        is_restricted=restricted,
        people=lifecycle.audience(incident, at=at).granted if restricted else 0,
        opened_at=incident.opened_at,
        lead=lead.user.name if lead else "",
        lead_has_accepted=bool(lead and lead.state == Assignment.State.ACCEPTED),
        due_words=owed.label if owed else "",
        due_at=owed.due_at if owed else None,
        statements=incident.statements.exclude(kind=Statement.Kind.LINE).count(),
        number=incident.last_entry_number,
        is_library=incident.is_library,
        may_assess="assess_severity" in rights,
        may_draft="draft_statement" in rights,
        may_move="change_status" in rights,
    )
