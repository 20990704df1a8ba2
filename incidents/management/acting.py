"""Who a command acts for, and how it says no: exit 1 when the answer is no, 2 for wrong usage."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Final, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from incidents import access
from incidents.models import Incident
from teams.models import Team, User

NO: Final = 1
WRONG_USAGE: Final = 2


def add_as(parser: CommandParser) -> None:
    parser.add_argument(
        "--as",
        dest="person",
        metavar="EMAIL",
        help="act with this person's rights; without it, as the operator",
    )


def say_no(command: BaseCommand, why: object, code: int = NO) -> NoReturn:
    command.stderr.write(str(why))
    sys.exit(code)


def person(command: BaseCommand, email: str | None) -> User | None:
    """Return who acts, or nobody for the operator; ends the command for an unknown address."""
    if email is None:
        return None
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        say_no(command, f"Nobody here signs in as {email}.", WRONG_USAGE)
    return found


def the_team(command: BaseCommand, slug: str | None) -> Team:
    """Return the named team, or the only one."""
    teams = list(Team.objects.order_by("slug"))
    found = [team for team in teams if slug in (None, team.slug)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(team.slug for team in teams) or "none yet"
    if slug is not None:
        say_no(command, f"There is no team {slug}. Teams: {known}.", WRONG_USAGE)
    say_no(command, f"Say which team with --team. Teams: {known}.", WRONG_USAGE)


def the_incident(
    command: BaseCommand,
    reference: str,
    by: User | None,
    permission: str,
    *,
    at: datetime,
    libraries: bool = False,
) -> tuple[Incident, frozenset[str] | None]:
    """
    Return an incident and the rights in it; the operator's rights are None: all but privilege.

    `libraries`: a team's prepared texts will do as well.

    A person without access learns nothing: the incident does not exist for them.
    """
    known = Incident.objects.select_related("team").filter(reference=reference)
    incident = (known if libraries else known.filter(is_library=False)).first()
    held = access.rights(by, incident, at=at) if incident and by else None
    if incident is None or (by is not None and not held):
        say_no(command, f"There is no incident {reference}.", WRONG_USAGE)
    if held is not None and permission.removeprefix("incidents.") not in held:
        say_no(command, f"{by} may not do this in {reference}.")
    return incident, held
