"""Signing a translation that its original has left behind: allowed, and on record for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.archive.signed import statements as exported
from incidents.models import Statement
from incidents.signoff import reading
from incidents.statements import actions, proof, proof_file
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, approve, write
from tests.incidents.statements.test_translations import FRENCH, attest, translated

pytestmark = pytest.mark.django_db


@pytest.fixture
def french(statement: Statement, ines: User, nine: datetime) -> Statement:
    """A French text made from v1 of the English one, which is v3 by now; in sign-off."""
    actions.save_version(statement, reason="First words", by=ines, at=nine)
    made = translated(statement, ines, nine)
    write(made, FRENCH, ines, nine)
    for words in ("We have stopped the line.", "We have stopped all lines."):
        write(statement, words, ines, nine + MINUTE)
    actions.submit_statement(made, by=ines, at=nine + MINUTE)
    return made


def shown(client: Client, person: User, statement: Statement) -> str:
    client.force_login(person)
    place = [statement.incident.reference, statement.number]
    html: str = client.get(reverse("incidents:statement-proof", args=place)).content.decode()
    return html


def told(statement: Statement, person: User) -> dict[str, Any]:
    found = proof.read(statement, version=None, user=person, rights=frozenset())
    assert found is not None
    on_screen: dict[str, Any] = proof_file.as_json(found)["sign_offs"][0]["on_screen"]
    return on_screen


def test_the_decision_the_entry_the_proof_and_the_export_say_how_far_it_was_behind(
    french: Statement, thomas: User, nine: datetime, client: Client
) -> None:
    behind = {"made_from": 1, "newest": 3}
    decision = approve(french, thomas, nine + 2 * MINUTE)
    assert decision.screen["original"] == behind
    entry = french.incident.entries.get(kind="signoff.approved")
    assert entry.content.body["facts"]["screen"]["original"] == behind
    assert told(french, thomas)["original"] == behind
    html = shown(client, thomas, french)
    assert "Made from v1 of the original, which was v3 by then" in html
    texts = {one["number"]: one for one in exported(french.incident)}
    mine = texts[french.number]["versions"][0]["rounds"][0]["decisions"][0]
    assert mine["screen"]["original"] == behind


def test_a_reader_who_says_that_it_still_says_the_same_settles_it(
    french: Statement, thomas: User, karim: User, nine: datetime, client: Client
) -> None:
    attest(french, karim, nine + MINUTE)
    decision = approve(french, thomas, nine + 2 * MINUTE)
    assert "original" not in decision.screen
    assert told(french, thomas)["original"] is None
    assert "of the original, which was" not in shown(client, thomas, french)


def test_an_original_and_a_translation_of_the_newest_say_nothing_of_it(
    statement: Statement, ines: User, nine: datetime, count_queries: Callable[..., int]
) -> None:
    actions.save_version(statement, reason="First words", by=ines, at=nine)
    made = translated(statement, ines, nine)
    version = write(made, FRENCH, ines, nine)
    assert reading.left_behind(version) == {}
    original = statement.versions.select_related("statement").get()
    assert count_queries(lambda: reading.left_behind(original)) == 0
    assert reading.left_behind(original) == {}
