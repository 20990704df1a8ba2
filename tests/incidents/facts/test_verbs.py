"""The ledger: what is noted, confirmed, refuted, opened again and reworded, and what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from incidents.facts import actions, queries, rules
from incidents.models import Fact, FactChange, Incident
from incidents.timeline import wording
from teams.models import User
from tests.conftest import NINE

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = NINE + timedelta(hours=1)


def note(incident: Incident, by: User, text: str = "Three lots are affected.", **said: str) -> Fact:
    return actions.note_fact(incident, text=text, by=by, at=NINE, **said)


def last_entry(incident: Incident) -> tuple[str, str]:
    entry = incident.entries.select_related("content").order_by("-number")[0]
    body = entry.content.body
    return entry.kind, wording.say(entry.kind, body["text"], body["facts"])


@pytest.fixture
def fact(staffed: Incident, ines: User) -> Fact:
    return note(staffed, ines)


def test_a_fact_is_to_be_confirmed_until_someone_says_by_what_it_is_known(
    staffed: Incident, ines: User
) -> None:
    fact = note(staffed, ines, "  Three lots are affected. ")
    assert (fact.number, fact.state, fact.text) == (1, "unconfirmed", "Three lots are affected.")
    assert note(staffed, ines, "How many boxes were sold?").number == 2
    assert last_entry(staffed) == (
        "fact.noted",
        "Noted fact 2, unconfirmed: How many boxes were sold?",
    )


def test_a_fact_may_come_confirmed_if_it_comes_with_its_source(
    staffed: Incident, ines: User
) -> None:
    with pytest.raises(actions.NoSource):
        note(staffed, ines, state="confirmed", source="  ")
    assert not staffed.facts.exists()
    fact = note(staffed, ines, state="confirmed", source="Nadia, plant")
    assert (fact.state, fact.source) == ("confirmed", "Nadia, plant")


def test_a_fact_has_words(staffed: Incident, ines: User) -> None:
    with pytest.raises(actions.NothingNoted):
        note(staffed, ines, "  ")


def test_a_double_click_notes_one_fact(staffed: Incident, ines: User, thomas: User) -> None:
    fact = note(staffed, ines)
    assert note(staffed, ines) == fact
    assert note(staffed, thomas) != fact
    late = actions.note_fact(staffed, text=fact.text, by=ines, at=NINE + 2 * MINUTE)
    assert late != fact


@pytest.mark.parametrize("move", sorted(rules.MOVES))
@pytest.mark.parametrize("state", Fact.State.values)
def test_every_move_from_every_state_does_what_the_table_says(
    move: str, state: str, fact: Fact, ines: User
) -> None:
    if state == "confirmed":
        actions.confirm_fact(fact, source="Nadia", by=ines, at=NINE)
    if state == "refuted":
        actions.refute_fact(fact, reason="Wrong lots", by=ines, at=NINE)
    fact.refresh_from_db()
    entries = fact.incident.entries.count()
    said = {
        "confirm": {"source": "The plant’s list"},
        "refute": {"reason": "Four lots"},
        "reopen": {"reason": "The list was old"},
        "reword": {"text": "Four lots are affected.", "source": "The plant’s list"},
    }[move]
    verb = getattr(actions, f"{move}_fact")
    wanted = rules.next_state(state, move)
    if wanted is None:
        with pytest.raises(actions.NotFromHere):
            verb(fact, **said, by=ines, at=LATER)
        assert fact.incident.entries.count() == entries
        return
    changed = verb(fact, **said, by=ines, at=LATER)
    assert (changed.state, changed.changes) == (wanted, fact.changes + 1)
    assert changed.changed_at == LATER
    assert fact.incident.entries.count() == entries + 1


def test_what_is_confirmed_says_by_what_and_what_is_refuted_says_why(
    fact: Fact, ines: User
) -> None:
    with pytest.raises(actions.NoSource):
        actions.confirm_fact(fact, source="", by=ines, at=LATER)
    with pytest.raises(actions.NoReason):
        actions.refute_fact(fact, reason=" ", by=ines, at=LATER)
    actions.confirm_fact(fact, source="Lab report 4711", by=ines, at=LATER)
    assert last_entry(fact.incident) == (
        "fact.confirmed",
        "Confirmed fact 1: Three lots are affected. (source: Lab report 4711)",
    )
    with pytest.raises(actions.NoReason):
        actions.reopen_fact(fact, reason="", by=ines, at=LATER)
    fact.refresh_from_db()
    assert (fact.state, fact.changes) == ("confirmed", 2)


def test_other_words_for_what_is_confirmed_need_their_source_again(fact: Fact, ines: User) -> None:
    actions.reword_fact(fact, text="Two lots are affected.", by=ines, at=LATER)
    actions.confirm_fact(fact, source="Nadia", by=ines, at=LATER)
    with pytest.raises(actions.NoSource):
        actions.reword_fact(fact, text="Four lots are affected.", by=ines, at=LATER)
    fact.refresh_from_db()
    assert fact.text == "Two lots are affected."
    actions.reword_fact(
        fact, text="Four lots are affected.", source="The plant’s list", by=ines, at=LATER
    )
    assert last_entry(fact.incident) == (
        "fact.reworded",
        "Reworded fact 1: Four lots are affected. (before: Two lots are affected.)",
    )


def test_the_same_words_change_nothing(fact: Fact, ines: User) -> None:
    entries = fact.incident.entries.count()
    actions.reword_fact(fact, text=f" {fact.text} ", by=ines, at=LATER)
    fact.refresh_from_db()
    assert (fact.changes, fact.incident.entries.count()) == (1, entries)


def test_whoever_decides_about_an_old_text_is_shown_the_new_one(
    fact: Fact, ines: User, thomas: User
) -> None:
    seen = fact.changes
    actions.reword_fact(fact, text="Four lots are affected.", by=thomas, at=LATER)
    with pytest.raises(actions.FactChanged, match="Four lots are affected"):
        actions.confirm_fact(fact, source="Nadia", seen=seen, by=ines, at=LATER)
    fact.refresh_from_db()
    assert fact.state == "unconfirmed"
    actions.confirm_fact(fact, source="Nadia", seen=fact.changes, by=ines, at=LATER)


def test_everything_that_a_fact_said_is_kept(fact: Fact, ines: User, thomas: User) -> None:
    actions.confirm_fact(fact, source="Nadia", by=thomas, at=LATER)
    actions.refute_fact(fact, reason="Four lots", by=ines, at=LATER)
    page = queries.page(fact, rights={"edit_facts"})
    assert [(one.number, one.state, one.by) for one in page.history] == [
        (3, "refuted", ines.name),
        (2, "confirmed", thomas.name),
        (1, "unconfirmed", ines.name),
    ]
    assert (page.row.reason, page.row.source) == ("Four lots", "")


def test_the_history_of_a_fact_only_grows(fact: Fact, nine: datetime) -> None:
    change = FactChange.objects.get(fact=fact)
    for attempt in (
        "UPDATE incidents_factchange SET text = 'other'",
        "DELETE FROM incidents_factchange",
        "DELETE FROM incidents_fact",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            _execute(attempt)
    change.refresh_from_db()
    assert change.text == fact.text


def _execute(attempt: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(attempt)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_ledger_lists_by_state_the_latest_change_first(staffed: Incident, ines: User) -> None:
    lots = note(staffed, ines, "Three lots")
    child = note(staffed, ines, "A child was hurt")
    note(staffed, ines, "How many boxes?")
    gone = note(staffed, ines, "It is glass")
    actions.confirm_fact(child, source="The mother", by=ines, at=LATER)
    actions.confirm_fact(lots, source="The plant", by=ines, at=LATER + MINUTE)
    actions.refute_fact(gone, reason="The lab says plastic", by=ines, at=LATER)
    ledger = queries.ledger(staffed, rights=set())
    assert [row.text for row in ledger.known] == ["Three lots", "A child was hurt"]
    assert [row.text for row in ledger.unknown] == ["How many boxes?"]
    assert [row.text for row in ledger.refuted] == ["It is glass"]
    assert ledger.total == 4
