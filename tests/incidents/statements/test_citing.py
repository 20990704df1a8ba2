"""Statements stand on facts: what changed under them is flagged, and signers are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.facts import actions as ledger
from incidents.models import Citation, Decision, Fact, Incident, Statement
from incidents.models.fact import CITED
from incidents.notifications.queries import hearers
from incidents.statements import actions, citing, queries
from incidents.statements.actions.citing import FactMoved, NoReason, NotCited, NotOurFact
from incidents.statements.correcting import CorrectNow, correct_now
from incidents.statements.moves import NotFromHere
from teams.models import User
from tests.conftest import NINE
from tests.incidents.board.test_pages import opened
from tests.incidents.signoff.conftest import approve, draft, write

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TEN = NINE + timedelta(hours=1)
EVERYTHING = {"view_incident", "draft_statement", "record_publication"}


def note(incident: Incident, by: User, text: str = "Three lots are affected") -> Fact:
    return ledger.note_fact(incident, text=text, by=by, at=NINE)


def cite(statement: Statement, *facts: Fact, by: User, at: datetime = NINE) -> list[Citation]:
    return actions.cite_facts(statement, facts=facts, by=by, at=at)


def publish(statement: Statement, by: User, at: datetime = NINE + 2 * MINUTE) -> None:
    for channel in statement.channels:
        actions.record_publication(
            statement,
            channel=channel,
            published_at=at,
            link="",
            posted_text="",
            next_update_at=None,
            by=by,
            at=at,
        )


def listed(incident: Incident) -> CorrectNow:
    return correct_now(incident, rights=EVERYTHING)


def stale(statement: Statement) -> list[int]:
    return [one.number for one in citing.standing([statement])[statement.pk].stale]


@pytest.fixture
def fact(staffed: Incident, ines: User) -> Fact:
    return note(staffed, ines)


@pytest.fixture
def cited(statement: Statement, fact: Fact, ines: User) -> Statement:
    """Ines's draft, which stands on the fact."""
    cite(statement, fact, by=ines)
    return statement


def test_a_statement_cites_a_fact_once_and_says_so_in_one_entry(
    statement: Statement, fact: Fact, ines: User, staffed: Incident
) -> None:
    other = note(staffed, ines, "A child was hurt")
    assert len(cite(statement, fact, other, by=ines)) == 2
    entries = staffed.entries.filter(kind=CITED.name)
    assert entries.count() == 1
    assert cite(statement, fact, by=ines) == []
    assert entries.count() == 1
    assert entries[0].content.body["facts"]["cites"] == [1, 2]


def test_a_statement_cites_no_fact_of_another_incident(
    statement: Statement, fact: Fact, ines: User, team: Any, claire: User
) -> None:
    other = note(opened(team, claire, "Another crisis"), claire, "Elsewhere")
    with pytest.raises(NotOurFact):
        cite(statement, fact, other, by=ines)
    assert not Citation.objects.exists()


@pytest.mark.parametrize("change", ["confirm", "refute", "reword"])
def test_any_change_of_the_fact_flags_what_cites_it_from_that_moment(
    change: str, cited: Statement, fact: Fact, thomas: User
) -> None:
    assert stale(cited) == []
    if change == "confirm":
        ledger.confirm_fact(fact, source="Nadia", by=thomas, at=TEN)
    elif change == "refute":
        ledger.refute_fact(fact, reason="Four lots", by=thomas, at=TEN)
    else:
        ledger.reword_fact(fact, text="Four lots are affected", by=thomas, at=TEN)
    assert stale(cited) == [1]
    row = citing.standing([cited])[cited.pk].stale[0]
    assert (row.said, row.said_state_words) == ("Three lots are affected", "unconfirmed")
    assert (row.text, row.state_words) != (row.said, row.said_state_words)
    assert row.changed_by == thomas.name


def test_a_fact_tells_its_change_to_the_authors_who_cite_it_and_to_nobody_else(
    cited: Statement, fact: Fact, ines: User, thomas: User, nine: datetime
) -> None:
    write(cited, "We are checking three lots.", ines, nine)
    note(cited.incident, thomas, "Nobody cites this")
    ledger.confirm_fact(fact, source="Nadia", by=thomas, at=TEN)
    entry = cited.incident.entries.order_by("-number")[0]
    assert [one.name for one in hearers(entry, at=TEN)] == [ines.name]
    uncited = cited.incident.facts.get(number=2)
    ledger.confirm_fact(uncited, source="Nadia", by=thomas, at=TEN)
    assert hearers(cited.incident.entries.order_by("-number")[0], at=TEN) == []


