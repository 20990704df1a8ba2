"""
Who may do what beside sign-off, and what those may who hold no role: read from two literals.

The moves around a text, in every state, tried by the lead, who holds every right, by a scribe, who
may say something, and by somebody without a role. Then everyone who stands near a text without
holding a role in it: deputies, stand-ins, the excluded, those from outside. Through the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.facts.actions import note_fact
from incidents.models import Incident, Release, Statement
from incidents.roles.actions import exclude_person, invite_person
from incidents.statements.actions.discussing import add_comment
from incidents.statements.actions.publishing import withdraw_statement
from incidents.statements.actions.sharing import invite_approver
from incidents.statements.actions.suggesting import suggest_wording
from incidents.statements.actions.together import attach_files
from teams.actions.absence import delegate_signoff
from teams.actions.stand_ins import list_stand_in
from teams.models import Role, Team, User
from tests.conftest import member, person
from tests.incidents.signoff.conftest import MINUTE, draft, write
from tests.incidents.signoff.test_releases import agree, release
from tests.incidents.statements.test_who_may_do_what import (
    NOBODY,
    REACH,
    author,  # noqa: F401  (a fixture)
    room,  # noqa: F401  (a fixture)
    to_published,
    to_signoff,
)

TABLE: Final = """
move             | draft in_signoff good published superseded withdrawn taken_back | lead and scribe
adopt            | x     x          x    -         -          -         -          | lead
decline          | x     x          x    x         x          x         x          | lead
resolve          | x     x          x    x         x          x         x          | lead scribe
change brief     | x     -          -    -         -          -         -          | lead
go back          | x     x          x    -         -          -         -          | lead
attach           | x     x          x    -         -          -         -          | lead
detach           | x     x          x    -         -          -         -          | lead
cite             | x     x          x    x         -          -         -          | lead
translate        | x     x          x    x         x          x         x          | lead
attest           | x     x          x    x         x          x         x          | lead scribe
oral agreement   | -     x          -    -         -          -         -          | lead
invite           | x     x          x    -         -          -         -          | lead
invite to read   | x     x          x    x         x          -         -          | lead
correct          | -     -          -    x         x          -         x          | lead
succeed          | -     -          -    x         x          -         x          | lead
"""
# While a text is in sign-off, thirty minutes for counsel: what comes of it for each of them.
NEAR: Final = """
who                       | read approve edit comment release publish withdraw invite
deputy before half        | done refused forbidden forbidden forbidden forbidden forbidden forbidden
deputy after half         | done done    forbidden forbidden forbidden forbidden forbidden forbidden
delegate                  | done done    forbidden forbidden forbidden forbidden forbidden forbidden
listed before             | done refused forbidden forbidden forbidden forbidden forbidden forbidden
listed after three quarters | done done  forbidden forbidden forbidden forbidden forbidden forbidden
administrator             | done refused forbidden forbidden forbidden forbidden forbidden forbidden
guest                     | done refused forbidden forbidden forbidden forbidden forbidden forbidden
excluded                  | nothing nothing nothing nothing nothing nothing nothing nothing
from outside              | nothing nothing nothing nothing nothing nothing nothing nothing
"""
GONE_BY: Final = {"deputy after half": 16, "listed after three quarters": 24}
ANSWERS: Final = {
    200: "done",
    204: "done",
    302: "done",
    303: "done",
    403: "forbidden",
    404: "nothing",
    409: "refused",
    422: "refused",
}


def literal(table: str) -> tuple[list[str], list[list[str]]]:
    head, *lines = (
        [part.strip() for part in line.split("|")] for line in table.strip().split("\n")
    )
    return head[1].split(), lines


STATES, MOVES = literal(TABLE)
ACTS, PEOPLE = literal(NEAR)


def picture(name: str) -> SimpleUploadedFile:
    data = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + name.encode()
    return SimpleUploadedFile(f"{name}.gif", data)


def prepared(incident: Incident, writer: User, scribe: User, at: datetime) -> Statement:
    """A text with its first version, a picture, a comment and a suggestion; and a fact."""
    statement = draft(incident, writer, at)
    attach_files(statement, files=[picture("first")], by=writer, at=at)
    write(statement, statement.draft.text + " Soon.", writer, at)
    pointed: Any = {"version": 1, "words": "checking"}
    add_comment(statement, text="Sure?", at_passage=pointed, by=scribe, at=at)
    suggest_wording(statement, wording="looking into", why="", at_passage=pointed, by=scribe, at=at)
    note_fact(incident, text="Three lots.", by=scribe, at=at)
    return statement


def to_taken_back(
    statement: Statement, people: dict[str, User], writer: User, at: datetime
) -> None:
    """Withdraw it after it was published: it still stands outside, and is corrected there."""
    to_published(statement, people, writer, at)
    withdraw_statement(statement, reason="Overtaken", by=writer, at=at)


REACHED: Final = {**REACH, "taken_back": to_taken_back}
STATUS: Final = {"taken_back": Statement.Status.WITHDRAWN}


def sent(move: str, statement: Statement, people: dict[str, User]) -> tuple[str, list[Any], Any]:
    """Return the address and the form that a browser sends for this move."""
    version = statement.versions.order_by("-number")[0]
    seen = {"version": version.number, "fingerprint": version.fingerprint}
    number = [statement.number]
    brief = {
        "title": "Another",
        "kind": "update",
        "audience": "media",
        "language": "en",
        "channels": ["x"],
    }
    guest = {
        "email": "anne@cabinet.test",
        "name": "Anne",
        "language": "en",
        "ends_at": "tomorrow 18:00",
    }
    aloud = f"legal_counsel {people['legal_counsel'].uuid}"
    fact = statement.incident.facts.get()
    found: dict[str, tuple[str, list[Any], Any]] = {
        "adopt": ("statement-adopt-suggestion", [*number, statement.suggestions.get().pk], {}),
        "decline": ("statement-decline-suggestion", [*number, statement.suggestions.get().pk], {}),
        "resolve": ("statement-resolve-comment", [*number, statement.comments.get().pk], {}),
        "change brief": ("statement-change-brief", number, brief),
        "go back": ("statement-go-back", number, {"version": 1}),
        "attach": ("statement-attach", number, {"attached": picture("second")}),
        "detach": ("statement-detach", number, {"sha256": version.attachments[0]["sha256"]}),
        "cite": ("statement-cite", number, {"facts": [fact.pk]}),
        "translate": ("statement-translate", number, {"language": "fr"}),
        "attest": ("statement-attest", number, {**seen, "note": "It says this."}),
        "oral agreement": (
            "statement-record-agreement",
            number,
            {**seen, "who": aloud, "read_aloud": "on", "reason": "In a car"},
        ),
        "invite": ("approver-invite", number, {**guest, "purpose": "sign"}),
        "invite to read": ("approver-invite", number, {**guest, "purpose": "read"}),
        "correct": ("statement-draft", [], {**brief, "corrects": statement.number}),
        "succeed": ("statement-draft", [], {**brief, "supersedes": statement.number}),
        "read": ("statement", number, None),
        "approve": ("statement-approve", number, seen),
        "edit": ("statement-save-draft", number, {"revision": 0, "text": "Mine."}),
        "comment": ("statement-comment", number, {"version": version.number, "text": "So?"}),
        "release": ("statement-release", number, {**seen, "reason": "Now"}),
        "publish": ("statement-record-publication", number, {"channel": "x"}),
        "withdraw": ("statement-withdraw", number, {"reason": "Overtaken"}),
    }
    return found[move]


def tried(browser: Client, statement: Statement, sent: tuple[str, list[Any], Any]) -> str:
    """Send the move and take it back; say what came of it."""
    name, more, form = sent
    url = reverse(f"incidents:{name}", args=[statement.incident.reference, *more])
    with transaction.atomic():
        answer: Any = browser.get(url) if form is None else browser.post(url, form)
        transaction.set_rollback(True)
    return ANSWERS.get(answer.status_code, f"{answer.status_code}")


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("state", STATES)
def test_every_move_around_a_text_in_every_state(
    incident: Incident,
    room: dict[str, User],  # noqa: F811
    author: User,  # noqa: F811
    state: str,
) -> None:
    at = now() - 5 * MINUTE
    statement = prepared(incident, author, room["scribe"], at)
    REACHED[state](statement, room, author, at + MINUTE)
    statement.refresh_from_db()
    assert statement.status == STATUS.get(state, state)
    wrong = []
    for name, role in (("lead", "crisis_lead"), ("scribe", "scribe"), ("", NOBODY)):
        browser = signed_in(room[role])
        for move, marks, who in MOVES:
            is_open = dict(zip(STATES, marks.split(), strict=True))[state] == "x"
            expected = "done" if is_open else "refused"
            expected = expected if name in who.split() else "forbidden"
            answer = tried(browser, statement, sent(move, statement, room))
            if answer != expected:
                wrong.append((role, move, answer))
    assert wrong == []


def near(who: str, statement: Statement, people: dict[str, User], at: datetime) -> User:
    """Somebody who stands near the text so."""
    incident, lead, counsel = statement.incident, people["crisis_lead"], people["legal_counsel"]
    team: Team = incident.team
    outside = who in ("guest", "from outside")
    one = person("Odile Near", function="external" if outside else "legal")
    if not outside:
        member(team, one, is_admin=who == "administrator")
    if who.startswith("deputy"):
        incident.assignments.filter(role__slug="legal_counsel").update(deputy=one)
    elif who.startswith("listed"):
        role = Role.objects.get(slug="legal_counsel")
        list_stand_in(team, role=role, user=one, by=None, at=at)
    elif who == "delegate":
        delegate_signoff(
            counsel,
            to=one,
            team=team,
            role=None,
            starts_at=at,
            ends_at=now() + timedelta(days=1),
            reason="Away",
            by=counsel,
            at=at,
        )
    elif who == "guest":
        invite_person(incident, user=one, by=lead, at=at)
    elif who == "excluded":
        exclude_person(incident, one, reason="It is about them.", by=lead, at=at)
    elif who == "from outside":
        ends = now() + timedelta(days=1)
        invite_approver(
            statement,
            email=one.email,
            name=one.name,
            language="en",
            signs=True,
            ends_at=ends,
            by=lead,
            at=at,
        )
    return one


@pytest.mark.parametrize(("who", "marks"), PEOPLE)
def test_who_stands_near_a_text_may_what_the_table_says(
    incident: Incident,
    room: dict[str, User],  # noqa: F811
    author: User,  # noqa: F811
    who: str,
    marks: str,
) -> None:
    at = now() - GONE_BY.get(who, 5) * MINUTE
    statement = prepared(incident, author, room["scribe"], at)
    one = near(who, statement, room, at)
    to_signoff(statement, room, author, at)
    browser = signed_in(one)
    answers = {act: tried(browser, statement, sent(act, statement, room)) for act in ACTS}
    assert answers == dict(zip(ACTS, marks.split(), strict=True))


AFTER: Final[list[tuple[str, Callable[..., Release], str]]] = [
    ("release-review", release, "executive_sponsor"),
    ("release-confirm", agree, "legal_counsel"),
    ("release-deny", agree, "legal_counsel"),
]


@pytest.mark.parametrize(("move", "made", "who"), AFTER)
def test_a_release_is_answered_by_the_one_whom_it_waits_for_alone(
    incident: Incident,
    room: dict[str, User],  # noqa: F811
    author: User,  # noqa: F811
    move: str,
    made: Callable[..., Release],
    who: str,
) -> None:
    at = now() - 5 * MINUTE
    statement = prepared(incident, author, room["scribe"], at)
    to_signoff(statement, room, author, at)
    lead = room["crisis_lead"]
    if made is release:
        found = release(statement, lead, at)
    else:
        found = agree(statement, "legal_counsel", room["legal_counsel"], lead, at)
    act = (move, [found.pk], {"words": "So it was."})
    answers = {role: tried(signed_in(one), statement, act) for role, one in room.items()}
    assert {role for role, answer in answers.items() if answer == "done"} == {who}
    assert {answer for role, answer in answers.items() if role != who} == {"refused"}
