"""A correction or a successor says from the first page what it comes after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from incidents.models import Statement
from incidents.statements import actions
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, draft
from tests.incidents.statements.test_views import sign_in, url

pytestmark = pytest.mark.django_db
BRIEF = {"title": "Put right", "audience": "public", "language": "en", "channels": ["x"]}


@pytest.fixture
def out(good: Statement, ines: User, nine: datetime) -> Statement:
    """Her first statement, published on X."""
    actions.record_publication(
        good, channel="x", published_at=nine + MINUTE, by=ines, at=nine + MINUTE
    )
    return good


def asked(out: Statement, by: User, query: str) -> Any:
    return sign_in(by).get(url("statement-new", out.incident) + query)


def kinds(answer: Any) -> list[str]:
    return [value for value, _ in answer.context["form"].fields["kind"].choices]


def test_a_correction_names_what_it_corrects_and_carries_its_frame_over(
    out: Statement, ines: User
) -> None:
    answer = asked(out, ines, "?corrects=1")
    page = answer.content.decode()
    assert "<h1>Write a correction</h1>" in page
    assert f'Corrects <a href="{url("statement", out.incident, 1)}">statement 1' in page
    assert kinds(answer) == ["correction", "apology", "update"]
    initial = answer.context["form"].initial
    assert (initial["channels"], initial["audience"], initial["language"]) == (
        out.channels,
        "public",
        "en",
    )
    assert initial["title"] == "Correction of: Holding statement"


def test_a_successor_says_so_too(out: Statement, ines: User) -> None:
    answer = asked(out, ines, "?supersedes=1")
    assert "Takes the place of <a" in answer.content.decode()
    assert "line" not in kinds(answer)


@pytest.mark.parametrize("query", ["", "?corrects=2", "?corrects=99", "?corrects=x"])
def test_what_was_never_published_is_not_corrected(
    query: str, out: Statement, ines: User, nine: datetime
) -> None:
    draft(out.incident, ines, nine, title="Never out")
    answer = asked(out, ines, query)
    assert "<h1>New statement</h1>" in answer.content.decode()
    assert "line" not in kinds(answer)


def test_another_kind_is_refused_and_the_page_still_says_what_it_corrects(
    out: Statement, ines: User
) -> None:
    client = sign_in(ines)
    sent = {**BRIEF, "corrects": "1"}
    for wrong in ("line", "holding"):
        answer = client.post(url("statement-draft", out.incident), {**sent, "kind": wrong})
        assert answer.status_code == 422
        assert "Corrects <a" in answer.content.decode()
    answer = client.post(url("statement-draft", out.incident), {**sent, "kind": "apology"})
    made = out.incident.statements.get(number=2)
    assert answer.url == url("statement-edit", out.incident, 2)
    assert made.corrects == out
    assert made.draft.text == WORDS
    page = client.get(answer.url).content.decode()
    assert "Corrects <a" in page
    brief = client.get(url("statement-brief", out.incident, 2))
    assert kinds(brief) == ["correction", "apology", "update"]
