"""
What somebody from outside hears: that a text waits for them, and where. Nothing of the incident.

They are in no room, so nothing else of the timeline reaches them. A reminder of their own
sign-off says how the time stands, which betrays nothing, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from crisisdesk.kit.times import moment
from incidents.access import statement_rights
from incidents.models import Delivery, Entry, Message, Statement, StepName
from incidents.models.approver import INVITED, SHOWN
from incidents.models.signoff import STAGE_OPENED
from incidents.notifications.wording import Line
from incidents.signoff.queries import living_round, signers
from teams.models import User

HEARD_OUTSIDE: Final = frozenset({INVITED.name, SHOWN.name, STAGE_OPENED.name})


def hears(entry: Entry, person: User, *, at: datetime) -> bool:
    """Say whether somebody who is not in the room is called by this entry all the same."""
    if entry.kind not in HEARD_OUTSIDE:
        return False
    return any(statement_rights(person, one, at=at) for one in _statements([entry]))


def lines(message: Message, person: User, *, at: datetime) -> list[Line]:
    """Return one line for each text that the person may see now, however often they were called."""
    told = [one.facts for one in Delivery.objects.filter(message=message).order_by("pk")]
    entries = Entry.objects.filter(
        pk__in=[one["entry"] for one in told if "entry" in one], kind__in=HEARD_OUTSIDE
    ).select_related("content")
    reminded = {
        one["statement"]: one for one in told if one["about"] == "step" and "statement" in one
    }
    found = []
    for statement in _statements(entries, *reminded):
        held = statement_rights(person, statement, at=at)
        if held:
            found.append(_line(statement, person, held, reminded.get(statement.pk), at=at))
    return found


def _line(
    statement: Statement,
    person: User,
    held: frozenset[str],
    step: Mapping[str, Any] | None,
    *,
    at: datetime,
) -> Line:
    living = living_round(statement.pk)
    waits = living is not None and person in signers(living, at=at)
    if waits:
        text = _reminder(step, at=at) if step else _("A text waits for your sign-off.")
    elif "sign_statement" in held:
        text = _("A text is open to you. Your sign-off is asked after that of others.")
    else:
        text = _("A text is open to you to read.")
    return Line(
        text=text,
        who="",
        at=at,
        address=reverse("incidents:for-signature-text", args=[statement.uuid]),
        icon="bell",
        asks=waits,
    )


def _reminder(step: Mapping[str, Any], *, at: datetime) -> str:
    time = {"time": moment(datetime.fromisoformat(step["due_at"]["time"]), now=at)}
    if step["step"] == StepName.HALF:
        text = _("A text waits for your sign-off until %(time)s. Half of the time is gone.")
    elif step["step"] == StepName.THREE_QUARTERS:
        text = _(
            "A text waits for your sign-off until %(time)s. Three quarters of the time are gone."
        )
    elif step["step"] == StepName.DUE:
        text = _("A text waits for your sign-off. It is due now (%(time)s).")
    else:
        text = _("A text waits for your sign-off. It was due at %(time)s.")
    return text % time


def _statements(entries: Iterable[Entry], *also: int) -> Iterable[Statement]:
    keys = {one.content.body["facts"].get("statement") for one in entries} | set(also)
    return Statement.objects.filter(pk__in=keys - {None}).select_related("incident").order_by("pk")
