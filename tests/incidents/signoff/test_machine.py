"""
Any order of acts by anyone: rules 1 to 4 and 6 hold.

Two thousand lives of a statement on SQLite, two hundred on PostgreSQL, in four shares so that
they run side by side; SIGNOFF_RUNS in the environment asks for another number, and SIGNOFF_FROM
for others than the first. `pytest -rP` says what happened in them.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from incidents.lifecycle.actions import open_library
from incidents.models import Incident, Version
from incidents.roles.actions import name_deputy
from incidents.statements.actions import save_version
from teams.actions.stand_ins import list_stand_in
from teams.models import Role, User
from tests.conftest import NINE, member, person
from tests.incidents.signoff.conftest import approve, draft
from tests.incidents.signoff.machine.entitled import ANNE, COMMUNICATIONS, LEGAL, LISTED
from tests.incidents.signoff.machine.life import Life
from tests.incidents.signoff.machine.prepared import FIXED
from tests.incidents.signoff.machine.says import READS
from tests.incidents.signoff.machine.starts import start_of
from tests.incidents.signoff.machine.world import PEOPLE

SHARES = 4
STEPS = 8
# After ten lives Hypothesis goes on with variations of those it has drawn: so many are all drawn anew.
ANEW = 10
RUNS = int(os.environ.get("SIGNOFF_RUNS", "0"))
FROM = int(os.environ.get("SIGNOFF_FROM", "0"))
# What a share of this many lives must have seen: an invariant never put to the test is worthless.
ENOUGH = 500
INTERESTING = (
    "signed: holder",
    "signed: delegate",
    "signed: deputy",
    "signed: listed",
    "refused their own words",
    "refused who is excluded",
    "refused what was not on the screen",
    "published: signed",
    "published: break_glass",
    "published: oral",
    "published: a typo was carried",
    "published: a stand-in signed",
    "published: corrects",
    "published: supersedes",
    "release settled: confirm_agreement",
    "release settled: deny_agreement",
    "release settled: review_release",
    "severity added stages",
    "asked at a worse level before",
    "excluded",
    "adopted",
    "went back",
    "signed: from outside",
    "invited into a round that runs",
    "refused who was shown it no longer",
    "refused what they do not read",
    "refused: the brief of what is asked",
    "asked: as prepared",
    "asked: prepared, and touched",
    "published: a picture",
    "published: own words for a channel",
    "published: to another audience",
    "published: two of three",
    "published: a translation",
)


def drawn(lives: int) -> settings:
    return settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def cast(
    staffed: Incident,
    claire: User,
    karim: User,
    sophie: User,
    helene: User,
    thomas: User,
    ines: User,
) -> dict[str, User]:
    """Everyone, with who stands behind whom as the machine knows it."""
    ana = member(staffed.team, person("Ana Lopes", function="legal"))
    found = dict(zip(PEOPLE, (claire, karim, sophie, helene, thomas, ines, ana), strict=True))
    counsel = staffed.assignments.get(role__slug=LEGAL)
    name_deputy(counsel, deputy=sophie, by=claire, at=NINE)
    for role, name in LISTED.items():
        slug = Role.objects.get(slug=role)
        list_stand_in(staffed.team, role=slug, user=found[name], by=None, at=NINE)
    found[ANNE] = person("Anne Leroy", function="external")
    for name, languages in READS.items():
        found[name].reads = sorted(languages)
        found[name].save()
    for one in found.values():
        one.refresh_from_db()
    staffed.refresh_from_db()
    return found


@pytest.fixture
def prepared(staffed: Incident, cast: dict[str, User]) -> Version:
    """A text that was signed before the crisis, with one variable."""
    signers = {COMMUNICATIONS: cast["thomas"], LEGAL: cast["karim"]}
    library = open_library(staffed.team, holders=signers, by=None, at=NINE)
    text = draft(library, cast["claire"], NINE, text=FIXED)
    version = save_version(text, reason="", submit=True, by=cast["claire"], at=NINE)
    for one in signers.values():
        approve(text, one, NINE)
    return version


@pytest.fixture
def unhurried() -> None:
    """Collect no garbage among what lives as long as the process."""
    gc.collect()
    gc.freeze()


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.django_db
@pytest.mark.usefixtures("unhurried")
def test_any_order_of_acts_keeps_the_rules(
    staffed: Incident, cast: dict[str, User], prepared: Version, share: int
) -> None:
    runs = -(-(RUNS or (2000 if connection.vendor == "sqlite" else 200)) // SHARES)
    happened: Counter[str] = Counter()
    given: dict[str, Any] = {"cast": cast, "incident": staffed, "happened": happened}
    given["prepared_text"] = prepared
    given["names"] = {user.pk: name for name, user in cast.items()}
    for batch in range(-(-runs // ANEW)):
        place = FROM + share + SHARES * batch
        start = start_of(Random(place))  # noqa: S311
        machine: Any = seed(20261122 + place)(type(f"Life {start}", (Life,), given))
        with transaction.atomic():
            machine.account = machine.prepared(start)
            run_state_machine_as_test(machine, settings=drawn(min(ANEW, runs - ANEW * batch)))
            transaction.set_rollback(True)
    happened["lives"] = runs
    print(*(f"{times:8} {what}" for what, times in sorted(happened.items())), sep="\n")  # noqa: T201
    if runs >= ENOUGH:
        assert [what for what in INTERESTING if not happened[what]] == []
