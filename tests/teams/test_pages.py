"""Sign-in, profile, languages, the team's pages and the administration."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from teams import actions, rules
from teams.models import Audience, JournalEntry, Membership, Role, Team, User
from tests.conftest import NINE, PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin(team: Team) -> User:
    """Adèle administers; she is in no room."""
    return actions.add_person(
        email="adele@desk.test", name="Adele Admin", is_staff=True, by=None, at=NINE
    )


def test_a_person_signs_in_with_address_and_password_and_out(claire: User) -> None:
    client = Client()
    page = client.post(reverse("account_login"), {"login": claire.email, "password": PASSWORD})
    assert page.status_code == 302
    assert client.get(reverse("teams:profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("teams:profile")).status_code == 302


def test_nobody_can_open_an_account_for_themselves() -> None:
    given = {"email": "new@x.test", "password1": "a long pass phrase", "password2": ""}
    Client().post(reverse("account_signup"), given)
    assert not User.objects.filter(email="new@x.test").exists()


def test_the_page_speaks_the_persons_language_and_zone(karim: User) -> None:
    page = signed_in(karim).get(reverse("teams:profile"))
    assert page.headers["Content-Language"] == "fr"
    assert b'<html lang="fr"' in page.content


def test_the_language_switch_is_kept_with_the_account(claire: User) -> None:
    page = signed_in(claire).post(
        reverse("teams:language-switch"), {"language": "fr", "next": "/profile/"}
    )
    assert page.headers["Location"] == "/profile/"
    assert User.objects.get(pk=claire.pk).language == "fr"


def test_the_language_switch_works_signed_out_and_leads_nowhere_else() -> None:
    client = Client()
    page = client.post(
        reverse("teams:language-switch"), {"language": "fr", "next": "https://evil.test/"}
    )
    assert page.headers["Location"] == "/"
    assert b'<html lang="fr"' in client.get(reverse("account_login")).content


def test_the_theme_is_the_persons_own(claire: User) -> None:
    client = signed_in(claire)
    client.post(reverse("teams:theme-switch"), {"theme": "dark", "next": "/profile/"})
    assert User.objects.get(pk=claire.pk).theme == "dark"
    assert b'data-bs-theme="dark"' in client.get("/profile/").content
    assert JournalEntry.objects.count() == 0


def test_the_profile_keeps_what_was_given(claire: User, team: Team) -> None:
    given = {"name": "Claire M.", "language": "fr", "zone": "Asia/Tokyo", "theme": "light"}
    page = signed_in(claire).post(reverse("teams:profile"), given)
    assert page.status_code == 302
    saved = User.objects.get(pk=claire.pk)
    assert (saved.name, saved.language, saved.zone) == ("Claire M.", "fr", "Asia/Tokyo")
    entry = JournalEntry.objects.get(team=team)
    assert entry.kind == rules.PERSON_CHANGED


def test_a_wrong_profile_comes_back_with_what_was_typed(claire: User) -> None:
    given = {"name": "", "language": "fr", "zone": "Asia/Tokyo", "theme": "light"}
    page = signed_in(claire).post(reverse("teams:profile"), given)
    assert page.status_code == 422
    assert b'value="Asia/Tokyo" selected' in page.content
    assert User.objects.get(pk=claire.pk).name == "Claire Morvan"


def test_the_team_page_is_for_its_people(claire: User, zoe: User, team: Team) -> None:
    for name in ("teams:team", "teams:journal"):
        url = reverse(name, args=[team.slug])
        assert signed_in(claire).get(url).status_code == 200
        assert signed_in(zoe).get(url).status_code == 404
        assert Client().get(url).status_code == 302


def test_a_membership_that_ended_shows_nothing(claire: User, team: Team) -> None:
    Membership.objects.filter(user=claire).update(ends_at=NINE - timedelta(days=9999))
    assert signed_in(claire).get(reverse("teams:team", args=[team.slug])).status_code == 404


def test_the_team_page_shows_people_functions_roles_and_audiences(
    claire: User, karim: User, team: Team
) -> None:
    html = signed_in(claire).get(reverse("teams:team", args=[team.slug])).content.decode()
    for word in ("Karim Haddad", "Legal", "Crisis lead", "Decides and has", "Influencers"):
        assert word in html


def test_the_journal_page_says_what_changed_and_checks_the_chain(
    claire: User, team: Team, nine: datetime
) -> None:
    actions.change_team(team, changes={"name": "Verdier"}, by=claire, at=nine)
    page = signed_in(claire).get(reverse("teams:journal", args=[team.slug]), {"check": "1"})
    html = page.content.decode()
    assert "from Maison Verdier to Verdier" in html
    assert "The chain is whole: 1 entry" in html


ADMIN_PAGES = (
    *("user", "team", "membership", "function", "role", "audience", "journalentry"),
    *("absence", "delegation", "standin"),
)


@pytest.mark.parametrize("model", ADMIN_PAGES)
def test_administration_is_for_administrators(model: str, admin: User, claire: User) -> None:
    url = reverse(f"admin:teams_{model}_changelist")
    assert signed_in(admin).get(url).status_code == 200
    assert signed_in(claire).get(url).status_code == 302


def test_a_person_added_in_the_administration_can_sign_in(admin: User, team: Team) -> None:
    given = {
        "email": "New@desk.test",
        "name": "New One",
        "password": "a long pass phrase",
        "language": "fr",
        "zone": "Europe/Paris",
    }
    page = signed_in(admin).post(reverse("admin:teams_user_add"), given)
    assert page.status_code == 302, page.context["adminform"].form.errors
    added = User.objects.get(email="new@desk.test")
    assert added.check_password("a long pass phrase")
    assert not added.is_superuser
    assert not added.is_staff


def change_url(row: Role | Membership | User | Team | Audience) -> str:
    return reverse(f"admin:teams_{type(row).__name__.lower()}_change", args=[row.pk])


def test_the_administration_changes_nothing_silently(admin: User, team: Team, claire: User) -> None:
    role = Role.objects.get(slug="scribe")
    given = {
        "name_en": "Log keeper",
        "name_fr": role.name_fr,
        "duties_en": role.duties_en,
        "duties_fr": role.duties_fr,
        "order": role.order,
    }
    assert signed_in(admin).post(change_url(role), given).status_code == 302
    assert Role.objects.get(pk=role.pk).name_en == "Log keeper"
    entry = JournalEntry.objects.filter(team=team).latest("number")
    assert (entry.kind, entry.actor) == (rules.CATALOGUE_CHANGED, admin)


def test_the_administration_writes_the_hours_of_the_day_from_0_to_24(
    admin: User, team: Team
) -> None:
    actions.found_team(
        slug="dairy",
        name="Dairy",
        prefix="DA",
        zone="Europe/Paris",
        language="en",
        by=admin,
        at=NINE + timedelta(hours=6.5),
    )
    page = signed_in(admin).get(reverse("admin:teams_journalentry_changelist"))
    assert "1 March 2030, 16:30" in page.content.decode()


def test_memberships_added_changed_and_removed_in_the_administration_are_journaled(
    admin: User, team: Team, zoe: User
) -> None:
    client = signed_in(admin)
    client.post(reverse("admin:teams_membership_add"), {"team": team.pk, "user": zoe.pk})
    membership = Membership.objects.get(team=team, user=zoe)
    client.post(change_url(membership), {"is_admin": "on"})
    assert Membership.objects.get(pk=membership.pk).is_admin
    client.post(reverse("admin:teams_membership_delete", args=[membership.pk]), {"post": "yes"})
    assert not Membership.objects.filter(pk=membership.pk).exists()
    kinds = list(JournalEntry.objects.order_by("number").values_list("kind", flat=True))
    wanted = [rules.MEMBER_JOINED, rules.MEMBER_CHANGED, rules.MEMBER_LEFT]
    assert [k for k in kinds if k.startswith("member.")] == wanted


def test_removing_many_memberships_at_once_is_journaled_one_by_one(
    admin: User, team: Team, claire: User, thomas: User
) -> None:
    chosen = list(Membership.objects.values_list("pk", flat=True))
    given = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    signed_in(admin).post(reverse("admin:teams_membership_changelist"), given)
    assert Membership.objects.count() == 0
    assert JournalEntry.objects.filter(kind=rules.MEMBER_LEFT).count() == 2


def test_a_password_set_by_an_administrator_is_journaled(
    admin: User, team: Team, claire: User
) -> None:
    url = reverse("admin:auth_user_password_change", args=[claire.pk])
    given = {"password1": "another long phrase", "password2": "another long phrase"}
    signed_in(admin).post(url, {**given, "usable_password": "true"})
    assert User.objects.get(pk=claire.pk).check_password("another long phrase")
    entry = JournalEntry.objects.get(kind=rules.PASSWORD_SET)
    assert entry.actor == admin


def test_nobody_edits_the_journal_in_the_administration(
    admin: User, team: Team, claire: User, nine: datetime
) -> None:
    actions.change_team(team, changes={"name": "Verdier"}, by=claire, at=nine)
    entry = JournalEntry.objects.get(kind=rules.TEAM_CHANGED)
    client = signed_in(admin)
    args = [entry.pk]
    assert client.get(reverse("admin:teams_journalentry_change", args=args)).status_code == 200
    for name in ("change", "delete"):
        url = reverse(f"admin:teams_journalentry_{name}", args=args)
        assert client.post(url, {"kind": "x", "post": "yes"}).status_code == 403
    assert client.get(reverse("admin:teams_journalentry_add")).status_code == 403


def test_the_administration_makes_no_superusers(admin: User, claire: User) -> None:
    html = signed_in(admin).get(change_url(claire)).content.decode()
    assert "is_superuser" not in html
    assert "user_permissions" not in html


def test_words_sent_after_the_session_ended_come_back(team: Team) -> None:
    page = Client().post(reverse("teams:profile"), {"name": "A long <name>", "password": "secret"})
    assert page.status_code == 401
    html = page.content.decode()
    assert "A long &lt;name&gt;" in html
    assert "secret" not in html


def test_words_sent_with_an_old_form_come_back(claire: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(claire, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("teams:profile"), {"name": "Typed in vain"})
    assert page.status_code == 403
    assert "Typed in vain" in page.content.decode()


def test_nobody_changes_their_address_past_the_journal(claire: User) -> None:
    page = signed_in(claire).post("/accounts/email/", {"email": "x@y.test", "action_add": ""})
    assert page.status_code == 302
    assert page.headers["Location"] == reverse("teams:profile")
