"""A prepared text is withdrawn while somebody asks for sign-off of its words. Real threads."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from incidents.models import Incident, Policy, Round, Statement, Version
from incidents.statements import actions
from incidents.statements.actions import preparing
from teams.models import User
from tests.incidents.signoff.conftest import approve
from tests.incidents.signoff.test_races import together
from tests.incidents.statements.prepared import holding, library, sign, submitted, use

__all__ = ["holding", "library", "sign"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs real row locks"),
]


@pytest.mark.parametrize("_run", range(4))
def test_no_reduced_sign_off_slips_past_a_withdrawal(
    staffed: Incident,
    holding: Version,
    ines: User,
    thomas: User,
    karim: User,
    nine: datetime,
    _run: int,
) -> None:
    fresh = use(staffed, holding, ines, nine, title="Asked at this moment")
    signed = use(staffed, holding, ines, nine, title="Signed at this moment")
    submitted(signed, ines, nine)
    texts = Statement.objects.get(pk=holding.statement_id)
    together(
        lambda: actions.save_version(fresh, reason="", submit=True, by=ines, at=nine),
        lambda: approve(signed, karim, nine),
        lambda: preparing.withdraw_prepared(texts, reason="The law changed", by=thomas, at=nine),
    )
    texts.refresh_from_db()
    gone = texts.status == Statement.Status.WITHDRAWN
    living = Round.objects.filter(
        outcome__in=[Round.Outcome.OPEN, Round.Outcome.APPROVED],
        version__statement__incident=staffed,
    )
    assert living.count() == 2
    for round_ in living:
        asked = {seat.key for stage in round_.stages.all() for seat in stage.seats.all()}
        reduced = round_.policy.source == Policy.Source.FROM_PREPARED
        assert "executive_sponsor" in asked or (reduced and not gone)
