"""Where lives begin, and what the house asks for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from incidents.models import Statement
from incidents.signoff.policies.terms import Terms, stage_body
from tests.incidents.signoff.machine.entitled import COMMUNICATIONS, EXECUTIVE, LEGAL, SOCIAL


def terms(*roles: str, needed: int | None = None, **others: Any) -> Terms:
    stage = stage_body({"roles": list(roles), "minutes": 10, "needed": needed})
    return Terms("Ours", "La nôtre", (stage,), **{"always": (LEGAL,), **others})


POLICIES = [
    terms(COMMUNICATIONS),
    terms(LEGAL, EXECUTIVE, allows_typo=False),
    terms(COMMUNICATIONS, LEGAL, allows_break_glass=False),
    terms(COMMUNICATIONS, LEGAL, always=()),
    terms(COMMUNICATIONS, LEGAL, EXECUTIVE, needed=2),
    terms(SOCIAL, LEGAL, EXECUTIVE, needed=2),
    # For one channel, language or audience: the others meet what the house ships.
    terms(LEGAL, channel="x"),
    terms(LEGAL, EXECUTIVE, language="fr"),
    terms(COMMUNICATIONS, LEGAL, EXECUTIVE, needed=2, audience="media"),
]
SHIPPED = terms(COMMUNICATIONS)  # as the shipped ones: a typo is allowed, and so is break-glass

WORLD = [
    "time_passes",
    "time_passes",
    "karim_hands_over",
    "somebody_is_away",
    "somebody_is_the_subject",
    "a_deputy_is_named",
    "the_policy_changes",
    "severity_changes",
    "severity_changes",
]
STATUSES = ["drafted", "saved", "submitted", "signed", "signed", "released", "agreed"]
STATUSES += ["published", "published", "corrected"]
ORIGINS = ["", "", "", "", "prepared", "prepared", "translated"]
ALSO = ["", "", "", "", "picture", "words", "brief", "guest", "guest"]


@dataclass(frozen=True)
class Start:
    """
    Where lives begin: what the statement is, how far it is, at which level, in which world.

    `origin`: what it was made of; `also`: what else was done to it before it was first saved.
    """

    kind: str
    status: str
    level: int
    world: str
    much: int
    origin: str
    also: str


def start_of(chance: Random) -> Start:
    return Start(
        kind=chance.choice(
            [Statement.Kind.HOLDING, Statement.Kind.HOLDING, Statement.Kind.APOLOGY]
        ),
        status=chance.choice(STATUSES),
        level=chance.choice([0, 0, 0, 1, 2, 3, 4, 4]),
        world=chance.choice(["", "", "", "karim_hands_over", *WORLD[2:7], "the_policy_changes"]),
        much=chance.randrange(4),
        origin=chance.choice(ORIGINS),
        also=chance.choice(ALSO),
    )
