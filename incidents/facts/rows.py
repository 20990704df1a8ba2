"""The finished rows that pages of facts show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.facts import rules
from incidents.models import Fact

STATE_ICONS = {
    Fact.State.UNCONFIRMED: "help-circle",
    Fact.State.CONFIRMED: "circle-check",
    Fact.State.REFUTED: "circle-x",
}


@dataclass(frozen=True)
class FactRow:
    """A fact as it stands; `change` is the number of its last change, `cited` by how many."""

    number: int
    text: str
    state: str
    state_words: str
    icon: str
    source: str
    link: str
    reason: str
    change: int
    noted_by: str
    noted_at: datetime
    changed_by: str
    changed_at: datetime
    cited: int

    @property
    def moves(self) -> frozenset[str]:
        return rules.moves_from(self.state)


@dataclass(frozen=True)
class Ledger:
    """The facts of an incident; in each list the one that changed last stands first."""

    known: tuple[FactRow, ...]
    unknown: tuple[FactRow, ...]
    refuted: tuple[FactRow, ...]
    may_edit: bool

    @property
    def total(self) -> int:
        return len(self.known) + len(self.unknown) + len(self.refuted)


@dataclass(frozen=True)
class ChangeRow:
    """What a fact said at one time, from which source, and why it was changed."""

    number: int
    text: str
    state: str
    state_words: str
    icon: str
    source: str
    link: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class CitingRow:
    """A statement that stands on the fact; `is_stale`: it was cited before the last change."""

    number: int
    title: str
    kind: str
    status_words: str
    is_line: bool
    is_stale: bool


@dataclass(frozen=True)
class FactPage:
    row: FactRow
    history: tuple[ChangeRow, ...]
    citing: tuple[CitingRow, ...]
    may_edit: bool
