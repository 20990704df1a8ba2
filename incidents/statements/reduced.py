"""
The reduced sign-off that a prepared text earns, and who locks what for it.

Rooms are locked before the library, by whoever asks for a reduced sign-off and by whoever
withdraws the text: so none slips in between.
"""

from __future__ import annotations

from incidents.models import Incident, Statement, Version
from incidents.signoff.rules import UNPUBLISHED_SOMEWHERE
from incidents.statements import prepared


def source_of(version: Version) -> str:
    """Return which policies a version meets, and let nobody withdraw its prepared text meanwhile."""
    began = version.statement.prepared_from
    if began is not None:
        Incident.objects.lock(began.statement.incident_id)
    return prepared.source_of(version)


def rooms_of(text: Statement) -> dict[int, list[int]]:
    """Return the statements made of a prepared text that are not published, by incident."""
    found: dict[int, list[int]] = {}
    made = Statement.objects.filter(
        prepared_from__statement=text, status__in=UNPUBLISHED_SOMEWHERE
    ).exclude(incident=text.incident_id)
    for pk, incident in made.order_by("incident", "pk").values_list("pk", "incident"):
        found.setdefault(incident, []).append(pk)
    return found


def lock_rooms(text: Statement) -> dict[int, list[int]]:
    """Lock every incident in which a statement made of this text waits; the library comes last."""
    if not text.incident.is_library:
        return {}
    rooms = rooms_of(text)
    for incident in rooms:
        Incident.objects.lock(incident)
    return rooms
