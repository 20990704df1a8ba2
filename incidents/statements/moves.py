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
    found = Statement.objects.select_related("audience", "incident").get(pk=statement.pk)
    return incident, found


def next_status(statement: Statement, move: str) -> str:
    status = rules.next_status(statement.status, move)
    if status is None:
        raise NotFromHere(
            _("This statement is %(status)s, so this is no longer possible. Nothing was changed.")
            % {"status": statement.get_status_display()}
        )
    return status


def facts(version: Version) -> dict[str, Any]:
    return {
        "title": version.statement.title,
        "version": version.number,
        "statement": version.statement_id,
        "number": version.statement.number,
    }
