"""What other tools get wrong, tried through the pages: each once, as the people would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Decision, Incident, Publication, Round, Statement
from incidents.roles.actions import relieve_role
from incidents.signoff.actions.policies import change_policy
from incidents.signoff.policies.terms import terms_of
from incidents.statements import actions
from teams.models import Membership, User
from tests.incidents.signoff.conftest import WORDS, draft

pytestmark = pytest.mark.django_db
OTHER = WORDS + " Do not eat it."
DONE, REFUSED = HTTPStatus.FOUND, HTTPStatus.CONFLICT


class Desk:
    """A statement and the people who press its buttons, each in a browser of their own."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.args = [statement.incident.reference, statement.number]

    def get(self, person: User, name: str, **query: Any) -> str:
        client = Client()
        client.force_login(person)
        answer = client.get(reverse(f"incidents:statement-{name}", args=self.args), query)
        assert answer.status_code == HTTPStatus.OK
        return answer.content.decode()

    def post(self, person: User, name: str, **given: Any) -> Any:
        client = Client()
        client.force_login(person)
        return client.post(reverse(f"incidents:statement-{name}", args=self.args), given)

    def seen(self, number: int = 0) -> dict[str, Any]:
        """What stands on the screen: the newest version, or an older one left open."""
        versions = self.statement.versions.order_by("-number")
        version = versions.get(number=number) if number else versions[0]
        return {"version": version.number, "fingerprint": version.fingerprint}

    def approve(self, person: User, number: int = 0) -> Any:
        return self.post(person, "approve", **self.seen(number))

    def save(self, person: User, text: str) -> Any:
        self.statement.draft.refresh_from_db()
        revision = self.statement.draft.revision
        given = {"text": text, "revision": revision, "reason": "Because.", "change": "material"}
        return self.post(person, "save-version", **given)

    def publish(self, person: User) -> Any:
        return self.post(person, "record-publication", channel="website", published_at="now")

    @property
    def status(self) -> str:
        self.statement.refresh_from_db()
        return self.statement.status


@pytest.fixture
def asked(staffed: Incident, ines: User) -> Callable[..., Desk]:
    """Ines asks for the sign-off of a text, at a severity."""

    def ask(severity: int | None = None) -> Desk:
        staffed.severity = severity
        staffed.save(update_fields=["severity"])
        made = draft(staffed, ines, now())
        actions.save_version(made, reason="First words", submit=True, by=ines, at=now())
        return Desk(made)

    return ask


def test_the_latest_text_never_goes_live_instead_of_the_signed_one(
    asked: Callable[..., Desk], ines: User, thomas: User, karim: User, helene: User, claire: User
) -> None:
    desk = asked()
    for person in (thomas, karim, helene):
        assert desk.approve(person).status_code == DONE
    # Words that are only typed are not offered, nor is what goes out ever theirs.
    desk.post(ines, "save-draft", text=OTHER, revision=0)
    assert "Do not eat it" not in desk.get(claire, "publication", channel="website")
    assert desk.publish(claire).status_code == DONE
    out = Publication.objects.get()
    assert out.version is not None
    assert (out.version.text, out.fingerprint) == (WORDS, desk.seen(1)["fingerprint"])

    other = asked()
    for person in (thomas, karim, helene):
        other.approve(person)
    assert other.save(ines, OTHER).status_code == DONE
    assert other.publish(claire).status_code == REFUSED
    assert Publication.objects.count() == 1


def test_an_earlier_stage_sees_the_edit_of_a_later_one_and_signs_again(
    asked: Callable[..., Desk], thomas: User, karim: User, claire: User
) -> None:
    desk = asked(severity=2)
    assert desk.approve(thomas).status_code == DONE
    assert desk.save(karim, OTHER).status_code == DONE
    first, second = Round.objects.order_by("-pk")[0].stages.all()
    assert (first.completed_at, second.opened_at) == (None, None)
    page = desk.get(thomas, "decide")
    assert "Do not eat it" in page
    assert "Because." in page
    assert desk.approve(karim).status_code == REFUSED
    assert desk.publish(claire).status_code == REFUSED
    assert desk.approve(thomas).status_code == DONE


