"""
Who may open which address of an incident: one row for each, written by hand.

A stranger learns nothing (404), someone signed out is asked to sign in, a colleague in the room
without the right is told so (403). An address without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, reverse

from incidents import urls
from incidents.clocks.actions import make_promise
from incidents.evidence.actions import add_evidence
from incidents.facts.actions import note_fact
from incidents.lifecycle.actions import change_confidentiality, open_library
from incidents.models import Incident, Promise, Release
from incidents.review.actions import add_action, add_lesson
from incidents.roles.actions import accept_role, assign_role, exclude_person, invite_person
from incidents.signoff.actions import release_statement
from incidents.statements.actions import approve_statement, draft_statement, save_version
from incidents.statements.actions.discussing import add_comment
from incidents.statements.actions.sharing import invite_approver
from incidents.statements.actions.suggesting import suggest_wording
from incidents.statements.actions.together import attach_files
from teams.models import Audience, Membership, Role, Team, User
from tests.conftest import NINE, member, person
from tests.matrix import MATRIX, ROOM

# Addresses outside any incident: signed in, they show one's own and nothing else.
OUTSIDE = {
    "desk",
    "desk-needs",
    # tests/incidents/board/test_inbox.py.
    "sign-offs",
    "sign-offs-mark",
    "incidents",
    "reports",
    "open",
    "ours",
    "ours-ask",
    "notices",
    "notices-read",
    "bell",
    "mails",
    # One text for somebody from outside: tests/incidents/statements/test_external.py.
    "for-signature",
    "for-signature-text",
    "for-signature-approve",
    "for-signature-request-changes",
    "for-signature-refuse",
    "for-signature-file",
    # A team's policies: tests/incidents/signoff/test_policy_pages.py says who reads and who edits.
    "policies",
    "policy-ask",
    "policy-new",
    "policy-add",
    "policy-rehearse",
    "policy-edit",
    "policy-change",
    "policy-retire",
    "policy-versions",
    # A team's prepared texts: tests/incidents/statements/test_prepared.py.
    "prepared-texts",
    "prepared-open",
}
NEVER = {403, 404, 405, 500}

SEATS = {
    "comms": "communications_lead",
    "spokesperson": "spokesperson",
    "social": "social_media_lead",
    "counsel": "legal_counsel",
    "care": "customer_care_lead",
    "scribe": "scribe",
    "analyst": "monitoring_analyst",
    "executive": "executive_sponsor",
    "quality": "quality_lead",
}


def addresses() -> dict[str, list[str]]:
    """Return every name of the incidents' addresses with the arguments that its path asks for."""

    found: dict[str, list[str]] = {}

    def collect(patterns: list[Any], before: list[str]) -> None:
        for one in patterns:
            arguments = before + list(one.pattern.converters)
            if isinstance(one, URLResolver):
                collect(one.url_patterns, arguments)
            else:
                found[str(one.name)] = arguments

    collect(urls.urlpatterns, [])
    return found


@pytest.fixture
def people(team: Any, claire: User, bruno: User, zoe: User) -> dict[str, User]:
    cast = {"lead": claire, "member": bruno}
    for name in SEATS:
        cast[name] = member(team, person(f"{name.capitalize()} Person"))
    cast["guest"] = person("Guest Person")
    zoe.is_staff = zoe.is_superuser = True
    zoe.save()
    cast["superuser"] = zoe
    cast["stranger"] = person("Stranger Person")
    left = member(team, person("Former Person"))
    # Pages live in the present of the machine, not in the story's.
    Membership.objects.filter(user=left).update(ends_at=datetime(2020, 1, 1, tzinfo=UTC))
    cast["former"] = left
    return cast


