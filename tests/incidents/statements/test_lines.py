"""Lines to take: signed answers, usable until a fact under them changes, never published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from incidents.board.queries import frame, needs
from incidents.clocks.queries import first_response
from incidents.facts import actions as ledger
from incidents.models import Fact, Incident, Publication, Statement
from incidents.statements import actions, queries
from incidents.statements.correcting import correct_now
from incidents.statements.lines import LinesPage, lines
from incidents.statements.moves import NotFromHere
from teams.models import Audience, User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import approve, draft

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TEN = NINE + timedelta(hours=1)
RIGHTS = frozenset({"view_incident", "draft_statement", "record_publication"})
QUESTION, ANSWER = "Is my lot concerned?", "Lots L6061 to L6063. The lot is on the side of the box."


def line(incident: Incident, by: User, *facts: Fact, **said: Any) -> Statement:
    return actions.draft_line(
        incident,
        question=said.pop("question", QUESTION),
        answer=said.pop("answer", ANSWER),
        audience=Audience.objects.get(slug="customers"),
        language=said.pop("language", "en"),
        channels=["telephone", "email"],
        facts=facts,
        submit=said.pop("submit", True),
        by=by,
        at=NINE,
    )


def read(incident: Incident, user: User, sought: str = "") -> LinesPage:
    return lines(incident, user=user, rights=RIGHTS, at=TEN, sought=sought)


@pytest.fixture
def fact(staffed: Incident, ines: User) -> Fact:
    return ledger.note_fact(
        staffed,
        text="Lots L6061 to L6063",
        state="confirmed",
        source="Plant",
        by=ines,
        at=NINE,
    )


@pytest.fixture
def signed(
    staffed: Incident, fact: Fact, ines: User, thomas: User, karim: User, helene: User
) -> Statement:
    """A line of Ines's, signed by everyone who is asked while nothing is assessed."""
    made = line(staffed, ines, fact)
    for person in (thomas, karim, helene):
        approve(made, person, NINE + MINUTE)
    made.refresh_from_db()
    return made


def test_a_line_is_written_cited_and_put_to_sign_off_in_one_act(
    staffed: Incident, fact: Fact, ines: User
) -> None:
    made = line(staffed, ines, fact)
    assert (made.kind, made.status, made.title) == ("line", "in_signoff", QUESTION)
    assert made.channels == ["telephone", "email"]
    page = read(staffed, ines)
    assert [row.question for row in page.in_signoff] == [QUESTION]
    assert not page.usable
    assert [row.number for row in page.in_signoff[0].cited.rows] == [fact.number]


def test_a_signed_line_is_to_be_said(signed: Statement, ines: User) -> None:
    (row,) = read(signed.incident, ines).usable
    assert (row.question, row.answer, row.version) == (QUESTION, ANSWER, 1)


def test_a_draft_is_not_to_be_said_yet(staffed: Incident, ines: User) -> None:
    line(staffed, ines, submit=False)
    page = read(staffed, ines)
    assert [row.status for row in page.others] == ["draft"]
    assert (page.usable, page.in_signoff) == ((), ())


@pytest.mark.parametrize("change", ["refute", "reword", "reopen"])
def test_the_change_of_a_fact_withdraws_the_line_for_everyone_at_once(
    change: str, signed: Statement, fact: Fact, ines: User, thomas: User
) -> None:
    said: dict[str, str] = {
        "refute": {"reason": "Four lots"},
        "reword": {"text": "Lots L6061 to L6064", "source": "Plant"},
        "reopen": {"reason": "The list was old"},
    }[change]
    assert read(signed.incident, ines).usable
    getattr(ledger, f"{change}_fact")(fact, **said, by=thomas, at=TEN)
    page = read(signed.incident, ines)
    assert page.usable == ()
    assert [row.number for row in page.others] == [signed.number]
    assert [one.number for one in page.others[0].cited.stale] == [fact.number]
    assert [row.number for row in correct_now(signed.incident, rights=RIGHTS).lines] == [
        signed.number
    ]
    actions.still_holds(signed, fact=fact, change=2, reason="The answer says so", by=ines, at=TEN)
    assert [row.number for row in read(signed.incident, ines).usable] == [signed.number]


def test_a_withdrawn_line_is_not_to_be_said(signed: Statement, ines: User) -> None:
    actions.withdraw_statement(signed, reason="Asked no more", by=ines, at=TEN)
    assert [row.status for row in read(signed.incident, ines).others] == ["withdrawn"]


def test_a_new_version_of_a_line_is_signed_before_it_is_said(signed: Statement, ines: User) -> None:
    actions.save_draft(
        signed,
        text="Lots L6061 to L6064.",
        channel_texts={},
        revision=signed.draft.revision,
        by=ines,
        at=TEN,
    )
    assert [row.answer for row in read(signed.incident, ines).usable] == [ANSWER]
    actions.save_version(signed, reason="One more lot", by=ines, at=TEN)
    page = read(signed.incident, ines)
    assert (page.usable, [row.version for row in page.in_signoff]) == ((), [2])


def test_the_desk_never_calls_a_line_published(signed: Statement, ines: User) -> None:
    with pytest.raises(NotFromHere, match="not published"):
        actions.record_publication(
            signed,
            channel="telephone",
            published_at=TEN,
            link="",
            posted_text="",
            next_update_at=None,
            by=ines,
            at=TEN,
        )
    assert not Publication.objects.exists()
    assert first_response(signed.incident).met_at is None
    page = queries.page(signed, user=ines, rights=RIGHTS, at=TEN)
    assert page.is_line
    assert not page.may_publish
    assert needs.to_publish(ines, [signed.incident]) == []


def test_a_line_stands_under_its_own_tab_and_not_among_the_statements(
    signed: Statement, ines: User
) -> None:
    holding = draft(signed.incident, ines, TEN)
    listed = queries.panel(signed.incident, user=ines, rights=RIGHTS, at=TEN)
    assert [row.number for row in listed.rows] == [holding.number]
    assert frame.strip(signed.incident, rights=RIGHTS, at=TEN).statements == 1


def test_a_search_finds_every_word_in_any_order_accents_and_capitals_aside(
    staffed: Incident, ines: User
) -> None:
    line(staffed, ines)
    line(
        staffed,
        ines,
        question="Mon lot est-il concerné ?",
        answer="Le numéro du lot est sur le côté de la boîte.",
        language="fr",
    )

    def found(sought: str) -> list[str]:
        return [row.question for row in read(staffed, ines, sought).in_signoff]

    assert len(found("")) == 2
    assert found("LOT concerne cote") == ["Mon lot est-il concerné ?"]
    assert found("box l6061") == [QUESTION]
    assert found("glass") == []
    assert read(staffed, ines, "glass").total == 2


def test_the_page_of_lines_asks_no_more_for_more_lines(
    signed: Statement,
    ines: User,
    fact: Fact,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    def asked() -> int:
        return count_queries(lambda: read(signed.incident, ines))

    line(signed.incident, ines, fact, question="First")
    asked()
    few = asked()
    for n in range(6):
        line(signed.incident, ines, fact, question=f"Question {n}")
    assert asked() == few
