"""Who is away and who holds whose sign-off: to the second, and within the function."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from teams import actions, queries, rules
from teams.models import (
    Absence,
    Delegation,
    Function,
    JournalEntry,
    Membership,
    Team,
    User,
)
from tests.conftest import NINE, member, person
from tests.teams.conftest import HOUR, SECOND, WEEK, absent, hand_over, kinds, role, told

pytestmark = pytest.mark.django_db


# Absences


def test_an_absence_runs_from_its_first_second_to_the_one_before_its_end(claire: User) -> None:
    found = absent(claire, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)
    assert queries.away([claire], at=NINE + HOUR - SECOND) == {}
    assert queries.away([claire], at=NINE + HOUR) == {claire.pk: found}
    assert queries.away([claire.pk], at=NINE + 2 * HOUR - SECOND) == {claire.pk: found}
    assert queries.away([claire], at=NINE + 2 * HOUR) == {}


def test_an_absence_without_an_end_lasts_until_it_is_cancelled(team: Team, claire: User) -> None:
    found = absent(claire, ends_at=None)
    later = NINE + 50 * WEEK
    assert queries.away([claire], at=later) == {claire.pk: found}
    actions.cancel_absence(found, by=claire, at=later)
    assert queries.away([claire], at=later) == {}
    assert kinds(team) == [rules.ABSENCE_RECORDED, rules.ABSENCE_CANCELLED]


def test_of_two_absences_the_one_that_ends_last_is_told(claire: User) -> None:
    absent(claire, ends_at=NINE + HOUR)
    longest = absent(claire, ends_at=None)
    absent(claire, ends_at=NINE + 2 * HOUR)
    assert queries.away([claire], at=NINE) == {claire.pk: longest}


def test_every_team_of_the_person_learns_when_and_none_learns_why(
    team: Team, other: Team, claire: User
) -> None:
    member(other, claire)
    left = Team.objects.create(slug="left", name="Left", prefix="LE")
    Membership.objects.create(team=left, user=claire, ends_at=NINE)
    absent(claire, note="Surgery", ends_at=None)
    assert Absence.objects.get().note == "Surgery"
    for each in (team, other):
        assert told(each) == "Claire Morvan is away from 1 March 2030, 10:00 until further notice."
        assert "Surgery" not in str(JournalEntry.objects.get(team=each).content.body)
    assert kinds(left) == []


def test_an_absence_that_makes_no_sense_is_refused(claire: User, team: Team) -> None:
    with pytest.raises(actions.WrongPeriod, match="has passed"):
        absent(claire, starts_at=NINE - WEEK, ends_at=NINE)
    with pytest.raises(actions.WrongPeriod, match="comes after"):
        absent(claire, starts_at=NINE + WEEK, ends_at=NINE + HOUR)
    assert kinds(team) == []


def test_the_database_refuses_an_end_before_the_beginning(claire: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=claire, starts_at=NINE, ends_at=NINE, made_at=NINE)


def test_an_absence_is_cancelled_once(claire: User, team: Team) -> None:
    found = absent(claire)
    actions.cancel_absence(found, by=claire, at=NINE)
    with pytest.raises(actions.AlreadyOver):
        actions.cancel_absence(found, by=claire, at=NINE)
    over = absent(claire)
    with pytest.raises(actions.AlreadyOver):
        actions.cancel_absence(over, by=claire, at=NINE + WEEK)
    assert kinds(team).count(rules.ABSENCE_CANCELLED) == 1


def test_an_administrator_of_the_team_records_for_others_and_a_colleague_does_not(
    team: Team, other: Team, claire: User, thomas: User, adele: User
) -> None:
    found = absent(claire, by=adele)
    assert (found.user, found.made_by) == (claire, adele)
    Membership.objects.filter(user=thomas).delete()
    member(other, thomas, is_admin=True)
    for act in (
        lambda: absent(claire, by=thomas),
        lambda: hand_over(claire, adele, team, by=thomas),
    ):
        with pytest.raises(actions.NotTheirs, match="Only Claire Morvan"):
            act()
    with pytest.raises(actions.NotTheirs):
        actions.cancel_absence(found, by=thomas, at=NINE)
    assert kinds(team) == [rules.ABSENCE_RECORDED]


# Hand-overs


def test_a_hand_over_runs_from_its_first_second_to_the_one_before_its_end(
    team: Team, karim: User, sophie: User
) -> None:
    counsel = role("legal_counsel")
    hand_over(karim, sophie, team, role=counsel, starts_at=NINE + HOUR, ends_at=NINE + WEEK)
    running = {(karim.pk, counsel.pk): [sophie]}
    assert queries.delegates(team, at=NINE + HOUR - SECOND) == {}
    assert queries.delegates(team, at=NINE + HOUR) == running
    assert queries.delegates(team, at=NINE + WEEK - SECOND) == running
    assert queries.delegates(team, at=NINE + WEEK) == {}


def test_a_hand_over_is_in_the_journal_with_its_days_and_its_reason(
    team: Team, karim: User, sophie: User
) -> None:
    found = hand_over(karim, sophie, team, role=role("legal_counsel"), reason="In court")
    assert told(team) == (
        "Karim Haddad hands the sign-off as Legal counsel to Sophie Lemaire: "
        "1 March 2030, 10:00 to 8 March 2030, 10:00. Reason: In court"
    )
    actions.revoke_delegation(found, by=karim, at=NINE + HOUR)
    with translation.override("fr"):
        assert "Juriste" in told(team)
    assert kinds(team) == [rules.DELEGATION_GIVEN, rules.DELEGATION_REVOKED]
    assert queries.delegates(team, at=NINE + HOUR) == {}
    with pytest.raises(actions.AlreadyOver):
        actions.revoke_delegation(found, by=karim, at=NINE + HOUR)


def test_a_hand_over_of_all_roles_is_read_for_each_of_them(
    team: Team, karim: User, sophie: User
) -> None:
    hand_over(karim, sophie, team)
    found = queries.delegates(team, at=NINE)
    assert found == {(karim.pk, None): [sophie]}
    assert rules.receivers(found, role=role("legal_counsel"), giver=karim) == [sophie]
    assert rules.receivers(found, role=role("scribe"), giver=karim) == [sophie]
    # Karim may hold another department's role one night: that sign-off stays there.
    assert rules.receivers(found, role=role("communications_lead"), giver=karim) == []
    assert rules.receivers(found, role=role("legal_counsel"), giver=sophie) == []


def test_a_hand_over_begins_now_at_the_earliest(team: Team, karim: User, sophie: User) -> None:
    found = hand_over(karim, sophie, team, starts_at=NINE - WEEK)
    assert found.starts_at == NINE


def test_a_signoff_never_leaves_its_function(
    team: Team, karim: User, thomas: User, claire: User
) -> None:
    counsel = role("legal_counsel")
    with pytest.raises(
        actions.OutsideTheFunction, match="Thomas Nguyen is not of the function Legal"
    ):
        hand_over(karim, thomas, team, role=counsel)
    with pytest.raises(actions.OutsideTheFunction):
        hand_over(karim, thomas, team)  # all roles: the giver's function
    with pytest.raises(actions.OutsideTheFunction):
        hand_over(karim, thomas, team, role=role("spokesperson"))  # a role of no function
    with pytest.raises(actions.OutsideTheFunction):
        hand_over(claire, thomas, team, role=counsel)  # the role's function, not the giver's
    hand_over(claire, thomas, team)
    assert kinds(team) == [rules.DELEGATION_GIVEN]


def test_who_works_in_no_known_function_hands_nothing_over(
    team: Team, karim: User, sophie: User
) -> None:
    User.objects.filter(pk__in=(karim.pk, sophie.pk)).update(function=None)
    karim.refresh_from_db()
    sophie.refresh_from_db()
    with pytest.raises(actions.OutsideTheFunction, match="not known"):
        hand_over(karim, sophie, team)


def test_a_hand_over_that_makes_no_sense_is_refused(
    team: Team, other: Team, karim: User, sophie: User, zoe: User
) -> None:
    with pytest.raises(actions.CannotTakeOver, match="themself"):
        hand_over(karim, karim, team)
    with pytest.raises(actions.WrongPeriod, match="comes after"):
        hand_over(karim, sophie, team, starts_at=NINE + WEEK, ends_at=NINE + HOUR)
    with pytest.raises(actions.WrongPeriod, match="has passed"):
        hand_over(karim, sophie, team, starts_at=NINE - WEEK, ends_at=NINE)
    with pytest.raises(actions.CannotTakeOver, match="Zoe Elsewhere is not in the team"):
        hand_over(karim, zoe, team)
    with pytest.raises(actions.CannotTakeOver, match="Karim Haddad is not in the team"):
        hand_over(karim, sophie, other)
    with pytest.raises(ValidationError):
        hand_over(karim, sophie, team, reason="")
    User.objects.filter(pk=sophie.pk).update(is_active=False)
    with pytest.raises(actions.CannotTakeOver, match="may not sign in"):
        hand_over(karim, sophie, team)
    assert kinds(team) == []


def test_who_received_a_signoff_cannot_pass_it_on(team: Team, karim: User, sophie: User) -> None:
    louis = member(team, person("Louis Blanc", function="legal"))
    hand_over(karim, sophie, team, ends_at=NINE + WEEK)
    with pytest.raises(actions.PassedOn, match="cannot pass anything on"):
        hand_over(sophie, louis, team, role=role("legal_counsel"))
    # Nor the other way round: Karim's would end with Sophie, who has given hers to Louis.
    with pytest.raises(actions.PassedOn, match="handed their own sign-off to Sophie"):
        hand_over(louis, karim, team)
    with pytest.raises(actions.PassedOn, match="already holds"):
        hand_over(karim, sophie, team)
    hand_over(sophie, louis, team, starts_at=NINE + WEEK, ends_at=NINE + 2 * WEEK)


def test_hand_overs_of_two_roles_do_not_meet(team: Team, karim: User, sophie: User) -> None:
    hand_over(karim, sophie, team, role=role("legal_counsel"))
    hand_over(sophie, karim, team, role=role("scribe"))
    with pytest.raises(actions.PassedOn):
        hand_over(sophie, karim, team)


def test_the_database_refuses_a_hand_over_to_oneself_or_backwards(
    team: Team, karim: User, sophie: User
) -> None:
    given = {"team": team, "giver": karim, "starts_at": NINE, "made_at": NINE, "reason": "Leave"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(receiver=karim, ends_at=NINE + WEEK, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(receiver=sophie, ends_at=NINE, **given)


@pytest.mark.parametrize("who", ["karim", "sophie"])
def test_a_hand_over_ends_with_the_right_of_either(
    who: str, team: Team, karim: User, sophie: User
) -> None:
    hand_over(karim, sophie, team)
    one = {"karim": karim, "sophie": sophie}[who]
    assert queries.delegates(team, at=NINE)
    User.objects.filter(pk=one.pk).update(is_active=False)
    assert queries.delegates(team, at=NINE) == {}
    User.objects.filter(pk=one.pk).update(is_active=True, function=Function.objects.get(slug="it"))
    assert queries.delegates(team, at=NINE) == {}
    User.objects.filter(pk=one.pk).update(function=Function.objects.get(slug="legal"))
    Membership.objects.filter(user=one).update(ends_at=NINE + HOUR)
    assert queries.delegates(team, at=NINE + HOUR - SECOND)
    assert queries.delegates(team, at=NINE + HOUR) == {}


def test_who_leaves_the_team_leaves_hand_overs_and_lists_behind(
    team: Team, karim: User, sophie: User, adele: User
) -> None:
    hand_over(karim, sophie, team)
    actions.list_stand_in(team, role=role("legal_counsel"), user=sophie, by=adele, at=NINE)
    membership = Membership.objects.get(team=team, user=sophie)
    actions.leave_team(membership, by=adele, at=NINE + HOUR)
    assert kinds(team)[2:] == [rules.DELEGATION_REVOKED, rules.STAND_IN_UNLISTED, rules.MEMBER_LEFT]
    actions.join_team(sophie, team, by=adele, at=NINE + 2 * HOUR)
    assert queries.delegates(team, at=NINE + 2 * HOUR) == {}
    assert queries.stand_ins(team, at=NINE + 2 * HOUR) == {}
