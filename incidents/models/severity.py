from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import AppendOnly
from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Incident, Severity
from teams.models import Team


class Rubric(AppendOnly):
    """
    One version of the rule: choices, weights, triggers, bands (shape: `severity/rubric.json`).

    A rubric without a team is the shipped default. The highest version of a team counts.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="rubrics")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("severity rubric")
        verbose_name_plural = _("severity rubrics")
        constraints = (
            models.UniqueConstraint(fields=("team", "version"), name="rubric_versions_unique"),
            models.UniqueConstraint(
                fields=("version",), condition=Q(team=None), name="default_rubric_versions_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.team or 'default'} v{self.version}"


class Assessment(AppendOnly):
    """
    One judgement of how bad it is: the facts ticked, what the rule made of them, the level set.

    `level` is what holds; it differs from `computed_level` only with an `override_reason`.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()
    score = models.DecimalField(max_digits=6, decimal_places=1)
    triggers = models.JSONField(default=list)
    computed_level = models.PositiveSmallIntegerField(choices=Severity)
    level = models.PositiveSmallIntegerField(choices=Severity)
    reason = models.TextField(blank=True)
    override_reason = models.TextField(blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    assessed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "number"), name="assessment_numbers_unique"
            ),
            models.CheckConstraint(
                name="override_has_a_reason",
                condition=Q(level=models.F("computed_level")) | ~Q(override_reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.level}"


ASSESSED = event(
    "severity.assessed",
    _("Severity {level}, as the rule gives it. {why} Reason: {reason}"),
    heard_by=Hearing.ROOM,
    category=Category.SEVERITY,
    icon="stairs-up",
)
OVERRIDDEN = event(
    "severity.overridden",
    _("Severity {level}; the rule gives {computed}. Reason: {reason}"),
    heard_by=Hearing.ROOM,
    category=Category.SEVERITY,
    icon="stairs-up",
)
