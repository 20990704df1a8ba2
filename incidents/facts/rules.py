"""Where a fact may go from where it stands. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from incidents.models import Fact

State = Fact.State

MOVES: Final[dict[str, dict[str, str]]] = {
    "confirm": {State.UNCONFIRMED: State.CONFIRMED, State.REFUTED: State.CONFIRMED},
    "refute": {State.UNCONFIRMED: State.REFUTED, State.CONFIRMED: State.REFUTED},
    "reopen": {State.CONFIRMED: State.UNCONFIRMED, State.REFUTED: State.UNCONFIRMED},
    # What is refuted stays as it was said: it is opened again first, or noted anew.
    "reword": {State.UNCONFIRMED: State.UNCONFIRMED, State.CONFIRMED: State.CONFIRMED},
}
LONGEST: Final = 1_000
# The same words of the same person within this time are a double click.
DOUBLE_CLICK: Final = timedelta(minutes=1)


def next_state(state: str, move: str) -> str | None:
    """Return where the move leads from here, or None when it is not allowed."""
    return MOVES[move].get(state)


def moves_from(state: str) -> frozenset[str]:
    return frozenset(move for move, steps in MOVES.items() if state in steps)
