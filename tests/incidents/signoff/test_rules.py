"""Circuits: who is asked, and that nothing loosens by accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import Incident, Policy, Statement
from incidents.signoff import circuits, rules
from incidents.signoff.rules import Hands, StagePlan
from teams.models import Team

pytestmark = pytest.mark.django_db
ROLES = ["communications_lead", "legal_counsel", "executive_sponsor", "social_media_lead"]
stages = st.builds(
    lambda roles, needed: StagePlan(tuple(roles), min(needed, len(roles))),
    st.lists(st.sampled_from(ROLES), min_size=1, max_size=4, unique=True),
    st.integers(1, 4),
)
plans = st.lists(stages, max_size=3).map(tuple)


def wanted(
    team: Team, severity: int | None, kind: str = "holding", channels: Any = ("website",)
) -> list[tuple[tuple[str, ...], int]]:
    found = circuits.circuit_for(
        team, severity=severity, kind=kind, channels=channels, language="en", audience="public"
    )
    assert found
    return [(stage.roles, stage.needed) for stage in found.stages]


@pytest.mark.parametrize(
    ("severity", "kind", "circuit"),
    [
        (1, "holding", [(("communications_lead", "legal_counsel", "executive_sponsor"), 3)]),
        (None, "holding", [(("communications_lead", "legal_counsel", "executive_sponsor"), 3)]),
        (2, "update", [(("communications_lead",), 1), (("legal_counsel",), 1)]),
        (
            2,
            "apology",
            [(("communications_lead",), 1), (("legal_counsel",), 1), (("executive_sponsor",), 1)],
        ),
        (3, "update", [(("communications_lead",), 1)]),
        (3, "apology", [(("communications_lead",), 1), (("executive_sponsor",), 1)]),
        (4, "update", [(("social_media_lead", "communications_lead"), 1)]),
    ],
)
def test_the_shipped_circuits_are_those_of_the_severity(
    team: Team, severity: int | None, kind: str, circuit: Any
) -> None:
    assert wanted(team, severity, kind) == circuit


def policy(team: Team | None, roles: list[str], **conditions: Any) -> Policy:
    return Policy.objects.create(
        team=team,
        name_en="Ours",
        name_fr="La nôtre",
        stages=[{"roles": roles, "needed": None, "minutes": 10}],
        **conditions,
    )


def test_the_teams_policy_counts_before_the_shipped_one_and_the_more_specific_before_it(
    team: Team,
) -> None:
    policy(team, ["legal_counsel"], severity=4)
    assert wanted(team, 4) == [(("legal_counsel",), 1)]
    policy(team, ["social_media_lead"], severity=4, statement_kind="holding")
    assert wanted(team, 4) == [(("social_media_lead",), 1)]
    assert wanted(team, 4, "update") == [(("legal_counsel",), 1)]


def test_a_loose_policy_for_one_channel_loosens_no_other(team: Team) -> None:
    policy(team, ["social_media_lead"], severity=2, channel="x")
    assert wanted(team, 2, channels=["x"]) == [(("social_media_lead",), 1)]
    both = wanted(team, 2, channels=["x", "press_release"])
    assert (("legal_counsel",), 1) in both
    assert (("social_media_lead",), 1) in both


def test_an_apology_has_the_executive_whatever_the_policy_says(team: Team) -> None:
    policy(team, ["communications_lead"], severity=4, statement_kind="apology")
    assert wanted(team, 4, "apology")[-1] == (("executive_sponsor",), 1)


def test_a_policy_that_asks_nobody_is_no_policy(team: Team) -> None:
    policy(team, [], severity=2)
    assert wanted(team, 2) == [(("communications_lead",), 1), (("legal_counsel",), 1)]


@given(plans, plans)
def test_a_merged_circuit_asks_everyone_that_either_asks(one: Any, other: Any) -> None:
    together = rules.merged([one, other])
    assert rules.asked(together) >= rules.asked(one) | rules.asked(other)
    assert rules.missing(together, one) == ()
    assert rules.missing(together, other) == ()


@given(plans, plans)
def test_no_role_is_surely_asked_twice_for_what_is_added(one: Any, other: Any) -> None:
    sure = rules.asked(one)
    for stage in rules.missing(one, other):
        assert not sure & set(stage.roles)
        assert 1 <= stage.needed <= len(stage.roles)


# Holder 1, delegate 2, deputy 3, on the list 4 and 5.
ALL = Hands(1, delegates=(2,), deputy=3, listed=(4, 5))
TWO = Hands(1, deputy=3)


@pytest.mark.parametrize(
    ("person", "hands", "barred", "gone_by", "capacity"),
    [
        (1, ALL, (), 0.0, "holder"),
        (2, ALL, (), 0.0, "delegate"),
        (3, ALL, (), 0.0, None),
        (3, ALL, (), 0.49, None),
        (3, ALL, (), 0.5, "deputy"),
        (4, ALL, (), 0.74, None),
        (4, ALL, (), 0.75, "listed"),
        (5, ALL, (), 3.0, "listed"),
        (6, ALL, (), 3.0, None),
        # Who wrote the text or has decided is past; the next is there at once.
        (1, ALL, (1,), 1.0, None),
        (3, ALL, (1,), 0.0, None),
        (3, ALL, (1, 2), 0.0, "deputy"),
        (4, ALL, (1, 2), 0.0, None),
        (4, ALL, (1, 2, 3), 0.0, "listed"),
        (3, TWO, (1,), 0.0, "deputy"),
        (3, TWO, (3,), 1.0, None),
        # Away: the right widens past them, and yet they may sign.
        (3, replace(TWO, away=frozenset({1})), (), 0.0, "deputy"),
        (1, replace(TWO, away=frozenset({1})), (), 0.0, "holder"),
        (2, replace(ALL, away=frozenset({1})), (), 0.0, "delegate"),
        (3, replace(ALL, away=frozenset({1})), (), 0.0, None),
        (4, replace(ALL, away=frozenset({1, 2, 3})), (), 0.0, "listed"),
        # Excluded, or not able to sign in: out, whatever their capacity.
        (1, replace(ALL, gone=frozenset({1})), (), 0.0, None),
        (3, replace(TWO, gone=frozenset({1})), (), 0.0, "deputy"),
        (5, replace(ALL, gone=frozenset({5})), (), 1.0, None),
        # Nobody holds the role: whom the team lists for it.
        (4, Hands(None, listed=(4,)), (), 0.0, "listed"),
        (1, Hands(None), (), 1.0, None),
    ],
)
def test_who_signs_in_which_capacity(
    person: int, hands: Hands, barred: Any, gone_by: float, capacity: str | None
) -> None:
    assert rules.signs_as(person, hands, barred=barred, gone_by=gone_by) == capacity


@given(
    st.sets(st.integers(1, 5)),
    st.sets(st.integers(1, 5)),
    st.sets(st.integers(1, 5)),
    st.floats(0, 2),
)
def test_a_seat_is_never_shut_while_somebody_of_it_is_within_reach(
    barred: set[int], away: set[int], gone: set[int], gone_by: float
) -> None:
    hands = replace(ALL, away=frozenset(away), gone=frozenset(gone))
    able = [p for p in hands.everybody if rules.signs_as(p, hands, barred=barred, gone_by=gone_by)]
    assert not (set(able) & (barred | gone))
    if rules.within_reach(hands, barred=barred):
        assert able


@pytest.mark.parametrize(
    ("given_by", "always", "authors", "stands"),
    [
        (
            {"communications_lead": 1, "legal_counsel": 2},
            ["legal_counsel"],
            {9},
            {"communications_lead"},
        ),
        ({"communications_lead": 1}, ["legal_counsel"], {9}, {"communications_lead"}),
        # Who wrote the typo does not stand behind it as a signer.
        ({"communications_lead": 1, "legal_counsel": 2}, ["legal_counsel"], {1}, set()),
        # If nobody were left to sign, everybody is asked.
        ({"communications_lead": 1, "legal_counsel": 2}, [], {9}, set()),
        ({}, ["legal_counsel"], set(), set()),
    ],
)
def test_what_a_typo_leaves_standing(
    given_by: dict[str, int], always: list[str], authors: set[int], stands: set[str]
) -> None:
    circuit = (StagePlan(("communications_lead",), 1), StagePlan(("legal_counsel",), 1))
    assert rules.carried(given_by, circuit, always=always, authors=authors) == stands


def test_every_outcome_but_void_says_what_becomes_of_the_statement() -> None:
    assert {*rules.STATUS_AFTER, rules.Outcome.VOID} == set(rules.Outcome)
    assert set(rules.STATUS_AFTER.values()) <= set(Statement.Status.values)


def test_an_unassessed_incident_does_not_meet_the_circuit_of_a_severity(
    incident: Incident, nine: datetime
) -> None:
    assert incident.severity is None
    found = circuits.policy_for(
        incident.team, severity=None, kind="update", channels=[], language="en", audience="public"
    )
    assert found
    assert found.severity is None
