"""A room left standing between tests carries nothing from one to the next."""

from __future__ import annotations

import pytest

from incidents.models import Incident, Statement
from teams.models import User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import in_signoff, statement

__all__ = ["in_signoff", "statement"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("time", ["once", "again"])
def test_what_a_test_does_to_the_room_is_gone_after_it(
    time: str, staffed: Incident, karim: User
) -> None:
    assert karim.language == "fr"
    assert staffed.title == Incident.objects.get().title != "Changed"
    karim.language = staffed.title = "Changed"
    Incident.objects.update(title="Changed")
    assert not Statement.objects.exists()


def test_what_was_built_upon_the_room_is_what_the_verbs_made(
    staffed: Incident, in_signoff: Statement, statement: Statement, ines: User
) -> None:
    assert in_signoff is statement
    assert in_signoff.incident == staffed
    assert in_signoff.status == Statement.Status.IN_SIGNOFF
    assert in_signoff.versions.get().authors.get().user == ines
    assert staffed.opened_at == NINE


def test_who_asks_for_no_room_finds_none() -> None:
    assert not Incident.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_commits_meets_a_room_of_their_own(staffed: Incident) -> None:
    assert Incident.objects.get() == staffed
