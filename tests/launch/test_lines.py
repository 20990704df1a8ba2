"""SQLite's write-ahead log stays open while a process serves."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from crisisdesk import asgi
from crisisdesk.kit import lines
from tests import services


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lines, "_held", [])
    path = tmp_path / "desk.sqlite3"
    with closing(sqlite3.connect(path)) as line:
        line.execute("PRAGMA journal_mode=WAL")
    return path


def write(path: Path) -> bool:
    """Write as a request does, with a connection of its own, and say whether the log is left."""
    with closing(sqlite3.connect(path)) as line, line:
        line.execute("CREATE TABLE IF NOT EXISTS words (word)")
        line.execute("INSERT INTO words VALUES ('kept')")
    return path.with_name(f"{path.name}-wal").exists()


def start(monkeypatch: pytest.MonkeyPatch, database: dict[str, Any]) -> list[str]:
    """Start the server's way in and stop it; return what it answered."""
    monkeypatch.setattr(settings, "DATABASES", {"default": database})
    messages = iter(["lifespan.startup", "lifespan.shutdown"])
    answers = []

    async def receive() -> dict[str, Any]:
        return {"type": next(messages)}

    async def send(message: Any) -> None:
        answers.append(message["type"])

    asyncio.run(asgi.application({"type": "lifespan"}, receive, send))
    return answers


def test_the_log_outlives_a_request_and_holds_up_no_writer(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not write(database)
    told = start(monkeypatch, {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)})
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert write(database)
    assert write(database)
    with closing(sqlite3.connect(database)) as line:
        assert line.execute("SELECT count(*) FROM words").fetchone() == (3,)
        assert line.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    lines._held[0].close()


def test_a_database_that_cannot_be_opened_and_postgresql_keep_no_server_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_held", [])
    nowhere = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "no" / "desk")}
    for database in (nowhere, {"ENGINE": "django.db.backends.postgresql", "NAME": "desk"}):
        assert "lifespan.startup.complete" in start(monkeypatch, database)
    assert lines._held == []


def test_postgresql_keeps_more_plans_than_our_pages_have_questions() -> None:
    kind = lines.pool(most=1)["connection_class"]
    with kind.connect(services.demand("postgres")) as line:
        assert line.prepared_max == lines.PLANS
