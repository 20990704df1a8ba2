"""What makes a change more than a typo, as it is shown: the difference first, cut afterwards."""

from __future__ import annotations

from datetime import datetime

import pytest

from incidents.models import Statement
from incidents.statements import actions
from incidents.statements.difference import difference
from incidents.statements.mending import MaterialRow, cut, mending
from teams.models import User
from tests.incidents.signoff.conftest import write

pytestmark = pytest.mark.django_db
SAME = "Our shops are open and our lines are staffed day and night. "


def changed(rows: tuple[MaterialRow, ...]) -> set[tuple[str, str]]:
    return {piece for row in rows for piece in row.pieces if piece[0] != "="}


@pytest.mark.parametrize("many", [False, True])
def test_a_change_far_into_a_text_is_shown_as_what_it_is(
    many: bool, statement: Statement, ines: User, nine: datetime
) -> None:
    words = " ".join(f"word{n}" for n in range(80)) if many else ""
    before = SAME * 40 + "Lot 4711 is withdrawn. " + words
    write(statement, before, ines, nine)
    actions.submit_statement(statement, by=ines, at=nine)
    statement.draft.refresh_from_db()
    after = before.replace("4711", "4712").replace("word", "other")
    revision = statement.draft.revision
    actions.save_draft(statement, text=after, channel_texts={}, revision=revision, by=ines, at=nine)
    found = mending(Statement.objects.get(pk=statement.pk))
    assert found is not None
    assert {"4711", "4712"} <= {text.strip() for _, text in changed(found.rows)}
    assert all(len(text) < 130 for row in found.rows for _, text in row.pieces)
    assert all(any(op != "=" for op, _ in row.pieces) for row in found.rows if row.pieces)


def test_a_cut_says_where_words_were_left_out() -> None:
    whole = difference(
        f"{SAME}It was safe. {SAME * 2}Bye", f"{SAME}It is safe. {SAME * 2}Bye"
    ).pieces
    assert cut(whole) == (
        ("=", "…are staffed day and night. It "),
        ("-", "was"),
        ("+", "is"),
        ("=", " safe. Our shops are open and …"),
    )


def test_a_short_difference_is_not_cut() -> None:
    whole = difference("It was safe.", "It is safe.").pieces
    assert cut(whole) == whole


def test_of_many_changes_the_first_are_shown() -> None:
    old = SAME.join(f"lot {n} " for n in range(9))
    new = SAME.join(f"lot {n + 10} " for n in range(9))
    shown = cut(difference(old, new).pieces)
    assert sum(op == "+" for op, _ in shown) == 3
    assert shown[-1][1].endswith("…")
