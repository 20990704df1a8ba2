"""A prepared text that is withdrawn no longer earns the reduced sign-off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Incident, Statement
from incidents.models import signoff as events
from incidents.signoff import actions as signoff
from incidents.statements import reduced
from teams.models import User


class JustAsked(Refused):
    """Somebody asked for sign-off of a statement that began with the text at this very moment."""


@transaction.atomic
def ask_in_full(text: Statement, rooms: Mapping[int, list[int]], *, by: User, at: datetime) -> None:
    """
    Ask for the whole circuit wherever a withdrawn text had earned the reduced one.

    `rooms`: the statements made of it, by the incidents that are locked already.


    :raises JustAsked: if a room came to it that is not locked; then nothing was withdrawn
    """
    if not text.incident.is_library:
        return
    now = reduced.rooms_of(text)
    if not now.keys() <= rooms.keys():
        raise JustAsked(
            _(
                "Somebody is asking for sign-off of a statement made of this text at this moment."
                " Nothing was withdrawn. Withdraw it again."
            )
        )
    for incident, statements in now.items():
        room = Incident.objects.lock(incident)
        signoff.tighten(room, statements=statements, because=events.ASKED_IN_FULL, by=by, at=at)
