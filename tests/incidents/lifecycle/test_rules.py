"""The table of moves."""

import pytest

from incidents.lifecycle import rules
from incidents.models import Incident

Status = Incident.Status

# The moves, written out again by hand.
ALLOWED = {
    ("triage", "active"),
    ("triage", "closed"),
    ("active", "monitoring"),
    ("monitoring", "active"),
    ("active", "resolved"),
    ("monitoring", "resolved"),
    ("resolved", "closed"),
    ("resolved", "active"),
    ("closed", "active"),
}


@pytest.mark.parametrize("before", Status.values)
@pytest.mark.parametrize("after", Status.values)
def test_an_incident_moves_only_where_the_contract_says(before, after):
    assert (Status(after) in rules.moves(before)) is ((before, after) in ALLOWED)


@pytest.mark.parametrize("before", Status.values)
def test_every_move_has_words(before):
    assert all(str(words) for words in rules.moves(before).values())


def test_only_leaving_the_crisis_ends_the_promises():
    ends = {(b, a) for b, a in ALLOWED if rules.ends_the_promises(b, a)}
    assert ends == {("triage", "closed"), ("active", "resolved"), ("monitoring", "resolved")}


def test_only_closing_after_a_stand_down_asks_for_the_post_mortem():
    asks = {(b, a) for b, a in ALLOWED if rules.needs_the_post_mortem(b, a)}
    assert asks == {("resolved", "closed")}


def test_a_reference_counts_with_four_digits():
    assert rules.reference("MV", 2026, 7) == "MV-2026-0007"
