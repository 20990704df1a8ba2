"""All checks in one go: `make test`; `make lint` for the ones that need no database.

Every step runs, so that one failure does not hide another. The last lines name each missing
service; REQUIRE=postgres,redis,chromium makes a missing one an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# As a production host would have it: the deployment check looks at these settings.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "crisisdesk.settings",
    "CRISISDESK_ENV": "production",
    "SECRET_KEY": "not-a-secret:" + "".join(map(chr, range(48, 123))),
    "ALLOWED_HOSTS": "desk.example.com",
    "PUBLIC_URL": "https://desk.example.com",
}
PYTEST = (f"{BIN}/pytest", "--quiet", "--numprocesses", "2")
# Once is enough: these ask no database, walk pages that are the same on each, or measure both.
ONCE = (
    *(f"tests/test_{name}.py" for name in ("architecture", "bench", "catalogues", "environment")),
    "tests/hostile",
    "tests/look",
)
REAL = ("tests/faults", "tests/journeys", "tests/launch")


@dataclass(frozen=True)
class Step:
    """One check: a name, a command, and the services without which it is left out."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        return [service for service in self.needs if services.FOUND[service]() is None]

    def run(self) -> bool:
        print(f"\n── {self.name}", flush=True)
        environment = {**os.environ, **self.environment}
        result = subprocess.run(self.command, cwd=ROOT, env=environment, check=False)
        return result.returncode == 0


def lint() -> list[Step]:
    python = sys.executable
    return [
        Step("format", (f"{BIN}/ruff", "format", "--check", "--quiet", ".")),
        Step("lint", (f"{BIN}/ruff", "check", "--quiet", ".")),
        Step("types", (f"{BIN}/mypy", "crisisdesk", "teams", "incidents", "tests")),
        Step("imports", (f"{BIN}/lint-imports", "--no-cache")),
        Step(
            "migrations",
            (python, "manage.py", "makemigrations", "--check", "--dry-run"),
            {"DATABASE_URL": "sqlite://:memory:"},
        ),
        Step(
            "deployment",
            (python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            PRODUCTION,
        ),
        Step("templates", (f"{BIN}/djlint", "templates", "--lint", "--quiet")),
        Step("catalogues", (python, "-m", "tests.catalogues")),
    ]


def tests() -> list[Step]:
    aside = tuple(f"--ignore={path}" for path in REAL)
    return [
        Step("tests on SQLite", (*PYTEST, "tests", *aside), {"DATABASE_URL": "", "REDIS_URL": ""}),
        Step(
            "tests on PostgreSQL",
            (*PYTEST, "tests", *aside, *(f"--ignore={path}" for path in ONCE)),
            {"DATABASE_URL": services.POSTGRES, "REDIS_URL": services.REDIS},
            needs=("postgres", "redis"),
        ),
        Step("the launcher, with real processes", (*PYTEST, "tests/launch")),
        Step("faults: processes killed in the middle", (*PYTEST, "tests/faults")),
        # Two workers, a desk each; what needs one PostgreSQL and one Redis stays together on one.
        Step(
            "journeys in a browser",
            (*PYTEST, "--dist", "loadgroup", "tests/journeys"),
            needs=("chromium",),
        ),
    ]


def run_all(steps: list[Step]) -> tuple[list[str], list[str]]:
    """Run each step; return the closing lines, and what failed."""
    lines, failed = [], []
    for step in steps:
        began = time.monotonic()
        if step.missing:
            lines.append(f"  left out  {step.name}")
            continue
        good = step.run()
        lines.append(
            f"  {'passed' if good else 'FAILED':8}  {step.name} ({time.monotonic() - began:.0f} s)"
        )
        if not good:
            failed.append(step.name)
    return lines, failed


def main(arguments: list[str]) -> int:
    only_lint = "--lint" in arguments
    lines, failed = run_all(lint() if only_lint else [*lint(), *tests()])
    print("\n" + "\n".join(lines))
    if only_lint:
        return int(bool(failed))
    find: dict[str, Callable[[], str | None]] = dict(services.FOUND)
    for name in [name for name, look in find.items() if look() is None]:
        required = name in services.REQUIRED
        print(f"{services.NAMES[name]} is missing{' and required' if required else ''}.")
        if required:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All that could run has passed.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
