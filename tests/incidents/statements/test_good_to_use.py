"""A line to take and a prepared text are used, never published themselves: pages say so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Incident, Statement
from incidents.statements import actions
from incidents.timeline.wording import say
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, approve, draft
from tests.incidents.signoff.test_releases import release

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(
    staffed: Incident, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> Statement:
    """An answer that everyone who was asked has approved."""
    made = draft(staffed, ines, nine, kind=Statement.Kind.LINE, title="May I eat it?")
    actions.save_version(made, reason="", submit=True, by=ines, at=nine)
    for person in (thomas, karim, helene):
        approve(made, person, nine + MINUTE)
    made.refresh_from_db()
    assert made.status == Statement.Status.GOOD
    return made


def see(person: User, name: str, statement: Statement, *more: Any) -> str:
    client = Client()
    client.force_login(person)
    place = [statement.incident.reference, statement.number, *more]
    html: str = client.get(reverse(f"incidents:{name}", args=place)).content.decode()
    return html


def test_a_line_is_good_to_use_on_every_page_of_it(line: Statement, thomas: User) -> None:
    for name in ("statement", "statement-decide", "statement-signoff"):
        html = see(thomas, name, line)
        assert "ood to use" in html, name
        assert "ood to publish" not in html, name
        assert "Publishing opens" not in html, name


def test_the_timeline_says_of_any_text_what_is_true(good: Statement, line: Statement) -> None:
    told = [one.content.body for one in good.incident.entries.filter(kind="signoff.completed")]
    assert len(told) == 2
    for body in told:
        assert "has all its sign-offs" in say(body["kind"], body["text"], body["facts"])


def test_a_statement_is_good_to_publish_still(good: Statement, thomas: User) -> None:
    html = see(thomas, "statement", good)
    assert "Good to publish" in html
    assert "ood to use" not in html


def test_the_page_of_publication_is_none_of_a_line(line: Statement, ines: User) -> None:
    client = Client()
    client.force_login(ines)
    place = [line.incident.reference, line.number]
    answer = client.get(reverse("incidents:statement-publication", args=place))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("incidents:statement", args=place)


def test_a_line_that_was_released_is_not_shown_as_signed(
    staffed: Incident, ines: User, claire: User, thomas: User, line: Statement, nine: datetime
) -> None:
    other = draft(staffed, ines, nine, kind=Statement.Kind.LINE, title="Is it the cheese?")
    actions.save_version(other, reason="", submit=True, by=ines, at=nine)
    release(other, claire, nine)
    client = Client()
    client.force_login(thomas)
    panel = reverse("incidents:lines-panel", args=[staffed.reference])
    html = client.get(panel).content.decode()
    assert "release from:body" in html
    titles = html.split("<h3")[1:]
    said = {
        name: one
        for one in titles
        for name in ("May I eat it?", "Is it the cheese?")
        if name in one
    }
    assert "not all sign-offs" in said["Is it the cheese?"].partition("</h3>")[0]
    assert "not all sign-offs" not in said["May I eat it?"].partition("</h3>")[0]
