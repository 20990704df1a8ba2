"""The lines to the database that a serving process holds as long as it lives."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

# Plans that PostgreSQL keeps for each connection, and seconds that a request waits for one.
PLANS: Final = 400
WAIT: Final = 20.0

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


def is_full(trouble: BaseException | None) -> bool:
    """Tell whether a connection was not had because all that are kept were in use."""
    return trouble is not None and type(trouble).__name__ == "PoolTimeout"


def pool(*, most: int) -> dict[str, Any]:
    """
    Return how the connections to PostgreSQL are kept: at most so many, for all requests.

    A request beyond them waits for one.
    """
    from psycopg import Connection, Error, errors  # noqa: PLC0415 - SQLite does without

    class Line(Connection[Any]):
        """A connection on which the server keeps the plans of what is asked again and again."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            # The driver's 100 are fewer than the questions of our pages: each would drive out
            # another before it comes again.
            self.prepared_max = PLANS

        def wait(self, *given: Any, **named: Any) -> Any:
            """
            Do what a connection does; what fails for all of them ends all of them.

            A table that was changed meanwhile (its plans are refused from then on), or a server
            that went away: those that lie ready are as bad, and are not handed out one by one.
            """
            try:
                return super().wait(*given, **named)
            except Error as trouble:
                kept = getattr(self, "_pool", None)
                if kept and (self.broken or isinstance(trouble, errors.FeatureNotSupported)):
                    kept.drain()
                raise

    return {"min_size": 1, "max_size": most, "timeout": WAIT, "connection_class": Line}
