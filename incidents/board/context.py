"""
What every page shows around its content, read only where a template asks for it.

`frame` is the top bar; `strip` the header of the incident that the gate let the person into.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from crisisdesk.kit.http import DeskRequest
from incidents.board.queries import frame as queries
from incidents.board.queries.frame import FrameRow, StripRow
from incidents.models import Incident
from incidents.notifications.queries import unread_count
from teams.models import User


def frame(request: DeskRequest) -> dict[str, Any]:
    return {
        "frame": SimpleLazyObject(partial(_frame, request)),
        "strip": SimpleLazyObject(partial(_strip, request)),
    }


def _frame(request: DeskRequest) -> FrameRow | None:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    at = getattr(request, "at", None) or now()
    return queries.frame(user, at=at, unread=unread_count(user, at=at))


def _strip(request: DeskRequest) -> StripRow | None:
    incident = getattr(request, "incident", None)
    if not isinstance(incident, Incident):
        return None
    return queries.strip(incident, rights=request.rights, at=request.at)
