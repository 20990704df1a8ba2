"""Two administrators at the same moment: the journal keeps its numbers and its chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection

from teams import actions, queries
from teams.models import JournalEntry, Team, User
from tests.conftest import NINE

pytestmark = pytest.mark.django_db(transaction=True)


def test_changes_at_the_same_moment_are_numbered_without_gaps(team: Team, claire: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("An in-memory SQLite database serves one thread.")
    start = Barrier(6)

    def rename(n: int) -> None:
        start.wait()
        try:
            actions.change_team(team, changes={"name": f"Name {n}"}, by=claire, at=NINE)
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(rename, range(6)))
    numbers = list(JournalEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert queries.journal_fault(Team.objects.get(pk=team.pk)) is None
