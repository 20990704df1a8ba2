"""What stands beside a text on its page: its facts, where it came from, its files, its languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from incidents.models import Statement, Version
from incidents.statements import citing, company, languages, prepared_rows, shared
from incidents.statements.discussion import discussion
from teams.models import User


def read(
    statement: Statement,
    shown: Version | None,
    newest: Version | None,
    *,
    authors: Iterable[User],
    turn: object,
    user: User,
    rights: frozenset[str],
    at: datetime,
) -> dict[str, Any]:
    """Return the rows by their names on `StatementPage`; `shown` and `newest` come with words."""
    inside = "view_incident" in rights
    return {
        "cited": citing.cited(statement, rights=rights),
        "prepared": prepared_rows.on_page(statement, shown, rights=rights, at=at),
        "attachments": company.attachments(shown.attachments if shown else ()),
        "discussion": discussion(statement, shown, newest, user=user, rights=rights),
        "outside": shared.approvers(statement, at=at) if inside else (),
        "spoken": languages.read(
            statement, shown, authors=authors, turn=turn, user=user, rights=rights, at=at
        ),
    }
