"""Leases, back-off, and what an answer of a mail server means. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from incidents.models import EVENTS, Hearing, Message

LEASE: Final = timedelta(seconds=60)
# What happens together (a role, a deputy, an invitation) is one mail.
GATHER: Final = timedelta(seconds=5)
WAITS: Final = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 120, 300))
# Refused for now: given up after a day of trying, never for having lain in a machine at rest.
GIVE_UP: Final = timedelta(hours=24)
MANY: Final = 20
# Lines cut after the text, and leases that ran out (their mails were perhaps never sent).
DOUBTS: Final = 3
DEAD_LEASES: Final = 10
AT_ONCE: Final = 100

HEARD: Final[frozenset[str]] = frozenset(
    name for name, kind in EVENTS.items() if kind.heard_by != Hearing.NOBODY
)


class Answer(Enum):
    """How an attempt to send ended."""

    ACCEPTED = "accepted"
    LATER = "later"  # refused for now, or the server was not reached: nothing was sent
    NEVER = "never"  # refused for good
    UNKNOWN = "unknown"  # the text was handed over and no answer came


@dataclass(frozen=True)
class Outcome:
    answer: Answer
    words: str = ""
    server_away: bool = False


@dataclass(frozen=True)
class Next:
    """What becomes of a message after an attempt."""

    state: Message.State
    wait: timedelta = timedelta(0)
    doubt: bool = False


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts."""
    return WAITS[min(max(attempts, 1), len(WAITS)) - 1]


def after(outcome: Outcome, *, attempts: int, doubts: int, age: timedelta) -> Next:
    """Return the message's next state; `attempts` and `doubts` include earlier ones."""
    match outcome.answer:
        case Answer.ACCEPTED:
            return Next(Message.State.DELIVERED)
        case Answer.NEVER:
            return Next(Message.State.FAILED)
        case Answer.UNKNOWN if doubts + 1 >= DOUBTS:
            return Next(Message.State.UNCERTAIN, doubt=True)
        case Answer.UNKNOWN:
            return Next(Message.State.WAITING, backoff(attempts), doubt=True)
        case _ if age >= GIVE_UP and attempts >= MANY:
            return Next(Message.State.UNCERTAIN if doubts else Message.State.FAILED)
        case _:
            return Next(Message.State.WAITING, backoff(attempts))


def answer_to(code: int) -> Answer:
    """Read an SMTP code: 4xx asks to come again, 5xx refuses."""
    return Answer.NEVER if code >= 500 else Answer.LATER
