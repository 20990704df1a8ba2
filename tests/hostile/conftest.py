"""A room in which everything that an address can name is there, and each kind of person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from incidents.models import Incident, Statement
from incidents.roles.actions import exclude_person
from incidents.statements.actions.sharing import invite_approver
from teams import actions as teams
from teams.models import Delegation, Role, Team, User
from tests.conftest import member, person
from tests.hostile.walk import Walk, addresses
from tests.test_access import arguments, people

__all__ = ["arguments", "people"]


@pytest.fixture
def today() -> datetime:
    return now()


@pytest.fixture
def walk(
    arguments: dict[str, Any], incident: Incident, people: dict[str, User], today: datetime
) -> Walk:
    """Every address of the installation, filled in with what is there."""
    team, lead = incident.team, people["lead"]
    counsel = Role.objects.get(slug="legal_counsel")
    listed = teams.list_stand_in(
        team, role=counsel, user=member(team, person("Louis Legal", function="legal")),
        by=None, at=today,
    )  # fmt: skip
    away = teams.record_absence(people["care"], starts_at=today, ends_at=None, by=None, at=today)
    given = _hand_over(team, today)
    shown = Statement.objects.get(incident=incident, number=1)
    outside = invite_approver(
        shown,
        email="bea@cabinet.test",
        name="Bea Outside",
        language="en",
        signs=True,
        ends_at=today + timedelta(days=9),
        by=lead,
        at=today,
    ).user
    exclude_person(incident, people["analyst"], reason="It is about them.", by=lead, at=today)
    named = {
        "slug": team.slug,
        "stand_in": listed.pk,
        "absence": away.pk,
        "delegation": given.pk,
        "person": lead.uuid,
        "statement": shown.uuid,
    }
    kinds = {
        "lead": lead,
        "executive": people["executive"],
        "member": people["member"],
        "stranger": people["stranger"],
        "administrator": people["superuser"],
        "outside": outside,
        "excluded": people["analyst"],
        "out": None,
    }
    return Walk(addresses({**arguments, **named}), kinds)


def _hand_over(team: Team, at: datetime) -> Delegation:
    giver, to = (member(team, person(name, function="legal")) for name in ("Ana One", "Ben Two"))
    return teams.delegate_signoff(
        giver, to=to, team=team, role=None, starts_at=at, ends_at=at + timedelta(days=9),
        reason="Leave", by=giver, at=at,
    )  # fmt: skip
