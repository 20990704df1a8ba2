"""Installations that live for one run: a folder, a database, an environment of their own."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import dj_database_url
import psycopg
from django.conf import settings
from psycopg import sql

from incidents.management.bench.shape import Say

FOLDER: Final = "crisisdesk-bench-"
DATABASE: Final = "crisisdesk_bench_"
# What a process needs of its surroundings; everything else could lead to somebody's data.
KEPT: Final = frozenset({"PATH", "HOME", "LANG", "LANGUAGE", "TMPDIR", "USER", "VIRTUAL_ENV"})
KEPT_PREFIXES: Final = ("LC_", "LD_", "PG", "PYTHON")
ENDING_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Scratch:
    """Where a bench may run: the name of the database's make, and the environment."""

    database: str
    environment: Mapping[str, str]


@contextmanager
def ended_politely() -> Iterator[None]:
    """Let a request to end (as from a supervisor) clean up as Ctrl-C does."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = {one: signal.signal(one, end) for one in ENDING_SIGNALS}
    # A script that starts us in the background has Ctrl-C ignored: it counts for us all the same.
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        for one, answer in before.items():
            signal.signal(one, answer)


@contextmanager
def end_waits() -> Iterator[Callable[[], object]]:
    """
    Let no request to end come through until what is yielded is called.

    So that a process which has just been started is known before anything ends us.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *ENDING_SIGNALS})
    let_through = partial(signal.pthread_sigmask, signal.SIG_SETMASK, before)
    try:
        yield let_through
    finally:
        let_through()


@contextmanager
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix=FOLDER))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def environment(within: Path, database: str, *, url: str = "") -> Scratch:
    """Return an installation within a folder; without an address its database is SQLite."""
    known = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or name.startswith(KEPT_PREFIXES)
    }
    known |= {
        "DJANGO_SETTINGS_MODULE": "incidents.management.bench.settings",
        "CRISISDESK_ENV": "desk",
        "CRISISDESK_DATA": str(within / database),
        "DATABASE_URL": url,
        "STATIC_ROOT": str(within / "static"),
    }
    return Scratch(database, known)


def is_here() -> bool:
    """Tell whether this process runs on a scratch installation, and nowhere else."""
    found: dict[str, Any] = settings.DATABASES["default"]
    name = str(found["NAME"])
    scratch = Path(name).parent.parent.name if found["ENGINE"].endswith("sqlite3") else name
    return getattr(settings, "IS_SCRATCH", False) and scratch.startswith((FOLDER, DATABASE))


def server() -> str:
    """Return the address of the PostgreSQL to measure on, or nothing."""
    asked = os.environ.get("BENCH_POSTGRES_URL", "").strip()
    own = os.environ.get("DATABASE_URL", "").strip()
    return asked or (own if own.startswith(("postgres", "pgsql")) else "")


@contextmanager
def postgresql(within: Path, *, say: Say) -> Iterator[Scratch | None]:
    """Make a database for this run and drop it; say why where none can be made."""
    url = server()
    if not url:
        say(
            "No PostgreSQL is configured, so SQLite alone is measured. Name one with "
            "BENCH_POSTGRES_URL, such as postgres://user:password@localhost/postgres."
        )
        yield None
        return
    try:
        line = _connect(url)
    except (psycopg.Error, ValueError) as error:
        say(f"PostgreSQL does not answer, so SQLite alone is measured: {_first(error)}")
        yield None
        return
    name = f"{DATABASE}{os.getpid()}"
    try:
        with line:
            made = _create(line, name, say=say)
        there = urlsplit(url)._replace(path=f"/{name}").geturl()
        yield environment(within, "postgresql", url=there) if made else None
    finally:
        with _connect(url) as line:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            line.execute(drop.format(sql.Identifier(name)))


def _create(line: psycopg.Connection[Any], name: str, *, say: Say) -> bool:
    try:
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        say(f"PostgreSQL makes no scratch database, so it is left out: {_first(error)}")
        return False
    return True


def _first(error: Exception) -> str:
    """Return the first line of what a server said; the others are hints."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _connect(url: str) -> psycopg.Connection[Any]:
    found = dj_database_url.parse(url)
    given = {
        "host": found["HOST"],
        "port": found["PORT"],
        "user": found["USER"],
        "password": found["PASSWORD"],
        "dbname": found["NAME"],
        **found.get("OPTIONS", {}),
    }
    known = {name: value for name, value in given.items() if value}
    return psycopg.connect(**{"connect_timeout": 5, **known}, autocommit=True)
