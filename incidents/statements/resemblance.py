"""How far a pasted text is one of ours: word for word, inside, around, nearly. Pure."""

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
# What stands beside words and between them; what is inside a word (', -) stays.
_MARKS: Final = str.maketrans({"’": "'", **dict.fromkeys('.,;:!?…«»“”"()[]*–—', " ")})


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
    shingles: frozenset[tuple[str, ...]]
    words: int


def prepare(text: str) -> Pasted:
    line = _line(text)
    words = _words(line)
    return Pasted(line, frozenset(_shingles(words)), len(words))


def resemblance(pasted: Pasted, ours: str) -> Found | None:
    """
    Return how far the pasted text is this one of ours, or None.

    Word for word whatever its length; inside one another from `FEWEST` words; nearly from a
    `NEARLY` share of triples of neighbouring words, small and capital letters alike.
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
    if min(pasted.words, length) < FEWEST:
        return None
    words = _words(line)
    shared = len(pasted.shingles.intersection(_shingles(words)))
    share = shared / max(1, min(len(pasted.shingles), len(words) - SHINGLE + 1))
    return Found(Match.NEARLY, min(1.0, share)) if share >= NEARLY else None


def better(one: Found, other: Found) -> bool:
    return (RANK[one.match], -one.share) < (RANK[other.match], -other.share)


def _line(text: str) -> str:
    """Return a text as one line: NFC, no invisible signs, every blank one space."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _words(line: str) -> list[str]:
    return line.casefold().translate(_MARKS).split()


def _shingles(words: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[n:] for n in range(SHINGLE)), strict=False)
