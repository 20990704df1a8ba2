"""Every table of a crisis. Data and integrity only; behaviour lives in the slices."""

from incidents.models.approver import (
    Attestation,
    ExternalApprover,
    StatementGroupPermission,
    StatementUserPermission,
)
from incidents.models.archive import ImportedFile, RestoredRecord
from incidents.models.clock import Due, Promise, Step, StepName
from incidents.models.discussion import Comment, KeptDraft, Presence, Suggestion
from incidents.models.events import EVENTS, Category, EventKind, Hearing
from incidents.models.evidence import Evidence
from incidents.models.fact import Citation, Fact, FactChange
from incidents.models.incident import (
    Incident,
    IncidentGroupPermission,
    IncidentUserPermission,
    ReferenceCounter,
    Severity,
)
from incidents.models.message import Delivery, Message, StoredMail
from incidents.models.occurred import Occurred, PartOfDay, Precision
from incidents.models.release import Release
from incidents.models.review import Action, Lesson, Review
from incidents.models.role import Assignment, Exclusion, Invitation
from incidents.models.severity import Assessment, Rubric
from incidents.models.signoff import Decision, Policy, Round, Seat, Stage
from incidents.models.statement import (
    Channel,
    Draft,
    DraftAuthor,
    Publication,
    Statement,
    Version,
    VersionAuthor,
)
from incidents.models.timeline import Entry, EntryContent, Outbox, PrivilegedReader

__all__ = [
    "EVENTS",
    "Action",
    "Assessment",
    "Assignment",
    "Attestation",
    "Category",
    "Channel",
    "Citation",
    "Comment",
    "Decision",
    "Delivery",
    "Draft",
    "DraftAuthor",
    "Due",
    "Entry",
    "EntryContent",
    "EventKind",
    "Evidence",
    "Exclusion",
    "ExternalApprover",
    "Fact",
    "FactChange",
    "Hearing",
    "ImportedFile",
    "Incident",
    "IncidentGroupPermission",
    "IncidentUserPermission",
    "Invitation",
    "KeptDraft",
    "Lesson",
    "Message",
    "Occurred",
    "Outbox",
    "PartOfDay",
    "Policy",
    "Precision",
    "Presence",
    "PrivilegedReader",
    "Promise",
    "Publication",
    "ReferenceCounter",
    "Release",
    "RestoredRecord",
    "Review",
    "Round",
    "Rubric",
    "Seat",
    "Severity",
    "Stage",
    "Statement",
    "StatementGroupPermission",
    "StatementUserPermission",
    "Step",
    "StepName",
    "StoredMail",
    "Suggestion",
    "Version",
    "VersionAuthor",
]
