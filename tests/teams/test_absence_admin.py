"""The administration keeps absences, hand-overs and lists through their verbs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from teams import rules
from teams.models import Absence, Delegation, JournalEntry, Role, StandIn, Team, User
from tests.conftest import member, person
from tests.teams.conftest import kinds, role

pytestmark = pytest.mark.django_db

TIMES = {
    "starts_at_0": "2090-03-01",
    "starts_at_1": "08:00",
    "ends_at_0": "2090-03-08",
    "ends_at_1": "08:00",
}


@pytest.fixture
def client(team: Team) -> Client:
    """Adèle's browser: she may open the administration."""
    adele = member(team, person("Adele Admin", function="it"))
    User.objects.filter(pk=adele.pk).update(is_staff=True)
    client = Client()
    client.force_login(adele, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_absence_is_recorded_and_cancelled(client: Client, team: Team, karim: User) -> None:
    given = {"user": karim.pk, "note": ""} | TIMES
    assert client.post(reverse("admin:teams_absence_add"), given).status_code == 302
    found = Absence.objects.get(user=karim)
    assert found.made_by is not None
    assert found.made_by.name == "Adele Admin"
    url = reverse("admin:teams_absence_changelist")
    client.post(url, {"action": "cancel_absences", "_selected_action": [found.pk]})
    assert Absence.objects.get().cancelled_at is not None
    assert kinds(team) == [rules.ABSENCE_RECORDED, rules.ABSENCE_CANCELLED]


def test_a_signoff_is_handed_over_and_taken_back(
    client: Client, team: Team, karim: User, sophie: User, thomas: User
) -> None:
    given = {"team": team.pk, "giver": karim.pk, "receiver": sophie.pk, "reason": "Leave"} | TIMES
    refused = client.post(reverse("admin:teams_delegation_add"), given | {"receiver": thomas.pk})
    assert refused.status_code == 409
    assert b"stays within its function" in refused.content
    assert client.post(reverse("admin:teams_delegation_add"), given).status_code == 302
    found = Delegation.objects.get()
    url = reverse("admin:teams_delegation_changelist")
    client.post(url, {"action": "revoke_delegations", "_selected_action": [found.pk]})
    assert kinds(team) == [rules.DELEGATION_GIVEN, rules.DELEGATION_REVOKED]


def test_neither_is_edited_or_removed(client: Client, team: Team, karim: User) -> None:
    client.post(reverse("admin:teams_absence_add"), {"user": karim.pk, "note": ""} | TIMES)
    args = [Absence.objects.get().pk]
    assert client.get(reverse("admin:teams_absence_change", args=args)).status_code == 200
    for name in ("change", "delete"):
        url = reverse(f"admin:teams_absence_{name}", args=args)
        assert client.post(url, {"post": "yes"} | TIMES).status_code == 403


def test_a_list_is_kept(client: Client, team: Team, sophie: User) -> None:
    given = {"team": team.pk, "role": role("legal_counsel").pk, "user": sophie.pk}
    assert client.post(reverse("admin:teams_standin_add"), given).status_code == 302
    args = [StandIn.objects.get().pk]
    client.post(reverse("admin:teams_standin_delete", args=args), {"post": "yes"})
    assert not StandIn.objects.exists()
    assert kinds(team) == [rules.STAND_IN_LISTED, rules.STAND_IN_UNLISTED]


def test_the_function_of_a_role_changes_through_the_journal(client: Client, team: Team) -> None:
    scribe = role("scribe")
    names = ("name_en", "name_fr", "duties_en", "duties_fr", "order")
    given = {name: getattr(scribe, name) for name in names}
    legal = role("legal_counsel").function_id
    client.post(reverse("admin:teams_role_change", args=[scribe.pk]), given | {"function": legal})
    assert Role.objects.get(slug="scribe").function_id == legal
    changes = JournalEntry.objects.get(team=team).content.body["facts"]["changes"]
    assert [change["field"] for change in changes] == ["function"]


def test_an_administrator_says_which_languages_somebody_reads(client: Client, karim: User) -> None:
    names = ("email", "name", "title", "telephone", "language", "zone", "theme")
    given = {name: getattr(karim, name) for name in names} | {"is_active": "on"}
    url = reverse("admin:teams_user_change", args=[karim.pk])
    page = client.post(url, given | {"function": karim.function_id, "reads": ["en"]})
    assert page.status_code == 302, page.context["adminform"].form.errors
    assert User.objects.get(pk=karim.pk).reads == ["en"]
