"""The pages of facts, of what cites them, and of lines to take; the room's three lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.facts import actions
from incidents.models import Citation, Fact, Incident, Statement
from incidents.signoff.queries import signers
from incidents.statements.actions import cite_facts, draft_line
from incidents.timeline.actions import log_entry
from teams.models import Audience, User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import approve, draft, in_signoff, statement

__all__ = ["in_signoff", "statement"]
pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TEN = NINE + timedelta(hours=1)


def note(incident: Incident, by: User, text: str = "Three lots are affected") -> Fact:
    return actions.note_fact(incident, text=text, by=by, at=NINE)


def url(name: str, incident: Incident, *numbers: int) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *numbers])


@pytest.fixture
def desk(client: Client, ines: User) -> Client:
    """The browser of Ines, who writes."""
    client.force_login(ines)
    return client


@pytest.fixture
def fact(staffed: Incident, ines: User) -> Fact:
    return note(staffed, ines)


def test_one_line_and_enter_notes_a_fact(desk: Client, staffed: Incident) -> None:
    said = {"text": "How many boxes were sold?", "state": "unconfirmed"}
    answer = desk.post(url("fact-note", staffed), said, headers=HTMX)
    assert (answer.status_code, "beat" in answer["HX-Trigger"]) == (204, True)
    assert desk.post(url("fact-note", staffed), {**said, "text": "Another"}).status_code == 302
    page = desk.get(url("facts", staffed)).content.decode()
    assert "How many boxes were sold?" in page
    assert "Another" in desk.get(url("facts-panel", staffed)).content.decode()


def test_a_confirmed_fact_without_source_comes_back_with_its_words(
    desk: Client, staffed: Incident
) -> None:
    said = {"text": "Four lots", "state": "confirmed"}
    for headers in ({}, HTMX):
        answer = desk.post(url("fact-note", staffed), said, headers=headers)
        assert answer.status_code == 422
        assert "Four lots" in answer.content.decode()
        assert "A confirmed fact comes with its source." in answer.content.decode()
    assert not staffed.facts.exists()


@pytest.mark.parametrize(
    ("move", "said", "state"),
    [
        ("confirm", {"source": "Plant"}, "confirmed"),
        ("refute", {"reason": "Four lots"}, "refuted"),
        ("reword", {"text": "Four lots are affected"}, "unconfirmed"),
    ],
)
def test_a_fact_moves_and_its_page_tells_the_history(
    move: str, said: dict[str, str], state: str, desk: Client, fact: Fact
) -> None:
    where = url(f"fact-{move}", fact.incident, fact.number)
    assert desk.post(where, {**said, "seen": 1}).status_code == 302
    fact.refresh_from_db()
    assert (fact.state, fact.changes) == (state, 2)
    page = desk.get(url("fact", fact.incident, fact.number)).content.decode()
    assert "Three lots are affected" in page
    assert next(iter(said.values())) in page


def test_a_missing_reason_is_asked_for_and_nothing_changes(desk: Client, fact: Fact) -> None:
    answer = desk.post(url("fact-refute", fact.incident, fact.number), {"seen": 1})
    assert answer.status_code == 422
    assert "Say why in one sentence" in answer.content.decode()
    fact.refresh_from_db()
    assert fact.state == "unconfirmed"


def test_a_fact_that_changed_meanwhile_answers_409_and_keeps_the_words(
    desk: Client, fact: Fact, thomas: User
) -> None:
    actions.reword_fact(fact, text="Four lots", by=thomas, at=TEN)
    where = url("fact-confirm", fact.incident, fact.number)
    answer = desk.post(where, {"source": "Plant’s own list", "seen": 1})
    assert answer.status_code == 409
    assert "Four lots" in answer.content.decode()
    assert "Plant’s own list" in answer.content.decode()


def test_a_member_of_the_team_reads_the_facts_and_edits_none(
    client: Client, fact: Fact, bruno: User, zoe: User
) -> None:
    client.force_login(bruno)
    page = client.get(url("facts", fact.incident))
    assert page.status_code == 200
    assert url("fact-note", fact.incident) not in page.content.decode()
    assert client.get(url("fact", fact.incident, 1)).status_code == 200
    assert client.post(url("fact-note", fact.incident), {"text": "x"}).status_code == 403
    for move in ("confirm", "refute", "reopen", "reword"):
        assert client.post(url(f"fact-{move}", fact.incident, 1)).status_code == 403
    assert client.get(url("fact", fact.incident, 99)).status_code == 404
    client.force_login(zoe)
    assert client.get(url("facts", fact.incident)).status_code == 404
    assert client.get(url("fact", fact.incident, 1)).status_code == 404


def test_facts_are_cited_and_answered_for_without_script(
    desk: Client, statement: Statement, fact: Fact, thomas: User
) -> None:
    incident = statement.incident
    where = url("statement-facts", incident, statement.number)
    assert "Three lots are affected" in desk.get(where).content.decode()
    cite = url("statement-cite", incident, statement.number)
    assert desk.post(cite, {}).status_code == 422
    assert desk.post(cite, {"facts": [fact.pk]}).status_code == 302
    actions.confirm_fact(fact, source="Plant", by=thomas, at=TEN)
    assert "The text still holds" in desk.get(where).content.decode()
    holds = url("statement-still-holds", incident, statement.number, fact.number)
    refused = desk.post(holds, {"change": 2, "reason": ""})
    assert refused.status_code == 422
    assert "Say why in one sentence" in refused.content.decode()
    assert desk.post(holds, {"change": 2, "reason": "As we said"}).status_code == 302
    assert Citation.objects.get().seen_change == 2
    drop = url("statement-drop-citation", incident, statement.number, fact.number)
    assert desk.post(drop, {}).status_code == 302
    assert Citation.objects.get().ended_at is not None


def test_whoever_signs_is_told_on_the_decision_page_what_is_not_confirmed(
    client: Client, in_signoff: Statement, ines: User, karim: User
) -> None:
    karim.language = "en"
    karim.save()
    client.force_login(karim)
    fact = note(in_signoff.incident, ines)
    where = url("statement-decide", in_signoff.incident, in_signoff.number)
    assert "Three lots" not in client.get(where).content.decode()
    cite_facts(in_signoff, facts=[fact], by=ines, at=NINE)
    for name in ("statement-decide", "statement"):
        page = client.get(url(name, in_signoff.incident, in_signoff.number)).content.decode()
        assert "1 fact needs a look, of 1" in page
        assert "Three lots are affected" in page
    actions.confirm_fact(fact, source="Plant", by=karim, at=TEN)
    page = client.get(where).content.decode()
    assert "We know more now" in page
    assert "unconfirmed when the text was written" in page


def test_the_decision_page_sends_along_the_facts_it_showed(
    client: Client, in_signoff: Statement, ines: User, karim: User
) -> None:
    karim.language = "en"
    karim.save()
    client.force_login(karim)
    incident, fact = in_signoff.incident, note(in_signoff.incident, ines)
    cite_facts(in_signoff, facts=[fact], by=ines, at=NINE)
    page = client.get(url("statement-decide", incident, 1)).content.decode()
    assert 'name="cited" value="1.1"' in page
    actions.refute_fact(fact, reason="It is glass", by=ines, at=TEN)
    version = in_signoff.versions.get()
    sent = {"version": 1, "fingerprint": version.fingerprint, "comment": "Seen", "cited": "1.1"}
    refused = client.post(url("statement-approve", incident, 1), sent)
    assert refused.status_code == 409
    assert "has changed while you read" in refused.content.decode()
    assert "Seen" in refused.content.decode()
    sent["cited"] = "1.2"
    assert client.post(url("statement-approve", incident, 1), sent).status_code == 302


def test_the_correct_now_list_shows_then_and_now(
    desk: Client, statement: Statement, fact: Fact, ines: User, thomas: User
) -> None:
    incident = statement.incident
    assert "Nothing to correct" in desk.get(url("correct-now", incident)).content.decode()
    cite_facts(statement, facts=[fact], by=ines, at=NINE)
    actions.reword_fact(fact, text="Four lots are affected", by=thomas, at=TEN)
    for name in ("correct-now", "correct-now-panel"):
        page = desk.get(url(name, incident)).content.decode()
        assert "Three lots are affected" in page
        assert "Four lots are affected" in page
        assert url("statement-edit", incident, statement.number) in page
    assert "a fact changed" in desk.get(url("statements", incident)).content.decode()


def test_a_line_is_written_found_and_struck_out_when_its_fact_changes(
    desk: Client, fact: Fact, thomas: User
) -> None:
    incident = fact.incident
    said = {
        "question": "Is my lot concerned?",
        "answer": "Look at the side of the box.",
        "audience": "customers",
        "language": "en",
        "facts": [fact.pk],
    }
    missing = desk.post(url("line-draft", incident), {**said, "answer": ""})
    assert missing.status_code == 422
    assert "Is my lot concerned?" in missing.content.decode()
    assert desk.post(url("line-draft", incident), {**said, "submit": "on"}).status_code == 302
    line = incident.statements.get()
    assert (line.kind, line.status) == ("line", "in_signoff")
    page = desk.get(url("lines", incident), {"q": "BOX"}).content.decode()
    assert "Is my lot concerned?" in page
    assert "No line speaks of" in desk.get(url("lines", incident), {"q": "glass"}).content.decode()
    for person in signers(line.versions.get().rounds.get(), at=TEN):
        approve(line, person, TEN)
    page = desk.get(url("lines-panel", incident)).content.decode()
    assert 'data-copy="Look at the side of the box."' in page
    actions.reword_fact(fact, text="Four lots are affected", by=thomas, at=TEN)
    page = desk.get(url("lines-panel", incident)).content.decode()
    assert "data-copy" not in page
    assert "<del" in page
    assert "Do not use it any more: we now know something else." in page
    own = desk.get(url("fact", incident, fact.number)).content.decode()
    assert "not to be used any more" in own
    assert "good to use" not in own


def test_the_room_says_what_we_know_what_we_do_not_know_and_what_we_decided(
    desk: Client, staffed: Incident, ines: User, thomas: User
) -> None:
    note(staffed, ines, "How many boxes were sold?")
    known = note(staffed, ines, "A child was hurt")
    actions.confirm_fact(known, source="The mother", by=ines, at=NINE)
    log_entry(
        staffed, kind="decision", text="Recall three lots.", occurred=None, by=thomas, at=NINE
    )
    sketch = draft(staffed, ines, NINE)
    cite_facts(sketch, facts=[known], by=ines, at=NINE)
    for name in ("room", "situation-panel"):
        page = desk.get(url(name, staffed)).content.decode()
        know, rest = page.split("We do not know")[0], page.split("We do not know")[1]
        assert "A child was hurt" in know
        assert "How many boxes were sold?" in rest.split("We decided")[0]
        assert "Recall three lots." in rest.split("We decided")[1]
        assert url("correct-now", staffed) not in page
    actions.refute_fact(known, reason="It was a scratch", by=ines, at=TEN)
    page = desk.get(url("situation-panel", staffed)).content.decode()
    assert url("correct-now", staffed) in page
    assert "A child was hurt" not in page


def test_no_page_asks_more_for_more_facts(
    desk: Client,
    staffed: Incident,
    ines: User,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    pages = [
        *(url(name, staffed) for name in ("facts", "correct-now", "lines", "situation-panel")),
        url("fact", staffed, 1),
        url("statement-facts", staffed, 1),
    ]

    def asked() -> list[int]:
        return [count_queries(partial(desk.get, where)) for where in pages]

    def tell(n: int) -> None:
        fact = note(staffed, ines, f"Fact {n}")
        line = draft_line(
            staffed,
            question=f"Question {n}?",
            answer="So it is.",
            audience=Audience.objects.get(slug="customers"),
            language="en",
            channels=["telephone"],
            facts=[fact, staffed.facts.get(number=1)],
            submit=True,
            by=ines,
            at=NINE,
        )
        actions.confirm_fact(fact, source="Plant", by=ines, at=NINE)
        cite_facts(staffed.statements.get(number=1), facts=[fact], by=ines, at=NINE)
        assert line.status == "in_signoff"

    draft(staffed, ines, NINE)
    tell(1)
    tell(2)
    asked()
    few = asked()
    for n in range(3, 9):
        tell(n)
    assert asked() == few


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_facts_renders_in_both_languages(
    language: str, desk: Client, ines: User, in_signoff: Statement, fact: Fact
) -> None:
    ines.language = language
    ines.save()
    incident = in_signoff.incident
    cite_facts(in_signoff, facts=[fact], by=ines, at=NINE)
    actions.confirm_fact(fact, source="Plant", link="https://a.example/x", by=ines, at=TEN)
    for name, numbers in [
        ("facts", []),
        ("fact", [1]),
        ("lines", []),
        ("line-new", []),
        ("correct-now", []),
        ("statement-facts", [1]),
        ("statement", [1]),
        ("room", []),
    ]:
        page = desk.get(url(name, incident, *numbers))
        assert page.status_code == 200, name
        assert "{#" not in page.content.decode(), name
        assert " style=" not in page.content.decode(), name
