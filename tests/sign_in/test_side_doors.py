"""What leads around a signature asks for the same proof: hand-over, attestation, withdrawal, reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from incidents.models import Attestation, Decision, Statement
from teams.models import Delegation, JournalEntry, Team, User
from tests.sign_in.hands import CONFIRM, confirm, grow_old, seen, sign_in, url

pytestmark = pytest.mark.django_db
WORDS = "While the <vet> is here"
KEPT = "Nothing is decided yet, and your words are kept."


@pytest.fixture
def reader(karim: User) -> User:
    User.objects.filter(pk=karim.pk).update(language="en", reads=["en"], zone="Europe/Paris")
    karim.refresh_from_db()
    return karim


@pytest.fixture
def hand_over(karim: User, sophie: User, team: Team) -> dict[str, str]:
    """What the form of Karim's hand-over to Sophie sends."""
    return {
        "team": team.slug,
        "to": str(sophie.uuid),
        "role": "",
        "starts_at": "2090-03-01 08:00",
        "ends_at": "2090-03-08",
        "reason": WORDS,
    }


def test_an_old_session_hands_no_signoff_over_and_keeps_the_words(
    reader: User, hand_over: dict[str, str]
) -> None:
    client, page = sign_in(reader), reverse("teams:absence")
    act = reverse("teams:signoff-delegate", args=[reader.uuid])
    grow_old(client)
    assert client.post(act, hand_over).url.startswith(f"{CONFIRM}?next=")
    assert confirm(client, page).url == page
    assert not Delegation.objects.exists(), "Proving who one is hands nothing over."
    html = client.get(page).content.decode()
    assert KEPT in html
    assert "While the &lt;vet&gt; is here" in html
    assert f'value="{hand_over["to"]}" selected' in html
    assert 'value="2090-03-08"' in html
    assert client.post(act, hand_over).url == page
    assert Delegation.objects.get().giver == reader
    assert KEPT not in client.get(page).content.decode()


def test_who_has_just_signed_in_hands_over_at_once(karim: User, hand_over: dict[str, str]) -> None:
    act = reverse("teams:signoff-delegate", args=[karim.uuid])
    assert sign_in(karim).post(act, hand_over).url == reverse("teams:absence")
    assert Delegation.objects.get().reason == WORDS


def test_an_old_session_withdraws_nothing_and_keeps_the_reason(
    waiting: Statement, ines: User
) -> None:
    client, page = sign_in(ines), url("statement", waiting)
    act = url("statement-withdraw", waiting)
    grow_old(client)
    assert client.post(act, {"reason": WORDS}).url.startswith(f"{CONFIRM}?next=")
    assert confirm(client, page).url == page
    waiting.refresh_from_db()
    assert waiting.status == Statement.Status.IN_SIGNOFF
    html = client.get(page).content.decode()
    dialog = html.partition('<dialog id="withdraw"')[2]
    assert dialog.partition(">")[0].endswith("data-open")
    assert "While the &lt;vet&gt; is here" in dialog
    assert client.post(act, {"reason": WORDS}).url == page
    waiting.refresh_from_db()
    assert waiting.status == Statement.Status.WITHDRAWN
    assert "vet&gt; is here" not in client.get(page).content.decode().partition("<dialog")[2]


def test_who_has_just_signed_in_withdraws_at_once(waiting: Statement, ines: User) -> None:
    sign_in(ines).post(url("statement-withdraw", waiting), {"reason": WORDS})
    waiting.refresh_from_db()
    assert waiting.status == Statement.Status.WITHDRAWN


