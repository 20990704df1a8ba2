"""Reads of evidence: what a person may open, and whether the files are those that were added."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.urls import reverse

from incidents.models import Evidence, Incident
from incidents.timeline.queries import Reader, readable
from incidents.timeline.rules import PICTURES


@dataclass(frozen=True)
class Piece:
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


def open_to(incident: Incident, reader: Reader) -> QuerySet[Evidence]:
    """Return the files this reader may open: each is as privileged as its entry."""
    pieces: QuerySet[Evidence] = Evidence.objects.filter(incident=incident)
    if reader.sees_privileged:
        return pieces
    return pieces.filter(
        Q(entry=None, is_privileged=False) | Q(entry__in=readable(incident, reader).values("pk"))
    )


def pieces(incident: Incident, *, reader: Reader, most: int = 500) -> list[Piece]:
    """List the evidence, newest first."""
    found = open_to(incident, reader).select_related("entry", "added_by").order_by("-pk")
    return [_piece(incident, row) for row in found[:most]]


def _piece(incident: Incident, row: Evidence) -> Piece:
    entry = row.entry
    return Piece(
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
        is_privileged=row.is_privileged,
    )


def wrong_files(incident: Incident) -> Iterator[tuple[Evidence, str]]:
    """Return the files that are missing from the storage, or are not the ones that were added."""
    for row in Evidence.objects.filter(incident=incident).select_related("entry").order_by("pk"):
        if not default_storage.exists(row.file.name):
            yield row, "is missing from the storage"
            continue
        digest = hashlib.sha256()
        with default_storage.open(row.file.name) as stored:
            for chunk in stored.chunks():
                digest.update(chunk)
        if digest.hexdigest() != row.sha256:
            yield row, "is not the file that was added"
