"""Add the lived-in example to an empty installation, and print who signs in with what."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation
from django.utils.timezone import now

from incidents.management.demo import house, story
from teams.models import User


class Command(BaseCommand):
    help = (
        "Fills an empty installation with Maison Verdier, a fictional house in the middle of a "
        "crisis, dated relative to now, and prints the sign-ins. Refuses where people live already."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if User.objects.exists():
            raise CommandError(
                "This installation has people of its own. Nothing was added. The example goes "
                "into an empty one: choose another data folder or database.",
                returncode=1,
            )
        print("Telling the story of Maison Verdier.", file=sys.stderr)
        with translation.override("en"), transaction.atomic():
            story.tell(now())
        self.stdout.write(_table())


def _table() -> str:
    """Return the sign-ins: one line a person, what they are shown as first."""
    rows = [("Role", "Name", "E-mail", "Language", "Password")]
    for _key, name, language, _function, _title, shown in house.PEOPLE:
        words = {"en": "English", "fr": "French"}[language]
        rows.append((shown, name, house.email(name), words, house.PASSWORD))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines)
