"""People are listed as a directory lists them, whatever the database thinks of accents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from crisisdesk.kit.forms import PersonChoice
from crisisdesk.kit.names import place
from incidents.models import Incident
from incidents.roles.queries import everyone, people_rows
from teams.models import Team, User
from teams.queries import member_rows
from tests.conftest import member, person

pytestmark = pytest.mark.django_db
NAMES = ["Élise Martin", "Zoé Roux", "eric Lang", "Emma Lind", "Inès Carvalho", "Óscar Ruiz"]
IN_ORDER = ["Élise Martin", "Emma Lind", "eric Lang", "Inès Carvalho", "Óscar Ruiz", "Zoé Roux"]


@pytest.fixture
def crowd(team: Team) -> list[User]:
    return [member(team, person(name)) for name in NAMES]


def those(names: list[str]) -> list[str]:
    return [name for name in names if name in NAMES]


def test_an_accent_and_a_capital_change_no_place() -> None:
    assert sorted(NAMES, key=place) == IN_ORDER


def test_fields_and_lists_of_people_follow_that_order(
    client: Client, crowd: list[User], incident: Incident, claire: User
) -> None:
    field: Any = PersonChoice(queryset=User.objects.all(), empty_label="nobody")
    first, *offered = field.choices
    assert first == ("", "nobody")
    assert those([str(label) for _value, label in offered]) == IN_ORDER
    at = now() + timedelta(minutes=1)
    assert those([row.name for row in member_rows(incident.team, at=at)]) == IN_ORDER
    assert those([row.value for row in people_rows(everyone(incident, at=at))]) == IN_ORDER
    claire.language = "en"
    claire.save()
    client.force_login(claire)
    page = client.get(reverse("incidents:roles", args=[incident.reference])).content.decode()
    assert page.index("Élise Martin") < page.index("Emma Lind") < page.index("Zoé Roux")
