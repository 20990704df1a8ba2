from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Incident
from incidents.models.release import Release
from incidents.models.role import Assignment
from incidents.models.signoff import Stage
from incidents.models.statement import Channel, Publication
from teams.models import Audience


class Promise(models.Model):
    """A follow-up update owed to an audience by a time. Late is `kept_at` after `due_at`."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        MISSED = "missed", _("missed")
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")

    class Source(models.TextChoices):
        CADENCE = "cadence", _("from the cadence of the severity")
        STATEMENT = "statement", _("announced in a statement")
        HAND = "hand", _("by hand")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="promises")
    audience = models.ForeignKey(
        Audience, on_delete=models.PROTECT, related_name="+", verbose_name=_("audience")
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel, blank=True)
    subject = models.CharField(_("what is promised"), max_length=200)
    due_at = models.DateTimeField(_("due"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="promises",
        verbose_name=_("owner"),
    )
    source = models.CharField(max_length=10, choices=Source)
    announced_in = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="announced_promises"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    kept_by = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="kept_promises"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    moved_to = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="moved_from"
    )
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = (
            models.CheckConstraint(
                name="promise_state_known",
                condition=Q(state__in=["open", "kept", "missed", "moved", "cancelled"]),
            ),
            models.CheckConstraint(
                name="settled_promise_says_when",
                condition=Q(state="open") | Q(settled_at__isnull=False),
            ),
        )
        indexes = (models.Index(fields=("state", "due_at")),)

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.subject}"

    @property
    def is_late(self) -> bool:
        return self.settled_at is not None and self.settled_at > self.due_at


class Due(models.Model):
    """
    The one table of what falls due: exactly one subject, its time, whom it calls.

    `settled_at` ends it; `acknowledged_at` stops the escalation, `snoozed_until` delays it.
    """

    class Kind(models.TextChoices):
        PROMISE = "promise", _("promised update")
        STAGE = "stage", _("sign-off")
        ROLE = "role", _("role to accept")
        RELEASE = "release", _("review or confirmation of a release")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="dues")
    kind = models.CharField(max_length=10, choices=Kind)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, related_name="due")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, null=True, related_name="due")
    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, null=True, related_name="due"
    )
    release = models.OneToOneField(Release, on_delete=models.PROTECT, null=True, related_name="due")
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snooze_reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="due_has_one_subject",
                condition=(
                    Q(
                        kind="promise",
                        promise__isnull=False,
                        stage=None,
                        assignment=None,
                        release=None,
                    )
                    | Q(
                        kind="stage",
                        stage__isnull=False,
                        promise=None,
                        assignment=None,
                        release=None,
                    )
                    | Q(
                        kind="role",
                        assignment__isnull=False,
                        promise=None,
                        stage=None,
                        release=None,
                    )
                    | Q(
                        kind="release",
                        release__isnull=False,
                        promise=None,
                        stage=None,
                        assignment=None,
                    )
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} due {self.due_at:%Y-%m-%d %H:%M}"


class StepName(models.TextChoices):
    """The steps of a reminder, as the timeline and messages call them."""

    HALF = "half", _("half of the time is gone")
    THREE_QUARTERS = "three_quarters", _("three quarters of the time are gone")
    BEFORE = "before", _("due soon")
    DUE = "due", _("due now")
    DEPUTY = "deputy", _("overdue: the deputy")
    LEAD = "lead", _("overdue: the crisis lead")
    SPONSOR = "sponsor", _("overdue: the executive sponsor")


class Step(models.Model):
    """One reminder of something due: when, for whom in words (owner, deputy, lead)."""

    due = models.ForeignKey(Due, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=24)
    series = models.PositiveSmallIntegerField(default=0)  # a snooze begins a new series
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("due", "name", "series"), name="step_once"),)
        indexes = (
            models.Index(
                fields=("at",), name="steps_waiting", condition=Q(taken_at=None, dropped_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} of {self.due_id} at {self.at:%Y-%m-%d %H:%M}"


PROMISED = event(
    "promise.made",
    _("Promised to {audience} for {due}: {what}"),
    heard_by=Hearing.PERSON,
    category=Category.PROMISE,
    icon="clock-plus",
)
KEPT = event(
    "promise.kept",
    _("Kept the promise to {audience}: {what}"),
    category=Category.PROMISE,
    icon="clock-check",
)
KEPT_LATE = event(
    "promise.kept_late",
    _("Kept the promise to {audience} late, it was due {due}: {what}"),
    category=Category.PROMISE,
    icon="clock-exclamation",
)
MISSED = event(
    "promise.missed",
    _("Missed the promise to {audience} for {due}: {what}"),
    heard_by=Hearing.LEAD,
    category=Category.PROMISE,
    icon="clock-x",
)
MOVED = event(
    "promise.moved",
    _("Moved the promise to {audience} from {before} to {due}. Reason: {reason}"),
    heard_by=Hearing.PERSON,
    category=Category.PROMISE,
    icon="clock-edit",
)
CANCELLED = event(
    "promise.cancelled",
    _("Cancelled the promise to {audience} for {due}. Reason: {reason}"),
    heard_by=Hearing.PERSON,
    category=Category.PROMISE,
    icon="clock-cancel",
)
SILENCE_RECORDED = event(
    "promise.silence_recorded",
    _("Did not speak to the public, on purpose. Reason: {reason}"),
    heard_by=Hearing.LEAD,
    category=Category.PROMISE,
    icon="message-off",
)
ACKNOWLEDGED = event(
    "reminder.acknowledged",
    _("Has seen the reminder and takes care of it: {what}"),
    category=Category.PROMISE,
    icon="bell-check",
)
SNOOZED = event(
    "reminder.snoozed",
    _("Put the reminder off until {until}: {what}. Reason: {reason}"),
    heard_by=Hearing.LEAD,
    category=Category.PROMISE,
    icon="bell-pause",
)
ESCALATED = event(
    "reminder.escalated",
    _("Not answered yet, so {person} is called ({step}): {what}"),
    category=Category.PROMISE,
    icon="bell-ringing",
)
