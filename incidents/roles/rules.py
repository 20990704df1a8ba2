"""The two tables of roles: what each may do, and which a crisis needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeAlias

from incidents.models import Assignment, Incident, Severity

State = Assignment.State
Rights: TypeAlias = dict[str, datetime | None]  # codename -> when it ends, None: with the role

MOVES: Final[dict[str, dict[State, State]]] = {
    "accept": {State.OFFERED: State.ACCEPTED},
    "decline": {State.OFFERED: State.DECLINED},
    "relieve": {State.OFFERED: State.ENDED, State.ACCEPTED: State.ENDED},
    "name_deputy": {State.OFFERED: State.OFFERED, State.ACCEPTED: State.ACCEPTED},
}
ACTIVE: Final = (State.OFFERED, State.ACCEPTED)

CRISIS_LEAD: Final = "crisis_lead"

# What everyone with a role may do; a guest (invited, no role) may look and write down.
GUEST: Final = frozenset({"view_incident", "log_entry"})
ROOM: Final = GUEST | {"add_evidence", "edit_facts", "do_tasks", "comment", "edit_report"}

# Signing is no permission: it follows the stages of the approval policy.
PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "crisis_lead": ROOM
    | {
        "assess_severity",
        "assign_role",
        "draft_statement",
        "record_publication",
        "break_glass",
        "change_status",
        "claim_reply",
        "export_record",
    },
    "communications_lead": ROOM
    | {
        "assess_severity",
        "assign_role",
        "draft_statement",
        "record_publication",
        "claim_reply",
        "export_record",
    },
    "spokesperson": ROOM | {"draft_statement", "record_publication", "claim_reply"},
    "social_media_lead": ROOM
    | {"assess_severity", "draft_statement", "record_publication", "claim_reply"},
    "legal_counsel": ROOM
    | {
        "assess_severity",
        "draft_statement",
        "decide_legal_duty",
        "see_privileged",
        "classify_privileged",
        "export_record",
        "open_analysis",
        "export_privileged",
        "erase_entry",
    },
    "customer_care_lead": ROOM | {"draft_statement", "claim_reply"},
    "monitoring_analyst": ROOM | {"assess_severity"},
    "scribe": ROOM | {"export_record"},
    "executive_sponsor": ROOM
    | {"assess_severity", "break_glass", "change_status", "export_record"},
    "quality_lead": ROOM,
    "recall_lead": ROOM,
    "dpo": ROOM | {"decide_legal_duty", "erase_entry"},
    "investor_relations": ROOM,
    "internal_communications": ROOM | {"draft_statement"},
    "hr_liaison": ROOM,
    "it_liaison": ROOM,
    "country_lead": ROOM,
}

REQUIRED_BY_SEVERITY: Final[dict[Severity, tuple[str, ...]]] = {
    Severity.MINOR: (CRISIS_LEAD,),
    Severity.MODERATE: ("communications_lead", "social_media_lead"),
    Severity.MAJOR: ("legal_counsel", "spokesperson", "customer_care_lead", "scribe"),
    Severity.CRITICAL: ("executive_sponsor", "internal_communications", "monitoring_analyst"),
}
REQUIRED_BY_KIND: Final[dict[Incident.Kind, tuple[str, ...]]] = {
    Incident.Kind.PRODUCT: ("quality_lead",),
    Incident.Kind.SAFETY: ("quality_lead",),
    Incident.Kind.DATA_BREACH: ("dpo", "it_liaison"),
    Incident.Kind.ACCOUNT_COMPROMISE: ("it_liaison",),
    Incident.Kind.CONDUCT: ("hr_liaison",),
}


def permissions(role: str) -> frozenset[str]:
    """Return what a role may do; a role the house added itself may do what everyone may."""
    return PERMISSIONS.get(role, ROOM)


def required(severity: int | None, kind: str, *, inside_information: bool = False) -> list[str]:
    """
    Return the role slugs that a crisis of this level and kind needs, the lead first.

    Levels add up: critical needs what major needs, and more. Unassessed needs a lead.
    """
    level = severity or Severity.MINOR
    by_level = [r for at, roles in REQUIRED_BY_SEVERITY.items() if level <= at for r in roles]
    by_kind = REQUIRED_BY_KIND.get(Incident.Kind(kind), ())
    inside = ("investor_relations",) if inside_information else ()
    return list(dict.fromkeys([*by_level, *by_kind, *inside]))


def union(
    grants: Iterable[tuple[frozenset[str], datetime | None]],
) -> Rights:
    """
    Return every right and when it ends (None: when the role does), the longest one counting.

    `grants`: (codenames, end) of each role and invitation a person still holds.
    """
    total: Rights = {}
    for codenames, end in grants:
        for codename in codenames:
            known = total.get(codename, end)
            total[codename] = None if end is None or known is None else max(known, end)
    return total
