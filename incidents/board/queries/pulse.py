"""What changed in a room since the number its page has seen."""

from __future__ import annotations

from typing import Final

from incidents.models import EVENTS, Incident
from incidents.timeline import queries as timeline

LOOK_AT_MOST: Final = 300
EVERY_SUBJECT: Final = sorted({kind.subject for kind in EVENTS.values()})


def subjects_after(incident: Incident, number: int) -> list[str]:
    """
    Name the subjects of the entries after `number`: what panels listen for.

    A page that slept for long is told of every subject. A privileged entry names its subject
    as any other: that there is one, everyone in the room may know.
    """
    behind = incident.last_entry_number - number
    if behind <= 0:
        return []
    return EVERY_SUBJECT if behind > LOOK_AT_MOST else timeline.subjects_after(incident, number)
