"""
Who may do what with a statement in which state: role, state and move, read from one literal.

Every role of the house tries every move in every state, in the browser's way. `x`: this status
allows the move to whoever holds the right; `-`: nobody, and the answer says why (409). Whoever
is in the room without the right is told so (403), in every state alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.lifecycle.actions import open_library
from incidents.models import Incident, Statement
from incidents.roles.actions import accept_role, assign_role
from incidents.statements import actions
from incidents.statements.actions.sharing import invite_approver
from incidents.statements.actions.suggesting import suggest_wording
from teams.models import Role, Team, User
from tests.conftest import member, person
from tests.incidents.signoff.conftest import MINUTE, approve, draft, write

TABLE: Final = """
move             | draft in_signoff good published superseded withdrawn | who
edit             | x     x          x    -         -          -         | writes
save             | x     x          x    -         -          -         | writes
submit           | x     -          -    -         -          -         | writes
adopt            | x     x          x    -         -          -         | writes
suggest          | x     x          x    -         -          -         | holds a role
comment          | x     x          x    x         x          x         | holds a role
approve          | -     x          -    -         -          -         | is asked
request changes  | -     x          -    -         -          -         | is asked
refuse           | -     x          -    -         -          -         | is asked
release          | x     x          -    -         -          -         | breaks the glass
publish          | -     -          x    x         -          -         | publishes
withdraw         | x     x          x    x         x          -         | publishes
end from outside | x     x          x    x         x          x         | assigns
take out of use  | -     -          -    -         -          -         | writes
"""
# The same of a prepared text, in the library of the team, where nothing is published.
PREPARED: Final = """
move             | draft in_signoff good withdrawn | who
approve          | -     x          -    -         | is asked there
release          | -     -          -    -         | nobody
publish          | -     -          -    -         | nobody
end from outside | x     x          x    x         | assigns
take out of use  | x     x          x    -         | writes
"""
WHO: Final = {
    "writes": "crisis_lead communications_lead spokesperson social_media_lead legal_counsel"
    " customer_care_lead internal_communications",
    "publishes": "crisis_lead communications_lead spokesperson social_media_lead",
    "assigns": "crisis_lead communications_lead",
    "breaks the glass": "crisis_lead executive_sponsor",
    # The circuit of an incident that is not assessed.
    "is asked": "communications_lead legal_counsel executive_sponsor",
    "is asked there": "communications_lead legal_counsel",
    "nobody": "",
    "holds a role": "*",
}
ROLES: Final = [
    "crisis_lead",
    "communications_lead",
    "spokesperson",
    "social_media_lead",
    "legal_counsel",
    "customer_care_lead",
    "monitoring_analyst",
    "scribe",
    "executive_sponsor",
    "quality_lead",
    "recall_lead",
    "dpo",
    "investor_relations",
    "internal_communications",
    "hr_liaison",
    "it_liaison",
    "country_lead",
]
FUNCTIONS: Final = {"legal_counsel": "legal", "executive_sponsor": "executive"}
NOBODY: Final = "team member"


Rows = dict[str, tuple[dict[str, bool], str]]


def rows(table: str) -> Rows:
    head, *lines = table.strip().splitlines()
    states = head.split("|")[1].split()
    found = {}
    for line in lines:
        move, marks, who = (part.strip() for part in line.split("|"))
        allowed = dict(zip(states, (mark == "x" for mark in marks.split()), strict=True))
        found[move] = (allowed, who)
    return found


ROWS, OF_THE_LIBRARY = rows(TABLE), rows(PREPARED)
STATES = list(next(iter(ROWS.values()))[0])
IN_A_LIBRARY = list(next(iter(OF_THE_LIBRARY.values()))[0])


@pytest.fixture
def room(incident: Incident, team: Team, claire: User, nine: datetime) -> dict[str, User]:
    """Everyone holds one role, and one holds none."""
    people = {"crisis_lead": claire}
    for role in ROLES[1:]:
        one = person(f"{role} Person", function=FUNCTIONS.get(role, "communications"))
        people[role] = member(team, one)
        assignment = assign_role(
            incident, role=Role.objects.get(slug=role), user=one, by=claire, at=nine
        )
        accept_role(assignment, by=one, at=nine)
    people[NOBODY] = member(team, person("Nobody Here"))
    return people


@pytest.fixture
def author(incident: Incident, team: Team, claire: User, nine: datetime) -> User:
    """The words are those of somebody who is asked for nothing."""
    return member(team, person("Author Elsewhere"))


@pytest.fixture
def library(team: Team, room: dict[str, User], nine: datetime) -> Incident:
    """The team's prepared texts, where everyone holds the same role."""
    holders = {role: one for role, one in room.items() if role != NOBODY}
    return open_library(team, holders=holders, by=None, at=nine)


def signed(statement: Statement, room: dict[str, User], at: datetime) -> None:
    circuit = "is asked there" if statement.incident.is_library else "is asked"
    for role in WHO[circuit].split():
        approve(statement, room[role], at)


def to_draft(statement: Statement, _room: Any, author: User, at: datetime) -> None:
    write(statement, statement.draft.text + " We are at work.", author, at)


def to_signoff(statement: Statement, room: dict[str, User], author: User, at: datetime) -> None:
    to_draft(statement, room, author, at)
    actions.submit_statement(statement, by=author, at=at)


def to_good(statement: Statement, room: dict[str, User], author: User, at: datetime) -> None:
    to_signoff(statement, room, author, at)
    signed(statement, room, at)


