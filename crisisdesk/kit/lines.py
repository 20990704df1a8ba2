"""A line to the database that a serving process holds as long as it lives."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

_held: Final[list[sqlite3.Connection]] = []


def hold(database: Mapping[str, Any]) -> None:
    """
    Keep SQLite's write-ahead log open between requests; PostgreSQL needs nothing.

    Each request opens a connection and closes it, and the last to close folds the log back into
    the database and removes it: 20 ms and more after every request of a quiet desk, and as much
    to make it again. This line asks once, so that it has the log open, and then never. It holds
    up nobody: it stands in no transaction.
    """
    if not str(database["ENGINE"]).endswith("sqlite3"):
        return
    with suppress(sqlite3.Error):  # what is wrong with the file, the first page says better
        line = sqlite3.connect(database["NAME"], check_same_thread=False)
        _held.append(line)
        line.execute("SELECT count(*) FROM sqlite_schema").fetchone()
