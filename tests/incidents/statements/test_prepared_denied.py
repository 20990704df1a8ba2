"""A prepared text whose oral agreement is denied asks again what it asked before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from incidents.models import Incident, Round, Version
from incidents.signoff.actions import releasing
from incidents.statements.actions import preparing
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE
from tests.incidents.signoff.test_releases import agree
from tests.incidents.statements.prepared import asked, holding, library, sign, submitted, use

__all__ = ["holding", "library", "sign"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("withdrawn", "roles"),
    [
        (False, ["communications_lead", "legal_counsel"]),
        (True, ["communications_lead", "legal_counsel", "executive_sponsor"]),
    ],
)
def test_a_denied_agreement_asks_the_reduced_circuit_again_while_the_text_is_in_use(
    staffed: Incident,
    holding: Version,
    ines: User,
    karim: User,
    thomas: User,
    claire: User,
    nine: datetime,
    withdrawn: bool,
    roles: list[str],
) -> None:
    made = use(staffed, holding, ines, nine)
    first = submitted(made, ines, nine)
    release: Any = agree(made, "legal_counsel", karim, claire, nine)
    if withdrawn:
        # What rests on the agreement is asked in full from here on, and so it stays.
        preparing.withdraw_prepared(holding.statement, reason="Old", by=thomas, at=nine + MINUTE)
    releasing.deny_agreement(release, words="It was not so.", by=karim, at=nine + MINUTE)
    again = Round.objects.filter(version__statement=made).order_by("-pk")[0]
    assert again.pk != first.pk
    assert sorted(asked(again)) == sorted(roles)
