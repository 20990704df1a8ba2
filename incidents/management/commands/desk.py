"""Everything in one: `manage.py desk`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crisisdesk.launch.desk import Desk
from crisisdesk.launch.refusal import CannotStart

LOUD = 2


class Command(BaseCommand):
    help = (
        "Starts everything: tables, web server, Celery worker and beat; SQLite and a broker of "
        "its own unless DATABASE_URL and REDIS_URL name others. One Ctrl-C ends it all."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument(
            "--demo", action="store_true", help="add a lived-in example and print its sign-ins"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        desk = Desk(
            host=options["host"],
            port=options["port"],
            demo=options["demo"],
            say=self._say,
            aloud=options["verbosity"] >= LOUD,
        )
        try:
            desk.run()
        except CannotStart as refusal:
            self.stderr.write(str(refusal))
            sys.exit(refusal.code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
