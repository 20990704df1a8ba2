from datetime import UTC, datetime
from itertools import pairwise

import pytest

from incidents.models import Assignment, Incident, Severity
from incidents.roles import rules

ONE, TWO = datetime(2030, 3, 1, 10, tzinfo=UTC), datetime(2030, 3, 1, 11, tzinfo=UTC)


def test_the_moves_of_an_assignment_begin_where_somebody_holds_it():
    for moves in rules.MOVES.values():
        assert set(moves) <= set(rules.ACTIVE)
    assert {to for moves in rules.MOVES.values() for to in moves.values()} == set(Assignment.State)


@pytest.mark.parametrize(
    ("severity", "kind", "extra"),
    [
        (None, "service", []),
        (Severity.MINOR, "service", []),
        (Severity.MODERATE, "service", ["communications_lead", "social_media_lead"]),
        (Severity.MINOR, "product", ["quality_lead"]),
        (Severity.MINOR, "safety", ["quality_lead"]),
        (Severity.MINOR, "data_breach", ["dpo", "it_liaison"]),
        (Severity.MINOR, "account_compromise", ["it_liaison"]),
        (Severity.MINOR, "conduct", ["hr_liaison"]),
    ],
)
def test_roles_follow_from_severity_and_kind(severity, kind, extra):
    assert rules.required(severity, kind) == ["crisis_lead", *extra]


def test_a_worse_level_asks_for_all_that_a_milder_one_asks_and_more():
    for kind in Incident.Kind:
        steps = [set(rules.required(level, kind)) for level in (4, 3, 2, 1)]
        for milder, worse in pairwise(steps):
            assert milder < worse


def test_inside_information_brings_investor_relations():
    assert "investor_relations" in rules.required(4, "other", inside_information=True)


def test_only_counsel_sees_and_classifies_what_is_privileged():
    for codename in ("see_privileged", "classify_privileged", "export_privileged"):
        assert [r for r, can in rules.PERMISSIONS.items() if codename in can] == ["legal_counsel"]


def test_the_longest_of_several_grants_counts():
    view, log = frozenset({"view_incident"}), frozenset({"log_entry"})
    assert rules.union([(view, ONE), (view, TWO), (log, ONE)]) == {
        "view_incident": TWO,
        "log_entry": ONE,
    }
    assert rules.union([(view, ONE), (view, None)]) == {"view_incident": None}
    assert rules.union([]) == {}
