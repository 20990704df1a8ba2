"""
How far a pasted text is one of ours: word for word, inside, around, nearly. Pure.

Accents, capitals and punctuation get lost when people copy: they make a text no longer ours word
for word, and no other text either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Fewer words than this are in every text: they prove nothing inside another.
FEWEST: Final = 5
# From this share of shared word triples a text is called nearly ours.
NEARLY: Final = 0.5
SHINGLE: Final = 3
# Soft hyphens, zero-width signs, marks of direction: what a copy from a page brings along.
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# What stands over and under letters, once it is taken apart from them.
_ACCENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
# A word; an apostrophe or a hyphen inside it stays.
_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# Signs that people type in several ways, and letters that no decomposition takes apart.
_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc`\u00b4\u2032", "'"),
        "\u2010": "-",
        "\u2011": "-",
        "œ": "oe",
        "æ": "ae",
    }
)


class Match(StrEnum):
    """Best first."""

    EXACT = "exact"  # the very text; blanks do not count
    INSIDE = "inside"  # the pasted words stand inside a text of ours
    AROUND = "around"  # a whole text of ours stands inside what was pasted
    NEARLY = "nearly"


RANK: Final = {match: place for place, match in enumerate(Match)}


@dataclass(frozen=True)
class Found:
    match: Match
    share: float


@dataclass(frozen=True)
class Pasted:
    """A pasted text, prepared once and held against many of ours."""

    line: str
    folded: str
    shingles: frozenset[tuple[str, ...]]
    words: int


def prepare(text: str) -> Pasted:
    line = _line(text)
    words = _words(line)
    return Pasted(line, _run(words), frozenset(_shingles(words)), len(words))


def resemblance(pasted: Pasted, ours: str) -> Found | None:
    """
    Return how far the pasted text is this one of ours, or None.

    The whole text whatever its length; inside one another from `FEWEST` words; nearly if that is so
    by the words alone, or from a `NEARLY` share of triples of neighbouring words.
    """
    line = _line(ours)
    if not line or not pasted.line:
        return None
    if pasted.line == line:
        return Found(Match.EXACT, 1.0)
    length = line.count(" ") + 1
    if pasted.words >= FEWEST and pasted.line in line:
        return Found(Match.INSIDE, 1.0)
    if length >= FEWEST and line in pasted.line:
        return Found(Match.AROUND, min(1.0, length / max(1, pasted.words)))
    share = _share(pasted, _words(line))
    return Found(Match.NEARLY, share) if share >= NEARLY else None


def _share(pasted: Pasted, words: list[str]) -> float:
    """Return how much of the words is the same; all, where one stands inside the other."""
    run = _run(words)
    if words and pasted.folded == run:
        return 1.0
    if min(pasted.words, len(words)) < FEWEST:
        return 0.0
    if pasted.folded in run or run in pasted.folded:
        return 1.0
    shared = len(pasted.shingles.intersection(_shingles(words)))
    return min(1.0, shared / max(1, min(len(pasted.shingles), len(words) - SHINGLE + 1)))


def better(one: Found, other: Found) -> bool:
    return (RANK[one.match], -one.share) < (RANK[other.match], -other.share)


def _line(text: str) -> str:
    """Return a text as one line: NFC, no invisible signs, every blank one space."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _words(line: str) -> list[str]:
    """Return the words as a keyboard without accents would type them, all small."""
    letters = unicodedata.normalize("NFKD", line.casefold().translate(_ALIKE))
    return _WORD.findall(_ACCENTS.sub("", letters))


def _run(words: list[str]) -> str:
    """Return words as one line that is found in another from a whole word to a whole word."""
    return f" {' '.join(words)} "


def _shingles(words: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[n:] for n in range(SHINGLE)), strict=False)
