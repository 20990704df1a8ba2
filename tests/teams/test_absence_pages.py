"""The pages of absence, hand-over and lists: who may open them, and what they keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from teams import actions, rules, wording
from teams.forms import AbsenceForm
from teams.models import Absence, Delegation, JournalEntry, StandIn, Team, User
from tests.conftest import NINE, member, person
from tests.teams.conftest import HOUR, WEEK, absent, hand_over, role

pytestmark = pytest.mark.django_db

# Pages take the time themselves: what they show lies years after any real now.
FAR = {"starts_at": "2090-03-01 08:00", "ends_at": "2090-03-08"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def record_url(user: User) -> str:
    return reverse("teams:absence-record", args=[user.uuid])


def hand_over_url(user: User) -> str:
    return reverse("teams:signoff-delegate", args=[user.uuid])


def told_hand_over(team: Team, to: User, **more: str) -> dict[str, str]:
    return {"team": team.slug, "to": str(to.uuid), "reason": "Leave", "role": ""} | FAR | more


@pytest.fixture
def everyone(
    karim: User, sophie: User, adele: User, zoe: User, claire: User
) -> Callable[[Callable[[Client], int]], dict[str, int]]:
    """Ask as each of them, and as somebody signed out."""
    cast = {"himself": karim, "administrator": adele, "colleague": sophie, "stranger": zoe}

    def ask(call: Callable[[Client], int]) -> dict[str, int]:
        return {name: call(signed_in(who)) for name, who in cast.items()} | {"out": call(Client())}

    return ask


Ask = Callable[[Callable[[Client], int]], dict[str, int]]


# Who may


def test_the_page_of_a_person_is_theirs_and_their_administrators(
    karim: User, everyone: Ask
) -> None:
    url = reverse("teams:absence-of", args=[karim.uuid])
    assert everyone(lambda client: client.get(url).status_code) == {
        "himself": 200,
        "administrator": 200,
        "colleague": 403,
        "stranger": 404,
        "out": 302,
    }


WRITES = {"himself": 302, "administrator": 302, "colleague": 403, "stranger": 404, "out": 401}


def test_who_may_record_an_absence(karim: User, everyone: Ask) -> None:
    assert everyone(lambda client: client.post(record_url(karim), FAR).status_code) == WRITES
    assert Absence.objects.count() == 2


def test_who_may_cancel_an_absence(karim: User, everyone: Ask) -> None:
    def cancel(client: Client) -> int:
        found = absent(karim, ends_at=None)
        return client.post(reverse("teams:absence-cancel", args=[found.pk])).status_code

    assert everyone(cancel) == WRITES
    assert Absence.objects.exclude(cancelled_at=None).count() == 2


def test_who_may_hand_over(team: Team, karim: User, everyone: Ask) -> None:
    louis = member(team, person("Louis Blanc", function="legal"))

    def give(client: Client) -> int:
        Delegation.objects.filter(revoked_at=None).update(revoked_at=NINE)
        return client.post(hand_over_url(karim), told_hand_over(team, louis)).status_code

    assert everyone(give) == WRITES


def test_who_may_take_a_signoff_back(team: Team, karim: User, everyone: Ask) -> None:
    louis = member(team, person("Louis Blanc", function="legal"))

    def revoke(client: Client) -> int:
        Delegation.objects.filter(revoked_at=None).update(revoked_at=NINE)
        found = hand_over(karim, louis, team, ends_at=NINE + 5000 * WEEK)
        return client.post(reverse("teams:delegation-revoke", args=[found.pk])).status_code

    assert everyone(revoke) == WRITES


def test_who_may_keep_the_lists(team: Team, sophie: User, everyone: Ask) -> None:
    given = {"role": "legal_counsel", "user": str(sophie.uuid)}
    url = reverse("teams:stand-in-list", args=[team.slug])
    only_administrators = WRITES | {"himself": 403}
    assert everyone(lambda client: client.post(url, given).status_code) == only_administrators
    listed = StandIn.objects.get()
    url = reverse("teams:stand-in-raise", args=[team.slug, listed.pk])
    assert everyone(lambda client: client.post(url).status_code) == only_administrators

    def remove(client: Client) -> int:
        StandIn.objects.update_or_create(
            pk=listed.pk, defaults={"team": team, "user": sophie, "role": listed.role}
        )
        args = [team.slug, listed.pk]
        return client.post(reverse("teams:stand-in-unlist", args=args)).status_code

    assert everyone(remove) == only_administrators


def test_what_is_of_another_team_does_not_exist_on_this_one(
    team: Team, other: Team, sophie: User, adele: User
) -> None:
    member(other, sophie)
    listed = actions.list_stand_in(other, role=role("legal_counsel"), user=sophie, by=None, at=NINE)
    url = reverse("teams:stand-in-unlist", args=[team.slug, listed.pk])
    assert signed_in(adele).post(url).status_code == 404


def test_an_administrator_sees_no_hand_over_of_a_team_they_are_not_in(
    team: Team, other: Team, karim: User, sophie: User, adele: User
) -> None:
    for one in (karim, sophie):
        member(other, one)
    hand_over(karim, sophie, other, ends_at=NINE + 5000 * WEEK, reason="A secret project")
    url = reverse("teams:absence-of", args=[karim.uuid])
    assert b"A secret project" in signed_in(karim).get(url).content
    assert b"A secret project" not in signed_in(adele).get(url).content


# What they keep


def test_an_absence_is_read_in_the_persons_zone_and_a_last_day_counts_whole(karim: User) -> None:
    signed_in(karim).post(record_url(karim), FAR | {"note": "By telephone"})
    found = Absence.objects.get()
    paris = ZoneInfo("Europe/Paris")
    assert found.starts_at == datetime(2090, 3, 1, 8, tzinfo=paris)
    assert found.ends_at == datetime(2090, 3, 9, tzinfo=paris)
    assert (found.note, found.made_by) == ("By telephone", karim)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", None),
        ("tomorrow 9:00", "2030-03-02 09:00"),
        ("demain 9 h", "2030-03-02 09:00"),
        ("tomorrow", "2030-03-03 00:00"),
        ("24/12", "2030-12-25 00:00"),
        ("24/12 08:00", "2030-12-24 08:00"),
        ("2030-11-23 08:00", "2030-11-23 08:00"),
        ("2030-03-30", "2030-03-31 00:00"),
        ("in 45 min", "2030-03-01 10:45"),
    ],
)
def test_an_end_is_typed_as_people_say_it(typed: str, read: str | None) -> None:
    form = AbsenceForm({"ends_at": typed}, zone="Europe/Paris", at=NINE)
    assert form.is_valid(), form.errors
    given = form.cleaned_data["ends_at"]
    paris = ZoneInfo("Europe/Paris")
    assert (given and f"{given.astimezone(paris):%Y-%m-%d %H:%M}") == read
    assert form.cleaned_data["starts_at"] == NINE


@pytest.mark.parametrize("typed", ["soon", "31/02", "9 PM", "99:99"])
def test_what_is_no_time_comes_back_with_its_words(typed: str, karim: User) -> None:
    given = {"starts_at": "", "ends_at": typed, "note": "Kept"}
    page = signed_in(karim).post(record_url(karim), given)
    assert page.status_code == 422
    html = page.content.decode()
    assert f'value="{typed}"' in html
    assert 'value="Kept"' in html
    assert Absence.objects.count() == 0


def test_a_hand_over_that_is_refused_comes_back_with_its_words(
    team: Team, claire: User, sophie: User
) -> None:
    page = signed_in(claire).post(hand_over_url(claire), told_hand_over(team, sophie))
    assert page.status_code == 422
    html = page.content.decode()
    assert "A sign-off stays within its function" in html
    assert 'value="Leave"' in html
    assert f'value="{sophie.uuid}" selected' in html
    assert JournalEntry.objects.count() == 0


def test_a_hand_over_is_kept_with_team_role_and_days(team: Team, karim: User, sophie: User) -> None:
    signed_in(karim).post(hand_over_url(karim), told_hand_over(team, sophie, role="legal_counsel"))
    found = Delegation.objects.get()
    assert (found.giver, found.receiver, found.team) == (karim, sophie, team)
    assert found.role == role("legal_counsel")
    assert found.reason == "Leave"
    entry = JournalEntry.objects.get(team=team)
    assert (entry.kind, entry.actor) == (rules.DELEGATION_GIVEN, karim)


def test_a_hand_over_without_an_end_is_asked_for_one(team: Team, karim: User, sophie: User) -> None:
    given = told_hand_over(team, sophie, ends_at="", starts_at="")
    assert signed_in(karim).post(hand_over_url(karim), given).status_code == 422
    assert Delegation.objects.count() == 0


def test_a_person_of_two_teams_says_for_which(
    team: Team, other: Team, karim: User, sophie: User
) -> None:
    page = signed_in(karim).get(reverse("teams:absence")).content.decode()
    assert '<input type="hidden" name="team" value="verdier"' in page
    for one in (karim, sophie):
        member(other, one)
    page = signed_in(karim).get(reverse("teams:absence")).content.decode()
    assert '<option value="dairy">Dairy</option>' in page
    signed_in(karim).post(hand_over_url(karim), told_hand_over(other, sophie))
    assert Delegation.objects.get().team == other


def test_a_person_in_no_team_can_be_away_and_hands_nothing_over(zoe: User) -> None:
    client = signed_in(zoe)
    assert client.post(record_url(zoe), FAR).status_code == 302
    page = client.get(reverse("teams:absence"))
    assert page.status_code == 200
    assert b"within a team" in page.content


def test_only_who_could_sign_is_offered_and_only_roles_that_they_could_sign_for(
    team: Team, karim: User, sophie: User, claire: User
) -> None:
    client = signed_in(karim)
    html = client.get(reverse("teams:absence")).content.decode()
    assert html.index('<optgroup label="Juridique">') < html.index("Sophie Lemaire")
    for one in (karim, claire):
        assert f'value="{one.uuid}"' not in html
    assert 'value="legal_counsel"' in html
    assert 'value="crisis_lead"' in html  # of no function
    assert 'value="executive_sponsor"' not in html
    # Whoever is sent all the same is refused with the reason, and no word is lost.
    page = client.post(hand_over_url(karim), told_hand_over(team, claire))
    assert page.status_code == 422
    assert f'value="{claire.uuid}" selected' in page.content.decode()
    given = told_hand_over(team, sophie, role="executive_sponsor")
    html = client.post(hand_over_url(karim), given).content.decode()
    assert 'value="executive_sponsor" selected' in html
    assert Delegation.objects.count() == 0


def test_who_is_alone_in_their_function_is_told_so(team: Team, helene: User, karim: User) -> None:
    User.objects.filter(pk=helene.pk).update(language="en")
    html = signed_in(helene).get(reverse("teams:absence")).content.decode()
    assert "Nobody else of this function is in the team." in html
    assert f'value="{karim.uuid}"' not in html


# What they show


def test_the_team_page_shows_who_is_away_who_signs_for_whom_and_who_steps_in(
    team: Team, karim: User, sophie: User, claire: User, adele: User
) -> None:
    absent(karim, starts_at=NINE - 2000 * WEEK, ends_at=None, note="By telephone")
    hand_over(karim, sophie, team, ends_at=NINE + 5000 * WEEK, reason="Leave")
    actions.list_stand_in(team, role=role("legal_counsel"), user=sophie, by=adele, at=NINE)
    url = reverse("teams:team", args=[team.slug])
    html = signed_in(claire).get(url).content.decode()
    for words in ("Away until further notice", "By telephone", "Who steps in", "Legal counsel"):
        assert words in html
    assert "Add to the list" not in html
    assert reverse("teams:absence-of", args=[karim.uuid]) not in html
    html = signed_in(adele).get(url).content.decode()
    assert "Add to the list" in html
    assert reverse("teams:absence-of", args=[karim.uuid]) in html


def test_the_team_page_costs_the_same_for_one_and_for_many(
    team: Team, karim: User, adele: User, count_queries: Callable[[Callable[[], Any]], int]
) -> None:
    def fill(number: int) -> None:
        one = member(team, person(f"Nina{number} N", function="legal"))
        absent(one, ends_at=None)
        hand_over(karim, one, team, ends_at=NINE + 5000 * WEEK)
        actions.list_stand_in(team, role=role("legal_counsel"), user=one, by=adele, at=NINE)

    client = signed_in(adele)
    urls = [
        reverse("teams:team", args=[team.slug]),
        reverse("teams:absence-of", args=[karim.uuid]),
    ]
    fill(0)
    few = [count_queries(partial(client.get, url)) for url in urls]
    for number in range(1, 8):
        fill(number)
    assert [count_queries(partial(client.get, url)) for url in urls] == few


def test_the_profile_keeps_the_languages_a_person_reads(claire: User) -> None:
    given = {"name": claire.name, "language": "en", "zone": "Europe/Paris", "theme": "system"}
    client = signed_in(claire)
    client.post(reverse("teams:profile"), given | {"reads": ["fr"]})
    assert User.objects.get(pk=claire.pk).reads_language("fr")
    page = client.get(reverse("teams:profile")).content.decode()
    french = re.search(r'<input[^>]*name="reads"[^>]*value="fr"[^>]*>', page)
    assert french
    assert " checked" in french[0]
    client.post(reverse("teams:profile"), given)
    assert not User.objects.get(pk=claire.pk).reads_language("fr")
    assert client.post(reverse("teams:profile"), given | {"reads": ["xx"]}).status_code == 422


def test_a_period_says_from_when_only_before_it_begins() -> None:
    midnight = datetime(2030, 3, 8, tzinfo=UTC) - HOUR  # in Paris
    assert wording.period(NINE, None, at=NINE) == "until further notice"
    assert wording.period(NINE, NINE + HOUR, at=NINE) == "until 11:00"
    assert wording.period(NINE, midnight, at=NINE) == "until the end of Thu 7 March"
    tomorrow = NINE + timedelta(days=1)
    assert wording.period(tomorrow, midnight, at=NINE) == (
        "from Sat 2 March, 10:00 until the end of Thu 7 March"
    )
    assert wording.period(midnight, midnight + WEEK, at=NINE) == (
        "from Fri 8 March until the end of Thu 14 March"
    )
    assert wording.period(tomorrow, None, at=NINE) == "from Sat 2 March, 10:00 until further notice"