def to_published(statement: Statement, room: dict[str, User], author: User, at: datetime) -> None:
    to_good(statement, room, author, at)
    actions.record_publication(
        statement, channel="website", published_at=at, by=room["crisis_lead"], at=at
    )


def to_superseded(statement: Statement, room: dict[str, User], author: User, at: datetime) -> None:
    to_published(statement, room, author, at)
    successor = draft(statement.incident, author, at, title="Successor")
    Statement.objects.filter(pk=successor.pk).update(supersedes=statement)
    to_published(successor, room, author, at)


def to_withdrawn(statement: Statement, room: dict[str, User], author: User, at: datetime) -> None:
    to_draft(statement, room, author, at)
    actions.withdraw_statement(statement, reason="Overtaken", by=author, at=at)


REACH: Final[dict[str, Callable[..., None]]] = {
    "draft": to_draft,
    "in_signoff": to_signoff,
    "good": to_good,
    "published": to_published,
    "superseded": to_superseded,
    "withdrawn": to_withdrawn,
}


def sent(move: str, statement: Statement) -> tuple[str, list[int], dict[str, Any]]:
    """Return the address and the form that a browser sends for this move."""
    version = statement.versions.order_by("-number")[0]
    seen = {"version": version.number, "fingerprint": version.fingerprint}
    words = {"revision": statement.draft.revision, "text": statement.draft.text + " More."}
    suggestion = statement.suggestions.get()
    shown = statement.externals.get()
    return {
        "edit": ("save-draft", [], words),
        "save": ("save-version", [], {**words, "reason": "More", "change": "material"}),
        "submit": ("submit", [], {"version": version.number}),
        "adopt": ("adopt-suggestion", [suggestion.pk], {}),
        "suggest": (
            "suggest",
            [],
            {"version": version.number, "words": "checking", "wording": "at it", "why": ""},
        ),
        "comment": ("comment", [], {"version": version.number, "text": "Is this so?"}),
        "approve": ("approve", [], seen),
        "request changes": ("request-changes", [], {**seen, "comment": "Shorter"}),
        "refuse": ("refuse", [], {**seen, "comment": "No"}),
        "release": ("release", [], {**seen, "reason": "People may be hurt"}),
        "publish": ("record-publication", [], {"channel": "x", "published_at": "now"}),
        "withdraw": ("withdraw", [], {"reason": "Overtaken"}),
        "end from outside": ("approver-end", [shown.pk], {}),
        "take out of use": ("prepared-withdraw", [], {"reason": "Overtaken"}),
    }[move]


@pytest.mark.parametrize("state", STATES)
def test_every_role_tries_every_move_in_every_state(
    incident: Incident,
    room: dict[str, User],
    author: User,
    state: str,
) -> None:
    assert wrong_answers(incident, room, author, state, ROWS) == []


@pytest.mark.parametrize("state", IN_A_LIBRARY)
def test_every_role_tries_the_moves_of_a_prepared_text_in_every_state(
    library: Incident,
    room: dict[str, User],
    author: User,
    state: str,
) -> None:
    assert wrong_answers(library, room, author, state, OF_THE_LIBRARY) == []


def wrong_answers(
    incident: Incident, room: dict[str, User], author: User, state: str, moves: Rows
) -> list[tuple[str, str, str]]:
    """Bring a text into a state, let everyone try every move, and return what the table denies."""
    at = now() - 5 * MINUTE
    statement = prepared(incident, room, author, at)
    REACH[state](statement, room, author, at + MINUTE)
    statement.refresh_from_db()
    assert statement.status == state
    wrong = []
    for role, one in room.items():
        browser = Client()
        browser.force_login(one)
        for move, (allowed, who) in moves.items():
            answer = tried(browser, move, statement)
            if answer != expected(role, who, allowed[state]):
                wrong.append((role, move, answer))
    return wrong


def prepared(incident: Incident, room: dict[str, User], author: User, at: datetime) -> Statement:
    """A text with its first version, a suggestion, and somebody from outside who reads it."""
    statement = draft(incident, author, at)
    write(statement, statement.draft.text + " Soon.", author, at)
    # Still open when the text is closed to every change.
    suggest_wording(
        statement,
        wording="looking into",
        why="",
        at_passage={"version": 1, "words": "checking"},
        by=room["scribe"],
        at=at,
    )
    invite_approver(
        statement,
        email="anne@cabinet.test",
        name="Anne Leroy",
        language="en",
        signs=False,
        ends_at=at + timedelta(days=1),
        by=room["crisis_lead"],
        at=at,
    )
    return statement


def expected(role: str, who: str, is_open: bool) -> str:
    named = WHO[who].split()
    if who.startswith("is asked"):
        return "done" if is_open and role in named else "refused"
    if role == NOBODY or (named != ["*"] and role not in named):
        return "forbidden"
    return "done" if is_open else "refused"


def tried(browser: Client, move: str, statement: Statement) -> str:
    """Send the move and take it back; say what came of it."""
    name, more, form = sent(move, statement)
    name = name if name.startswith(("approver", "prepared")) else f"statement-{name}"
    url = reverse(f"incidents:{name}", args=[statement.incident.reference, statement.number, *more])
    with transaction.atomic():
        answer = browser.post(url, form)
        transaction.set_rollback(True)
    return {204: "done", 302: "done", 303: "done", 403: "forbidden", 409: "refused"}.get(
        answer.status_code, f"{answer.status_code}"
    )
