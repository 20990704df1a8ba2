from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import AppendOnly
from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Severity
from incidents.models.statement import Version
from teams.models import Role, Team


class Policy(models.Model):
    """
    Who signs what: one version of one circuit.

    Empty conditions match everything; the most specific policy of the team counts, then the
    shipped default (`team` empty). `stages` is a list of {"roles": [role slug, ...],
    "needed": number or null for all, "minutes": number, "told": [role slug, ...]}.
    """

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="policies"
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    version = models.PositiveIntegerField(default=1)
    severity = models.PositiveSmallIntegerField(choices=Severity, null=True, blank=True)
    statement_kind = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=2, blank=True)
    audience = models.CharField(max_length=40, blank=True)
    stages = models.JSONField()
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("approval policy")
        verbose_name_plural = _("approval policies")

    def __str__(self) -> str:
        return f"{self.name_en} v{self.version}"


class Round(models.Model):
    """One passage of one version through its circuit. Never deleted; ends once."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("waiting for sign-off")
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("changes requested")
        REFUSED = "refused", _("refused")
        VOID = "void", _("void: the text changed")

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rounds")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    severity = models.PositiveSmallIntegerField(choices=Severity, null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("version",),
                condition=Q(outcome__in=["open", "approved"]),
                name="one_living_round_per_version",
            ),
            models.CheckConstraint(
                name="round_outcome_known",
                condition=Q(outcome__in=["open", "approved", "changes", "refused", "void"]),
            ),
        )

    def __str__(self) -> str:
        return f"round {self.pk} of {self.version_id}"


class Stage(models.Model):
    """A step of a round; its seats sign in parallel, `needed` of them are enough."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="stages")
    order = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    opened_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("round", "order"), name="stage_orders_unique"),
            models.CheckConstraint(name="stage_needs_someone", condition=Q(needed__gte=1)),
        )

    def __str__(self) -> str:
        return f"stage {self.order} of round {self.round_id}"


class Seat(models.Model):
    """A role that is asked to sign in a stage."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="seats")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("stage", "role"), name="seat_once"),)

    def __str__(self) -> str:
        return f"{self.role_id} in stage {self.stage_id}"


class Decision(AppendOnly):
    """
    What one person decided about one version, bound to the fingerprint on their screen.

    The database refuses a decision by an author of the version, one whose fingerprint is not
    the version's, and one on a round that has ended.
    """

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approved")
        CHANGES = "changes", _("asked for changes")
        REFUSE = "refuse", _("refused")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    fingerprint = models.CharField(max_length=64)
    base_version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deputy_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verdict = models.CharField(max_length=8, choices=Verdict)
    comment = models.TextField(blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = (
            models.UniqueConstraint(fields=("round", "signer"), name="one_decision_per_person"),
            models.UniqueConstraint(fields=("seat",), name="one_decision_per_seat"),
            models.CheckConstraint(
                name="decision_verdict_known",
                condition=Q(verdict__in=["approve", "changes", "refuse"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.verdict} by {self.signer_id}"


APPROVED = event(
    "signoff.approved",
    _("Approved {title}, version {version}, as {role}. {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="circle-check",
)
APPROVED_AS_DEPUTY = event(
    "signoff.approved_as_deputy",
    _("Approved {title}, version {version}, as deputy of {deputy_of}, {role}. {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="circle-check",
)
CHANGES_REQUESTED = event(
    "signoff.changes_requested",
    _("Asked for changes to {title}, version {version}, as {role}: {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="message-report",
)
CHANGES_REQUESTED_AS_DEPUTY = event(
    "signoff.changes_requested_as_deputy",
    _(
        "Asked for changes to {title}, version {version}, as deputy of {deputy_of}, {role}:"
        " {comment}"
    ),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="message-report",
)
REFUSED = event(
    "signoff.refused",
    _("Refused {title}, version {version}, as {role}: {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="ban",
)
REFUSED_AS_DEPUTY = event(
    "signoff.refused_as_deputy",
    _("Refused {title}, version {version}, as deputy of {deputy_of}, {role}: {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="ban",
)
STAGE_OPENED = event(
    "signoff.stage_opened",
    _("{title}, version {version}, waits for sign-off until {due}: {roles}"),
    heard_by=Hearing.SIGNERS,
    category=Category.STATEMENT,
    icon="rubber-stamp",
)
TOLD = event(
    "signoff.told",
    _("{person} is told that {title}, version {version}, is in sign-off"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="info-circle",
)
COMPLETED = event(
    "signoff.completed",
    _("{title}, version {version}, is good to publish"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="rosette-discount-check",
)
TIGHTENED = event(
    "signoff.tightened",
    _("The severity was raised: {title}, version {version}, also needs {roles}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="rubber-stamp",
)
VOIDED = event(
    "signoff.voided",
    _("The sign-off of {title}, version {version}, is void: the text changed"),
    heard_by=Hearing.SIGNERS,
    category=Category.STATEMENT,
    icon="circle-off",
)
