"""A withdrawn prepared text earns no reduction any more, wherever its words wait to go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from incidents.models import Incident, Policy, Round, Statement, Version
from incidents.signoff.actions import tighten
from incidents.statements import actions, reduced
from incidents.statements.actions import in_full, preparing
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, approve, kinds
from tests.incidents.statements.prepared import asked, holding, library, sign, submitted, use

__all__ = ["holding", "library", "sign"]
pytestmark = pytest.mark.django_db
FULL = {"communications_lead", "legal_counsel", "executive_sponsor"}


def withdraw(text: Version, by: User, at: datetime) -> None:
    preparing.withdraw_prepared(text.statement, reason="The law changed", by=by, at=at)


def newest(made: Statement) -> Round:
    return Round.objects.filter(version__statement=made).order_by("-pk")[0]


def status(made: Statement) -> str:
    made.refresh_from_db()
    return made.status


def test_a_round_that_runs_asks_for_the_whole_circuit(
    staffed: Incident,
    holding: Version,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    nine: datetime,
) -> None:
    made = use(staffed, holding, ines, nine)
    first = submitted(made, ines, nine)
    withdraw(holding, thomas, nine)
    first.refresh_from_db()
    assert first.outcome == Round.Outcome.VOID
    now = newest(made)
    assert now.policy.source == Policy.Source.ORDINARY
    assert set(asked(now)) == FULL
    assert "signoff.asked_in_full" in kinds(staffed)
    assert "signoff.voided" not in kinds(staffed)
    for person in (thomas, karim):
        approve(made, person, nine + MINUTE)
        assert status(made) == Statement.Status.IN_SIGNOFF
    approve(made, helene, nine + MINUTE)
    assert status(made) == Statement.Status.GOOD


def test_what_was_good_waits_for_those_who_were_not_asked(
    staffed: Incident,
    holding: Version,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    nine: datetime,
) -> None:
    made = use(staffed, holding, ines, nine)
    round_ = submitted(made, ines, nine)
    approve(made, thomas, nine)
    assert status(made) == Statement.Status.GOOD
    withdraw(holding, thomas, nine)
    assert status(made) == Statement.Status.IN_SIGNOFF
    with pytest.raises(Exception, match="sign"):
        actions.record_publication(
            made, channel="x", published_at=nine + MINUTE, by=ines, at=nine + MINUTE
        )
    # Thomas signed exactly this text: his name stands, and only the others are asked.
    assert newest(made).pk == round_.pk
    added = round_.stages.order_by("-order")[0]
    assert {seat.key for seat in added.seats.all()} == FULL - {"communications_lead"}
    for person in (karim, helene):
        approve(made, person, nine + MINUTE)
    assert status(made) == Statement.Status.GOOD


def test_a_later_severity_asks_what_it_asks_of_any_text(
    staffed: Incident, holding: Version, ines: User, thomas: User, claire: User, nine: datetime
) -> None:
    staffed.severity = 3
    staffed.save(update_fields=["severity"])
    made = use(staffed, holding, ines, nine)
    round_ = submitted(made, ines, nine)
    approve(made, thomas, nine)
    withdraw(holding, thomas, nine)
    assert status(made) == Statement.Status.GOOD  # a moderate text asks Thomas alone
    staffed.severity = 1
    staffed.save(update_fields=["severity"])
    tighten(staffed, by=claire, at=nine + MINUTE)
    assert FULL - {"communications_lead"} <= set(asked(round_))


def test_what_is_published_or_made_of_another_text_stays(
    staffed: Incident, holding: Version, ines: User, thomas: User, nine: datetime
) -> None:
    out = use(staffed, holding, ines, nine, channels=["x"])
    submitted(out, ines, nine)
    approve(out, thomas, nine)
    actions.record_publication(out, channel="x", published_at=nine, by=ines, at=nine)
    own = actions.draft_statement(
        staffed,
        title="Own words",
        kind="update",
        audience=out.audience,
        language="en",
        channels=["x"],
        text="We go on.",
        by=ines,
        at=nine,
    )
    ordinary = submitted(own, ines, nine)
    withdraw(holding, thomas, nine)
    assert status(out) == Statement.Status.PUBLISHED
    assert newest(out).outcome == Round.Outcome.APPROVED
    ordinary.refresh_from_db()
    assert ordinary.outcome == Round.Outcome.OPEN
    assert "signoff.asked_in_full" not in kinds(staffed)


def test_a_room_that_came_to_it_meanwhile_withdraws_nothing(
    staffed: Incident,
    holding: Version,
    ines: User,
    thomas: User,
    nine: datetime,
    monkeypatch: Any,
) -> None:
    made = use(staffed, holding, ines, nine)
    round_ = submitted(made, ines, nine)
    monkeypatch.setattr(reduced, "lock_rooms", lambda _text: {})
    with pytest.raises(in_full.JustAsked):
        withdraw(holding, thomas, nine)
    holding.statement.refresh_from_db()
    assert holding.statement.status == Statement.Status.GOOD
    round_.refresh_from_db()
    assert round_.outcome == Round.Outcome.OPEN
