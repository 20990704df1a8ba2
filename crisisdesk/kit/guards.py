"""
Triggers by which the database itself keeps a rule, on SQLite and PostgreSQL alike.

A guard is a name, a table and the statements that make it. SQLite rebuilds a table when a
migration alters it, and drops its triggers without a word: such a migration calls `install`
again, and the system check `crisisdesk.E001` says when a guard is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor

ROW_EVENTS: Final = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Guard:
    """
    One refusal: before `event` on a row of `table`, if `when` holds, abort with `message`.

    `when` is SQL valid on both databases, speaking of NEW and OLD; `event` is INSERT, UPDATE,
    DELETE or TRUNCATE (PostgreSQL only: SQLite has none). Messages hold no quote.
    """

    name: str
    table: str
    event: str
    message: str
    when: str = "1 = 1"

    def create(self, vendor: str) -> list[str]:
        if vendor == "postgresql":
            return self._create_postgresql()
        if self.event == "TRUNCATE":
            return []
        return [
            f'CREATE TRIGGER IF NOT EXISTS "{self.name}" BEFORE {self.event} ON "{self.table}" '
            f"FOR EACH ROW WHEN {self.when} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        ]

    def _create_postgresql(self) -> list[str]:
        if self.event == "TRUNCATE":
            body, each = f"RAISE EXCEPTION '{self.message}';", "STATEMENT"
        else:
            body = f"IF {self.when} THEN RAISE EXCEPTION '{self.message}'; END IF;"
            each = "ROW"
        give = "OLD" if self.event == "DELETE" else "NEW"
        return [
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$guard$ BEGIN {body} RETURN {give}; END $guard$",
            f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self.table}"',
            f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{self.name}"()',
        ]

    def drop(self, vendor: str) -> list[str]:
        if vendor == "postgresql":
            return [f'DROP FUNCTION IF EXISTS "{self.name}"() CASCADE']
        return [f'DROP TRIGGER IF EXISTS "{self.name}"']


def only_grows(
    table: str,
    *,
    key: str = "id",
    numbered_by: str = "",
    unique: Sequence[Sequence[str]] = (),
    updates: bool = False,
    deletable_when: str = "",
) -> list[Guard]:
    """
    Return the guards that make a table grow only.

    Besides UPDATE, DELETE and TRUNCATE they refuse the insertion of a row whose key (or one of
    the `unique` column sets) is taken: SQLite's INSERT OR REPLACE would remove the old row
    without asking the DELETE trigger. `numbered_by` names the owner column within which
    `number` must be the next one. `updates` leaves UPDATE to other guards.
    """
    message = f"The table {table} only grows"
    guards = [
        Guard(f"{table}_no_delete", table, "DELETE", message, _not(deletable_when)),
        Guard(f"{table}_no_truncate", table, "TRUNCATE", message),
    ]
    if not updates:
        guards.append(Guard(f"{table}_no_update", table, "UPDATE", message))
    for place, columns in enumerate([[key], *unique]):
        match = " AND ".join(f'"{c}" = NEW."{c}"' for c in columns)
        guards.append(
            Guard(
                f"{table}_no_reinsert_{place}",
                table,
                "INSERT",
                f"{message}: this row is already there",
                f'EXISTS (SELECT 1 FROM "{table}" WHERE {match})',
            )
        )
    if numbered_by:
        last = (
            f'(SELECT COALESCE(MAX("number"), 0) FROM "{table}" '
            f'WHERE "{numbered_by}" = NEW."{numbered_by}")'
        )
        guards.append(
            Guard(
                f"{table}_next_number",
                table,
                "INSERT",
                f"{message}: this is not the next number",
                f'NEW."number" <> {last} + 1',
            )
        )
    return guards


def _not(condition: str) -> str:
    return f"NOT ({condition})" if condition else "1 = 1"


def install(schema_editor: BaseDatabaseSchemaEditor, guards: Iterable[Guard]) -> None:
    """Create the guards; those that stand are replaced."""
    vendor = schema_editor.connection.vendor
    for guard in guards:
        for statement in [*guard.drop(vendor), *guard.create(vendor)]:
            schema_editor.execute(statement, params=None)


def remove(schema_editor: BaseDatabaseSchemaEditor, guards: Iterable[Guard]) -> None:
    vendor = schema_editor.connection.vendor
    for guard in guards:
        for statement in guard.drop(vendor):
            schema_editor.execute(statement, params=None)


def missing(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> list[str]:
    """Return the names of guards that should stand in this database and do not."""
    wanted = [g.name for g in guards if g.create(connection.vendor)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        standing = {row[0] for row in cursor.fetchall()}
    # PostgreSQL cuts names at 63 bytes.
    return [name for name in wanted if name[:63] not in standing]


def _is_behind(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether migrations wait: they bring the guards, and must not be refused for them."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check_guards(
    guards: Sequence[Guard], databases: Sequence[str] | None, **_kwargs: Any
) -> list[CheckMessage]:
    """Say which guards are missing; runs with `check --database default` and after migrations."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if _is_behind(connection):
            continue
        tables = set(connection.introspection.table_names())
        here = [g for g in guards if g.table in tables]
        errors.extend(
            Error(
                f"The database guard {name} is missing.",
                hint="A migration that alters a guarded table installs its guards again.",
                id="crisisdesk.E001",
            )
            for name in missing(connection, here)
        )
    return errors
