"""Reads of evidence: what a person may open, and whether the files are those that were added."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.evidence import rows
from incidents.models import Entry, Evidence, Incident
from incidents.models.timeline import RECLASSIFIED
from incidents.timeline.queries import Reader, readable


def everything(incident: Incident) -> QuerySet[Evidence]:
    """Return all files; each says whether its entry was classified stricter since (`is_stricter`)."""
    stricter = Entry.objects.filter(kind=RECLASSIFIED.name, corrects=OuterRef("entry"))
    found: QuerySet[Evidence] = Evidence.objects.filter(incident=incident)
    return found.annotate(is_stricter=Exists(stricter))


def open_to(incident: Incident, reader: Reader) -> QuerySet[Evidence]:
    """Return the files this reader may open: each is as privileged as its entry."""
    pieces = everything(incident)
    if reader.sees_privileged:
        return pieces
    return pieces.filter(
        Q(entry=None, is_privileged=False) | Q(entry__in=readable(incident, reader).values("pk"))
    )


def pieces(incident: Incident, *, reader: Reader, most: int = 500) -> list[rows.Piece]:
    """List the evidence, newest first."""
    found = open_to(incident, reader).select_related("entry", "added_by").order_by("-pk")
    return [rows.piece(incident, row) for row in found[:most]]


def of_entries(
    incident: Incident, kinds: Collection[str], *, among: QuerySet[Evidence]
) -> Iterator[tuple[Entry, rows.Piece]]:
    """Return those of these files that came with entries of these kinds, each with its entry."""
    found = among.filter(entry__kind__in=kinds)
    for row in found.select_related("entry__content", "added_by").order_by("pk"):
        if row.entry is not None:
            yield row.entry, rows.piece(incident, row)


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
