"""Adds the first administrator, who adds everybody else in the administration."""

from __future__ import annotations

import getpass
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import now

from teams import actions
from teams.models import Team, User


class Command(BaseCommand):
    help = (
        "Adds a person who may open the administration, and the team they belong to. "
        "Asks for the password; without a terminal it makes one up and prints it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--team", required=True, help="name of the team; founded if missing")
        parser.add_argument("--prefix", default="CR", help="how the team's references begin")
        parser.add_argument("--language", choices=User.Language.values, default="en")
        parser.add_argument("--zone", default="Europe/Paris")

    def handle(self, *_args: Any, **given: Any) -> None:
        if User.objects.filter(email__iexact=given["email"]).exists():
            raise CommandError(f"{given['email']} is there already. Nothing was changed.")
        made_up = not sys.stdin.isatty()
        password = secrets.token_urlsafe(12) if made_up else self._ask()
        try:
            team = self._add(given, password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages) + " Nothing was changed.") from None
        self.stderr.write(f"{given['name']} administers CrisisDesk, in the team {team.name}.")
        if made_up:
            self.stdout.write(password)

    @transaction.atomic
    def _add(self, given: dict[str, Any], password: str) -> Team:
        at, slug = now(), slugify(given["team"])
        reading = {"language": given["language"], "zone": given["zone"]}
        team = Team.objects.filter(slug=slug).first() or actions.found_team(
            slug=slug, name=given["team"], prefix=given["prefix"], by=None, at=at, **reading
        )
        person = actions.add_person(
            email=given["email"],
            name=given["name"],
            password=password,
            is_staff=True,
            by=None,
            at=at,
            **reading,
        )
        actions.join_team(person, team, is_admin=True, by=None, at=at)
        return team

    def _ask(self) -> str:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password again: "):
            raise CommandError("The two differ. Nothing was changed.")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages) + " Nothing was changed.") from None
        return password
