"""An installation as people meet it, and a statement that waits for Karim."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from incidents.models import Incident, Statement
from incidents.statements.actions import save_version, submit_statement
from teams.models import User
from tests.incidents.signoff.conftest import draft


@pytest.fixture(autouse=True)
def _as_installed(settings: Any) -> None:
    """What tests of other things do without: the confirmation; and nobody's attempts before."""
    settings.SIGNOFF_CONFIRM_AFTER = timedelta(minutes=30)
    cache.clear()


@pytest.fixture
def waiting(staffed: Incident, ines: User, karim: User, nine: Any) -> Statement:
    """Ines's v1, waiting for Karim among others; he reads English here."""
    User.objects.filter(pk=karim.pk).update(language="en")
    statement = draft(staffed, ines, nine)
    save_version(statement, reason="First words", by=ines, at=nine)
    submit_statement(statement, by=ines, at=nine)
    statement.refresh_from_db()
    return statement
