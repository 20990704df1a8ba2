"""Keep a file, alone or with the words that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.evidence import rules
from incidents.evidence.storing import Kept, NotKept, keep
from incidents.models import Entry, Evidence, Incident
from incidents.models import evidence as events
from incidents.timeline.actions import log_entry, record
from incidents.timeline.queries import is_privileged, may_read
from teams.models import User


class NotYours(Refused):
    """A file for an entry that the person may not read."""


@transaction.atomic
def add_evidence(
    incident: Incident, *, file: File[bytes], entry: Entry | None = None, by: User, at: datetime
) -> Evidence:
    """
    Keep a file and tell it in the timeline; `entry` is the one it belongs to.

    The same file for the same entry twice is kept once.
    :raises NotKept: when the file cannot be kept.
    :raises NotYours: when the person may not read the entry.
    """
    kept = keep(file)
    locked = Incident.objects.lock(incident.pk)
    if entry is not None and not may_read(entry, user=by, at=at):
        raise NotYours(_("Only those who may read a privileged entry can add to it."))
    known: Evidence | None = Evidence.objects.filter(
        incident=locked, entry=entry, sha256=kept.sha256
    ).first()
    if known is not None:
        return known
    privileged = entry is not None and is_privileged(entry)
    piece = _row(locked, kept, entry=entry, privileged=privileged, by=by, at=at)
    record(
        incident,
        events.ADDED if entry is None else events.ADDED_TO_ENTRY,
        by=by,
        at=at,
        privileged=privileged,
        entry=entry.number if entry else None,
        **kept.told(),
    )
    return piece


@transaction.atomic
def add_all(
    incident: Incident, *, files: Sequence[File[bytes]], by: User, at: datetime
) -> list[Evidence]:
    """
    Keep several files, all or none; each is an entry of its own.

    :raises NotKept: when one of them cannot be kept.
    """
    _check_number(files)
    return [add_evidence(incident, file=file, by=by, at=at) for file in files]


@transaction.atomic
def log_with_evidence(
    incident: Incident, *, files: Sequence[File[bytes]], by: User, at: datetime, **told: Any
) -> Entry:
    """
    Write an entry and keep the files that come with it, as one act; see `log_entry`.

    :raises NotKept: when one of the files cannot be kept; then nothing is written.
    """
    _check_number(files)
    found = {kept.sha256: kept for kept in map(keep, files)}
    entry = log_entry(
        incident, by=by, at=at, attached=[kept.told() for kept in found.values()], **told
    )
    there = set(entry.evidence.values_list("sha256", flat=True))
    for kept in (one for one in found.values() if one.sha256 not in there):
        _row(incident, kept, entry=entry, privileged=entry.is_privileged, by=by, at=at)
    return entry


def tie(entry: Entry, kept: Kept, *, by: User, at: datetime) -> Evidence:
    """
    Keep a stored file as evidence of an entry that tells it already (its fact `evidence`).

    Call it inside the verb that records the entry, once the entry is saved.
    """
    privileged = entry.is_privileged
    return _row(entry.incident, kept, entry=entry, privileged=privileged, by=by, at=at)


def _check_number(files: Sequence[File[bytes]]) -> None:
    if len(files) > rules.MOST_AT_ONCE:
        raise NotKept(
            _("At most %(most)s files at once. Nothing was kept.") % {"most": rules.MOST_AT_ONCE}
        )


def _row(
    incident: Incident,
    kept: Kept,
    *,
    entry: Entry | None,
    privileged: bool,
    by: User,
    at: datetime,
) -> Evidence:
    made: Evidence = Evidence.objects.create(
        incident=incident,
        entry=entry,
        file=rules.place(kept.sha256),
        is_privileged=privileged,
        added_by=by,
        added_at=at,
        **kept.told(),
    )
    return made
