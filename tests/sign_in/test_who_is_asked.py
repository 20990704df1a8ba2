"""
Whatever changes who may sign, or what counts as signed, asks an old session who is there.

One list, walked: nothing happens before the proof, nothing typed is lost, nothing happens by the
proof itself. What only tells what happened is never stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any, Final
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import URLResolver, reverse
from django.utils.html import escape
from django.utils.timezone import now

from incidents import urls as incident_urls
from incidents.lifecycle.actions import open_library
from incidents.models import Entry, Statement
from incidents.roles.actions import exclude_person
from incidents.signoff.actions.policies import add_policy
from incidents.statements.actions import save_version
from incidents.statements.actions.sharing import invite_approver
from teams import actions as teams
from teams import urls as team_urls
from teams.models import JournalEntry, Membership, Role, Team, User
from tests.conftest import NINE, member, person
from tests.incidents.signoff.conftest import approve, draft
from tests.incidents.signoff.test_policies import stage, terms
from tests.incidents.signoff.test_policy_pages import FILLED
from tests.sign_in.hands import CONFIRM, confirm, grow_old, sign_in, url

pytestmark = pytest.mark.django_db
WHY: Final = "Because <Bella> asked for it"
SECRET: Final = "tiramisu-for-four"


@pytest.fixture
def adele(team: Team, claire: User) -> User:
    """Claire leads the crisis and administers team and installation: she may do all of this."""
    Membership.objects.filter(user=claire).update(is_admin=True)
    User.objects.filter(pk=claire.pk).update(is_staff=True, language="en")
    claire.refresh_from_db()
    return claire


Act = tuple[str, dict[str, Any]]


Acts = dict[str, tuple[str, dict[str, Any]]]


@pytest.fixture
def acts(
    waiting: Statement, team: Team, adele: User, karim: User, sophie: User, thomas: User
) -> Acts:
    """Every act that binds: its address, and what its form sends."""
    louis = member(team, person("Louis Blanc", function="legal"))
    return {
        **_of_the_room(waiting, adele, karim, sophie, thomas),
        **_of_a_text_outside(waiting, adele),
        **_of_policies(team, adele),
        **_of_the_team(team, adele, karim, sophie, louis),
    }


def _of_the_room(waiting: Statement, adele: User, karim: User, sophie: User, thomas: User) -> Acts:
    room = waiting.incident
    held = room.assignments.get(role__slug="legal_counsel", user=karim).pk
    subject = exclude_person(room, person("Sub Ject"), reason="It is them.", by=adele, at=now())

    def at(name: str, *more: Any) -> str:
        return reverse(f"incidents:{name}", args=[room.reference, *more])

    role = Role.objects.get(slug="dpo")
    given = {"role": role.slug, "user": thomas.email, "note": WHY}
    return {
        "role-assign": (at("role-assign"), given),
        "role-relieve": (at("role-relieve", held), {"reason": WHY}),
        "role-deputy": (at("role-deputy", held), {"deputy": sophie.email}),
        "role-hand-over": (at("role-hand-over", held), {"user": sophie.email, "note": WHY}),
        "role-exclude": (at("role-exclude"), {"user": thomas.email, "reason": WHY}),
        "role-readmit": (at("role-readmit", subject.pk), {"reason": WHY}),
    }


def _of_a_text_outside(waiting: Statement, adele: User) -> Acts:
    until = now() + timedelta(days=9)
    anne: dict[str, Any] = {"email": "anne@cabinet.test", "name": "Anne Leroy", "language": "en"}
    approver = invite_approver(waiting, **anne, signs=True, ends_at=until, by=adele, at=now())
    shown = [waiting.incident.reference, waiting.number]
    more = {"email": "bea@cabinet.test", "name": WHY, "purpose": "sign", "ends_at": "tomorrow 9:00"}
    one = [*shown, approver.pk]
    return {
        "approver-invite": (reverse("incidents:approver-invite", args=shown), {**anne, **more}),
        "approver-ask-without": (
            reverse("incidents:approver-ask-without", args=one),
            {"reason": WHY},
        ),
        "approver-end": (reverse("incidents:approver-end", args=one), {}),
    }


def _of_policies(team: Team, adele: User) -> Acts:
    own = add_policy(team, terms=terms(stage("legal_counsel"), severity=1), by=adele, at=NINE)
    sent = {**FILLED, "severity": "2"}
    return {
        "policy-add": (reverse("incidents:policy-add", args=[team.slug]), sent),
        "policy-change": (reverse("incidents:policy-change", args=[team.slug, own.pk]), sent),
        "policy-retire": (reverse("incidents:policy-retire", args=[team.slug, own.pk]), {}),
    }


def _of_the_team(team: Team, adele: User, karim: User, sophie: User, louis: User) -> Acts:
    counsel, at = Role.objects.get(slug="legal_counsel"), now()
    listed = [
        teams.list_stand_in(team, role=counsel, user=one, by=adele, at=at).pk
        for one in (karim, sophie)
    ]
    away = teams.record_absence(karim, starts_at=at, ends_at=None, by=karim, at=at).pk
    given = teams.delegate_signoff(
        karim, to=louis, team=team, role=None, reason="Leave", starts_at=at,
        ends_at=at + timedelta(days=9), by=karim, at=at,
    ).pk  # fmt: skip

    def lists(name: str, *more: Any) -> str:
        return reverse(f"teams:{name}", args=[team.slug, *more])

    def admin(name: str, *more: Any) -> str:
        return reverse(f"admin:teams_{name}", args=more)

    new = {"email": "new@desk.test", "name": "New Person", "language": "en", "zone": "UTC"}
    kept = {**new, "email": sophie.email, "title": WHY, "reads": ["fr", "en"], "is_active": "on"}
    chosen = {"action": "revoke_delegations", "_selected_action": [given]}
    return {
        "stand-in-list": (
            lists("stand-in-list"),
            {"role": "legal_counsel", "user": str(louis.uuid)},
        ),
        "stand-in-raise": (lists("stand-in-raise", listed[1]), {}),
        "stand-in-unlist": (lists("stand-in-unlist", listed[0]), {}),
        "absence-record": (
            reverse("teams:absence-record", args=[sophie.uuid]),
            {"starts_at": "", "ends_at": "", "note": WHY},
        ),
        "absence-cancel": (reverse("teams:absence-cancel", args=[away]), {}),
        "delegation-revoke": (reverse("teams:delegation-revoke", args=[given]), {}),
        "admin: a person": (admin("user_change", sophie.pk), {**kept, "theme": "system"}),
        "admin: a new one": (admin("user_add"), {**new, "is_staff": "on", "password": SECRET}),
        "admin: many": (admin("delegation_changelist") + "?q=Karim", chosen),
        "admin: remove": (admin("standin_delete", listed[0]), {"post": "yes"}),
    }


def told() -> int:
    return Entry.objects.count() + JournalEntry.objects.count()


def form_of(page: str) -> dict[str, list[str]]:
    """What the form of the page sends when one presses its button."""
    form = page.partition('<main id="main"')[2].partition("<form")[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


def test_an_old_session_does_nothing_that_binds_and_nothing_sent_is_lost(
    acts: Acts, adele: User
) -> None:
    wrong = []
    for name, (address, sent) in acts.items():
        with transaction.atomic():
            try:
                _walk(address, sent, adele)
            except AssertionError as why:
                wrong.append(f"{name}: {why}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def _walk(address: str, sent: dict[str, Any], by: User) -> None:
    cache.clear()
    client = sign_in(by)
    grow_old(client)
    before = told()
    asked = client.post(address, sent)
    assert asked.status_code == 302, asked.content.decode()[-900:]
    assert asked.url.startswith(f"{CONFIRM}?next="), asked.url
    assert SECRET not in str(dict(client.session.items())), "A password was kept."
    page = unquote(asked.url.partition("?next=")[2])
    assert "nothing you typed is lost" in client.get(asked.url).content.decode()
    assert confirm(client, page).url == page
    assert told() == before, "The proof did it by itself."
    html = client.get(page).content.decode()
    assert told() == before, "Looking at it did it."
    if WHY in sent.values():
        shown = re.sub("<input[^>]*>", "", html.partition('<main id="main"')[2])
        assert escape(WHY) in shown, "The words are not shown."
    back = form_of(html)
    kept = {name: back.get(name) for name in sent if "password" not in name}
    wanted = {n: [str(one) for one in (v if isinstance(v, list) else [v])] for n, v in sent.items()}
    assert kept == {n: v for n, v in wanted.items() if "password" not in n}
    done = client.post(address, back)
    if "without" in address:  # whoever is shown the text has no seat yet: the verb says so
        assert done.status_code == 409
        return
    assert done.status_code == 302, done.content.decode()[-900:]
    assert CONFIRM not in done.url
    assert told() > before
    assert client.get(page).url == "/", "It is done, and waits no longer."


def test_the_list_names_every_address_that_asks(acts: Acts) -> None:
    asking = {
        name
        for patterns in (incident_urls.urlpatterns, team_urls.urlpatterns)
        for name, view in views(patterns)
        if hasattr(view, "asks_who_is_there")
    }
    assert asking
    assert asking <= set(acts)


def views(patterns: list[Any]) -> Iterator[tuple[str, Any]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns)
        else:
            yield str(one.name), one.callback


def test_withdrawing_a_prepared_text_asks_and_keeps_the_reason(
    team: Team, adele: User, karim: User, thomas: User
) -> None:
    holders = {"communications_lead": thomas, "legal_counsel": karim, "crisis_lead": adele}
    text = draft(open_library(team, holders=holders, by=None, at=NINE), adele, NINE)
    save_version(text, reason="", submit=True, by=adele, at=NINE)
    client = sign_in(adele)
    grow_old(client)
    asked = client.post(url("prepared-withdraw", text), {"reason": WHY})
    page = url("statement", text)
    assert asked.url.startswith(CONFIRM)
    confirm(client, page)
    text.refresh_from_db()
    assert text.status != "withdrawn"
    html = client.get(page).content.decode()
    dialog = html.partition('<dialog id="withdraw-prepared"')[2].partition("</dialog>")[0]
    assert escape(WHY) in dialog
    assert "data-open" in dialog.partition(">")[0]
    client.post(url("prepared-withdraw", text), {"reason": WHY})
    text.refresh_from_db()
    assert text.status == "withdrawn"


def test_what_only_tells_what_happened_asks_nobody(good_here: Statement, adele: User) -> None:
    client = sign_in(adele)
    grow_old(client)
    published = {"channel": "x", "published_at": "14:05", "posted_text": "", "link": ""}
    page = url("statement-record-publication", good_here)
    answer = client.post(page, {**published, "published_at": f"{now():%Y-%m-%d %H:%M}"})
    assert CONFIRM not in answer.get("Location", "")
    log = reverse("incidents:log-entry", args=[good_here.incident.reference])
    assert CONFIRM not in client.post(log, {"text": "A call."}).get("Location", "")


@pytest.fixture
def good_here(waiting: Statement, karim: User, thomas: User, helene: User) -> Statement:
    User.objects.filter(pk=helene.pk).update(reads=["en"])
    for one in (thomas, karim, helene):
        approve(waiting, User.objects.get(pk=one.pk), now())
    return waiting


def test_a_key_set_by_an_administrator_is_asked_for_before_it_is_typed(
    adele: User, karim: User
) -> None:
    client = sign_in(adele)
    grow_old(client)
    page = reverse("admin:auth_user_password_change", args=[karim.pk])
    sent = {"password1": SECRET, "password2": SECRET}
    for answer in (client.get(page), client.post(page, sent)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(CONFIRM)
    assert not User.objects.get(pk=karim.pk).check_password(SECRET)
    assert SECRET not in str(dict(client.session.items()))


def test_what_one_sent_is_not_shown_to_the_next_nor_to_whoever_names_an_address(
    acts: Acts, adele: User, helene: User
) -> None:
    address, sent = acts["role-relieve"]
    client = sign_in(adele)
    grow_old(client)
    page = unquote(client.post(address, sent).url.partition("?next=")[2])
    client.post("/accounts/logout/")
    sign_in(helene, client)
    assert client.get(page).url == "/"
    for other in ("https://evil.example/", "//evil.example/", "/roles/"):
        assert client.get(reverse("once_more"), {"to": other}).url == "/"


def test_the_journal_tells_which_languages_a_person_signs_in(
    team: Team, adele: User, karim: User
) -> None:
    User.objects.filter(pk=karim.pk).update(reads=[])
    client = sign_in(User.objects.get(pk=karim.pk))
    given = {"name": karim.name, "language": karim.language, "zone": "UTC", "theme": "system"}
    other = "fr" if karim.language == "en" else "en"
    client.post(reverse("teams:profile"), {**given, "reads": [other]})
    entry = JournalEntry.objects.filter(team=team).latest("number")
    [told] = entry.content.body["facts"]["changes"]
    assert (entry.kind, told["field"], told["to"]) == ("person.changed", "reads", [other])
