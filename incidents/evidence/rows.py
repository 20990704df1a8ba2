"""Finished rows of evidence: what a template shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from incidents.models import Evidence, Incident
from incidents.timeline.rules import PICTURES


@dataclass(frozen=True)
class Piece:
    """`is_privileged`: as its entry is now, written so or classified stricter since."""

    pk: int
    name: str
    url: str
    is_picture: bool
    size: int
    sha256: str
    added_by: str
    added_at: datetime
    entry: int | None
    entry_url: str
    is_privileged: bool


def piece(incident: Incident, row: Evidence) -> Piece:
    entry = row.entry
    return Piece(
        pk=row.pk,
        name=row.name,
        url=reverse("incidents:evidence-file", args=[incident.reference, row.pk]),
        is_picture=row.content_type in PICTURES,
        size=row.size,
        sha256=row.sha256,
        added_by=row.added_by.name,
        added_at=row.added_at,
        entry=entry.number if entry else None,
        entry_url=reverse("incidents:entry", args=[incident.reference, entry.number])
        if entry
        else "",
        is_privileged=row.is_privileged or getattr(row, "is_stricter", False),
    )
