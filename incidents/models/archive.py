from __future__ import annotations

from django.conf import settings
from django.db import models

from incidents.models.incident import Incident


class ImportedFile(models.Model):
    """Which file an incident came from; the same file twice is refused unless asked for."""

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, related_name="imported_file"
    )
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    outcome = models.TextField(blank=True)
    open_conflicts = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.filename


class RestoredRecord(models.Model):
    """
    What a restored export said beside its chain.

    Its statements, sign-offs, promises and people, kept as they were and only to be read.
    """

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, related_name="restored_record"
    )
    body = models.JSONField()

    def __str__(self) -> str:
        return f"restored record of {self.incident_id}"
