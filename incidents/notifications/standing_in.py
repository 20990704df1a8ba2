"""What a mail says to those who sign in somebody's place: why they are called, and to what."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Entry, Incident, Statement
from incidents.models.role import TOOK_OVER
from incidents.notifications.wording import TO_SIGN, Line
from incidents.signoff import in_place, people
from incidents.signoff.queries import barred, capacities, living_round, waiting_for
from teams.models import User


def asks_for(entry: Entry) -> int:
    """Return the statement that an entry asks people to sign; 0, which no row has, for others."""
    return int(entry.content.body["facts"].get("statement") or 0) if entry.kind in TO_SIGN else 0


def why(statement: int, person: User, incident: Incident, *, at: datetime) -> str:
    """Say in whose place a person is asked to sign now, and why; nothing where it is their own."""
    round_ = living_round(statement)
    mine = capacities(round_, person, incident, at=at)[:1] if round_ else []
    if round_ is None or not mine or mine[0].stands_for is None:
        return ""
    here = people.room(incident, at=at)
    return in_place.why(mine[0].capacity, mine[0].stands_for, here=here, barred=barred(round_))


def waiting_since(entry: Entry, person: User, said: Collection[str], *, at: datetime) -> list[Line]:
    """Return the texts that wait for whoever took over from somebody, unless they are `said`."""
    if entry.kind != TOOK_OVER.name:
        return []
    return [one for one in _waiting(entry.incident, person, at=at) if one.address not in said]


def _waiting(incident: Incident, person: User, *, at: datetime) -> Iterator[Line]:
    for row in waiting_for(person, at=at):
        if row.reference != incident.reference:
            continue
        statement = Statement.objects.get(incident=incident, number=row.statement)
        yield Line(
            text=_("“%(title)s”, version %(version)s, waits for your sign-off.")
            % {"title": row.title, "version": row.version},
            who="",
            at=at,
            address=reverse("incidents:statement-decide", args=[row.reference, row.statement]),
            icon="rubber-stamp",
            asks=True,
            why=why(statement.pk, person, incident, at=at),
        )
