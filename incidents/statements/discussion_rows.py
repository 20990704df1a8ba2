"""Finished rows of what is said about a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.models import Suggestion
from incidents.statements.difference import Piece


@dataclass(frozen=True)
class PlaceRow:
    """
    A passage that is spoken of, and whether the shown text still holds it.

    `words` is how it reads there now, `nth` which of the places that read alike, from 0: for the
    mark in the text.
    """

    quote: str
    channel: str
    words: str = ""
    nth: int = 0

    @property
    def is_there(self) -> bool:
        return bool(self.words)

    @property
    def is_changed(self) -> bool:
        return self.is_there and self.words != self.quote


@dataclass(frozen=True)
class AnswerRow:
    name: str
    role: str
    at: datetime
    text: str


@dataclass(frozen=True)
class ThreadRow:
    """A comment and its answers."""

    pk: int
    name: str
    role: str
    at: datetime
    text: str
    version: int
    place: PlaceRow | None
    answers: tuple[AnswerRow, ...]
    resolved_by: str
    resolved_at: datetime | None


@dataclass(frozen=True)
class SuggestionRow:
    """
    Other wording for a passage; `pieces` is the difference that it makes.

    `fits`: the draft still holds the passage, so that one step adopts it.
    """

    pk: int
    name: str
    role: str
    at: datetime
    version: int
    place: PlaceRow
    wording: str
    why: str
    pieces: tuple[Piece, ...]
    state: str
    state_words: str
    settled_by: str
    settled_at: datetime | None
    settled_words: str
    fits: bool
    is_mine: bool

    @property
    def is_open(self) -> bool:
        return self.state == Suggestion.State.OPEN


@dataclass(frozen=True)
class DiscussionRow:
    """
    Everything said about a statement, as one reader sees it beside one version.

    `saves_as` is the number of the version that adopting makes in one step; 0 where the draft
    holds other words, so that adopting only changes the draft. `voids`: that version would void
    sign-offs.
    """

    version: int
    suggestions: tuple[SuggestionRow, ...]
    threads: tuple[ThreadRow, ...]
    resolved: tuple[ThreadRow, ...]
    settled: tuple[SuggestionRow, ...]
    channels: tuple[tuple[str, str], ...]
    may_comment: bool
    may_suggest: bool
    may_adopt: bool
    saves_as: int
    voids: bool

    @property
    def open_count(self) -> int:
        return len(self.suggestions) + len(self.threads)

    @property
    def past_count(self) -> int:
        return len(self.resolved) + len(self.settled)
