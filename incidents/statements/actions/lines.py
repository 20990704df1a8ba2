"""Lines to take: the answer to a question that is coming, signed before it is said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from incidents.models import Fact, Incident, Statement
from incidents.statements.actions.citing import cite_facts
from incidents.statements.actions.writing import draft_statement, save_version
from teams.models import Audience, User


@transaction.atomic
def draft_line(
    incident: Incident,
    *,
    question: str,
    answer: str,
    audience: Audience,
    language: str,
    channels: Iterable[str],
    facts: Iterable[Fact] = (),
    submit: bool = False,
    by: User,
    at: datetime,
) -> Statement:
    """
    Write the answer to a question that is coming, with the facts it stands on.

    `submit` saves it as the first version and asks for its sign-off at once.
    """
    line = draft_statement(
        incident,
        title=question,
        kind=Statement.Kind.LINE,
        audience=audience,
        language=language,
        channels=channels,
        text=answer,
        by=by,
        at=at,
    )
    cite_facts(line, facts=facts, by=by, at=at)
    if submit:
        save_version(line, reason="", submit=True, by=by, at=at)
        line.refresh_from_db()
    return line
