"""Find out what a file is, a past crisis or an exported record, and take it in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from incidents.archive import bad_file, crises, tables
from incidents.archive.actions import import_crisis
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
    if table is not None:
        crisis = tables.read(text, language=team.language, **table)
    else:
        crisis = crises.read(bad_file.parsed(text))
    return import_crisis(
        team,
        crisis,
        filename=filename,
        fingerprint=fingerprint,
        again=again,
        is_drill=is_drill,
        by=by,
        at=at,
    )
