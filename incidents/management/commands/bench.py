"""How fast CrisisDesk is, measured here: `manage.py bench [NAME] [--json] [--quick]`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from contextlib import closing
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from incidents.management.acting import WRONG_USAGE, say_no
from incidents.management.bench import run
from incidents.management.bench.registry import BENCHES
from incidents.management.bench.run import Line
from incidents.management.bench.shape import Bench, CannotMeasure, Scale

INTERRUPTED: Final = 130
COLUMNS: Final = ("bench", "case", "database", "metric", "value", "unit", "target")
TO_THE_RIGHT: Final = {"value", "target"}


class Command(BaseCommand):
    help = (
        "Measures CrisisDesk on scratch databases of its own and prints a table: SQLite, and "
        "PostgreSQL where BENCH_POSTGRES_URL or DATABASE_URL names one. Nobody's data is touched."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        known = ", ".join(BENCHES)
        parser.add_argument("name", metavar="NAME", nargs="?", help=f"one of: {known}; else all")
        parser.add_argument("--json", action="store_true", help="print JSON lines, not a table")
        parser.add_argument("--quick", action="store_true", help="less of everything: under 60 s")
        scales = [scale.value for scale in Scale]
        parser.add_argument("--scale", choices=scales, help=argparse.SUPPRESS)
        parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *_args: Any, **options: Any) -> None:
        benches = self._asked(options["name"])
        scale = Scale(options["scale"] or (Scale.QUICK if options["quick"] else Scale.FULL))
        try:
            if options["inside"]:
                self._print_lines(run.inside(benches[0], scale, clock=now, say=self._say))
                return
            # Closed here, so that an end of any kind cleans up before the process is gone.
            with closing(run.everywhere(benches, scale, say=self._say)) as lines:
                self._print_lines(lines) if options["json"] else self._print_table(lines)
        except CannotMeasure as error:
            say_no(self, error)
        except KeyboardInterrupt:
            say_no(self, "Interrupted. What was made for the run is gone.", INTERRUPTED)

    def _asked(self, name: str | None) -> list[Bench]:
        if name is None:
            return list(BENCHES.values())
        if name not in BENCHES:
            known = ", ".join(BENCHES)
            say_no(self, f"There is no bench {name}. There are: {known}.", WRONG_USAGE)
        return [BENCHES[name]]

    def _say(self, text: str) -> None:
        self.stderr.write(text, self.style.NOTICE)
        self.stderr.flush()

    def _print_lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.stdout.write(json.dumps(line, ensure_ascii=False))
            self.stdout.flush()

    def _print_table(self, lines: Iterable[Line]) -> None:
        """Print what was measured, also when the end of it failed."""
        measured: list[Line] = []
        try:
            measured.extend(lines)
        finally:
            self.stdout.write(table(measured)) if measured else None


def table(lines: Iterable[Line]) -> str:
    """Lay out the figures, each beside the value that it should not exceed."""
    rows = [dict(zip(COLUMNS, COLUMNS, strict=True))]
    for line in lines:
        target = BENCHES[line["bench"]].metric(line["metric"]).target
        shown = {name: str(value) for name, value in line.items()}
        rows.append({**shown, "target": "" if target is None else f"{target:g}"})
    widths = {name: max(len(row[name]) for row in rows) for name in COLUMNS}
    return "\n".join("  ".join(_cell(row, n, widths[n]) for n in COLUMNS).rstrip() for row in rows)


def _cell(row: dict[str, str], name: str, width: int) -> str:
    return row[name].rjust(width) if name in TO_THE_RIGHT else row[name].ljust(width)
