"""Captures of what stands outside: the files of the entries that tell its publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import QuerySet

from incidents.evidence import queries as evidence
from incidents.evidence.rows import Piece
from incidents.models import Evidence, Incident
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
    reader = reader_of(user, rights)
    return _by_publication(incident, evidence.open_to(incident, reader))


def captures_to_take_away(incident: Incident, *, with_privileged: bool) -> Kept:
    """Return the captures for a document, in the same way: the privileged only if asked for."""
    found = _by_publication(incident, evidence.everything(incident))
    if with_privileged:
        return found
    return {key: [one for one in kept if not one.is_privileged] for key, kept in found.items()}


def _by_publication(incident: Incident, among: QuerySet[Evidence]) -> Kept:
    found: defaultdict[int, list[Piece]] = defaultdict(list)
    for entry, piece in evidence.of_entries(incident, TELLING, among=among):
        # What is erased tells no publication any more.
        content = getattr(entry, "content", None)
        if content is not None:
            found[content.body["facts"]["publication"]].append(piece)
    return found
