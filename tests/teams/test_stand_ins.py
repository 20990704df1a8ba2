"""Whom the team lists for a role, of which function a role is, which languages a person reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from teams import actions, queries, rules
from teams.models import (
    Membership,
    StandIn,
    Team,
    User,
)
from teams.reading import keep_preferences
from tests.conftest import NINE, member, person
from tests.teams.conftest import HOUR, SECOND, absent, hand_over, kinds, role, told

pytestmark = pytest.mark.django_db


# Stand-ins


def test_the_team_lists_whom_it_trusts_for_a_role_in_order(
    team: Team, karim: User, sophie: User, adele: User
) -> None:
    counsel = role("legal_counsel")
    first = actions.list_stand_in(team, role=counsel, user=sophie, by=adele, at=NINE)
    actions.list_stand_in(team, role=counsel, user=karim, by=adele, at=NINE)
    assert queries.stand_ins(team, at=NINE) == {counsel.pk: [sophie, karim]}
    with pytest.raises(actions.AlreadyListed, match="already listed for Legal counsel"):
        actions.list_stand_in(team, role=counsel, user=sophie, by=adele, at=NINE)
    actions.unlist_stand_in(first, by=adele, at=NINE)
    actions.unlist_stand_in(first, by=adele, at=NINE)
    assert queries.stand_ins(team, at=NINE) == {counsel.pk: [karim]}
    assert kinds(team) == [rules.STAND_IN_LISTED] * 2 + [rules.STAND_IN_UNLISTED]
    assert told(team) == "Sophie Lemaire no longer stands in as Legal counsel."


def test_who_is_asked_earlier_is_moved_up_place_by_place(
    team: Team, karim: User, sophie: User, adele: User
) -> None:
    counsel = role("legal_counsel")
    louis = member(team, person("Louis Blanc", function="legal"))
    for one in (sophie, karim, louis):
        last = actions.list_stand_in(team, role=counsel, user=one, by=adele, at=NINE)
    with pytest.raises(actions.NotTheirs):
        actions.raise_stand_in(last, by=louis, at=NINE)
    actions.raise_stand_in(last, by=adele, at=NINE)
    assert queries.stand_ins(team, at=NINE) == {counsel.pk: [sophie, louis, karim]}
    assert told(team) == "Louis Blanc now stands in earlier as Legal counsel."
    for _again in range(2):
        actions.raise_stand_in(last, by=adele, at=NINE)
    assert queries.stand_ins(team, at=NINE) == {counsel.pk: [louis, sophie, karim]}
    assert kinds(team).count(rules.STAND_IN_RAISED) == 2


def test_only_who_is_there_and_of_the_function_is_listed(
    team: Team, sophie: User, thomas: User, zoe: User, adele: User
) -> None:
    counsel = role("legal_counsel")
    with pytest.raises(actions.OutsideTheFunction, match="belongs to the function Legal"):
        actions.list_stand_in(team, role=counsel, user=thomas, by=adele, at=NINE)
    with pytest.raises(actions.CannotTakeOver):
        actions.list_stand_in(team, role=counsel, user=zoe, by=adele, at=NINE)
    # A role of no function: the holder's decides, when there is one.
    actions.list_stand_in(team, role=role("spokesperson"), user=thomas, by=adele, at=NINE)
    actions.list_stand_in(team, role=counsel, user=sophie, by=adele, at=NINE)
    Membership.objects.filter(user=sophie).update(ends_at=NINE + HOUR)
    assert counsel.pk in queries.stand_ins(team, at=NINE + HOUR - SECOND)
    assert counsel.pk not in queries.stand_ins(team, at=NINE + HOUR)
    User.objects.filter(pk=thomas.pk).update(is_active=False)
    assert queries.stand_ins(team, at=NINE + HOUR) == {}


def test_only_an_administrator_keeps_the_lists(
    team: Team, karim: User, sophie: User, adele: User
) -> None:
    counsel = role("legal_counsel")
    found = actions.list_stand_in(team, role=counsel, user=sophie, by=adele, at=NINE)
    for by in (karim, sophie):
        with pytest.raises(actions.NotTheirs):
            actions.list_stand_in(team, role=counsel, user=karim, by=by, at=NINE)
        with pytest.raises(actions.NotTheirs):
            actions.unlist_stand_in(found, by=by, at=NINE)
    assert StandIn.objects.count() == 1


# Functions and languages


@pytest.mark.parametrize(
    ("slug", "function"),
    [
        ("communications_lead", "communications"),
        ("legal_counsel", "legal"),
        ("executive_sponsor", "executive"),
        ("social_media_lead", None),
        ("crisis_lead", None),
        ("dpo", None),
    ],
)
def test_a_shipped_role_belongs_to_a_function_where_it_is_tied_to_one(
    db: Any, slug: str, function: str | None
) -> None:
    found = role(slug).function
    assert (found.slug if found else None) == function


def test_the_roles_function_decides_else_the_holders(
    karim: User, sophie: User, thomas: User, claire: User
) -> None:
    counsel, spokesperson = role("legal_counsel"), role("spokesperson")
    assert rules.same_function(sophie, counsel, karim)
    assert rules.same_function(sophie, counsel, claire)  # a holder from elsewhere moves nothing
    assert not rules.same_function(claire, counsel, thomas)
    assert rules.same_function(claire, spokesperson, thomas)
    assert not rules.same_function(karim, spokesperson, thomas)
    assert rules.same_function(karim, spokesperson, None)
    assert not rules.same_function(karim, spokesperson, User(function=None))
    assert not rules.same_function(User(function=None), spokesperson, User(function=None))


def test_what_a_person_reads_is_what_is_on_record_whatever_their_pages_say(claire: User) -> None:
    claire.reads = ["en"]
    claire.save()
    keep_preferences(claire, language="fr", reads=["fr"])
    claire.refresh_from_db()
    assert claire.language == "fr"
    assert claire.reads_language("en")
    assert not claire.reads_language("fr"), "Another language of the pages teaches nobody to read."


def test_a_new_person_reads_the_language_their_pages_begin_in(db: None) -> None:
    assert User.objects.create_user("a@house.example", name="A", language="fr").reads == ["fr"]
    told = User.objects.create_user("b@house.example", name="B", language="fr", reads=["en"])
    assert told.reads == ["en"]
    told.reads = []
    told.save()
    told.refresh_from_db()
    assert told.reads == [], "What was taken away later stays away."


# Costs


def test_away_hand_overs_and_lists_cost_the_same_for_one_and_for_many(
    team: Team, karim: User, adele: User, count_queries: Callable[[Callable[[], Any]], int]
) -> None:
    counsel = role("legal_counsel")

    def fill(number: int) -> User:
        one = member(team, person(f"Nina{number} N", function="legal"))
        absent(one)
        hand_over(karim, one, team, role=counsel)
        actions.list_stand_in(team, role=counsel, user=one, by=adele, at=NINE)
        return one

    people = [fill(0)]
    reads: list[Callable[[], Any]] = [
        lambda: queries.away(people, at=NINE),
        lambda: queries.delegates(team, at=NINE),
        lambda: queries.stand_ins(team, at=NINE),
    ]
    assert [count_queries(read) for read in reads] == [1, 1, 1]
    people += [fill(n) for n in range(1, 8)]
    assert [count_queries(read) for read in reads] == [1, 1, 1]
    assert len(queries.away(people, at=NINE)) == 8
    assert len(queries.delegates(team, at=NINE)[karim.pk, counsel.pk]) == 8
    assert queries.stand_ins(team, at=NINE)[counsel.pk] == people