def test_that_it_still_holds_is_said_with_its_why(
    cited: Statement, fact: Fact, ines: User, thomas: User
) -> None:
    ledger.confirm_fact(fact, source="Nadia", by=thomas, at=TEN)
    with pytest.raises(NoReason):
        actions.still_holds(cited, fact=fact, change=2, reason=" ", by=ines, at=TEN)
    assert stale(cited) == [1]
    actions.still_holds(cited, fact=fact, change=2, reason="Confirmed as said", by=ines, at=TEN)
    assert stale(cited) == []
    entry = cited.incident.entries.select_related("content").order_by("-number")[0]
    assert entry.kind == "statement.still_holds"
    assert entry.content.body["facts"]["reason"] == "Confirmed as said"
    ledger.reword_fact(fact, text="Four lots", source="The list", by=thomas, at=TEN)
    assert stale(cited) == [1]


def test_nobody_says_that_a_text_holds_for_a_change_they_did_not_see(
    cited: Statement, fact: Fact, ines: User, thomas: User
) -> None:
    ledger.reword_fact(fact, text="Four lots", by=thomas, at=TEN)
    ledger.reword_fact(fact, text="Five lots", by=thomas, at=TEN)
    with pytest.raises(FactMoved, match="Five lots"):
        actions.still_holds(cited, fact=fact, change=2, reason="So be it", by=ines, at=TEN)
    assert stale(cited) == [1]


def test_a_citation_ends_with_a_reason_once_sign_off_was_asked(
    in_signoff: Statement, fact: Fact, ines: User
) -> None:
    cite(in_signoff, fact, by=ines)
    with pytest.raises(NoReason):
        actions.drop_citation(in_signoff, fact=fact, by=ines, at=TEN)
    actions.drop_citation(in_signoff, fact=fact, reason="Cut from the text", by=ines, at=TEN)
    assert citing.standing([in_signoff])[in_signoff.pk].rows == ()
    with pytest.raises(NotCited):
        actions.drop_citation(in_signoff, fact=fact, reason="Again", by=ines, at=TEN)
    assert len(cite(in_signoff, fact, by=ines, at=TEN)) == 1


def test_what_is_withdrawn_asks_for_no_correction_and_cites_nothing_more(
    cited: Statement, fact: Fact, ines: User, thomas: User
) -> None:
    ledger.refute_fact(fact, reason="Four lots", by=thomas, at=TEN)
    assert listed(cited.incident).total == 1
    actions.withdraw_statement(cited, reason="No longer needed", by=ines, at=TEN)
    assert listed(cited.incident).total == 0
    with pytest.raises(NotFromHere):
        cite(cited, note(cited.incident, ines, "Another"), by=ines, at=TEN)


def test_a_translation_stands_on_what_its_master_cites_until_it_answers_for_itself(
    cited: Statement, fact: Fact, ines: User, thomas: User, staffed: Incident
) -> None:
    french = draft(staffed, ines, NINE, title="Message d’attente")
    Statement.objects.filter(pk=french.pk).update(master=cited)
    french.refresh_from_db()
    ledger.confirm_fact(fact, source="Nadia", by=thomas, at=TEN)
    assert stale(french) == stale(cited) == [1]
    assert {row.number for row in listed(staffed).drafts} == {cited.number, french.number}
    with pytest.raises(NotCited, match="original"):
        actions.drop_citation(french, fact=fact, by=ines, at=TEN)
    actions.still_holds(french, fact=fact, change=2, reason="Le français tient", by=ines, at=TEN)
    assert (stale(french), stale(cited)) == ([], [1])
    actions.still_holds(cited, fact=fact, change=2, reason="Holds", by=ines, at=TEN)
    ledger.refute_fact(fact, reason="Four lots", by=thomas, at=TEN)
    assert stale(french) == stale(cited) == [1]


def test_the_correct_now_list_begins_with_what_is_live(
    good: Statement, fact: Fact, ines: User, thomas: User, staffed: Incident
) -> None:
    sketch = draft(staffed, ines, NINE, title="Update")
    asked = draft(staffed, ines, NINE, title="Answer")
    actions.save_version(asked, reason="", submit=True, by=ines, at=NINE)
    for one in (good, sketch, asked):
        cite(one, fact, by=ines)
    ledger.confirm_fact(fact, source="Nadia", by=thomas, at=TEN)
    found = listed(staffed)
    assert [row.title for row in found.good] == ["Holding statement"]
    publish(good, ines)
    found = listed(staffed)
    assert [row.title for row in found.live] == ["Holding statement"]
    assert [post.channel for post in found.live[0].posts] == ["website", "X"]
    assert [row.title for row in found.in_signoff] == ["Answer"]
    assert [row.title for row in found.drafts] == ["Update"]
    assert found.total == 3


