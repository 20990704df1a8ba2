"""Adèle, who administers, and the short ways to say who is away and who hands over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from teams import actions, wording
from teams.models import Absence, Delegation, JournalEntry, Role, Team, User
from tests.conftest import NINE, member, person

SECOND, HOUR, WEEK = timedelta(seconds=1), timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def adele(team: Team) -> User:
    """Adèle administers the team."""
    return member(team, person("Adele Admin", function="it"), is_admin=True)


@pytest.fixture
def other(db: Any) -> Team:
    return Team.objects.create(slug="dairy", name="Dairy", prefix="DA")


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


def kinds(team: Team) -> list[str]:
    return [entry.kind for entry in JournalEntry.objects.filter(team=team).order_by("number")]


def told(team: Team) -> str:
    """The sentence of the newest entry."""
    body = JournalEntry.objects.filter(team=team).latest("number").content.body
    return wording.sentence(body["kind"], body["facts"])


def absent(who: User, *, by: User | None = None, **given: Any) -> Absence:
    given = {"starts_at": NINE, "ends_at": NINE + WEEK} | given
    return actions.record_absence(who, by=by or who, at=NINE, **given)


def hand_over(giver: User, to: User, team: Team, **given: Any) -> Delegation:
    given = {"role": None, "starts_at": NINE, "ends_at": NINE + WEEK, "reason": "Leave"} | given
    return actions.delegate_signoff(
        giver, to=to, team=team, by=given.pop("by", giver), at=given.pop("at", NINE), **given
    )
