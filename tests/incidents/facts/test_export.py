"""The record that is exported holds the ledger: what each fact said, and what stood on it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from incidents.archive.queries import record
from incidents.facts.actions import confirm_fact, note_fact
from incidents.models import Statement
from incidents.statements.actions import cite_facts
from teams.models import User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import statement

__all__ = ["statement"]
pytestmark = pytest.mark.django_db


def test_the_export_tells_each_fact_with_its_history_and_what_cites_it(
    statement: Statement, ines: User
) -> None:
    incident = statement.incident
    fact = note_fact(incident, text="Three lots", by=ines, at=NINE)
    cite_facts(statement, facts=[fact], by=ines, at=NINE)
    confirm_fact(fact, source="Plant", by=ines, at=NINE + timedelta(hours=1))
    (told,) = json.loads(json.dumps(record(incident, privileged=False, exported={})))["facts"]
    assert (told["number"], told["text"], told["state"]) == (1, "Three lots", "confirmed")
    assert [(one["number"], one["state"]) for one in told["history"]] == [
        (1, "unconfirmed"),
        (2, "confirmed"),
    ]
    assert told["history"][1]["changed_by"]["name"] == ines.name
    assert told["citations"][0]["statement"] == str(statement.uuid)
    assert told["citations"][0]["seen_change"] == 1
