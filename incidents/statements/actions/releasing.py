"""Releasing a statement without its missing sign-offs: what holds for texts of every origin."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from incidents.models import Policy, Release, Statement
from incidents.signoff import actions as signoff
from incidents.statements import prepared, reduced
from incidents.statements.moves import locked
from teams.models import User


@transaction.atomic
def release_statement(
    statement: Statement, *, version: int, fingerprint: str, reason: str, by: User, at: datetime
) -> Release:
    """
    Release exactly the text on the screen (see `signoff.release_statement`).

    :raises VariableEmpty: if a variable of its prepared text is still empty: no hurry publishes
        a text with a hole
    """
    _incident, statement = locked(statement)
    newest = statement.versions.order_by("-number").first()
    source: str = Policy.Source.ORDINARY
    if newest is not None and newest.number == version:
        prepared.check_filled(newest)
        source = reduced.source_of(newest)
    return signoff.release_statement(
        statement,
        version=version,
        fingerprint=fingerprint,
        reason=reason,
        source=source,
        by=by,
        at=at,
    )
