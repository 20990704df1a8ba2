"""Check that timelines are what was recorded: `manage.py verify_timeline REF | --all | --file`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from crisisdesk.kit.chain import Fault
from incidents.archive import bad_file, sealed
from incidents.evidence.queries import wrong_files
from incidents.management.acting import (
    NO,
    WRONG_USAGE,
    add_as,
    person,
    say_no,
    the_incident,
)
from incidents.models import Incident
from incidents.timeline import proof
from teams.models import Team
from teams.queries import journal_fault


class Command(BaseCommand):
    help = (
        "Checks a timeline, all timelines and team journals, or an exported file, and names the "
        "first bad entry. Exit code 0: whole. 1: not whole. 2: wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF", nargs="?")
        parser.add_argument("--all", action="store_true", help="every incident, every journal")
        parser.add_argument("--file", metavar="EXPORT.json", help="an exported record")
        add_as(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        asked = [options["reference"], options["all"], options["file"]]
        if sum(map(bool, asked)) != 1:
            say_no(self, "Say one of: REF, --all, --file EXPORT.json.", WRONG_USAGE)
        if options["all"] and options["person"]:
            say_no(self, "--all is for the operator: leave --as out.", WRONG_USAGE)
        if options["file"]:
            whole = self._file(Path(options["file"]))
        elif options["all"]:
            whole = self._all()
        else:
            by = person(self, options["person"])
            view = "incidents.view_incident"
            reference = options["reference"]
            incident, _held = the_incident(self, reference, by, view, at=now(), libraries=True)
            whole = self._incident(incident)
        if not whole:
            raise SystemExit(NO)

    def _all(self) -> bool:
        found = [self._incident(one) for one in Incident.objects.order_by("pk").iterator()]
        found += [self._journal(team) for team in Team.objects.order_by("pk")]
        return all(found)

    def _journal(self, team: Team) -> bool:
        number, head = team.last_entry_number, team.last_entry_hash
        return self._say(f"journal of {team.slug}", journal_fault(team), number, head)

    def _incident(self, incident: Incident) -> bool:
        name, number = incident.reference, incident.last_entry_number
        if not self._say(name, proof.verify(incident), number, incident.last_entry_hash):
            return False
        wrong = [(f"{piece.name} ({piece.sha256})", why) for piece, why in wrong_files(incident)]
        for piece, why in wrong:
            self.stderr.write(f"{name}: the evidence {piece} {why}.")
        return not wrong

    def _file(self, path: Path) -> bool:
        try:
            raw = path.read_bytes()
        except OSError as error:
            say_no(self, f"{path}: {error.strerror}", WRONG_USAGE)
        try:
            payload = bad_file.parsed(bad_file.decoded(raw))
            if not sealed.is_record(payload):
                bad_file.refuse("format", f"this is no exported record ({sealed.FORMAT}).")
            found = sealed.read(payload)
        except bad_file.BadFile as no:
            say_no(self, f"{path}: {no}")
        withheld = sum(1 for entry in found.entries if entry.body is None)
        note = f", {withheld} withheld" if withheld else ""
        return self._say(str(path), sealed.fault(found), found.last, found.head, note)

    def _say(self, name: str, fault: Fault | None, number: int, head: str, note: str = "") -> bool:
        if fault is not None:
            self.stderr.write(f"{name}: entry {fault.number}: {fault.why}")
            return False
        ending = f", head {head}" if head else ""
        self.stdout.write(f"{name}: {number} entries, whole{note}{ending}")
        return True
