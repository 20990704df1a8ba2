from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from crisisdesk.kit.refusals import Refused
from incidents import access
from incidents.models import Incident
from incidents.review import actions, documents, rules
from incidents.review.queries.rows import Audience
from teams.models import User

REFUSED: Final = 1
WRONG_USAGE: Final = 2


class Command(BaseCommand):
    help = "Write the post-mortem of an incident as a file: PDF or JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", metavar="REF", help="such as CR-2026-0007")
        parser.add_argument(
            "--format", required=True, choices=(*documents.FORMS, *documents.LATER), dest="form"
        )
        parser.add_argument("--lang", choices=documents.LANGUAGES, help="default: the incident's")
        parser.add_argument("--audience", choices=[*Audience], default=Audience.INTERNAL)
        parser.add_argument("--privileged", action="store_true", help="needs --as and the right")
        parser.add_argument(
            "--as", dest="email", metavar="EMAIL", help="act with a person's rights"
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["form"] in documents.LATER:
            known = ", ".join(documents.FORMS)
            raise CommandError(
                f"The format {options['form']} is not available yet. Available: {known}.",
                returncode=WRONG_USAGE,
            )
        at = now()
        incident, person = self._asked(options, at=at)
        audience = Audience(options["audience"])
        with_privileged = options["privileged"] and audience == Audience.INTERNAL
        try:
            file = documents.make(
                incident,
                form=options["form"],
                language=options["lang"] or incident.language,
                audience=audience,
                with_privileged=with_privileged,
                at=at,
            )
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        self._write(file.body, options["output"])
        actions.record_export(
            incident,
            form=options["form"],
            audience=audience,
            with_privileged=with_privileged,
            sha256=file.sha256,
            by=person,
            at=at,
        )

    def _asked(self, options: dict[str, Any], *, at: datetime) -> tuple[Incident, User | None]:
        """Return the incident and who acts; an incident that is not theirs does not exist."""
        incident = (
            Incident.objects.select_related("team").filter(reference=options["reference"]).first()
        )
        missing = CommandError(
            f"There is no incident {options['reference']}.", returncode=WRONG_USAGE
        )
        if not options["email"]:
            if options["privileged"]:
                raise CommandError(
                    "Privileged entries are exported only --as someone who may see them.",
                    returncode=REFUSED,
                )
            if incident is None:
                raise missing
            return incident, None
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.", returncode=WRONG_USAGE)
        held = access.rights(person, incident, at=at) if incident else frozenset()
        if incident is None or not held:
            raise missing
        wanted = [rules.EXPORTS, *([rules.EXPORTS_PRIVILEGED] if options["privileged"] else [])]
        if lacking := [right for right in wanted if right not in held]:
            raise CommandError(
                f"{person.email} may not do this in {incident.reference}: {lacking[0]} is missing.",
                returncode=REFUSED,
            )
        return incident, person

    def _write(self, body: bytes, output: str | None) -> None:
        if not output or output == "-":
            sys.stdout.buffer.write(body)
            sys.stdout.buffer.flush()
            return
        try:
            Path(output).write_bytes(body)
        except OSError as error:
            raise CommandError(
                f"{output} could not be written: {error.strerror}.", returncode=WRONG_USAGE
            ) from error
        self.stderr.write(f"Written: {output}, {len(body) // 1024 + 1} kB.")
