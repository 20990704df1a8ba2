"""The statements of the sign-off tests, in the stages of their life."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils.timezone import now

from incidents.models import Statement
from teams.models import User
from tests.incidents.signoff.conftest import good, in_signoff, statement
from tests.incidents.statements.external import MINUTE, show

__all__ = ["good", "in_signoff", "statement"]


@pytest.fixture
def today() -> datetime:
    """Pages live in the present of the machine."""
    return now()


@pytest.fixture
def leroy(good: Statement, claire: User, today: datetime) -> User:
    """Maître Leroy, who is asked to sign a text, today."""
    return show(good, claire, today - MINUTE).user
