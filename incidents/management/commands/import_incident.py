"""Take in a past crisis, or restore an exported record: `manage.py import_incident FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from crisisdesk.kit.refusals import Refused
from incidents.archive import reading
from incidents.management.acting import WRONG_USAGE, add_as, person, say_no, the_team

TABLE_OPTIONS = ("title", "organisation", "zone")


class Command(BaseCommand):
    help = (
        "Imports a past crisis from JSON or CSV, or restores an exported record, and prints the "
        "reference of the incident. A file with a mistake is refused and nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="FILE.json or FILE.csv")
        parser.add_argument("--team", metavar="SLUG", help="whose incident; needed with several")
        parser.add_argument("--drill", action="store_true", help="import it as a drill")
        parser.add_argument(
            "--again", action="store_true", help="import a file that was imported before"
        )
        for name in TABLE_OPTIONS:
            parser.add_argument(f"--{name}", help="for CSV, which cannot say it")
        add_as(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        path = Path(options["file"])
        by = person(self, options["person"])
        team = the_team(self, options["team"])
        table = {name: options[name] for name in TABLE_OPTIONS if options[name]}
        self._check_usage(path, table)
        try:
            raw = path.read_bytes()
        except OSError as error:
            say_no(self, f"{path}: {error.strerror}", WRONG_USAGE)
        try:
            incident = reading.take_in(
                team,
                raw,
                filename=path.name,
                table=table or None,
                again=options["again"],
                is_drill=options["drill"],
                by=by,
                at=now(),
            )
        except Refused as no:
            say_no(self, f"{path}: {no}")
        self.stdout.write(incident.reference)

    def _check_usage(self, path: Path, table: dict[str, str]) -> None:
        is_table = path.suffix.lower() == ".csv"
        missing = [f"--{name}" for name in TABLE_OPTIONS if name not in table]
        if is_table and missing:
            say_no(self, f"A CSV file also needs {', '.join(missing)}.", WRONG_USAGE)
        if table and not is_table:
            named = ", ".join(f"--{name}" for name in table)
            say_no(self, f"{named}: only for CSV; a JSON file says it itself.", WRONG_USAGE)
