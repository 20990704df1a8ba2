"""Circuits: who is asked, and that nothing loosens by accident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import Incident, Policy, Statement
from incidents.signoff import queries, rules
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
    found = queries.circuit_for(
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


@pytest.mark.parametrize(
    ("person", "hands", "barred", "widened", "capacity"),
    [
        (1, Hands(1, 2), (), False, "holder"),
        (2, Hands(1, 2), (), False, None),
        (2, Hands(1, 2), (), True, "deputy"),
        (2, Hands(1, 2), (1,), False, "deputy"),
        (2, Hands(1, 2, holder_is_active=False), (), False, "deputy"),
        (1, Hands(1, 2), (1,), True, None),
        (2, Hands(1, 2), (2,), True, None),
        (3, Hands(1, 2), (), True, None),
        (1, Hands(None, None), (), True, None),
    ],
)
def test_who_signs_in_which_capacity(
    person: int, hands: Hands, barred: Any, widened: bool, capacity: str | None
) -> None:
    assert rules.signs_as(person, hands, barred=barred, widened=widened) == capacity


def test_every_outcome_but_void_says_what_becomes_of_the_statement() -> None:
    assert {*rules.STATUS_AFTER, rules.Outcome.VOID} == set(rules.Outcome)
    assert set(rules.STATUS_AFTER.values()) <= set(Statement.Status.values)


def test_an_unassessed_incident_does_not_meet_the_circuit_of_a_severity(
    incident: Incident, nine: datetime
) -> None:
    assert incident.severity is None
    found = queries.policy_for(
        incident.team, severity=None, kind="update", channels=[], language="en", audience="public"
    )
    assert found
    assert found.severity is None