def test_removing_or_emptying_a_pending_stage_is_no_approval(
    asked: Callable[..., Desk], team: Any, thomas: User, karim: User, claire: User
) -> None:
    desk = asked(severity=2)
    desk.approve(thomas)
    counsel = desk.statement.incident.assignments.get(role__slug="legal_counsel")
    relieve_role(counsel, reason="Off duty", by=claire, at=now())
    Membership.objects.filter(user=karim).delete()
    assert desk.status == Statement.Status.IN_SIGNOFF
    assert desk.publish(claire).status_code == REFUSED
    # Nor does a policy that asks for one stage less from now on.
    policy = Round.objects.get().policy
    Membership.objects.filter(user=claire).update(is_admin=True)
    terms = terms_of(policy)
    fewer = type(terms)(**{**vars(terms), "stages": terms.stages[:1]})
    change_policy(policy, team=team, terms=fewer, by=claire, at=now())
    assert Round.objects.get().stages.count() == 2
    assert desk.status == Statement.Status.IN_SIGNOFF
    assert desk.publish(claire).status_code == REFUSED
    assert not Publication.objects.exists()


def test_a_submitter_who_is_also_an_approver_never_signs_their_own_words(
    staffed: Incident, thomas: User, karim: User
) -> None:
    made = draft(staffed, thomas, now())
    desk = Desk(made)
    assert desk.save(thomas, WORDS).status_code == DONE
    assert desk.post(thomas, "submit", version=1).status_code == DONE
    refused = desk.approve(thomas)
    assert refused.status_code == REFUSED
    assert "You wrote part of this text" in refused.content.decode()
    assert desk.approve(karim).status_code == DONE
    assert [d.signer for d in Decision.objects.all()] == [karim]


def test_two_clicks_or_two_people_approve_one_stage_once(
    asked: Callable[..., Desk], thomas: User, karim: User, sophie: User
) -> None:
    desk = asked()
    counsel = desk.statement.incident.assignments.get(role__slug="legal_counsel")
    counsel.deputy = sophie
    counsel.save()
    # Late enough for the deputy to stand in.
    early = now() - timedelta(minutes=25)
    Round.objects.get().stages.update(opened_at=early, due_at=early + timedelta(minutes=30))
    assert desk.approve(karim).status_code == DONE
    assert desk.approve(karim).status_code == REFUSED
    assert desk.approve(sophie).status_code == REFUSED
    assert Decision.objects.count() == 1
    assert desk.status == Statement.Status.IN_SIGNOFF


def test_a_save_that_changes_nothing_voids_no_sign_off(
    asked: Callable[..., Desk], ines: User, karim: User
) -> None:
    desk = asked()
    desk.approve(karim)
    again = desk.save(ines, WORDS + "  \r\n")
    assert again.status_code == REFUSED
    assert "Nothing has changed since v1" in again.content.decode()
    assert desk.statement.versions.count() == 1
    (round_,) = Round.objects.all()
    assert (round_.outcome, round_.decisions.count()) == (Round.Outcome.OPEN, 1)


def test_going_back_to_an_old_text_revives_no_old_sign_off(
    asked: Callable[..., Desk], ines: User, thomas: User, karim: User, helene: User, claire: User
) -> None:
    desk = asked()
    for person in (thomas, karim, helene):
        desk.approve(person)
    desk.save(ines, OTHER)
    assert desk.post(ines, "go-back", version=1).status_code == DONE
    assert desk.save(ines, WORDS).status_code == DONE
    assert desk.seen(3)["fingerprint"] == desk.seen(1)["fingerprint"]
    newest = Round.objects.order_by("-pk")[0]
    assert (newest.version.number, newest.decisions.count()) == (3, 0)
    assert desk.status == Statement.Status.IN_SIGNOFF
    assert desk.publish(claire).status_code == REFUSED
    # A page left open since v1 shows the very same fingerprint: it signs nothing either.
    stale = desk.post(karim, "approve", **desk.seen(1))
    assert stale.status_code == REFUSED
