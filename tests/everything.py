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
from concurrent.futures import ThreadPoolExecutor
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
# Each worker goes through half of the files in their order; who is done takes from the other.
PYTEST = (f"{BIN}/pytest", "--quiet", "--numprocesses", "2", "--dist", "worksteal")
# Once is enough: these ask no database, walk pages that are the same on each, or measure both.
OF_WORDS = ("anchors", "difference", "material", "material_slips", "merging", "rules", "variables")
ONCE = (
    *(f"tests/test_{name}.py" for name in ("architecture", "bench", "catalogues", "environment")),
    *(f"tests/incidents/statements/test_{name}.py" for name in OF_WORDS),
    "tests/incidents/severity/test_rules.py",
    "tests/incidents/timeline/test_spoken_times.py",
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
    aside: bool = False  # keeps one processor busy for long: the others need not wait for it

    @property
    def missing(self) -> list[str]:
        return [service for service in self.needs if services.FOUND[service]() is None]

    def run(self) -> Outcome:
        """Run it; what it says is seen at once, or for a step aside is left to the outcome."""
        began = time.monotonic()
        if not self.aside:
            print(f"\n── {self.name}", flush=True)
        done = subprocess.run(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            check=False,
            stdout=subprocess.PIPE if self.aside else None,
            stderr=subprocess.STDOUT if self.aside else None,
            text=True,
        )
        return Outcome(self.name, done.returncode == 0, time.monotonic() - began, done.stdout or "")


@dataclass(frozen=True)
class Outcome:
    """How a step ended, and what a step aside had to say."""

    name: str
    good: bool
    seconds: float
    said: str

    @property
    def line(self) -> str:
        return f"  {'passed' if self.good else 'FAILED':8}  {self.name} ({self.seconds:.0f} s)"


def lint() -> list[Step]:
    python = sys.executable
    return [
        Step("format", (f"{BIN}/ruff", "format", "--check", "--quiet", ".")),
        Step("lint", (f"{BIN}/ruff", "check", "--quiet", ".")),
        Step("types", (f"{BIN}/mypy", "crisisdesk", "teams", "incidents", "tests"), aside=True),
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
        Step(
            "real processes: the launcher, and processes killed in the middle",
            (*PYTEST, "tests/faults", "tests/launch"),
        ),
        # Two workers, a desk each; what needs one PostgreSQL and one Redis stays together on one.
        Step(
            "journeys in a browser",
            (*PYTEST, "--dist", "loadgroup", "tests/journeys"),
            needs=("chromium",),
        ),
    ]


def run_all(steps: list[Step]) -> tuple[list[str], list[str]]:
    """Run each step; return the closing lines, and what failed."""
    lines = [f"  left out  {step.name}" for step in steps if step.missing]
    able = [step for step in steps if not step.missing]
    with ThreadPoolExecutor() as beside:
        begun = [beside.submit(step.run) for step in able if step.aside]
        outcomes = [step.run() for step in able if not step.aside]
        waited = [one.result() for one in begun]
    for outcome in waited:
        print(f"\n── {outcome.name}\n{outcome.said}", end="", flush=True)
    found = [*waited, *outcomes]
    lines += [outcome.line for outcome in found]
    return lines, [outcome.name for outcome in found if not outcome.good]


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
