"""Live posts that say something else than what is known: on the desk of whoever can correct them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.board.queries import incidents as lists
from incidents.board.queries import needs
from incidents.facts.actions import note_fact, reword_fact
from incidents.models import Incident, Statement
from incidents.roles.actions import assign_role
from incidents.statements import actions
from incidents.statements.actions.citing import still_holds
from teams.models import Role, Team, User
from tests.conftest import NINE
from tests.incidents.board.test_pages import opened
from tests.incidents.signoff.conftest import approve, draft

pytestmark = pytest.mark.django_db
SIGNING = ("communications_lead", "legal_counsel", "executive_sponsor")
LATER = NINE + timedelta(hours=1)


def rows(user: User) -> list[needs.NeedRow]:
    running = lists.running(user, at=now())
    return needs.to_correct(user, running, lists.holders(running))


def live_text(incident: Incident, by: User, signers: list[User], **facts: Any) -> Statement:
    """A published text of this person's, about a fact that somebody put in other words since."""
    made = draft(incident, by, NINE, channels=["x"], **facts)
    fact = note_fact(incident, text=f"Three lots ({made.number})", by=by, at=NINE)
    actions.cite_facts(made, facts=[fact], by=by, at=NINE)
    actions.save_version(made, reason="First words", submit=True, by=by, at=NINE)
    for signer in signers:
        approve(made, signer, NINE)
    made.refresh_from_db()
    actions.record_publication(made, channel="x", published_at=NINE, by=by, at=NINE)
    reword_fact(fact, text=f"Four lots ({made.number})", by=by, at=LATER)
    return made


@pytest.fixture
def signers(thomas: User, karim: User, helene: User) -> list[User]:
    return [thomas, karim, helene]


def test_a_live_post_that_no_longer_says_what_is_known_waits_on_the_desks_of_who_can_correct_it(
    client: Client,
    staffed: Incident,
    claire: User,
    ines: User,
    bruno: User,
    karim: User,
    signers: list[User],
) -> None:
    text = live_text(staffed, ines, signers, title="Update: three lots")
    for person in (claire, ines):
        (row,) = rows(person)
        assert (row.kind, row.count, row.what) == ("correct", 1, "Update: three lots")
    assert rows(karim) == []  # counsel signs; others correct
    assert rows(bruno) == []
    client.force_login(claire)
    page = client.get(reverse("incidents:desk")).content.decode()
    assert "1 live post to correct" in page
    assert reverse("incidents:correct-now", args=[staffed.reference]) in page
    fact = text.citations.get().fact
    still_holds(text, fact=fact, change=fact.changes, reason="It says so", by=ines, at=LATER)
    assert rows(claire) == []


def test_who_wrote_it_is_told_without_a_role(
    staffed: Incident, claire: User, bruno: User, signers: list[User]
) -> None:
    live_text(staffed, bruno, signers)
    assert [row.count for row in rows(bruno)] == [1]


def test_a_draft_calls_for_nothing_on_the_desk(staffed: Incident, ines: User) -> None:
    made = draft(staffed, ines, NINE)
    fact = note_fact(staffed, text="Three lots", by=ines, at=NINE)
    actions.cite_facts(made, facts=[fact], by=ines, at=NINE)
    reword_fact(fact, text="Four lots", by=ines, at=LATER)
    assert rows(ines) == []


def test_many_live_posts_in_many_incidents_cost_the_same_queries(
    team: Team,
    staffed: Incident,
    claire: User,
    ines: User,
    signers: list[User],
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    live_text(staffed, ines, signers)
    few = count_queries(lambda: rows(claire))
    other = opened(team, claire, "Another one", kind="product")
    for slug, signer in zip(SIGNING, signers, strict=True):
        assign_role(other, role=Role.objects.get(slug=slug), user=signer, by=claire, at=NINE)
    for incident in (staffed, other, other):
        live_text(incident, ines, signers)
    assert [row.count for row in rows(claire)] == [2, 2]
    assert count_queries(lambda: rows(claire)) == few