def test_a_published_correction_settles_what_changed_before_it(
    good: Statement, fact: Fact, ines: User, thomas: User, staffed: Incident
) -> None:
    cite(good, fact, by=ines)
    publish(good, ines)
    ledger.reword_fact(fact, text="Four lots are affected", by=thomas, at=TEN)
    correction = draft(staffed, ines, TEN, title="Correction", kind="correction")
    Statement.objects.filter(pk=correction.pk).update(corrects=good)
    assert [row.correction for row in listed(staffed).live] == [correction.number]
    actions.save_version(correction, reason="", submit=True, by=ines, at=TEN)
    sign_everywhere(correction, TEN)
    publish(correction, ines, TEN + MINUTE)
    assert listed(staffed).total == 0
    ledger.reword_fact(fact, text="Five lots are affected", by=thomas, at=TEN + 2 * MINUTE)
    assert [row.number for row in listed(staffed).live] == [good.number]


def sign_everywhere(statement: Statement, at: datetime) -> None:
    version = statement.versions.order_by("-number")[0]
    for name in ("thomas", "karim", "helene"):
        statement.refresh_from_db()
        if statement.status == "in_signoff":
            actions.approve_statement(
                statement,
                version=version.number,
                fingerprint=version.fingerprint,
                by=User.objects.get(email=f"{name}@desk.test"),
                at=at,
            )


def test_the_page_of_a_signer_names_what_is_not_confirmed(
    in_signoff: Statement, fact: Fact, ines: User, karim: User, staffed: Incident
) -> None:
    sure = ledger.note_fact(
        staffed, text="Lot L6061", state="confirmed", source="Plant", by=ines, at=NINE
    )
    cite(in_signoff, fact, sure, by=ines)
    page = queries.page(in_signoff, user=karim, rights={"view_incident"}, at=NINE)
    assert [one.number for one in page.cited.doubtful] == [fact.number]
    assert (page.cited.unconfirmed, page.cited.confirmed) == (1, 1)


def test_a_decision_keeps_what_its_signer_was_shown_of_the_facts(
    in_signoff: Statement, fact: Fact, ines: User, karim: User
) -> None:
    cite(in_signoff, fact, by=ines)
    page = queries.page(in_signoff, user=karim, rights={"view_incident"}, at=NINE)
    decision = approve(in_signoff, karim, NINE, cited=page.cited.stamp)
    assert decision.screen["facts"] == [
        {"fact": fact.number, "state": "unconfirmed", "change": 1, "seen": 1}
    ]


def test_nobody_approves_over_a_fact_that_changed_while_they_read(
    in_signoff: Statement, fact: Fact, ines: User, karim: User, thomas: User
) -> None:
    cite(in_signoff, fact, by=ines)
    read = queries.page(in_signoff, user=karim, rights={"view_incident"}, at=NINE).cited.stamp
    ledger.refute_fact(fact, reason="It is glass", by=thomas, at=TEN)
    with pytest.raises(citing.FactsChanged):
        approve(in_signoff, karim, TEN, cited=read)
    assert not Decision.objects.exists()
    again = queries.page(in_signoff, user=karim, rights={"view_incident"}, at=TEN).cited.stamp
    approve(in_signoff, karim, TEN, cited=again)


def test_someone_from_outside_the_room_is_shown_no_fact(
    in_signoff: Statement, fact: Fact, ines: User, zoe: User
) -> None:
    cite(in_signoff, fact, by=ines)
    page = queries.page(in_signoff, user=zoe, rights=set(), at=NINE)
    assert page.cited.rows == ()


def test_neither_page_nor_lists_ask_more_for_more_facts(
    statement: Statement,
    fact: Fact,
    ines: User,
    thomas: User,
    staffed: Incident,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    def calls() -> list[int]:
        rights = frozenset(EVERYTHING)
        return [
            count_queries(lambda: queries.page(statement, user=ines, rights=rights, at=TEN)),
            count_queries(lambda: queries.panel(staffed, user=ines, rights=rights, at=TEN)),
            count_queries(lambda: listed(staffed)),
        ]

    cite(statement, fact, by=ines)
    ledger.confirm_fact(fact, source="Nadia", by=thomas, at=TEN)
    calls()  # what is fetched once per process is fetched
    few = calls()
    for n in range(8):
        more = note(staffed, ines, f"Fact {n}")
        other = draft(staffed, ines, NINE, title=f"Statement {n}")
        cite(statement, more, by=ines)
        cite(other, more, fact, by=ines)
        ledger.confirm_fact(more, source="Nadia", by=thomas, at=TEN)
    assert calls() == few
