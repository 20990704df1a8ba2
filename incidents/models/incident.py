from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from crisisdesk.kit.held import held, hold
from incidents.models.events import Category, Hearing, event
from incidents.models.occurred import PartOfDay, Precision
from teams.models import Team
from teams.models.zones import validate_zone


class Severity(models.IntegerChoices):
    """1 is the worst."""

    CRITICAL = 1, _("critical")
    MAJOR = 2, _("major")
    MODERATE = 3, _("moderate")
    MINOR = 4, _("minor")


@dataclass(frozen=True)
class Head:
    """Where a timeline ends: what the next entry binds, and the counters of its filters."""

    uuid: uuid.UUID
    last_entry_number: int
    last_entry_hash: str
    entry_counts: Mapping[str, int]
    sealed_number: int
    sealed_head: str


HEAD = tuple(one.name for one in fields(Head))


class IncidentQuerySet(models.QuerySet["Incident"]):
    def lock(self, pk: int) -> Incident:
        """Return the incident with its row locked: one writer at a time per incident."""
        found = self.select_for_update(of=("self",)).select_related("team").get(pk=pk)
        found.hold_head()
        return found

    def lock_head(self, pk: int) -> Head:
        """
        Return the head of a timeline with its incident locked.

        It is read once: a transaction that holds the lock knows it from there on.
        """
        known: Head | None = held(("head", pk))
        return known or self.select_for_update(of=("self",)).only(*HEAD).get(pk=pk).hold_head()

    def write_head(self, pk: int) -> None:
        """Write down where this transaction has let the timeline end."""
        head = self.lock_head(pk)
        self.filter(pk=pk).update(
            last_entry_number=head.last_entry_number,
            last_entry_hash=head.last_entry_hash,
            entry_counts=head.entry_counts,
        )

    def open(self) -> IncidentQuerySet:
        return self.exclude(status=Incident.Status.CLOSED)


