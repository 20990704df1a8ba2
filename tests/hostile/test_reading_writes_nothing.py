"""Opening a page changes nothing, whoever opens whichever address by whichever reading method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client

from tests.hostile.walk import Walk, read

pytestmark = pytest.mark.django_db
WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE")
# Where one sits, not what happened: the session's row is renewed by signing in and by messages.
OF_THE_SESSION: Final = ('"django_session"',)
# Runs until its reader leaves: tests/incidents/board/test_stream.py.
ENDLESS: Final = {"incidents:stream"}
INSIDE: Final = ("lead", "executive", "member", "administrator")
ELSEWHERE: Final = ("stranger", "outside", "excluded", "out")


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect every statement that writes."""
    found: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        wrote = sql.lstrip(" (").upper().startswith(WRITES)
        if wrote and not any(table in sql for table in OF_THE_SESSION):
            found.append(sql[:160])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


@pytest.mark.parametrize("kinds", [INSIDE, ELSEWHERE], ids=["inside", "elsewhere"])
def test_no_address_writes_when_it_is_read(walk: Walk, kinds: tuple[str, ...]) -> None:
    assert len(walk.addresses) > 200
    wrong: dict[tuple[str, str], Any] = {}
    for who in kinds:
        client, opened = walk.signed_in(who), 0
        for name in walk.addresses.keys() - ENDLESS:
            with writes() as found:
                answer: Any = client.get(walk.addresses[name])
                read(answer)
            opened += answer.status_code == 200
            if found or answer.status_code >= 500:
                wrong[who, name] = found or answer.status_code
        assert opened > (70 if who in {"lead", "executive"} else 2), who
    assert wrong == {}


def test_asking_for_the_head_writes_nothing_either(walk: Walk) -> None:
    client = walk.signed_in("lead")
    with writes() as found:
        for name in walk.addresses.keys() - ENDLESS:
            address = walk.addresses[name]
            answer: Any = client.head(address)
            assert answer.status_code < 500, address
    assert found == []


def test_a_write_is_seen(walk: Walk) -> None:
    """The walk would notice: the same eyes see a theme that is switched."""
    client: Client = walk.signed_in("lead")
    with writes() as found:
        client.post(walk.addresses["teams:theme-switch"], {"theme": "dark"})
    assert found
