"""The pages of releases: what they say before, who may use them, what they keep."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Incident, Release, Statement
from incidents.signoff import actions as signoff
from incidents.statements import actions
from teams.models import User
from tests.incidents.signoff.conftest import approve, draft, write
from tests.incidents.signoff.test_releases import WHY, agree, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(staffed: Incident, ines: User) -> Statement:
    """A text in sign-off now: pages take the time of the clock."""
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    text.refresh_from_db()
    return text


def go(client: Client, person: User, name: str, incident: Incident, *more: Any) -> Any:
    client.force_login(person)
    return client.get(reverse(f"incidents:{name}", args=[incident.reference, *more]))


def go_to_desk(client: Client, person: User) -> str:
    client.force_login(person)
    return client.get(reverse("incidents:desk")).content.decode()


def send(client: Client, person: User, name: str, statement: Statement, **given: Any) -> Any:
    client.force_login(person)
    version = statement.versions.order_by("-number")[0]
    seen = {"version": version.number, "fingerprint": version.fingerprint}
    address = reverse(f"incidents:{name}", args=[statement.incident.reference, statement.number])
    return client.post(address, {**seen, **given})


def test_the_way_out_is_shown_to_those_with_the_right_alone(
    client: Client, waiting: Statement, claire: User, thomas: User, karim: User
) -> None:
    shown = go(client, claire, "statement", waiting.incident, 1).content.decode()
    assert "Release without the missing sign-offs" in shown
    assert f"Legal counsel ({karim.name})" in shown
    hidden = go(client, thomas, "statement", waiting.incident, 1).content.decode()
    assert "Release without the missing sign-offs" not in hidden


def test_a_release_is_made_on_its_page_and_never_called_signed(
    client: Client, waiting: Statement, claire: User, ines: User
) -> None:
    page = go(client, claire, "statement-releasing", waiting.incident, 1)
    assert page.status_code == HTTPStatus.OK
    assert send(client, claire, "statement-release", waiting).status_code == 422
    assert not Release.objects.exists()
    answer = send(client, claire, "statement-release", waiting, reason=WHY)
    assert answer.status_code == HTTPStatus.FOUND
    actions.record_publication(waiting, channel="x", published_at=now(), by=ines, at=now())
    shown = go(client, claire, "statement", waiting.incident, 1).content.decode()
    assert WHY in shown
    assert "Released by Claire Morvan without" in shown
    assert "not all sign-offs" in shown
    assert go(client, claire, "statements", waiting.incident).status_code == HTTPStatus.OK


def test_a_release_of_a_text_that_changed_keeps_the_words_and_says_why(
    client: Client, waiting: Statement, claire: User
) -> None:
    answer = send(client, claire, "statement-release", waiting, reason=WHY, fingerprint="f" * 64)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert WHY in answer.content.decode()
    assert not Release.objects.exists()


def test_an_oral_agreement_is_recorded_after_reading_aloud(
    client: Client, waiting: Statement, claire: User, karim: User
) -> None:
    page = go(client, claire, "statement-agreement", waiting.incident, 1).content.decode()
    whole = waiting.versions.get().fingerprint
    assert " ".join(whole[i : i + 4] for i in range(0, 64, 4)) in page
    who = f"legal_counsel {karim.uuid}"
    assert who in page
    assert f"crisis_lead {claire.uuid}" not in page
    silent = send(client, claire, "statement-record-agreement", waiting, who=who, reason="Train")
    assert silent.status_code == 422
    made = send(
        client,
        claire,
        "statement-record-agreement",
        waiting,
        who=who,
        reason="Train",
        read_aloud="on",
    )
    assert made.status_code == HTTPStatus.FOUND
    assert Release.objects.get().approver == karim


def test_the_approver_confirms_from_the_link_and_the_desk_names_it(
    client: Client, waiting: Statement, claire: User, karim: User
) -> None:
    karim.language = "en"
    karim.save()
    made = agree(waiting, "legal_counsel", karim, claire, now())
    assert "Your oral agreement" in go_to_desk(client, karim)
    page = go(client, karim, "release", waiting.incident, made.pk).content.decode()
    assert "Did you agree to this text?" in page
    other = go(client, claire, "release", waiting.incident, made.pk).content.decode()
    assert "Did you agree to this text?" not in other
    client.force_login(karim)
    base = f"/incidents/{waiting.incident.reference}/statements/releases/{made.pk}/"
    assert client.post(base + "deny/", {"words": ""}).status_code == HTTPStatus.CONFLICT
    assert client.post(base + "confirm/", {"words": ""}).status_code == HTTPStatus.FOUND
    made.refresh_from_db()
    assert made.outcome == Release.Outcome.CONFIRMED
    assert "Your oral agreement" not in go_to_desk(client, karim)


def test_the_review_waits_on_the_desk_of_whoever_owes_it(
    client: Client, waiting: Statement, claire: User, helene: User
) -> None:
    helene.language = "en"
    helene.save()
    made = release(waiting, claire, now())
    assert "Release to review" in go_to_desk(client, helene)
    assert "Release to review" not in go_to_desk(client, claire)
    client.force_login(claire)
    base = f"/incidents/{waiting.incident.reference}/statements/releases/{made.pk}/"
    assert client.post(base + "review/", {"words": "Fine"}).status_code == HTTPStatus.CONFLICT
    client.force_login(helene)
    assert client.post(base + "review/", {"words": "Fine"}).status_code == HTTPStatus.FOUND
    assert "Fine" in go(client, claire, "release", waiting.incident, made.pk).content.decode()


def test_a_release_of_another_incident_is_not_found_here(
    client: Client, waiting: Statement, claire: User, zoe: User
) -> None:
    made = release(waiting, claire, now())
    assert go(client, zoe, "release", waiting.incident, made.pk).status_code == 404
    assert go(client, claire, "release", waiting.incident, made.pk + 1).status_code == 404


def test_the_words_of_an_answer_are_marked_once(
    client: Client, waiting: Statement, claire: User, karim: User
) -> None:
    karim.language = "en"
    karim.save()
    made = agree(waiting, "legal_counsel", karim, claire, now())
    page = go(client, karim, "release", waiting.incident, made.pk).content.decode()
    label = page[page.index('<label class="form-label" for="id_words"') :].split("</label>")[0]
    assert "optional" in label
    assert "needed" not in label, "One mark: it is not both."
    assert "Without words you can confirm it, but not deny it." in page


def test_a_denied_agreement_flags_the_publication_loudly(
    client: Client,
    waiting: Statement,
    claire: User,
    karim: User,
    thomas: User,
    helene: User,
    ines: User,
) -> None:
    at = now() - timedelta(minutes=5)
    for person in (thomas, helene):
        approve(waiting, person, at)
    made = agree(waiting, "legal_counsel", karim, claire, at)
    actions.record_publication(waiting, channel="x", published_at=at, by=ines, at=at)
    signoff.deny_agreement(made, words="Not this text", by=karim, at=now())
    page = go(client, claire, "statement", waiting.incident, 1).content.decode()
    assert f"{karim.name} denies the oral agreement" in page
    assert "agreement denied" in page


def test_words_about_what_is_settled_already_are_shown_again(
    client: Client, waiting: Statement, claire: User, karim: User
) -> None:
    karim.language = "en"
    karim.save()
    made = agree(waiting, "legal_counsel", karim, claire, now())
    signoff.confirm_agreement(made, by=karim, at=now())
    client.force_login(karim)
    base = f"/incidents/{waiting.incident.reference}/statements/releases/{made.pk}/"
    answer = client.post(base + "deny/", {"words": "That was another text."})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "That was another text." in answer.content.decode()
    made.refresh_from_db()
    assert made.outcome == Release.Outcome.CONFIRMED


def test_where_nobody_could_agree_the_page_says_so_and_offers_nothing_to_send(
    client: Client, waiting: Statement, claire: User, karim: User, thomas: User, helene: User
) -> None:
    address = reverse("incidents:statement-record-agreement", args=[waiting.incident.reference, 1])
    approve(waiting, thomas, now())
    approve(waiting, karim, now())
    asked = go(client, claire, "statement-agreement", waiting.incident, 1).content.decode()
    assert "Record the agreement to v1" in asked
    helene.language = "en"
    helene.save()
    alone = go(client, helene, "statement-agreement", waiting.incident, 1).content.decode()
    assert "Record the agreement to v1" not in alone
    assert "can agree through you" in alone
    assert address in alone


def test_who_does_not_read_the_text_is_named_as_such_and_does_not_agree_to_it(
    client: Client, waiting: Statement, claire: User, karim: User
) -> None:
    karim.reads = ["fr"]
    karim.save()
    page = go(client, claire, "statement-agreement", waiting.incident, 1).content.decode()
    assert "not before a reader attests the text" in page
    who = f"legal_counsel {karim.uuid}"
    given = {"who": who, "reason": "Train", "read_aloud": "on"}
    answer = send(client, claire, "statement-record-agreement", waiting, **given)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert f"The profile of {karim.name} does not say" in answer.content.decode()
    assert not Release.objects.exists()


def test_what_was_read_aloud_is_not_said_of_the_text_that_came_after(
    client: Client, waiting: Statement, claire: User, karim: User, ines: User
) -> None:
    first = waiting.versions.get()
    ticked = {"who": f"legal_counsel {karim.uuid}", "read_aloud": "on"}
    seen = {"version": 1, "fingerprint": first.fingerprint}
    stays = send(client, claire, "statement-record-agreement", waiting, **ticked)
    assert "checked" in read_aloud(stays), "The same text: only the reason is missing."
    write(waiting, "Other words, which nobody has read aloud.", ines, now())
    for status, reason in ((422, ""), (409, "On the train")):
        given = {**ticked, **seen, "reason": reason}
        answer = send(client, claire, "statement-record-agreement", waiting, **given)
        assert answer.status_code == status
        assert "checked" not in read_aloud(answer)
        assert "v2" in answer.content.decode().partition("alert")[2]
        assert reason in answer.content.decode()
    assert not Release.objects.exists()


def read_aloud(answer: Any) -> str:
    """The box that says that the text was read aloud."""
    page: str = answer.content.decode()
    tags = [one.partition(">")[0] for one in page.split("<input")]
    return next(one for one in tags if 'name="read_aloud"' in one)