def test_an_old_session_attests_nothing_and_keeps_the_note(waiting: Statement, karim: User) -> None:
    client, page = sign_in(karim), url("statement", waiting)
    act, sent = url("statement-attest", waiting), seen(waiting, note=WORDS)
    grow_old(client)
    assert client.post(act, sent).url.startswith(f"{CONFIRM}?next=")
    assert confirm(client, page).url == page
    assert not Attestation.objects.exists(), "Proving who one is attests nothing."
    html = client.get(page).content.decode()
    assert KEPT in html
    assert '<details class="cd-more" open>' in html
    assert "While the &lt;vet&gt; is here</textarea>" in html
    assert client.post(act, sent).url == page
    assert Attestation.objects.get().note == WORDS


def test_who_has_just_signed_in_attests_at_once(waiting: Statement, karim: User) -> None:
    sign_in(karim).post(url("statement-attest", waiting), seen(waiting, note=WORDS))
    assert Attestation.objects.get().note == WORDS


def profile(*reads: str, **more: str) -> dict[str, Any]:
    told = {"name": "Karim Haddad", "language": "en", "zone": "Europe/Paris", "theme": "system"}
    return {**told, "reads": list(reads), **more}


def test_an_old_session_adds_no_language_and_keeps_the_ticks(reader: User) -> None:
    client, page = sign_in(reader), reverse("teams:profile")
    grow_old(client)
    sent = profile("en", "fr", name="K. Haddad", zone="UTC")
    assert client.post(page, sent).url.startswith(f"{CONFIRM}?next=")
    assert confirm(client, page).url == page
    reader.refresh_from_db()
    assert (reader.reads, reader.name) == (["en"], "Karim Haddad")
    html = client.get(page).content.decode()
    assert KEPT in html
    assert 'value="K. Haddad"' in html
    assert '<option value="UTC" selected' in html
    ticks = [tag.partition(">")[0] for tag in html.split("<input")[1:]]
    assert sum('name="reads"' in tag and "checked" in tag for tag in ticks) == 2
    assert client.post(page, sent).url == page
    reader.refresh_from_db()
    assert "fr" in reader.reads
    assert KEPT not in client.get(page).content.decode()


def test_who_has_just_signed_in_adds_a_language_at_once(reader: User) -> None:
    sign_in(reader).post(reverse("teams:profile"), profile("en", "fr"))
    reader.refresh_from_db()
    assert "fr" in reader.reads


def test_the_rest_of_the_profile_asks_an_old_session_for_nothing(reader: User) -> None:
    client, page = sign_in(reader), reverse("teams:profile")
    grow_old(client)
    assert client.post(page, profile("en", zone="UTC", language="fr")).url == page
    reader.refresh_from_db()
    assert (reader.zone, reader.language) == ("UTC", "fr")
    assert reader.reads == ["en"]


def test_an_old_session_takes_no_language_away_either(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(reads=["en", "fr"])
    client, page = sign_in(reader), reverse("teams:profile")
    grow_old(client)
    assert client.post(page, profile("en")).url.startswith(f"{CONFIRM}?next=")
    reader.refresh_from_db()
    assert reader.reads == ["en", "fr"]


def test_what_a_person_says_they_read_is_told_in_the_journals(reader: User, team: Team) -> None:
    sign_in(reader).post(reverse("teams:profile"), profile("en", "fr"))
    facts = JournalEntry.objects.filter(team=team).latest("number").content.body["facts"]
    assert [(one["field"], one["to"]) for one in facts["changes"]] == [("reads", ["en", "fr"])]
    before = JournalEntry.objects.count()
    sign_in(reader).post(reverse("teams:profile"), profile("en", "fr", language="fr"))
    assert JournalEntry.objects.count() == before, "The language of one's pages is one's own."


def test_switching_the_language_of_the_pages_opens_no_sign_off(
    waiting: Statement, karim: User
) -> None:
    User.objects.filter(pk=karim.pk).update(reads=["fr"], language="fr")
    client = sign_in(karim)
    client.post(reverse("teams:language-switch"), {"language": "en"})
    answer = client.post(url("statement-approve", waiting), seen(waiting))
    assert answer.status_code == 409
    assert "does not say that you read this language" in answer.content.decode()
    assert not Decision.objects.exists()
