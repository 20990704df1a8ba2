"""What the environment may say, and what production refuses to start without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from crisisdesk import environment
from tests.everything import PRODUCTION, ROOT


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    """Run the deployment check as a production host would, with some variables changed."""
    known = {"PATH": os.environ["PATH"], **PRODUCTION, **changes}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={name: value for name, value in known.items() if value},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_a_complete_production_environment_passes_the_deployment_check() -> None:
    result = check()
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL"])
def test_production_names_what_is_missing_and_does_not_start(missing: str) -> None:
    result = check(**{missing: ""})
    assert result.returncode != 0
    assert f"{missing} is missing" in result.stderr


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"PUBLIC_URL": "http://desk.example.com"}, "https"),
        ({"PUBLIC_URL": "desk.example.com"}, "scheme and host"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEBUG": "perhaps"}, "write 1 or 0"),
        ({"CRISISDESK_ENV": "prod"}, "write desk, production or test"),
        ({"DATABASE_URL": "mysql://desk@localhost/desk"}, "PostgreSQL or SQLite"),
        ({"EMAIL_PORT": "smtp"}, "whole number"),
    ],
)
def test_a_mistake_is_named_and_nothing_starts(wrong: dict[str, str], word: str) -> None:
    result = check(**wrong)
    assert result.returncode != 0
    assert word in result.stderr


def test_the_key_of_a_desk_is_read_from_its_folder_and_never_made_by_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    first = environment.secret_key(tmp_path, production=False)
    assert first != environment.secret_key(tmp_path, production=False)
    assert list(tmp_path.iterdir()) == []

    (tmp_path / environment.SECRET_FILE).write_text("kept\n")
    assert environment.secret_key(tmp_path, production=False) == "kept"


def test_sqlite_queues_its_writers_and_postgresql_s_connections_are_kept_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    sqlite = environment.database(tmp_path)
    assert sqlite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in sqlite["OPTIONS"]["init_command"]

    monkeypatch.setenv("DATABASE_URL", "postgres://desk:word@db.example.com:5433/room")
    postgres = environment.database(tmp_path)
    assert (postgres["HOST"], postgres["PORT"], postgres["NAME"]) == (
        "db.example.com",
        5433,
        "room",
    )
    assert postgres["CONN_MAX_AGE"] == 0
    assert postgres["CONN_HEALTH_CHECKS"]
    assert postgres["OPTIONS"]["pool"]["max_size"] == 20
    monkeypatch.setenv("DATABASE_CONNECTIONS", "3")
    assert environment.database(tmp_path)["OPTIONS"]["pool"]["max_size"] == 3


def test_an_unreadable_database_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        environment.database(tmp_path)
