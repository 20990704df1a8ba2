"""What people wrote into the record reads on paper and on the page as it does in the room."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from incidents.models import Incident
from incidents.review import blocks, paper
from incidents.review.as_json import as_json
from incidents.review.paper import document
from incidents.review.pdf import pdf
from incidents.review.queries.rows import Report
from incidents.timeline.actions import log_entry
from teams.models import User
from tests.incidents.review.conftest import words_of

pytestmark = pytest.mark.django_db
Read = Callable[..., Report]

SAID = "The plant **stopped** line 3.\n\n- lot L2231\n- lot *L2232*"
HOSTILE = (
    '- #panic() $sum_x^2$ `raw` = head @ref <label> \\ // #import "x"\n- **[x](javascript:a)**'
)


@pytest.fixture
def written(incident: Incident, claire: User, nine: datetime) -> Incident:
    for text, why in ((SAID, ""), (HOSTILE, "**Children** eat it"), ("One plain line", "")):
        log_entry(
            incident,
            kind="decision",
            text=text,
            why=why or "Because",
            occurred=None,
            key_moment=True,
            by=claire,
            at=nine,
        )
    incident.refresh_from_db()
    return incident


def printed(report: Report) -> str:
    with translation.override("en"), timezone.override("Europe/Paris"):
        return words_of(pdf(report))


def test_bold_words_and_lists_are_set_and_their_marks_are_not(
    written: Incident, reported: Read
) -> None:
    words = printed(reported(written))
    assert "The plant stopped line 3." in words
    assert "lot L2232" in words
    assert "**" not in words
    assert "*L2232*" not in words
    assert "- lot" not in words
    assert "Why: Children eat it" in words


def test_hostile_text_in_a_list_is_no_markup_of_the_typesetter(
    written: Incident, reported: Read
) -> None:
    words = printed(reported(written))
    assert '#panic() $sum_x^2$ `raw` = head @ref <label> \\ // #import "x"' in words
    assert "[x](javascript:a)" in words


def test_a_row_longer_than_a_page_goes_on_and_loses_no_line(
    incident: Incident, claire: User, nine: datetime, reported: Read
) -> None:
    for words in ("Shops called: {}", "- **shop** {}"):
        text = "\n".join(words.format(f"no{number:03}.") for number in range(120))
        log_entry(incident, kind="fact", text=text, occurred=None, by=claire, at=nine)
    words = printed(reported(incident))
    assert [words.count(f"no{number:03}.") for number in range(120)] == [2] * 120


def test_an_act_of_nobody_ends_in_no_dot(written: Incident, reported: Read) -> None:
    row = reported(written).chronology[0]
    with translation.override("en"):
        said = paper._said(replace(row, actor="", on_behalf_of=""))
    assert str(said).endswith("\nIncident")


def test_the_json_keeps_every_sign(written: Incident, reported: Read) -> None:
    with translation.override("en"), timezone.override("Europe/Paris"):
        body: dict[str, Any] = json.loads(as_json(reported(written)))
    assert [row["sentence"] for row in body["moments"]][1:] == [SAID, HOSTILE, "One plain line"]


def test_a_plain_line_stays_words_and_costs_no_more(written: Incident, reported: Read) -> None:
    with translation.override("en"), timezone.override("Europe/Paris"):
        found = json.dumps(document(reported(written)))
    assert "One plain line\\nWhy: Because" in found
    assert blocks.cell("5 * 3 * 2", ["a_b_c"]) == "5 * 3 * 2\na_b_c"


def test_the_page_shows_it_as_the_room_does(
    written: Incident, claire: User, client: Client
) -> None:
    client.force_login(claire)
    page = client.get(reverse("incidents:report", args=[written.reference])).content.decode()
    assert "The plant <strong>stopped</strong> line 3." in page
    assert "<li>lot <em>L2232</em></li>" in page
    assert "<strong>Children</strong> eat it" in page
