"""What is out is to be corrected until it is set right on every channel where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.facts import actions as ledger
from incidents.facts.queries import authors_citing
from incidents.models import Fact, Incident, Statement
from incidents.statements import actions
from incidents.statements.correcting import live
from teams.models import User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import draft
from tests.incidents.statements.test_citing import (
    MINUTE,
    TEN,
    cite,
    fact,
    listed,
    publish,
    sign_everywhere,
)

__all__ = ["fact"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def three_lots(
    good: Statement, fact: Fact, ines: User, thomas: User, staffed: Incident
) -> Statement:
    """Out on website and X, when its fact changes."""
    cite(good, fact, by=ines)
    publish(good, ines)
    ledger.reword_fact(fact, text="Four lots are affected", by=thomas, at=TEN)
    good.refresh_from_db()
    return good


def follow(before: Statement, by: User, at: datetime = TEN, **facts: Any) -> Statement:
    """Ines's signed correction, or successor, of a text; not out yet."""
    made = draft(before.incident, by, at, **{"title": "Four lots", **facts})
    actions.save_version(made, reason="", submit=True, by=by, at=at)
    sign_everywhere(made, at)
    made.refresh_from_db()
    return made


def out(statement: Statement, channel: str, by: User, at: datetime = TEN + MINUTE) -> None:
    actions.record_publication(statement, channel=channel, published_at=at, by=by, at=at)


def test_a_live_post_is_listed_until_it_is_corrected_on_every_channel(
    three_lots: Statement, ines: User, staffed: Incident
) -> None:
    correction = follow(three_lots, ines, kind="correction", corrects=three_lots)
    (row,) = listed(staffed).live
    assert (row.done, row.left) == ("", "website and X")
    out(correction, "website", ines)
    (row,) = listed(staffed).live
    assert (row.number, row.done, row.left) == (three_lots.number, "website", "X")
    # It was signed for X, too: there it is still to go out.
    assert row.correction == correction.number
    assert [one.number for one in live([staffed])] == [three_lots.number]
    out(correction, "x", ines)
    assert (listed(staffed).total, live([staffed])) == (0, [])


def test_a_correction_that_goes_to_one_channel_leaves_another_to_be_written(
    three_lots: Statement, fact: Fact, ines: User, thomas: User, staffed: Incident
) -> None:
    first = follow(three_lots, ines, corrects=three_lots, channels=["website"])
    out(first, "website", ines)
    (row,) = listed(staffed).live
    assert (row.left, row.correction) == ("X", 0)
    second = follow(first, ines, corrects=first, channels=["x"])
    out(second, "x", ines)  # what sets its correction right sets it right, too
    assert listed(staffed).total == 0
    ledger.reword_fact(fact, text="Five lots", by=thomas, at=TEN + 2 * MINUTE)
    (row,) = listed(staffed).live
    assert (row.done, row.left) == ("", "website and X")


def test_a_withdrawn_text_still_stands_outside_until_it_is_corrected_there(
    three_lots: Statement, ines: User, staffed: Incident
) -> None:
    actions.withdraw_statement(three_lots, reason="It is wrong", by=ines, at=TEN)
    (row,) = listed(staffed).live
    assert (row.number, row.is_gone, row.left) == (three_lots.number, True, "website and X")
    assert [one.number for one in live([staffed])] == [three_lots.number]
    [cited] = three_lots.citations.filter(ended_at=None)
    assert ines in authors_citing(cited.fact_id)
    publish(follow(three_lots, ines, corrects=three_lots), ines, TEN + MINUTE)
    assert (listed(staffed).total, live([staffed])) == (0, [])


def test_a_superseded_text_counts_where_its_successor_has_taken_its_place(
    three_lots: Statement, ines: User, staffed: Incident
) -> None:
    successor = follow(three_lots, ines, supersedes=three_lots)
    out(successor, "website", ines)
    three_lots.refresh_from_db()
    assert three_lots.status == "superseded"
    (row,) = listed(staffed).live
    assert (row.done, row.left, row.successor) == ("website", "X", successor.number)
    out(successor, "x", ines)
    assert listed(staffed).total == 0


def test_what_took_its_place_before_the_fact_changed_sets_nothing_right(
    good: Statement, fact: Fact, ines: User, thomas: User, staffed: Incident
) -> None:
    cite(good, fact, by=ines)
    publish(good, ines)
    second = follow(good, ines, NINE + 2 * MINUTE, supersedes=good)
    publish(second, ines, NINE + 3 * MINUTE)
    assert listed(staffed).total == 0
    ledger.reword_fact(fact, text="Four lots are affected", by=thomas, at=TEN)
    assert [row.number for row in listed(staffed).live] == [good.number]
    # The last of a row of successors sets right what all of them said.
    publish(follow(second, ines, supersedes=second), ines, TEN + MINUTE)
    assert listed(staffed).total == 0


@pytest.mark.parametrize("name", ["statement", "correct-now"])
def test_the_pages_offer_the_correction_of_what_was_withdrawn_after_it_was_published(
    client: Client, three_lots: Statement, ines: User, staffed: Incident, name: str
) -> None:
    actions.withdraw_statement(three_lots, reason="It is wrong", by=ines, at=TEN)
    client.force_login(ines)
    reference = staffed.reference
    numbers = [three_lots.number] if name == "statement" else []
    page = client.get(reverse(f"incidents:{name}", args=[reference, *numbers])).content.decode()
    new = reverse("incidents:statement-new", args=[reference])
    assert f"{new}?corrects={three_lots.number}" in page
    assert f"{new}?supersedes=" not in page
    assert "It still holds" not in page
    assert client.get(new, {"corrects": three_lots.number}).status_code == 200


def test_what_was_withdrawn_before_it_was_out_has_nothing_to_correct(
    client: Client, good: Statement, ines: User, staffed: Incident
) -> None:
    actions.withdraw_statement(good, reason="No longer needed", by=ines, at=TEN)
    client.force_login(ines)
    url = reverse("incidents:statement", args=[staffed.reference, good.number])
    assert "?corrects=" not in client.get(url).content.decode()


def test_the_page_says_where_it_is_corrected_and_where_not_yet(
    client: Client, three_lots: Statement, ines: User, staffed: Incident
) -> None:
    correction = follow(three_lots, ines, corrects=three_lots)
    out(correction, "website", ines)
    client.force_login(ines)
    page = client.get(reverse("incidents:correct-now", args=[staffed.reference])).content.decode()
    assert "Corrected: website. Still to do: X." in page
    assert "To its correction" in page


def test_more_posts_and_corrections_ask_no_more(
    three_lots: Statement,
    fact: Fact,
    ines: User,
    staffed: Incident,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    out(follow(three_lots, ines, corrects=three_lots), "website", ines)
    listed(staffed)  # what is fetched once per process is fetched
    few = (count_queries(lambda: listed(staffed)), count_queries(lambda: live([staffed])))
    for _ in range(2):
        more = follow(three_lots, ines, title="Update")
        cite(more, fact, by=ines)
        publish(more, ines, TEN + MINUTE)
        out(follow(more, ines, corrects=more), "website", ines)
    ledger.reword_fact(fact, text="Five lots", by=ines, at=TEN + 2 * MINUTE)
    assert len(listed(staffed).live) == 3
    assert (count_queries(lambda: listed(staffed)), count_queries(lambda: live([staffed]))) == few
