"""Captures of what stands outside: the files of the entries that tell its publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from incidents.evidence import queries as evidence
from incidents.evidence.rows import Piece
from incidents.models import Incident
from incidents.models import statement as events
from incidents.timeline.queries import reader_of
from teams.models import User

TELLING: Final = frozenset(
    one.name
    for one in (
        events.PUBLISHED,
        events.PUBLISHED_DIFFERENTLY,
        events.PUBLISHED_RELEASED,
        events.PUBLISHED_RELEASED_DIFFERENTLY,
        events.PUBLISHED_UNSIGNED,
    )
)

Kept = Mapping[int, Sequence[Piece]]


def captures_of(incident: Incident, *, user: User, rights: Iterable[str]) -> Kept:
    """Return what this reader may open of the captures, by the key of the publication."""
    found: defaultdict[int, list[Piece]] = defaultdict(list)
    for entry, piece in evidence.of_entries(incident, TELLING, reader=reader_of(user, rights)):
        found[entry.content.body["facts"]["publication"]].append(piece)
    return found
