"""Write the post-mortem of an incident as a file: `manage.py export_postmortem REF --format pdf`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from crisisdesk.kit.refusals import Refused
from incidents.management.acting import WRONG_USAGE, add_as, person, say_no, the_incident
from incidents.review import actions, documents, rules
from incidents.review.queries.rows import Audience

EXPORT: Final = f"incidents.{rules.EXPORTS}"


class Command(BaseCommand):
    help = (
        "Writes the post-mortem of an incident as PDF or JSON, times in the incident's zone. "
        "Privileged entries are left out unless --as someone who may take them along asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF", help="such as CR-2026-0007")
        formats = (*documents.FORMS, *documents.LATER)
        parser.add_argument("--format", required=True, choices=formats, dest="form")
        parser.add_argument("--lang", choices=documents.LANGUAGES, help="default: the incident's")
        parser.add_argument(
            "--audience", choices=[str(a) for a in Audience], default=str(Audience.INTERNAL)
        )
        parser.add_argument("--privileged", action="store_true", help="needs --as and the right")
        parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
        add_as(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["form"] in documents.LATER:
            known = ", ".join(documents.FORMS)
            why = f"The format {options['form']} is not available yet. Available: {known}."
            say_no(self, why, WRONG_USAGE)
        at = now()
        by = person(self, options["person"])
        incident, held = the_incident(self, options["reference"], by, EXPORT, at=at)
        if options["privileged"] and rules.EXPORTS_PRIVILEGED not in (held or ()):
            say_no(self, "Privileged entries leave only --as someone who may export them.")
        asked: dict[str, Any] = {
            "form": options["form"],
            "audience": Audience(options["audience"]),
            "with_privileged": options["privileged"] and options["audience"] == Audience.INTERNAL,
        }
        try:
            language = options["lang"] or incident.language
            file = documents.make(incident, language=language, **asked, at=at)
        except Refused as no:
            say_no(self, no)
        self._write(file.body, options["output"])
        actions.record_export(incident, **asked, sha256=file.sha256, by=by, at=at)

    def _write(self, body: bytes, output: str | None) -> None:
        if not output or output == "-":
            sys.stdout.buffer.write(body)
            sys.stdout.buffer.flush()
            return
        try:
            Path(output).write_bytes(body)
        except OSError as error:
            say_no(self, f"{output}: {error.strerror}", WRONG_USAGE)
        self.stderr.write(f"Written: {output}, {len(body) // 1024 + 1} kB.")
