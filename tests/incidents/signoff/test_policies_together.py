"""Several channels, several policies: each is met, and what one forbids is forbidden."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.signoff import circuits
from incidents.signoff.actions.policies import add_policy
from teams.models import Team, User
from tests.conftest import NINE
from tests.incidents.signoff.test_policies import samuel, terms

__all__ = ["samuel"]

pytestmark = pytest.mark.django_db


def test_what_one_of_the_policies_forbids_is_forbidden(team: Team, samuel: User) -> None:
    for_x = terms(
        channel="x", severity=1, allows_typo=False, allows_break_glass=False, always=("scribe",)
    )
    case: Any = {"severity": 1, "kind": "update", "language": "en", "audience": "public"}
    before = circuits.circuit_for(team, channels=["website", "x"], **case)
    assert before is not None
    assert (before.carries, before.policy.allows_break_glass) == (True, True)
    add_policy(team, terms=for_x, by=samuel, at=NINE)
    both = circuits.circuit_for(team, channels=["website", "x"], **case)
    assert both is not None
    assert {key for one in both.stages for key in one.roles} >= {
        key for one in before.stages for key in one.roles
    }
    assert (both.carries, both.policy.allows_break_glass) == (False, False)
    assert {*both.always} == {*before.always, "scribe"}
    alone = circuits.circuit_for(team, channels=["website"], **case)
    assert alone == before
