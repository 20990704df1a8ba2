from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import AppendOnly
from crisisdesk.kit.times import in_french
from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Severity
from incidents.models.statement import Version
from teams.models import Role, Team


def always_asked() -> list[str]:
    """Return the roles that a typo asks again by default."""
    return ["legal_counsel"]


class Policy(models.Model):
    """
    Who signs what: one version of one circuit. Rows stay: a change is the next version.

    Empty conditions match everything; the most specific policy of the team counts, then the
    shipped default (`team` empty). `source` matches exactly: ordinary statements, prepared
    texts themselves, or statements that are a prepared text with nothing but its variables
    filled in. `stages` is a list of {"roles": [role slug, ...], "people": [uuid, ...],
    "needed": number or null for all, "minutes": number, "told": [role slug, ...]}.
    `always`: the roles that a typo asks again, where `allows_typo`.
    """

    class Source(models.TextChoices):
        ORDINARY = "", _("written for the incident")
        PREPARED = "prepared", _("a prepared text itself")
        FROM_PREPARED = "from_prepared", _("a prepared text, only its variables filled in")

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="policies"
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=16, choices=Source, blank=True, default="")
    severity = models.PositiveSmallIntegerField(choices=Severity, null=True, blank=True)
    statement_kind = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=2, blank=True)
    audience = models.CharField(max_length=40, blank=True)
    stages = models.JSONField()
    allows_typo = models.BooleanField(default=True)
    always = models.JSONField(default=always_asked)
    allows_break_glass = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("approval policy")
        verbose_name_plural = _("approval policies")
        constraints = (
            models.UniqueConstraint(fields=("lineage", "version"), name="policy_versions_unique"),
            models.UniqueConstraint(
                fields=("lineage",), condition=Q(is_active=True), name="one_active_policy_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name_en} v{self.version}"

    @property
    def name(self) -> str:
        return self.name_fr if in_french() else self.name_en


class Round(models.Model):
    """
    One passage of one version through its circuit. Never deleted; ends once.

    `released`: a named person let the text out without all sign-offs (see `Release`).
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("waiting for sign-off")
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("changes requested")
        REFUSED = "refused", _("refused")
        VOID = "void", _("void: the text changed")
        RELEASED = "released", _("released without all sign-offs")

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
                condition=Q(outcome__in=["open", "approved", "released"]),
                name="one_living_round_per_version",
            ),
            models.CheckConstraint(
                name="round_outcome_known",
                condition=Q(
                    outcome__in=["open", "approved", "changes", "refused", "void", "released"]
                ),
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
    """
    A role, or a named person, that is asked to sign in a stage.

    `carried_from`: the sign-off that stands although a typo was mended since: not asked again.
    """

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="seats")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    carried_from = models.ForeignKey(
        "incidents.Decision", on_delete=models.PROTECT, null=True, related_name="carried_to"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stage", "role"), name="seat_once"),
            models.UniqueConstraint(fields=("stage", "person"), name="seat_once_per_person"),
            models.CheckConstraint(
                name="seat_asks_a_role_or_a_person",
                condition=Q(role__isnull=False, person=None) | Q(role=None, person__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.role_id or self.person_id} in stage {self.stage_id}"

    @property
    def name(self) -> str:
        """Whom it asks: the role, or the named person."""
        return self.role.name if self.role else self.person.name if self.person else ""

    @property
    def key(self) -> str:
        """What tells one seat of a circuit from another: the role's slug or the person's uuid."""
        return self.role.slug if self.role else str(self.person.uuid) if self.person else ""


class Decision(AppendOnly):
    """
    What one person decided about one version, bound to the fingerprint on their screen.

    The database refuses a decision by an author of the version, one whose fingerprint is not
    the version's, and one on a round that has ended. `screen`: what was before the signer's
    eyes ({"base_version", "base_fingerprint", "language", "reason", "attested_by"}).
    """

    class Capacity(models.TextChoices):
        HOLDER = "holder", _("in person")
        DELEGATE = "delegate", _("by delegation")
        DEPUTY = "deputy", _("as deputy")
        LISTED = "listed", _("from the team's list")

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
    capacity = models.CharField(max_length=8, choices=Capacity, default=Capacity.HOLDER)
    verdict = models.CharField(max_length=8, choices=Verdict)
    screen = models.JSONField(default=dict)
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
APPROVED_AS_DELEGATE = event(
    "signoff.approved_as_delegate",
    _("Approved {title}, version {version}, by delegation of {deputy_of}, {role}. {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="circle-check",
)
APPROVED_FROM_LIST = event(
    "signoff.approved_from_list",
    _("Approved {title}, version {version}, as {role} from the team’s list. {comment}"),
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
CHANGES_REQUESTED_AS_DELEGATE = event(
    "signoff.changes_requested_as_delegate",
    _(
        "Asked for changes to {title}, version {version}, by delegation of {deputy_of}, {role}:"
        " {comment}"
    ),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="message-report",
)
CHANGES_REQUESTED_FROM_LIST = event(
    "signoff.changes_requested_from_list",
    _("Asked for changes to {title}, version {version}, as {role} from the team’s list: {comment}"),
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
REFUSED_AS_DELEGATE = event(
    "signoff.refused_as_delegate",
    _("Refused {title}, version {version}, by delegation of {deputy_of}, {role}: {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="ban",
)
REFUSED_FROM_LIST = event(
    "signoff.refused_from_list",
    _("Refused {title}, version {version}, as {role} from the team’s list: {comment}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="ban",
)
NOT_ASKED_AGAIN = event(
    "signoff.not_asked_again",
    _("Only a typo was mended in {title}, version {version}: not asked again: {signers}"),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="rubber-stamp",
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
    _("{title}, version {version}, has all its sign-offs"),
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
ASKED_IN_FULL = event(
    "signoff.asked_in_full",
    _("Its prepared text was withdrawn: {title}, version {version}, also needs {roles}"),
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
