"""The page that sends an act once more says which act, where, and for whom."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils.timezone import now

from crisisdesk.sign_in.acts import ACTS, words_of
from crisisdesk.sign_in.named import subject
from incidents import urls as incident_urls
from incidents.models import Exclusion, Policy, Statement
from teams import urls as team_urls
from teams.models import Audience, Membership, Role, StandIn, Team, User
from tests.sign_in.hands import confirm, grow_old, sign_in
from tests.sign_in.test_who_is_asked import views

pytestmark = pytest.mark.django_db


def test_every_address_that_asks_is_called_by_what_it_does() -> None:
    for space, patterns in (
        ("incidents", incident_urls.urlpatterns),
        ("teams", team_urls.urlpatterns),
    ):
        asking = {n for n, view in views(patterns) if hasattr(view, "asks_who_is_there")}
        assert asking
        assert {f"{space}:{name}" for name in asking} <= set(ACTS)


def test_an_address_of_nobody_has_no_words() -> None:
    assert words_of("https://evil.example/") == (None, "")


def test_the_act_the_room_and_the_person_stand_on_the_page(
    waiting: Statement, claire: User
) -> None:
    User.objects.filter(pk=claire.pk).update(language="en")
    claire.refresh_from_db()
    reference = waiting.incident.reference
    sent = {"email": "bea@cabinet.test", "name": "Bea", "language": "fr", "purpose": "sign"}
    address = reverse("incidents:approver-invite", args=[reference, waiting.number])
    inside = page_of(claire, address, {**sent, "ends_at": "tomorrow 9:00"})
    assert "<h1>Show it to this person</h1>" in inside
    assert reference in inside
    assert rows_of(inside) == [
        "E-mail address: bea@cabinet.test",
        "Name: Bea",
        "Language: Français",
        "For what: To sign it",
        "Until: tomorrow 9:00",
    ]


def page_of(person: User, address: str, sent: dict[str, Any]) -> str:
    """What stands on the page after an old session sent this and proved who it is."""
    User.objects.filter(pk=person.pk).update(language="en")
    person.refresh_from_db()
    client = sign_in(person)
    grow_old(client)
    page = unquote(client.post(address, sent).url.partition("?next=")[2])
    confirm(client, page)
    html: str = client.get(page).content.decode()
    return html.partition('<main id="main"')[2]


def rows_of(inside: str) -> list[str]:
    found = re.findall("<dt[^>]*>(.*?)</dt> <dd[^>]*>(.*?)</dd>", inside)
    return [unescape(f"{label} {words}") for label, words in found]


def test_the_role_that_is_given_and_to_whom_stand_on_the_page(
    waiting: Statement, claire: User
) -> None:
    address = reverse("incidents:role-assign", args=[waiting.incident.reference])
    sent = {"role": "dpo", "user": "Camille", "deputy": "", "note": "It is about <data>, Camille."}
    inside = page_of(claire, address, sent)
    role = Role.objects.get(slug="dpo")
    assert rows_of(inside) == [f"Role: {role.name_en}", "Person: Camille"]
    assert "It is about &lt;data&gt;, Camille." in inside.partition("<blockquote")[2]
    assert "dpo" not in shown(inside)


def shown(inside: str) -> str:
    return re.sub("<[^>]*>", "", inside)


def test_a_person_chosen_in_a_list_is_named_and_no_stranger_is(
    team: Team, claire: User, karim: User, zoe: User
) -> None:
    Membership.objects.filter(user=claire).update(is_admin=True)
    address = reverse("teams:stand-in-list", args=[team.slug])
    role = Role.objects.get(slug="legal_counsel").name_en
    inside = page_of(claire, address, {"role": "legal_counsel", "user": str(karim.uuid)})
    assert rows_of(inside) == [f"Role: {role}", f"Person: {karim.name}"]
    inside = page_of(claire, address, {"role": "legal_counsel", "user": str(zoe.uuid)})
    assert rows_of(inside) == [f"Role: {role}"]
    for hidden in (zoe.name, str(zoe.uuid), str(karim.uuid)):
        assert hidden not in shown(inside)


def test_a_policy_is_told_in_the_names_of_its_choices(
    team: Team, claire: User, karim: User
) -> None:
    Membership.objects.filter(user=claire).update(is_admin=True)
    address = reverse("incidents:policy-add", args=[team.slug])
    sent = {
        "severity": "2", "channel": "website", "language": "any", "audience": "public",
        "allows_typo": "on", "count": "1", "stage_1_roles": ["legal_counsel", "dpo"],
        "stage_1_people": [str(karim.uuid)], "stage_1_rule": "any", "stage_1_minutes": "20",
        "always": ["no-such-role"],
    }  # fmt: skip
    told = rows_of(page_of(claire, address, sent))
    roles = [Role.objects.get(slug=slug).name_en for slug in ("legal_counsel", "dpo")]
    assert told == [
        "Severity: major",
        "Channel: website",
        f"Audience: {Audience.objects.get(slug='public').name_en}",
        "Sign-offs stand when only a typo is mended: yes",
        f"Stage 1 · Roles that sign: {', '.join(roles)}",
        f"Stage 1 · People who sign by name: {karim.name}",
        "Stage 1 · Whose sign-off is enough: any one",
        "Stage 1 · Minutes: 20",
    ]


def test_whose_role_is_taken_away_stands_on_the_page_while_one_may_see_it(
    waiting: Statement, claire: User, karim: User
) -> None:
    room = waiting.incident
    held = room.assignments.get(role__slug="legal_counsel", user=karim)
    address = reverse("incidents:role-relieve", args=[room.reference, held.pk])
    inside = page_of(claire, address, {"reason": "He is away from now on, for long."})
    assert f"<strong>{held.role.name_en}, {karim.name}</strong>" in inside
    assert subject(address, user=claire, at=now()) == (held.role.name, karim.name)
    Exclusion.objects.create(
        incident=room, user=claire, reason="-", excluded_by=karim, excluded_at=now()
    )
    assert subject(address, user=claire, at=now()) == ()


def test_an_address_names_nobody_of_another_room_or_team(
    waiting: Statement, team: Team, claire: User, karim: User, zoe: User
) -> None:
    held = waiting.incident.assignments.get(role__slug="legal_counsel", user=karim)
    listed = StandIn.objects.create(team=team, role=held.role, user=karim)
    own = [
        reverse("teams:stand-in-raise", args=[team.slug, listed.pk]),
        reverse("teams:absence-record", args=[karim.uuid]),
        reverse("incidents:role-relieve", args=[waiting.incident.reference, held.pk]),
    ]
    for address in own:
        assert karim.name in subject(address, user=claire, at=now())
        assert subject(address, user=zoe, at=now()) == ()
    other = reverse("incidents:role-relieve", args=["MV-2001-0001", held.pk])
    for address in (other, "https://evil.example/", "/administration/"):
        assert subject(address, user=claire, at=now()) == ()


def test_a_policy_that_is_changed_is_named(team: Team, claire: User) -> None:
    Membership.objects.filter(user=claire).update(is_admin=True)
    known = Policy.objects.filter(team=None).first()
    assert known is not None
    address = reverse("incidents:policy-change", args=[team.slug, known.pk])
    assert f"<strong>{known.name_en}</strong>" in page_of(claire, address, {"count": "1"})
