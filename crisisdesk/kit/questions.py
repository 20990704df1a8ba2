"""A question asked by POST: the answer is worked out, and the database lets nothing be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def read_only() -> Iterator[None]:
    """Refuse every write inside: a read-only transaction, on SQLite its query_only switch."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        plain = connection.connection  # past Django's check: the switch must go back in any case
        plain.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            plain.execute("PRAGMA query_only = OFF")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
