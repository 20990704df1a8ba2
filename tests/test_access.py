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
from incidents.lifecycle.actions import change_confidentiality
from incidents.models import Incident, Promise
from incidents.review.actions import add_action, add_lesson
from incidents.roles.actions import accept_role, assign_role, invite_person
from incidents.statements.actions import draft_statement, save_version
from teams.models import Audience, Membership, Role, User
from tests.conftest import NINE, member, person

ROOM = "lead comms spokesperson social counsel care scribe analyst executive quality member guest"
HOLDERS = "lead comms spokesperson social counsel care scribe analyst executive quality"
ASSESS = "lead comms social counsel analyst executive"
ASSIGN = "lead comms"
DRAFT = "lead comms spokesperson social counsel care"
PUBLISH = "lead comms spokesperson social"
STATUS = "lead executive"
PRIVILEGE = "counsel"
EXPORT = "lead comms counsel scribe executive"

# name -> method, and who of the room may; everyone else in the room is told 403.
MATRIX: dict[str, tuple[str, str]] = {
    "room": ("GET", ROOM),
    "header": ("GET", ROOM),
    "situation-panel": ("GET", ROOM),
    "pulse": ("GET", ROOM),
    "stream": ("GET", ROOM),
    "state": ("GET", ROOM),
    "status-change": ("POST", STATUS),
    "confidentiality-change": ("POST", STATUS),
    "roles": ("GET", ROOM),
    "roles-panel": ("GET", ROOM),
    "role": ("GET", ROOM),
    "role-accept": ("POST", ROOM),
    "role-decline": ("POST", ROOM),
    "role-assign": ("POST", ASSIGN),
    "role-invite": ("POST", ASSIGN),
    "role-invitation-end": ("POST", ASSIGN),
    "role-deputy": ("POST", ASSIGN),
    "role-hand-over": ("POST", ASSIGN),
    "role-relieve": ("POST", ASSIGN),
    "severity": ("GET", ROOM),
    "severity-history": ("GET", ROOM),
    "severity-preview": ("POST", ASSESS),
    "severity-assess": ("POST", ASSESS),
    "statements": ("GET", ROOM),
    "statements-panel": ("GET", ROOM),
    "statement": ("GET", ROOM),
    "statement-new": ("GET", DRAFT),
    "statement-draft": ("POST", DRAFT),
    "statement-brief": ("GET", DRAFT),
    "statement-change-brief": ("POST", DRAFT),
    "statement-edit": ("GET", DRAFT),
    "statement-draft-state": ("GET", DRAFT),
    "statement-save-draft": ("POST", DRAFT),
    "statement-save-version": ("POST", DRAFT),
    "statement-go-back": ("POST", DRAFT),
    "statement-submit": ("POST", DRAFT),
    # Who may sign is the policy's affair: the verb refuses the others.
    "statement-decide": ("GET", ROOM),
    "statement-newer": ("GET", ROOM),
    "statement-signoff": ("GET", ROOM),
    "statement-approve": ("POST", ROOM),
    "statement-request-changes": ("POST", ROOM),
    "statement-refuse": ("POST", ROOM),
    "statement-publication": ("GET", PUBLISH),
    "statement-record-publication": ("POST", PUBLISH),
    "statement-withdraw": ("POST", PUBLISH),
    "statement-unsigned": ("GET", PUBLISH),
    "statement-record-unsigned": ("POST", PUBLISH),
    "clocks-panel": ("GET", ROOM),
    "promises-panel": ("GET", ROOM),
    "promise": ("GET", ROOM),
    "promise-new": ("GET", DRAFT),
    "promise-make": ("POST", DRAFT),
    "promise-move": ("POST", DRAFT),
    "promise-cancel": ("POST", DRAFT),
    "promise-silence": ("POST", DRAFT),
    # Whom a reminder calls is the verb's affair.
    "reminder": ("GET", ROOM),
    "reminder-acknowledge": ("POST", ROOM),
    "reminder-snooze": ("POST", ROOM),
    "timeline": ("GET", ROOM),
    "timeline-panel": ("GET", ROOM),
    "timeline-earlier": ("GET", ROOM),
    "timeline-composer": ("GET", ROOM),
    "entry": ("GET", ROOM),
    "entry-correct": ("POST", ROOM),
    "entry-reclassify": ("POST", PRIVILEGE),
    "entry-name-reader": ("POST", PRIVILEGE),
    "log-entry": ("POST", ROOM),
    "evidence": ("GET", ROOM),
    "evidence-panel": ("GET", ROOM),
    "evidence-file": ("GET", ROOM),
    "evidence-add": ("POST", HOLDERS),
    "report": ("GET", ROOM),
    "report-panel": ("GET", ROOM),
    "report-summarise": ("POST", HOLDERS),
    "lesson-add": ("POST", HOLDERS),
    "lesson": ("GET", HOLDERS),
    "lesson-change": ("POST", HOLDERS),
    "lesson-remove": ("POST", HOLDERS),
    "action-add": ("POST", HOLDERS),
    "action": ("GET", HOLDERS),
    "action-change": ("POST", HOLDERS),
    "report-accept": ("POST", STATUS),
    "report-reopen": ("POST", STATUS),
    "report-export": ("POST", EXPORT),
    "record": ("GET", ROOM),
    "record-export": ("POST", EXPORT),
}
# Addresses outside any incident: signed in, they show one's own and nothing else.
OUTSIDE = {
    "desk",
    "desk-needs",
    "incidents",
    "reports",
    "open",
    "notices",
    "notices-read",
    "bell",
    "mails",
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
    save_version(statement, reason="First words.", change="material", by=lead, at=NINE)
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
    lesson = add_lesson(incident, kind="keep", text="Two signed in ten minutes.", by=lead, at=NINE)
    action = add_action(
        incident, text="Train.", owner=lead, due_on=date(2030, 6, 1), by=lead, at=NINE
    )
    return {
        "reference": incident.reference,
        "assignment": offered.pk,
        "invitation": invitation.pk,
        "number": 1,
        "promise": promise.pk,
        "due": promise.due.pk,
        "pk": piece.pk,
        "lesson": lesson.pk,
        "action": action.pk,
        "part": "lessons",
    }


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
