"""
What a transaction knows of a row that it has locked: until it ends, or goes back to before.

Nobody else changes such a row, so that it need not be read again. Django forgets what waits for
the commit at exactly the moments at which this must be forgotten: the end of the transaction,
and the way back to a savepoint. So it waits there, and does nothing when its time has come.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.db import connection, transaction


class _Held:
    def __init__(self, key: Hashable, value: Any) -> None:
        self.key, self.value = key, value

    def __call__(self) -> None:
        """Do nothing at the commit: the lock is gone, and with it what was known."""


def hold(key: Hashable, value: Any) -> None:
    """Remember what is immutable about a locked row; call inside the transaction that locked it."""
    if connection.in_atomic_block:
        transaction.on_commit(_Held(key, value))


def held(key: Hashable) -> Any:
    """Return what this transaction last remembered, or None."""
    for waiting in (one[1] for one in reversed(connection.run_on_commit)):
        if isinstance(waiting, _Held) and waiting.key == key:
            return waiting.value
    return None