@pytest.fixture
def arguments(incident: Incident, people: dict[str, User]) -> dict[str, Any]:
    """A room in which everything that an address can name is there."""
    lead = people["lead"]
    for name, slug in SEATS.items():
        offer = assign_role(
            incident, role=Role.objects.get(slug=slug), user=people[name], by=lead, at=NINE
        )
        accept_role(offer, by=people[name], at=NINE)
    offered = assign_role(
        incident, role=Role.objects.get(slug="dpo"), user=people["scribe"], by=lead, at=NINE
    )
    invitation = invite_person(incident, user=people["guest"], by=lead, at=NINE)
    statement = draft_statement(
        incident,
        title="Holding",
        kind="holding",
        audience=Audience.objects.get(slug="public"),
        language="en",
        channels=["website"],
        text="We are checking.",
        by=lead,
        at=NINE,
    )
    released = _released(incident, by=lead)
    picture = SimpleUploadedFile("box.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00")
    attach_files(statement, files=[picture], by=lead, at=NINE)
    save_version(statement, reason="First words.", change="material", by=lead, at=NINE)
    pointed: Any = {"version": 1, "words": "checking"}
    comment = add_comment(statement, text="Sure?", at_passage=pointed, by=lead, at=NINE)
    suggestion = suggest_wording(
        statement, wording="looking", why="", at_passage=pointed, by=lead, at=NINE
    )
    approver = invite_approver(
        statement,
        email="anne@cabinet.test",
        name="Anne Leroy",
        language="en",
        signs=True,
        ends_at=NINE + timedelta(days=9),
        by=lead,
        at=NINE,
    )
    exclusion = exclude_person(
        incident, person("Subject Person"), reason="It is about them.", by=lead, at=NINE
    )
    promise = make_promise(
        incident,
        audience=Audience.objects.get(slug="customers"),
        channel="",
        subject="The lots",
        due_at=NINE + timedelta(days=9000),
        owner=lead,
        source=Promise.Source.HAND,
        by=lead,
        at=NINE,
    )
    piece = add_evidence(
        incident, file=SimpleUploadedFile("note.txt", b"as seen"), by=lead, at=NINE
    )
    fact = note_fact(incident, text="Three lots are affected.", by=lead, at=NINE)
    lesson = add_lesson(incident, kind="keep", text="Two signed in ten minutes.", by=lead, at=NINE)
    action = add_action(
        incident, text="Train.", owner=lead, due_on=date(2030, 6, 1), by=lead, at=NINE
    )
    return {
        "reference": incident.reference,
        "assignment": offered.pk,
        "invitation": invitation.pk,
        "approver": approver.pk,
        "exclusion": exclusion.pk,
        "number": 1,
        "promise": promise.pk,
        "due": promise.due.pk,
        "pk": piece.pk,
        "lesson": lesson.pk,
        "action": action.pk,
        "part": "lessons",
        "text": _prepared(incident.team, people),
        "fact": fact.number,
        "release": released.pk,
        "comment": comment.pk,
        "suggestion": suggestion.pk,
        "sha256": statement.versions.get().attachments[0]["sha256"],
    }


def _prepared(team: Team, people: dict[str, User]) -> int:
    """A signed text in the team's library."""
    signers = {"communications_lead": people["comms"], "legal_counsel": people["counsel"]}
    library = open_library(team, holders=signers, by=None, at=NINE)
    text = draft_statement(
        library,
        title="Holding",
        kind="holding",
        audience=Audience.objects.get(slug="public"),
        language="en",
        channels=["website"],
        text="We are checking {product}.",
        by=people["lead"],
        at=NINE,
    )
    version = save_version(text, reason="", submit=True, by=people["lead"], at=NINE)
    for one in signers.values():
        approve_statement(text, version=1, fingerprint=version.fingerprint, by=one, at=NINE)
    return text.number


def _released(incident: Incident, *, by: User) -> Release:
    text = draft_statement(
        incident,
        title="Warning",
        kind="holding",
        audience=Audience.objects.get(slug="victims"),
        language="en",
        channels=["email"],
        text="Do not eat it.",
        by=by,
        at=NINE,
    )
    version = save_version(text, reason="First words.", by=by, at=NINE)
    return release_statement(
        text, version=1, fingerprint=version.fingerprint, reason="Now.", by=by, at=NINE
    )


