"""A page that was opened with a right is sent without it: the right is asked anew, nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Decision, Incident, Policy, Statement, StatementUserPermission
from incidents.roles.actions import exclude_person, name_deputy
from incidents.signoff.actions.policies import add_policy
from incidents.statements import actions
from incidents.statements.actions.sharing import invite_approver
from teams import actions as teams
from teams.models import Membership, Role, Team, User
from tests.conftest import member, person
from tests.incidents.signoff.conftest import draft
from tests.incidents.signoff.test_policies import stage, terms
from tests.incidents.signoff.test_policy_pages import FILLED
from tests.sign_in.hands import seen, url
from tests.test_access import signed_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WORDS = "Lot L2231 first, Bella second"


@pytest.fixture
def open_text(staffed: Incident, ines: User, karim: User) -> Statement:
    """Ines's text, put to sign-off a minute ago: pages live in the present."""
    User.objects.filter(pk=karim.pk).update(language="en")
    at = now() - timedelta(minutes=1)
    statement = draft(staffed, ines, at)
    actions.save_version(statement, reason="First words", submit=True, by=ines, at=at)
    statement.refresh_from_db()
    return statement


def decides(client: Client, statement: Statement) -> Any:
    return client.post(url("statement-approve", statement), seen(statement, comment=WORDS))


def delegate(statement: Statement, giver: User, to: User, team: Team, *, since: datetime) -> None:
    teams.delegate_signoff(
        giver, to=to, team=team, role=None, starts_at=since, ends_at=since + 2 * HOUR,
        reason="Leave", by=giver, at=since,
    )  # fmt: skip


def test_a_delegate_whose_days_are_over_signs_no_more(
    open_text: Statement, karim: User, sophie: User, team: Team
) -> None:
    delegate(open_text, karim, sophie, team, since=now() - 3 * HOUR)  # over for an hour
    teams.record_absence(karim, starts_at=now() - HOUR, ends_at=None, by=karim, at=now())
    answer = decides(signed_in(sophie), open_text)
    assert answer.status_code == 409
    assert WORDS in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_hand_over_that_is_taken_back_ends_what_stands_open(
    open_text: Statement, karim: User, sophie: User, team: Team
) -> None:
    teams.record_absence(karim, starts_at=now() - HOUR, ends_at=None, by=karim, at=now())
    delegate(open_text, karim, sophie, team, since=now() - HOUR)
    client = signed_in(sophie)
    assert client.get(url("statement-decide", open_text)).status_code == 200
    given = karim.delegations_given.get()
    teams.revoke_delegation(given, by=karim, at=now())
    answer = decides(client, open_text)
    assert answer.status_code == 409
    assert WORDS in answer.content.decode()
    assert not Decision.objects.exists()


def test_an_excluded_person_sends_into_the_void(
    open_text: Statement, karim: User, claire: User
) -> None:
    client = signed_in(karim)
    page = url("statement-decide", open_text)
    assert client.get(page).status_code == 200
    exclude_person(open_text.incident, karim, reason="It is him.", by=claire, at=now())
    before = open_text.incident.entries.count()
    for name in ("statement-approve", "statement-refuse", "statement-comment", "statement-suggest"):
        answer = client.post(url(name, open_text), seen(open_text, comment=WORDS, text=WORDS))
        assert answer.status_code == 404, name
        assert open_text.title not in answer.content.decode()
    assert open_text.incident.entries.count() == before


def test_an_approver_from_outside_after_their_end(open_text: Statement, claire: User) -> None:
    shown = invite_approver(
        open_text, email="anne@cabinet.test", name="Anne Leroy", language="en", signs=True,
        ends_at=now() + HOUR, by=claire, at=now() - timedelta(seconds=30),
    )  # fmt: skip
    client = signed_in(shown.user)
    at = lambda name: reverse(f"incidents:{name}", args=[open_text.uuid])  # noqa: E731
    assert client.get(at("for-signature-text")).status_code == 200
    StatementUserPermission.objects.filter(user=shown.user).update(ends_at=now())
    for name in ("approve", "request-changes", "refuse"):
        sent = seen(open_text, comment=WORDS)
        answer = client.post(at(f"for-signature-{name}"), sent)
        assert answer.status_code == 404, name
        assert open_text.title not in answer.content.decode()
    assert client.get(at("for-signature-text")).status_code == 404
    assert not Decision.objects.exists()


def test_a_deputy_outside_the_function_signs_nothing(
    open_text: Statement, karim: User, bruno: User, claire: User
) -> None:
    held = open_text.incident.assignments.get(user=karim)
    name_deputy(held, deputy=bruno, by=claire, at=now())
    teams.record_absence(karim, starts_at=now() - HOUR, ends_at=None, by=karim, at=now())
    answer = decides(signed_in(bruno), open_text)
    assert answer.status_code in {403, 409}
    assert not Decision.objects.exists()


