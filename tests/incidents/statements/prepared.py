"""A team's prepared texts, made through the verbs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from incidents.lifecycle.actions import open_library
from incidents.models import Incident, Round, Statement, Version
from incidents.statements import actions
from incidents.statements.actions import preparing
from teams.models import Audience, Team, User
from tests.incidents.signoff.conftest import approve

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
FIXED = "We know of {what}. Product: {product}. We say more at {time}."
VALUES = {"what": "a fragment", "product": "Bella pizza", "time": "15:00"}
FILLED = "We know of a fragment. Product: Bella pizza. We say more at 15:00."
DAY = timedelta(days=1)


@pytest.fixture
def library(team: Team, thomas: User, karim: User, nine: datetime) -> Incident:
    """Thomas keeps the prepared texts and Karim is counsel there."""
    holders = {"communications_lead": thomas, "legal_counsel": karim}
    return open_library(team, holders=holders, by=None, at=nine - 30 * DAY)


def prepare(library: Incident, by: User, at: datetime, **facts: Any) -> Statement:
    """Write a text into the library and save it as v1."""
    statement = actions.draft_statement(
        library,
        title=facts.pop("title", "First holding statement"),
        kind=facts.pop("kind", Statement.Kind.HOLDING),
        audience=Audience.objects.get(slug=facts.pop("audience", "public")),
        language=facts.pop("language", "en"),
        channels=facts.pop("channels", ["website", "x"]),
        text=facts.pop("text", FIXED),
        by=by,
        at=at,
    )
    actions.save_version(statement, reason="", by=by, at=at)
    return statement


@pytest.fixture
def sign(thomas: User, karim: User) -> Callable[[Statement, datetime], Version]:
    """Have a text of the library signed by the two who sign there."""

    def signed(statement: Statement, at: datetime) -> Version:
        actions.submit_statement(statement, by=thomas, at=at)
        for one in (thomas, karim):
            approve(statement, one, at)
        newest: Version = statement.versions.order_by("-number")[0]
        return newest

    return signed


@pytest.fixture
def holding(library: Incident, ines: User, nine: datetime, sign: Any) -> Version:
    """A signed holding statement with three variables, in Inès' words."""
    signed: Version = sign(prepare(library, ines, nine - 30 * DAY), nine - 29 * DAY)
    return signed


def use(incident: Incident, text: Version, by: User, at: datetime, **facts: Any) -> Statement:
    return preparing.use_prepared(
        incident,
        text=text,
        title=facts.pop("title", ""),
        channels=facts.pop("channels", ["website", "x"]),
        values=facts.pop("values", VALUES),
        by=by,
        at=at,
    )


def submitted(statement: Statement, by: User, at: datetime) -> Round:
    actions.save_version(statement, reason="", submit=True, by=by, at=at)
    return Round.objects.filter(version__statement=statement).order_by("-pk")[0]


def asked(round_: Round) -> list[str]:
    return [seat.key for stage in round_.stages.all() for seat in stage.seats.all()]


def read(answer: Any) -> str:
    """Return a page with its times as words."""
    page = re.sub(r"</?time[^>]*>", "", answer.content.decode())
    return " ".join(unescape(page).split())


def url(name: str, incident: Incident, *more: Any) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *more])
