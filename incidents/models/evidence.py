from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import AppendOnly
from incidents.models.events import Category, event
from incidents.models.incident import Incident
from incidents.models.timeline import Entry


class Evidence(AppendOnly):
    """A file kept as it was received; stored under its SHA-256."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="evidence")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="evidence")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to="evidence/")
    is_privileged = models.BooleanField(default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "sha256", "entry"), name="evidence_once_per_entry"
            ),
        )

    def __str__(self) -> str:
        return self.name


ADDED = event(
    "evidence.added",
    _("Added evidence: {name}, SHA-256 {sha256}"),
    category=Category.FACT,
    icon="paperclip",
)
ADDED_TO_ENTRY = event(
    "evidence.added_to_entry",
    _("Added evidence to entry {entry}: {name}, SHA-256 {sha256}"),
    category=Category.FACT,
    icon="paperclip",
)