def test_a_decision_sent_twice_counts_once_and_one_of_before_not_at_all(
    open_text: Statement, karim: User, ines: User
) -> None:
    old = seen(open_text, comment=WORDS)
    client = signed_in(karim)
    draft_ = open_text.draft
    draft_.refresh_from_db()
    actions.save_draft(
        open_text,
        text="Other words.",
        channel_texts={},
        revision=draft_.revision,
        by=ines,
        at=now(),
    )
    actions.save_version(open_text, reason="", submit=True, by=ines, at=now())
    answer = client.post(url("statement-approve", open_text), old)
    assert answer.status_code == 409
    assert WORDS in answer.content.decode()
    assert not Decision.objects.exists()
    for _twice in range(2):
        decides(client, open_text)
    assert Decision.objects.count() == 1
    mixed = {**old, "version": 2}
    assert client.post(url("statement-approve", open_text), mixed).status_code == 409
    assert Decision.objects.count() == 1


# Policies of a team, by number


@pytest.fixture
def samuel(team: Team) -> User:
    return member(team, person("Samuel Okoye"), is_admin=True)


@pytest.fixture
def theirs(db: Any) -> Policy:
    """A policy of another house."""
    other = Team.objects.create(slug="dairy", name="Dairy", prefix="DA")
    admin = member(other, person("Dora Dairy"), is_admin=True)
    return add_policy(other, terms=terms(stage("legal_counsel"), severity=1), by=admin, at=now())


@pytest.mark.parametrize("name", ["policy-edit", "policy-change", "policy-retire"])
@pytest.mark.parametrize("slug", ["verdier", "dairy"])
def test_a_policy_of_another_team_does_not_exist(
    team: Team, samuel: User, theirs: Policy, name: str, slug: str
) -> None:
    address = reverse(f"incidents:{name}", args=[slug, theirs.pk])
    client = signed_in(samuel)
    answer = client.get(address) if name == "policy-edit" else client.post(address, FILLED)
    assert answer.status_code == 404
    lineage = reverse("incidents:policy-versions", args=[slug, theirs.lineage])
    assert client.get(lineage).status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_active
    assert Policy.objects.filter(lineage=theirs.lineage).count() == 1


def test_two_administrators_edit_one_policy_and_the_second_is_told(
    team: Team, samuel: User
) -> None:
    second = member(team, person("Adele Admin"), is_admin=True)
    own = add_policy(team, terms=terms(stage("legal_counsel"), severity=1), by=samuel, at=now())
    address = reverse("incidents:policy-change", args=[team.slug, own.pk])
    assert signed_in(samuel).post(address, FILLED).status_code == 302
    later = {**FILLED, "stage_1_minutes": "45"}
    answer = signed_in(second).post(address, later)
    assert answer.status_code in {404, 409, 422}
    assert "45" in answer.content.decode()
    assert Policy.objects.filter(lineage=own.lineage).count() == 2
    assert Policy.objects.get(lineage=own.lineage, is_active=True).changed_by == samuel


def test_people_of_another_team_are_nobodys_to_change_by_number(
    team: Team, samuel: User, zoe: User
) -> None:
    other = Team.objects.create(slug="dairy", name="Dairy", prefix="DA")
    Membership.objects.create(team=other, user=zoe)
    dan = member(other, person("Dan Dairy", function="external"))
    role = Role.objects.get(slug="crisis_lead")
    listed = teams.list_stand_in(other, role=role, user=zoe, by=None, at=now())
    away = teams.record_absence(zoe, starts_at=now(), ends_at=None, by=zoe, at=now())
    delegate_ = lambda: teams.delegate_signoff(  # noqa: E731
        zoe, to=dan, team=other, role=None, starts_at=now(), ends_at=now() + HOUR,
        reason="Leave", by=zoe, at=now(),
    )  # fmt: skip
    given = delegate_()
    client = signed_in(samuel)
    tried: list[tuple[str, list[Any]]] = [
        ("stand-in-unlist", ["verdier", listed.pk]),
        ("stand-in-raise", ["verdier", listed.pk]),
        ("stand-in-unlist", ["dairy", listed.pk]),
        ("absence-cancel", [away.pk]),
        ("absence-record", [zoe.uuid]),
        ("signoff-delegate", [zoe.uuid]),
        ("delegation-revoke", [given.pk]),
    ]
    for name, args in tried:
        answer = client.post(reverse(f"teams:{name}", args=args), {"reason": "x"})
        assert answer.status_code == 404, name
    assert client.get(reverse("teams:absence-of", args=[zoe.uuid])).status_code == 404
