from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Incident


class Review(models.Model):
    """What people add to the chronology: the post-mortem of one incident."""

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, primary_key=True, related_name="review"
    )
    summary = models.TextField(_("in short"), blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"review of {self.pk}"


class Lesson(models.Model):
    class Kind(models.TextChoices):
        KEEP = "keep", _("what went well")
        CHANGE = "change", _("what did not")
        CAUSE = "cause", _("causes")
        FIND_OUT = "find_out", _("to find out")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lessons")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.TextField(_("lesson"))
    revision = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def __str__(self) -> str:
        return self.text[:60]


class Action(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("open")
        STARTED = "started", _("started")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="actions")
    text = models.TextField(_("action"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due"))
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = (
            models.CheckConstraint(
                name="action_state_known",
                condition=Q(state__in=["open", "started", "done", "dropped"]),
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]


SUMMARISED = event(
    "review.summarised",
    _("Edited the summary of the post-mortem"),
    category=Category.REPORT,
    icon="report",
)
LESSON_ADDED = event(
    "review.lesson_added", _("Added a lesson: {text}"), category=Category.REPORT, icon="bulb"
)
LESSON_CHANGED = event(
    "review.lesson_changed", _("Changed a lesson: {text}"), category=Category.REPORT, icon="bulb"
)
LESSON_REMOVED = event(
    "review.lesson_removed", _("Removed a lesson: {text}"), category=Category.REPORT, icon="bulb"
)
ACTION_ADDED = event(
    "review.action_added",
    _("Action for {person} by {due}: {text}"),
    heard_by=Hearing.PERSON,
    category=Category.REPORT,
    icon="checklist",
)
ACTION_CHANGED = event(
    "review.action_changed",
    _("Changed an action of {person}, {state}, by {due}: {text}"),
    heard_by=Hearing.PERSON,
    category=Category.REPORT,
    icon="checklist",
)
ACCEPTED = event(
    "review.accepted",
    _("Accepted the post-mortem"),
    heard_by=Hearing.ROOM,
    category=Category.REPORT,
    icon="rosette-discount-check",
)
REOPENED = event(
    "review.reopened",
    _("Took back the acceptance of the post-mortem. Reason: {reason}"),
    heard_by=Hearing.ROOM,
    category=Category.REPORT,
    icon="arrow-back-up",
)
