"""The moves of an incident's status, as one table. Pure."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident

Status = Incident.Status

# What each move is called on its button. What is not here is not allowed.
MOVES: Final[dict[Status, dict[Status, LazyText | str]]] = {
    Status.TRIAGE: {
        Status.ACTIVE: _("Take it on as a crisis"),
        Status.CLOSED: _("Not a crisis: close it"),
    },
    Status.ACTIVE: {
        Status.MONITORING: _("Only watch it from now on"),
        Status.RESOLVED: _("Stand down"),
    },
    Status.MONITORING: {
        Status.ACTIVE: _("It flares up: back to active"),
        Status.RESOLVED: _("Stand down"),
    },
    Status.RESOLVED: {
        Status.CLOSED: _("Close the incident"),
        Status.ACTIVE: _("Reopen: the crisis is back"),
    },
    Status.CLOSED: {
        Status.ACTIVE: _("Reopen: the crisis is back"),
    },
}

# The record of a team's prepared texts: its name, and the role that keeps it.
LIBRARY_TITLE: Final = {"en": "Prepared texts", "fr": "Textes préparés"}
KEEPER: Final = "communications_lead"

OPEN: Final = (Status.TRIAGE, Status.ACTIVE, Status.MONITORING)


def moves(status: str) -> dict[Status, LazyText | str]:
    """Return where an incident may go from here, with the words of each move."""
    return MOVES[Status(status)]


def ends_the_promises(before: str, after: str) -> bool:
    """Say whether nobody is owed an update any more after this move."""
    return Status(before) in OPEN and Status(after) not in OPEN


def owes_again(before: str, after: str) -> bool:
    """Say whether the public is owed word again after this move."""
    return Status(before) not in OPEN and Status(after) in OPEN


def needs_the_post_mortem(before: str, after: str) -> bool:
    return Status(before) is Status.RESOLVED and Status(after) is Status.CLOSED


def library_reference(prefix: str) -> str:
    return f"{prefix}-TEXTS"


def reference(prefix: str, year: int, number: int) -> str:
    return f"{prefix}-{year}-{number:04}"