class Incident(models.Model):
    """One crisis. `severity` is empty until the first assessment."""

    class Status(models.TextChoices):
        TRIAGE = "triage", _("triage")
        ACTIVE = "active", _("active")
        MONITORING = "monitoring", _("monitoring")
        RESOLVED = "resolved", _("resolved")
        CLOSED = "closed", _("closed")

    class Kind(models.TextChoices):
        PRODUCT = "product", _("product")
        SERVICE = "service", _("service")
        BRAND_DECISION = "brand_decision", _("brand decision")
        PUBLIC_REMARKS = "public_remarks", _("public remarks")
        DATA_BREACH = "data_breach", _("data breach")
        ACCOUNT_COMPROMISE = "account_compromise", _("account compromise")
        OFFENSIVE_CONTENT = "offensive_content", _("offensive content")
        CONDUCT = "conduct", _("conduct of a person")
        DISINFORMATION = "disinformation", _("disinformation or forgery")
        SAFETY = "safety", _("safety")
        OTHER = "other", _("other")

    class Confidentiality(models.TextChoices):
        TEAM = "team", _("everyone in the team")
        RESTRICTED = "restricted", _("assigned or invited people only")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="incidents")
    reference = models.CharField(max_length=24, unique=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    what_happened = models.TextField(_("what happened"), blank=True)
    countries = models.JSONField(_("countries concerned"), default=list, blank=True)
    language = models.CharField(max_length=2, default="en")
    zone = models.CharField(max_length=64, default="Europe/Paris", validators=[validate_zone])
    status = models.CharField(max_length=12, choices=Status, default=Status.TRIAGE)
    severity = models.PositiveSmallIntegerField(choices=Severity, null=True, blank=True)
    confidentiality = models.CharField(
        max_length=12, choices=Confidentiality, default=Confidentiality.TEAM
    )
    is_drill = models.BooleanField(_("drill"), default=False)
    has_inside_information = models.BooleanField(default=False)
    legal_hold = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    # The record of a team's prepared texts: signed like statements, in no list of incidents.
    is_library = models.BooleanField(default=False, editable=False)

    first_seen_from = models.DateTimeField(null=True, blank=True)
    first_seen_until = models.DateTimeField(null=True, blank=True)
    first_seen_precision = models.CharField(max_length=12, choices=Precision, blank=True)
    first_seen_part_of_day = models.CharField(max_length=16, choices=PartOfDay, blank=True)
    first_seen_approximate = models.BooleanField(default=False)
    first_seen_where = models.CharField(_("first seen where"), max_length=200, blank=True)
    first_seen_link = models.URLField(_("link"), max_length=2000, blank=True)

    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    # What `timeline.record` keeps under the row's lock.
    last_entry_number = models.PositiveIntegerField(default=0, editable=False)
    last_entry_hash = models.CharField(max_length=64, default="", editable=False)
    entry_counts = models.JSONField(default=dict, editable=False)
    # A restored record: its own chain ends at `sealed_number`; local entries bind its head.
    origin_uuid = models.UUIDField(null=True, blank=True, editable=False)
    sealed_number = models.PositiveIntegerField(default=0, editable=False)
    sealed_head = models.CharField(max_length=64, default="", editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        default_permissions = ("view",)
        permissions = (
            ("log_entry", "Can write in the timeline"),
            ("add_evidence", "Can add evidence"),
            ("edit_facts", "Can edit the ledger of facts"),
            ("do_tasks", "Can do tasks"),
            ("comment", "Can comment and suggest"),
            ("assess_severity", "Can assess severity"),
            ("assign_role", "Can assign roles and invite"),
            ("draft_statement", "Can draft and submit statements"),
            ("record_publication", "Can record publications"),
            ("break_glass", "Can release without the missing sign-offs"),
            ("change_status", "Can change status, confidentiality and exclusions"),
            ("decide_legal_duty", "Can decide that a legal duty is not owed"),
            ("see_privileged", "Can see privileged entries"),
            ("classify_privileged", "Can classify legal advice and name its readers"),
            ("claim_reply", "Can claim and record replies"),
            ("edit_report", "Can edit the post-mortem"),
            ("export_record", "Can export the record and the report"),
            ("open_analysis", "Can open the analysis"),
            ("export_privileged", "Can export privileged material"),
            ("erase_entry", "Can erase content for a legal ground"),
        )
        constraints = (
            models.CheckConstraint(
                name="incident_status_known",
                condition=Q(status__in=["triage", "active", "monitoring", "resolved", "closed"]),
            ),
            models.CheckConstraint(
                name="incident_severity_known",
                condition=Q(severity=None) | Q(severity__in=[1, 2, 3, 4]),
            ),
            models.CheckConstraint(
                name="incident_confidentiality_known",
                condition=Q(confidentiality__in=["team", "restricted"]),
            ),
            models.UniqueConstraint(
                fields=("team",), condition=Q(is_library=True), name="one_library_per_team"
            ),
        )
        indexes = (models.Index(fields=("team", "status")),)

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def hold_head(self) -> Head:
        """
        Remember the head for as long as the lock, with which it was read, is held.

        What this transaction knows of it already is not older than the row.
        """
        known: Head | None = held(("head", self.pk))
        if known is None:
            known = Head(**{name: getattr(self, name) for name in HEAD})
        self.end_with(known)
        return known

    def end_with(self, head: Head) -> None:
        """Let the timeline end here, in this object and for the rest of the transaction."""
        self.last_entry_number = head.last_entry_number
        self.last_entry_hash = head.last_entry_hash
        self.entry_counts = dict(head.entry_counts)
        hold(("head", self.pk), head)


class ReferenceCounter(models.Model):
    """The last number given to a reference of this prefix and year."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("prefix", "year"), name="one_counter_per_year"),
        )

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class IncidentUserPermission(UserObjectPermissionBase):
    """A right on one incident; guardian knows no end, the gate checks `ends_at`."""

    content_object = models.ForeignKey(Incident, on_delete=models.CASCADE)
    ends_at = models.DateTimeField(null=True, blank=True)


class IncidentGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Incident, on_delete=models.CASCADE)


OPENED = event(
    "incident.opened",
    _("Opened the incident: {title}"),
    heard_by=Hearing.ROOM,
    category=Category.INCIDENT,
    icon="flag",
)
LIBRARY_OPENED = event(
    "incident.library_opened",
    _("Opened the prepared texts of {team}"),
    category=Category.INCIDENT,
    icon="book",
)
STATUS_CHANGED = event(
    "incident.status_changed",
    _("Status changed from {before} to {after}. Reason: {reason}"),
    heard_by=Hearing.ROOM,
    category=Category.INCIDENT,
    icon="activity",
)
CLOSED_WITHOUT_REVIEW = event(
    "incident.closed_without_review",
    _("Closed without an accepted post-mortem. Reason: {reason}"),
    heard_by=Hearing.ROOM,
    category=Category.INCIDENT,
    icon="archive",
)
DETAILS_CHANGED = event(
    "incident.details_changed",
    _("Changed the incident's details: {changed}"),
    category=Category.INCIDENT,
    icon="edit",
)
CONFIDENTIALITY_CHANGED = event(
    "incident.confidentiality_changed",
    _("Access changed from {before} to {after}. Reason: {reason}"),
    category=Category.INCIDENT,
    icon="lock",
)
IMPORTED = event(
    "incident.imported",
    _("Imported from the file {filename}, fingerprint {fingerprint}"),
    category=Category.INCIDENT,
    icon="file-import",
)
RESTORED = event(
    "incident.restored",
    _("Restored from an export, sealed up to entry {number}, head {head}"),
    category=Category.INCIDENT,
    icon="file-import",
)
EXPORTED = event(
    "incident.exported",
    _("Exported {what}, format {format}"),
    category=Category.REPORT,
    icon="file-export",
)
