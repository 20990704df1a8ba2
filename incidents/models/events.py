"""
The register of everything that can happen.

Each noun declares its kinds of event in its own file with `event(...)`: the name
(`noun.happened`), the sentence that the timeline shows, who hears of it, the filter it falls
under and its icon. The sentence is a gettext string whose `{placeholders}` are facts of the
entry; it is made at reading time, in the reader's language. A new kind needs no migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """The filters of the timeline."""

    FACT = "fact", _("Facts")
    DECISION = "decision", _("Decisions")
    MESSAGE = "message", _("Messages")
    STATEMENT = "statement", _("Statements")
    SEVERITY = "severity", _("Severity")
    ROLE = "role", _("Roles")
    PROMISE = "promise", _("Promises")
    INCIDENT = "incident", _("Incident")
    REPORT = "report", _("Report")


class Hearing(models.TextChoices):
    """Who hears of an event outside the room (in the room everyone sees the entry)."""

    NOBODY = "nobody"
    ROOM = "room"  # everyone who holds a role in the incident
    LEAD = "lead"  # crisis lead and deputy
    PERSON = "person"  # the person named in the fact `person`
    SIGNERS = "signers"  # whoever may now sign the round named in the fact `round`
    CIRCUIT = "circuit"  # everyone with a seat in the round named in the fact `round`
    AUTHORS = "authors"  # whoever wrote the statement named in the fact `statement`
    CITING = "citing"  # whoever wrote a statement that cites the fact named in `fact`


@dataclass(frozen=True)
class EventKind:
    name: str
    says: LazyText | str
    heard_by: Hearing
    category: Category
    icon: str

    @property
    def subject(self) -> str:
        """The noun before the dot: what the pulse names to the panels."""
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return self.name


EVENTS: Final[dict[str, EventKind]] = {}


def event(
    name: str,
    says: LazyText | str,
    *,
    heard_by: Hearing = Hearing.NOBODY,
    category: Category,
    icon: str,
) -> EventKind:
    """Declare a kind of event; two of one name are a mistake."""
    if name in EVENTS:
        raise ValueError(f"Two kinds of event are called {name}.")
    EVENTS[name] = EventKind(name, says, heard_by, category, icon)
    return EVENTS[name]
