"""Asking in full what was asked in a reduced way: its prepared text was withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from incidents.models import Incident, Policy, Round
from incidents.models import signoff as events
from incidents.signoff import circuits, moves
from incidents.signoff.actions.rounds import open_round, tighten, void_round
from incidents.timeline.actions import record
from teams.models import Role, User


@transaction.atomic
def ask_in_full(
    incident: Incident, *, statements: Collection[int], by: User, at: datetime
) -> list[Round]:
    """
    Ask of these statements, as far as they are not published, what is asked of any other.

    A round that still runs is asked anew: whoever signs one of several seats in it could not
    sign again in an added stage. One that was approved keeps what was signed and gets the missing
    stages. A break-glass release stands.
    """
    locked = Incident.objects.lock(incident.pk)
    running = Round.objects.filter(
        version__statement__incident=locked,
        version__statement__in=statements,
        outcome=Round.Outcome.OPEN,
        policy__source=Policy.Source.FROM_PREPARED,
        releases=None,
    ).select_related("version__statement")
    anew = [_asked_anew(round_, locked, by=by, at=at) for round_ in running.order_by("pk")]
    added = tighten(locked, statements=statements, because=events.ASKED_IN_FULL, by=by, at=at)
    return [*anew, *added]


def _asked_anew(round_: Round, incident: Incident, *, by: User, at: datetime) -> Round:
    version = round_.version
    circuit = circuits.circuit_of(version, incident, at=at)
    asked = [key for stage in circuit.stages for key in stage.roles] if circuit else []
    roles = list(Role.objects.filter(slug__in=asked))
    void_round(round_, by=by, at=at, say_so=False)
    record(incident, events.ASKED_IN_FULL, by=by, at=at, roles=roles, **moves.facts(round_))
    return open_round(version, by=by, at=at)
