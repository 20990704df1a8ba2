from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from incidents.models import Incident, Statement
from incidents.signoff import queries as signoff
from incidents.statements import actions, queries
from incidents.statements.rows import StatementPage
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, write

pytestmark = pytest.mark.django_db


def show(statement: Statement, user: User, at: datetime) -> StatementPage:
    statement = Statement.objects.select_related("incident", "audience").get(pk=statement.pk)
    return queries.page(statement, user=user, rights={"draft_statement"}, at=at)


def test_a_signer_sees_what_changed_since_the_version_they_last_signed(
    in_signoff: Statement, ines: User, karim: User, thomas: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine + MINUTE)
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + 2 * MINUTE)
    write(in_signoff, WORDS + " Do not eat it. Keep the box.", ines, nine + 3 * MINUTE)
    mine = show(in_signoff, karim, nine + 4 * MINUTE)
    assert mine.base
    assert (mine.base.number, mine.base.verdict) == (1, "approve")
    assert mine.pieces[-1] == ("+", " Do not eat it. Keep the box.")
    assert mine.turn
    assert mine.turn.slug == "legal_counsel"
    assert mine.round
    assert [s.struck for s in mine.round.seats if s.slug == "legal_counsel"] == ["approved v1"]
    other = show(in_signoff, thomas, nine + 4 * MINUTE)
    assert other.turn
    assert other.base is None
    assert not other.pieces, "who signed none is shown the whole"
    assert other.unsigned
    assert other.unsigned.before == 2
    author = show(in_signoff, ines, nine + 4 * MINUTE)
    assert author.base
    assert (author.base.number, author.base.verdict) == (2, "")
    assert author.unsigned is None


def test_whoever_signs_a_first_version_is_not_told_to_read_what_they_see(
    in_signoff: Statement, karim: User, nine: datetime
) -> None:
    mine = show(in_signoff, karim, nine)
    assert mine.turn
    assert (mine.base, mine.unsigned) == (None, None)


def test_an_author_is_not_asked_for_their_sign_off(
    in_signoff: Statement, ines: User, nine: datetime
) -> None:
    page = show(in_signoff, ines, nine)
    assert page.is_author
    assert page.turn is None


def test_the_page_costs_the_same_for_one_version_and_for_many(
    in_signoff: Statement,
    ines: User,
    karim: User,
    nine: datetime,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    write(in_signoff, WORDS + " 0", ines, nine)
    approve(in_signoff, karim, nine)
    one = count_queries(lambda: show(in_signoff, karim, nine))
    for n in range(1, 6):
        write(in_signoff, f"{WORDS} {n}", ines, nine + n * MINUTE)
        approve(in_signoff, karim, nine + n * MINUTE)
    assert count_queries(lambda: show(in_signoff, karim, nine)) == one


def test_the_list_and_the_desk_cost_the_same_for_one_statement_and_for_many(
    in_signoff: Statement,
    staffed: Incident,
    ines: User,
    karim: User,
    nine: datetime,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    def listed() -> object:
        return queries.panel(staffed, user=karim, rights=(), at=nine)

    def waiting() -> object:
        return signoff.waiting_for(karim, at=nine)

    listed()  # reads the team of the incident once
    before = count_queries(listed), count_queries(waiting)
    for n in range(5):
        statement = draft(staffed, ines, nine, title=f"Statement {n}")
        actions.save_version(statement, reason="", by=ines, at=nine)
        actions.submit_statement(statement, by=ines, at=nine)
    assert (count_queries(listed), count_queries(waiting)) == before
    assert len(signoff.waiting_for(karim, at=nine)) == 6
    assert len(queries.panel(staffed, user=karim, rights=(), at=nine).rows) == 6
