"""Nothing owed is forgotten because its owner was shut out: the lead is told, and so is the room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.clocks import queries as clocks
from incidents.clocks.actions import make_promise
from incidents.lifecycle.actions import change_confidentiality
from incidents.models import Incident, Promise
from incidents.review.actions import add_action
from incidents.roles.actions import exclude_person
from teams.models import Audience, Membership, Team, User
from tests.conftest import member, person

pytestmark = pytest.mark.django_db
TOLD = "cannot see it any more"


def promised(incident: Incident, owner: User, by: User, at: datetime) -> Promise:
    return make_promise(
        incident,
        audience=Audience.objects.get(slug="customers"),
        channel="",
        subject="The lots",
        due_at=at + timedelta(hours=3),
        owner=owner,
        source=Promise.Source.HAND,
        by=by,
        at=at,
    )


@pytest.fixture
def desk(client: Client) -> Callable[[User], str]:
    def of(user: User) -> str:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get("/").content.decode()

    return of


def shut_out(how: str, incident: Incident, owner: User, by: User, at: datetime) -> None:
    if how == "excluded":
        exclude_person(incident, owner, reason="It is about them.", by=by, at=at)
    elif how == "left":
        Membership.objects.filter(user=owner).update(ends_at=at)
    elif how == "restricted":
        change_confidentiality(incident, to="restricted", reason="A name.", by=by, at=at)
    else:
        User.objects.filter(pk=owner.pk).update(is_active=False)


@pytest.mark.parametrize("how", ["excluded", "left", "restricted", "inactive"])
def test_the_lead_is_told_what_is_owed_by_somebody_who_sees_it_no_more(
    staffed: Incident, claire: User, thomas: User, bruno: User, desk: Any, client: Client, how: str
) -> None:
    at = now()
    promised(staffed, bruno, claire, at)
    add_action(staffed, text="Train.", owner=claire, due_on=at.date(), by=claire, at=at)
    assert TOLD not in desk(claire)
    shut_out(how, staffed, bruno, claire, at)
    page = desk(claire)
    assert TOLD in page
    assert "owed by Bruno Mallet" in page
    assert TOLD not in desk(thomas), "The lead's affair."
    client.force_login(claire, backend="django.contrib.auth.backends.ModelBackend")
    room = client.get(reverse("incidents:room", args=[staffed.reference])).content.decode()
    assert "Bruno Mallet cannot see this any more" in room


def test_an_action_of_the_review_counts_and_a_kept_promise_does_not(
    staffed: Incident, claire: User, bruno: User, desk: Any
) -> None:
    at = now()
    done = promised(staffed, bruno, claire, at)
    Promise.objects.filter(pk=done.pk).update(state=Promise.State.KEPT, settled_at=at)
    shut_out("excluded", staffed, bruno, claire, at)
    assert TOLD not in desk(claire)


def test_who_is_out_is_not_offered_as_an_owner(
    staffed: Incident, claire: User, bruno: User
) -> None:
    at = now()
    assert bruno in clocks.owners(staffed, at=at)
    shut_out("excluded", staffed, bruno, claire, at)
    assert bruno not in clocks.owners(staffed, at=at)


def test_the_desk_costs_the_same_for_one_and_for_many(
    team: Team, staffed: Incident, claire: User, desk: Any, count_queries: Any
) -> None:
    at = now()

    def one_more(name: str) -> None:
        owner = member(team, person(name))
        promised(staffed, owner, claire, at)
        shut_out("excluded", staffed, owner, claire, at)

    one_more("Ana One")
    desk(claire)  # the first look of a process reads more
    few = count_queries(lambda: desk(claire))
    for name in ("Ben Two", "Cleo Three", "Dan Four"):
        one_more(name)
    assert count_queries(lambda: desk(claire)) == few
