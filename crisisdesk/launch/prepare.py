"""What must stand before the first page: tables, pages' files, catalogues. Quick when it stands."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from crisisdesk.launch.catalogues import compile_stale
from crisisdesk.launch.refusal import CannotStart

Say = Callable[[str], None]
STAMP = "collected"


def describe_database() -> str:
    """Name the database in use, without its password."""
    found: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite, {found['NAME']}"
    place = f"{found['HOST'] or 'local'}:{found['PORT'] or 5432}"
    return f"PostgreSQL, {found['NAME']} at {place}"


def migrate(*, say: Say) -> None:
    """Bring the tables up to date, telling each step; then check that their guards stand.

    :raises CannotStart: when the database cannot be reached, or a guard is missing.
    """
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise CannotStart(f"The database cannot be reached: {str(error).strip()}") from error
    if plan:
        say(f"Bringing the tables up to date ({len(plan)} steps):")
        call_command("migrate", interactive=False, verbosity=1, skip_checks=True)
    missing = run_checks(tags=[Tags.database], databases=[connection.alias])
    serious = [str(message.msg) for message in missing if message.is_serious()]
    if serious:
        raise CannotStart("The database is not safe to use:\n" + "\n".join(serious))


def collect_static(environment: Mapping[str, str], *, say: Say) -> None:
    """Collect and compress the pages' files when one of them has changed.

    In a process of its own, because the settings here may have been read before there were any.
    :raises CannotStart: when that fails.
    """
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    seen = _fingerprint_of_static()
    if stamp.exists() and stamp.read_text(encoding="ascii") == seen:
        return
    say("Preparing the pages' files, once.")
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collectstatic"]
    result = subprocess.run(
        [*command, "--no-input", "--clear", "--verbosity", "0"],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise CannotStart(f"The pages' files could not be prepared:\n{result.stderr.strip()}")
    stamp.write_text(seen, encoding="ascii")


def _fingerprint_of_static() -> str:
    """Name, size and time of every file that would be collected, in one hash."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            seen.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def compile_catalogues(*, say: Say) -> None:
    try:
        compile_stale()
    except OSError as error:
        say(f"The catalogues could not be compiled ({error.strerror}): pages may be in English.")
