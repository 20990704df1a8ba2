"""On paper a statement reads as on its page; what was pasted or goes to a channel stays literal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone, translation

from incidents.models import Incident, Statement
from incidents.review import actions as review
from incidents.review.as_json import as_json
from incidents.review.formatting import passages
from incidents.review.pdf import pdf
from incidents.review.queries.rows import Report
from incidents.statements import actions
from teams.models import User
from tests.incidents.review.conftest import words_of
from tests.incidents.signoff.conftest import draft

TEXT = (
    "We **recall** lot L2231.\nIt is _not_ frozen.\n\n- Do *not* eat it\n- Bring it back\n\n"
    "1. Call us\n2. Or write\n\nSee [our page](https://verdier.example/bella) <b>& more</b>."
)


def plain(text: str) -> list[tuple[str, list[str]]]:
    return [
        (one["kind"], ["".join(piece["text"] for piece in line) for line in one["lines"]])
        for one in passages(text)
    ]


def test_paragraphs_and_lists_are_those_of_the_page() -> None:
    assert plain(TEXT) == [
        ("p", ["We recall lot L2231.", "It is not frozen."]),
        ("ul", ["Do not eat it", "Bring it back"]),
        ("ol", ["Call us", "Or write"]),
        ("p", ["See our page (https://verdier.example/bella) <b>& more</b>."]),
    ]
    first = passages(TEXT)[0]["lines"]
    assert [(p["text"], p["bold"]) for p in first[0]] == [
        ("We ", False),
        ("recall", True),
        (" lot L2231.", False),
    ]
    assert [(p["text"], p["italic"]) for p in first[1]][1] == ("not", True)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", []),
        ("\n\n", []),
        ("Half a **pair", [("p", ["Half a **pair"])]),
        ("https://verdier.example", [("p", ["https://verdier.example"])]),
        ("**[us](tel:+331)**", [("p", ["us (tel:+331)"])]),
        ("<script>&lt;#panic()", [("p", ["<script>&lt;#panic()"])]),
        ("</p><ul>x", [("p", ["</p><ul>x"])]),
        ("- \n- a", [("ul", ["", "a"])]),
    ],
)
def test_every_other_sign_is_text(text: str, read: list[tuple[str, list[str]]]) -> None:
    assert plain(text) == read


@pytest.mark.django_db
def test_a_statement_is_printed_without_its_stars_and_told_exactly_in_the_json(
    staffed: Incident, ines: User, nine: datetime, reported: Callable[..., Report]
) -> None:
    hostile = '#panic() $x^2$ `raw` = no + heading "quoted" \\'
    text = f"{TEXT}\n\n{hostile}"
    own = "We **recall** lot L2231 on X"
    statement: Statement = draft(staffed, ines, nine, text=text)
    actions.save_draft(
        statement,
        text=text,
        channel_texts={"x": own},
        revision=statement.draft.revision,
        by=ines,
        at=nine,
    )
    actions.save_version(statement, reason="First words", by=ines, at=nine)
    review.summarise(staffed, summary="We were **late**.\n\n- Once", revision=0, by=ines, at=nine)
    report = reported(staffed)
    with translation.override("en"), timezone.override("Europe/Paris"):
        printed = words_of(pdf(report))
        told = json.loads(as_json(report))
    assert "We recall lot L2231. It is not frozen." in printed
    assert "".join(hostile.split()) in "".join(printed.split())
    assert own in printed
    assert "We were late. • Once" in printed
    assert told["statements"][0]["versions"][0]["text"] == text