@pytest.fixture
def ask(arguments: dict[str, Any]) -> Callable[[Client, str], int]:
    """Open an address and undo what that did; return the status of the answer."""
    needed = addresses()

    def status(client: Client, name: str) -> int:
        url = reverse(f"incidents:{name}", kwargs={n: arguments[n] for n in needed[name]})
        call = client.get if MATRIX[name][0] == "GET" else client.post
        with transaction.atomic():
            answer: Any = call(url, {"version": "1"})
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        return int(answer.status_code)

    return status


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_every_address_has_its_row() -> None:
    missing = set(addresses()) - set(MATRIX) - OUTSIDE
    assert not missing, f"Say in tests/test_access.py who may open: {', '.join(sorted(missing))}."
    gone = (set(MATRIX) | OUTSIDE) - set(addresses())
    assert not gone, f"These addresses are gone: {', '.join(sorted(gone))}."


def test_what_has_a_row_is_behind_the_gate_of_its_incident() -> None:
    needed = addresses()
    assert all("reference" in needed[name] for name in MATRIX)
    assert all("reference" not in needed[name] for name in OUTSIDE)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ROOM.split())
def test_the_room_opens_what_the_role_allows_and_refuses_the_rest(
    who: str, people: dict[str, User], ask: Callable[[Client, str], int]
) -> None:
    client = signed_in(people[who])
    wrong = []
    for name, (_method, allowed) in MATRIX.items():
        status = ask(client, name)
        fits = status not in NEVER if who in allowed.split() else status == 403
        if not fits:
            wrong.append(f"{name}: {status}")
    assert not wrong, f"{who}: {', '.join(wrong)}"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "superuser", "former"])
def test_for_a_stranger_no_address_exists(
    who: str, people: dict[str, User], ask: Callable[[Client, str], int]
) -> None:
    assert ask(signed_in(people["lead"]), "room") == 200
    client = signed_in(people[who])
    assert {name: status for name in MATRIX if (status := ask(client, name)) != 404} == {}


@pytest.mark.django_db
def test_for_the_team_a_restricted_incident_does_not_exist(
    incident: Incident, people: dict[str, User], ask: Callable[[Client, str], int]
) -> None:
    client = signed_in(people["member"])
    assert ask(client, "room") == 200
    change_confidentiality(
        incident, to="restricted", reason="A name is in it.", by=people["lead"], at=NINE
    )
    assert {name: status for name in MATRIX if (status := ask(client, name)) != 404} == {}
    assert ask(signed_in(people["quality"]), "room") == 200


@pytest.mark.django_db
def test_someone_signed_out_is_asked_to_sign_in(ask: Callable[[Client, str], int]) -> None:
    client = Client(raise_request_exception=False)
    # A page leads to the sign-in; words that were sent come back on a page that offers it.
    asked = {"GET": 302, "POST": 401}
    assert {
        name: status
        for name, (method, _) in MATRIX.items()
        if (status := ask(client, name)) != asked[method]
    } == {}


@pytest.mark.django_db
def test_a_stranger_meets_the_same_answer_as_for_an_incident_that_never_was(
    people: dict[str, User], incident: Incident
) -> None:
    client = signed_in(people["stranger"])
    real = client.get(reverse("incidents:room", args=[incident.reference]))
    never = client.get(reverse("incidents:room", args=["MV-2030-7777"]))
    assert real.status_code == never.status_code == 404
    assert incident.title not in real.content.decode()
    assert _same(real, incident.reference) == _same(never, "MV-2030-7777")


def _same(answer: Any, reference: str) -> str:
    """The page without what differs each time: the address asked for, the form's token."""
    page = answer.content.decode().replace(reference, "REF")
    return re.sub(r"(csrfmiddlewaretoken\" value=|X-CSRFToken\": )\"[^\"]+\"", "", page)
