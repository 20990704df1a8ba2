"""Whoever is shown a text no longer signs it no longer, whatever the gate said a moment before."""

from __future__ import annotations

from datetime import datetime

import pytest

from incidents.models import Decision, Statement
from incidents.signoff.actions import NoSeat
from incidents.statements.actions import sharing
from teams.models import User
from tests.incidents.signoff.conftest import approve
from tests.incidents.statements.external import DAY, MINUTE, show

pytestmark = pytest.mark.django_db


@pytest.fixture
def left_alone(
    in_signoff: Statement, thomas: User, karim: User, helene: User, nine: datetime
) -> Statement:
    """Everybody else has signed: it is the turn of whoever is asked from outside."""
    for one in (thomas, karim, helene):
        approve(in_signoff, one, nine)
    return in_signoff


def test_they_sign_while_they_are_shown_it(
    left_alone: Statement, claire: User, nine: datetime
) -> None:
    leroy = show(left_alone, claire, nine, ends_at=nine + DAY).user
    assert approve(left_alone, leroy, nine + DAY - MINUTE).signer == leroy


def test_an_invitation_that_was_ended_meanwhile_gives_no_sign_off(
    left_alone: Statement, claire: User, nine: datetime
) -> None:
    approver = show(left_alone, claire, nine)
    sharing.end_external_approver(approver, by=claire, at=nine + MINUTE)
    with pytest.raises(NoSeat):
        approve(left_alone, approver.user, nine + MINUTE)
    assert not Decision.objects.filter(signer=approver.user).exists()


def test_nor_does_one_whose_time_has_passed(
    left_alone: Statement, claire: User, nine: datetime
) -> None:
    leroy = show(left_alone, claire, nine, ends_at=nine + DAY).user
    with pytest.raises(NoSeat):
        approve(left_alone, leroy, nine + DAY)
