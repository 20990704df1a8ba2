"""What is done to people, teams and catalogues stands in the journal, and the journal is whole."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from teams import actions, queries, rules, wording
from teams.models import Audience, JournalContent, JournalEntry, Membership, Role, Team, User
from tests.conftest import lift_guards, person, set_guards

pytestmark = pytest.mark.django_db


def entries(team: Team) -> list[tuple[str, dict[str, object]]]:
    found = JournalEntry.objects.filter(team=team).select_related("content").order_by("number")
    return [(entry.kind, entry.content.body["facts"]) for entry in found]


def test_founding_a_team_opens_its_journal(claire: User, nine: datetime) -> None:
    team = actions.found_team(slug="lyon", name="Lyon", prefix="LY", by=claire, at=nine)
    assert Team.objects.get(slug="lyon").prefix == "LY"
    assert entries(team) == [(rules.TEAM_FOUNDED, {"name": "Lyon", "prefix": "LY"})]
    assert queries.journal_fault(Team.objects.get(pk=team.pk)) is None


def test_joining_and_leaving_are_in_the_journal(
    team: Team, claire: User, zoe: User, nine: datetime
) -> None:
    membership = actions.join_team(zoe, team, by=claire, at=nine)
    actions.leave_team(membership, by=claire, at=nine + timedelta(hours=1))
    assert not Membership.objects.filter(team=team, user=zoe).exists()
    kinds = [kind for kind, _facts in entries(team)]
    assert kinds == [rules.MEMBER_JOINED, rules.MEMBER_LEFT]
    assert all(e.actor == claire for e in JournalEntry.objects.filter(team=team))


def test_a_change_of_a_person_says_from_what_to_what_in_each_of_their_teams(
    team: Team, claire: User, nine: datetime
) -> None:
    other = actions.found_team(slug="lyon", name="Lyon", prefix="LY", by=claire, at=nine)
    actions.join_team(claire, other, by=claire, at=nine)
    actions.change_person(claire, changes={"title": "Director"}, by=claire, at=nine)
    assert User.objects.get(pk=claire.pk).title == "Director"
    for each in (team, other):
        kind, facts = entries(each)[-1]
        assert kind == rules.PERSON_CHANGED
        assert facts["changes"] == [{"field": "title", "from": "", "to": "Director"}]


def test_the_journal_does_not_learn_addresses_and_numbers(
    team: Team, claire: User, nine: datetime
) -> None:
    given = {"telephone": "+33 6 12 34 56 78", "email": "c@else.test"}
    actions.change_person(claire, changes=given, by=claire, at=nine)
    body = JournalContent.objects.get().body
    assert {c["field"] for c in body["facts"]["changes"]} == {"telephone", "email"}
    assert "12 34" not in str(body)
    assert "c@else" not in str(body)


def test_nothing_changed_is_nothing_written(team: Team, claire: User, nine: datetime) -> None:
    actions.change_person(claire, changes={"name": claire.name}, by=claire, at=nine)
    assert entries(team) == []


def test_a_new_administrator_is_told_to_every_team(
    team: Team, claire: User, zoe: User, nine: datetime
) -> None:
    actions.change_person(zoe, changes={"is_staff": True}, by=claire, at=nine)
    kind, facts = entries(team)[-1]
    assert kind == rules.PERSON_CHANGED
    assert facts["changes"] == [{"field": "is_staff", "from": False, "to": True}]
    actions.add_person(email="n@desk.test", name="Nina", is_staff=True, by=claire, at=nine)
    assert entries(team)[-1][0] == rules.ADMINISTRATOR_ADDED


def test_a_change_of_a_role_is_in_every_journal(team: Team, claire: User, nine: datetime) -> None:
    role = Role.objects.get(slug="scribe")
    actions.change_catalogue(role, changes={"name_en": "Log keeper"}, by=claire, at=nine)
    assert Role.objects.get(slug="scribe").name_en == "Log keeper"
    kind, facts = entries(team)[-1]
    assert kind == rules.CATALOGUE_CHANGED
    assert facts["catalogue"] == "role"


def test_an_audience_can_be_added_and_removed(team: Team, claire: User, nine: datetime) -> None:
    row = Audience(slug="unions", name_en="Unions", name_fr="Syndicats")
    actions.add_to_catalogue(row, by=claire, at=nine)
    actions.remove_from_catalogue(row, by=claire, at=nine)
    assert not Audience.objects.filter(slug="unions").exists()
    kinds = [kind for kind, _facts in entries(team)]
    assert kinds == [rules.CATALOGUE_ADDED, rules.CATALOGUE_REMOVED]


def test_a_row_in_use_stays(team: Team, claire: User, nine: datetime) -> None:
    assert claire.function is not None
    with pytest.raises(actions.StillInUse, match="in use"):
        actions.remove_from_catalogue(claire.function, by=claire, at=nine)
    assert entries(team) == []


def test_act_and_entry_are_written_together_or_not_at_all(
    team: Team, claire: User, nine: datetime
) -> None:
    with pytest.raises(ValidationError):
        actions.change_team(team, changes={"zone": "Mars/Olympus"}, by=claire, at=nine)
    assert Team.objects.get(pk=team.pk).zone == "Europe/Paris"
    assert entries(team) == []
    with transaction.atomic():
        actions.change_team(team, changes={"name": "Verdier"}, by=claire, at=nine)
        transaction.set_rollback(True)
    assert entries(team) == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE teams_journalentry SET kind = 'x'",
        "DELETE FROM teams_journalentry",
        "UPDATE teams_journalcontent SET body = '{}'",
        "DELETE FROM teams_journalcontent",
    ],
)
def test_the_database_refuses_to_rewrite_the_journal(
    attack: str, team: Team, claire: User, nine: datetime
) -> None:
    actions.change_team(team, changes={"name": "Verdier"}, by=claire, at=nine)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert queries.journal_fault(Team.objects.get(pk=team.pk)) is None


def test_the_check_names_the_first_bad_entry(team: Team, claire: User, nine: datetime) -> None:
    for name in ("A", "B", "C"):
        actions.change_team(team, changes={"name": name}, by=claire, at=nine)
    lift_guards()
    with connection.cursor() as cursor:
        number_two = JournalEntry.objects.get(team=team, number=2).pk
        cursor.execute(
            'UPDATE teams_journalcontent SET body = \'{"kind": "x"}\' WHERE entry_id = %s',
            [number_two],
        )
    set_guards()
    fault = queries.journal_fault(Team.objects.get(pk=team.pk))
    assert fault is not None
    assert fault.number == 2


def test_every_kind_of_entry_has_its_sentence() -> None:
    kinds = {
        value
        for name, value in vars(rules).items()
        if name.isupper() and isinstance(value, str) and "." in value
    }
    assert kinds == set(wording.SENTENCES)
    zoe, row = {"id": "1", "name": "Zoé"}, {"slug": "s", "en": "Scribe", "fr": "Historien"}
    facts = {"name": "N", "prefix": "P", "person": zoe, "row": row, "reason": "Leave"}
    facts |= {"giver": zoe, "receiver": zoe, "role": row, "policy": "Apologies", "version": "2"}
    facts |= {key: {"time": "2030-03-01T09:00:00Z"} for key in ("starts_at", "ends_at")}
    for kind in kinds:
        assert "%" not in wording.sentence(kind, facts)
    for kind, missing in wording.WITHOUT:
        assert "nothing" not in wording.sentence(kind, {**facts, missing: None})


def test_an_entry_of_another_part_brings_its_own_words() -> None:
    facts = {"summary": {"en": "A rubric changed.", "fr": "Une grille a changé."}}
    assert wording.sentence("rubric.changed", facts) == "A rubric changed."
    with translation.override("fr"):
        assert wording.sentence("rubric.changed", facts) == "Une grille a changé."


def test_reading_the_journal_costs_the_same_for_one_entry_and_for_many(
    team: Team, claire: User, nine: datetime, count_queries: object
) -> None:
    def read() -> None:
        for entry in queries.journal(team):
            assert entry.content.body

    actions.change_team(team, changes={"name": "0"}, by=claire, at=nine)
    one = count_queries(read)  # type: ignore[operator]
    for n in range(1, 30):
        actions.change_team(team, changes={"name": str(n)}, by=claire, at=nine)
    assert count_queries(read) == one  # type: ignore[operator]


def test_people_are_listed_at_one_price(
    team: Team, claire: User, nine: datetime, count_queries: object
) -> None:
    one = count_queries(lambda: queries.member_rows(team, at=nine))  # type: ignore[operator]
    for n in range(10):
        actions.join_team(person(f"Nina{n} N"), team, by=claire, at=nine)
    assert len(queries.member_rows(team, at=nine)) == 11
    assert count_queries(lambda: queries.member_rows(team, at=nine)) == one  # type: ignore[operator]
