"""
Any order of acts by anyone: rules 1 to 4 and 6 hold.

Two thousand lives of a statement on SQLite, two hundred on PostgreSQL, in eight shares so that
they run side by side; SIGNOFF_RUNS in the environment asks for another number.
"""

from __future__ import annotations

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from incidents.models import (
    Incident,
)
from teams.models import User
from tests.conftest import member, person
from tests.incidents.signoff.machine.life import Life
from tests.incidents.signoff.machine.world import PEOPLE

SHARES = 8
RUNS = int(os.environ.get("SIGNOFF_RUNS", "0"))


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.django_db
def test_any_order_of_acts_keeps_the_rules(
    staffed: Incident,
    claire: User,
    karim: User,
    sophie: User,
    helene: User,
    thomas: User,
    ines: User,
    share: int,
) -> None:
    counsel = staffed.assignments.get(role__slug="legal_counsel")
    counsel.deputy = sophie
    counsel.save()
    ana = member(staffed.team, person("Ana Lopes", function="legal"))
    cast = (claire, karim, sophie, helene, thomas, ines, ana)
    for one in cast:
        one.refresh_from_db()
    given = {
        "cast": dict(zip(sorted(PEOPLE, key=PEOPLE.index), cast, strict=True)),
        "incident": staffed,
    }
    runs = RUNS or (2000 if connection.vendor == "sqlite" else 200)
    machine = seed(20261122 + share + RUNS)(type("Life", (Life,), given))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=-(-runs // SHARES),
            stateful_step_count=10,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
