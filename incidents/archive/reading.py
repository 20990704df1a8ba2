"""Find out what a file is, a past crisis or an exported record, and take it in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.archive import bad_file, crises, sealed, tables
from incidents.archive.actions import import_crisis, restore_record
from incidents.models import Incident
from teams.models import Team, User


def take_in(
    team: Team,
    raw: bytes,
    *,
    filename: str,
    table: Mapping[str, str] | None = None,
    again: bool = False,
    is_drill: bool = False,
    by: User | None,
    at: datetime,
) -> Incident:
    """
    Import the bytes of a file; `table` holds title, organisation and zone for a CSV.

    :raises BadFile: naming the first mistake; nothing is changed then.
    """
    fingerprint = hashlib.sha256(raw).hexdigest()
    text = bad_file.decoded(raw)
    come: dict[str, Any] = {"filename": filename, "fingerprint": fingerprint, "again": again}
    if table is not None:
        crisis = tables.read(text, language=team.language, **table)
        return import_crisis(team, crisis, is_drill=is_drill, by=by, at=at, **come)
    payload = bad_file.parsed(text)
    if not sealed.is_record(payload):
        return import_crisis(team, crises.read(payload), is_drill=is_drill, by=by, at=at, **come)
    found = sealed.read(payload)
    if is_drill and not found.incident["is_drill"]:
        bad_file.refuse("incident.is_drill", _("the record of a crisis cannot become a drill."))
    return restore_record(team, found, by=by, at=at, **come)
