"""A holding statement in the stages of its life, made through the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.models import Incident, Statement, Version
from incidents.statements import actions
from teams.models import Audience, User
from tests.standing import standing

MINUTE = timedelta(minutes=1)
WORDS = "We have been told of plastic fragments in Bella pizza. We are checking lot L2231 now."


def draft(incident: Incident, by: User, at: datetime, **facts: Any) -> Statement:
    return actions.draft_statement(
        incident,
        title=facts.pop("title", "Holding statement"),
        kind=facts.pop("kind", Statement.Kind.HOLDING),
        audience=Audience.objects.get(slug=facts.pop("audience", "public")),
        language="en",
        channels=facts.pop("channels", ["website", "x"]),
        text=facts.pop("text", WORDS),
        by=by,
        at=at,
        **facts,
    )


def write(statement: Statement, text: str, by: User, at: datetime) -> Version:
    """Type a text and save it as a version."""
    statement.draft.refresh_from_db()
    actions.save_draft(
        statement,
        text=text,
        channel_texts={},
        revision=statement.draft.revision,
        by=by,
        at=at,
    )
    return actions.save_version(statement, reason="", by=by, at=at)


def approve(statement: Statement, by: User, at: datetime, **seen: Any) -> Any:
    version = statement.versions.order_by("-number")[0]
    return actions.approve_statement(
        statement,
        **{"version": version.number, "fingerprint": version.fingerprint, **seen},
        by=by,
        at=at,
    )


def kinds(incident: Incident) -> list[str]:
    return list(incident.entries.order_by("number").values_list("kind", flat=True))


@pytest.fixture
@standing(2)
def statement(staffed: Incident, ines: User, nine: datetime) -> Statement:
    """A draft that Ines began."""
    return draft(staffed, ines, nine)


@pytest.fixture
@standing(3)
def in_signoff(statement: Statement, ines: User, nine: datetime) -> Statement:
    """Her v1 waits for communications lead, counsel and executive: nothing is assessed yet."""
    actions.save_version(statement, reason="First words", by=ines, at=nine)
    actions.submit_statement(statement, by=ines, at=nine)
    statement.refresh_from_db()
    return statement


@pytest.fixture
@standing(4)
def good(
    in_signoff: Statement, thomas: User, karim: User, helene: User, nine: datetime
) -> Statement:
    for person in (thomas, karim, helene):
        approve(in_signoff, person, nine + MINUTE)
    in_signoff.refresh_from_db()
    return in_signoff
