"""What every verb of a statement begins with: the lock, and whether the move is allowed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Incident, Statement, Version
from incidents.statements import rules


class NotFromHere(Refused):
    """The statement is not in a status that allows this move."""


def locked(statement: Statement) -> tuple[Incident, Statement]:
    incident = Incident.objects.lock(statement.incident_id)
    found = Statement.objects.select_related("audience").get(pk=statement.pk)
    found.incident = incident
    return incident, found


def next_status(statement: Statement, move: str) -> str:
    if move == "publish" and statement.kind == Statement.Kind.LINE:
        raise NotFromHere(
            _("A line to take is said to those who ask; it is not published. Nothing was recorded.")
        )
    status = rules.next_status(statement.status, move)
    if move in rules.OUTSIDE and statement.incident.is_library:
        raise NotFromHere(
            _("A prepared text does not go out itself. Begin a statement of an incident with it.")
        )
    if status is None:
        raise NotFromHere(
            _("This statement is %(status)s, so this is no longer possible. Nothing was changed.")
            % {"status": statement.get_status_display()}
        )
    return status


def about(statement: Statement) -> dict[str, Any]:
    """Return the facts that every entry about a statement tells."""
    return {"title": statement.title, "statement": statement.pk, "number": statement.number}


def facts(version: Version) -> dict[str, Any]:
    return {**about(version.statement), "version": version.number}
