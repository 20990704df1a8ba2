"""Print the full record of an incident: `manage.py export_incident REF --format json`."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from crisisdesk.kit.refusals import Refused
from incidents.archive.actions import export_record
from incidents.management.acting import add_as, person, say_no, the_incident


class Command(BaseCommand):
    help = (
        "Prints the full record of an incident as JSON: restorable with import_incident, checked "
        "with verify_timeline --file. Files of evidence are not included, their hashes are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF")
        parser.add_argument("--format", choices=["json"], default="json")
        parser.add_argument(
            "--privileged", action="store_true", help="with what only counsel may see"
        )
        add_as(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        at = now()
        by = person(self, options["person"])
        permission = "incidents.export_record"
        incident, _held = the_incident(self, options["reference"], by, permission, at=at)
        try:
            found = export_record(incident, privileged=options["privileged"], by=by, at=at)
        except Refused as no:
            say_no(self, no)
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
