"""
Two people changed the same text: bring both together, and lose no word of either. Pure.

Lines are compared first, then sentences, then words. What only one changed is taken, deletions
included; what both changed alike is taken once; what both changed differently is a clash, which
shows all three texts. Two changes within a few words of one sentence are a clash too: together
they would make a sentence that nobody wrote.

From the pieces both texts come back to the letter: his is `Same`, `Theirs`, what `Mine` stands
in place of, and the clashes' `theirs`; mine likewise.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from incidents.statements.difference import common

Choice = Literal["base", "theirs", "mine", "both"]
Texts = tuple[str, str, str]  # base, theirs, mine
Parts = tuple[Sequence[str], Sequence[str], Sequence[str]]

_LINES: Final = re.compile(r"[^\n]+|\n+")
_SENTENCES: Final = re.compile(
    r"""\n+|[^\S\n]+|\S.*?(?:[.!?…]{1,5}[»”"')\]]{0,3}(?=\s)|(?=\n)|\Z)"""
)
_WORDS: Final = re.compile(r"[^\W_]+(?:['’\-.,:][^\W_]+)*|\s+|.", re.DOTALL)
_WORD: Final = re.compile(r"\w+")
_END: Final = re.compile(r"[.!?…](?:\s|$)|\n")
# Words of one sentence that must stay between his change and mine for both to be taken.
_APART: Final = 3
# Pairs up to which what holds no landmark is compared all with all, and how often to look closer.
_ALL_PAIRS: Final = 40_000
_DEPTH: Final = 20


@dataclass(frozen=True)
class Same:
    """What both texts say."""

    text: str


@dataclass(frozen=True)
class Theirs:
    """What only they changed, and what it was; no text where they deleted it."""

    text: str
    was: str = ""


@dataclass(frozen=True)
class Mine:
    """What only I changed, and what it was; no text where I deleted it."""

    text: str
    was: str = ""


@dataclass(frozen=True)
class Clash:
    """What both changed, each in a way of their own."""

    base: str
    theirs: str
    mine: str


Piece = Same | Theirs | Mine | Clash


@dataclass(frozen=True)
class Merge:
    pieces: tuple[Piece, ...]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Clash))

    def text(self, choose: Choice | Sequence[Choice] | None = None) -> str:
        """
        Return the merged text; `choose` says what to take for all clashes, or for each in order.

        :raises ValueError: if a clash is left without a choice, or a choice without a clash
        """
        count = len(self.clashes)
        choices = [choose] * count if isinstance(choose, str) else list(choose or ())
        if len(choices) != count:
            raise ValueError(f"{count} clashes and {len(choices)} choices")
        left = iter(choices)
        return "".join(
            _chosen(piece, next(left)) if isinstance(piece, Clash) else piece.text
            for piece in self.pieces
        )


def merge(base: str, theirs: str, mine: str) -> Merge:
    """Bring together two texts that were both made from `base`."""
    return Merge(tuple(_tidy(_merged((base, theirs, mine), (_LINES, _SENTENCES)))))


def _chosen(clash: Clash, choice: Choice) -> str:
    if choice == "both":
        return _one_after_the_other(clash.theirs, clash.mine)
    sides = {"base": clash.base, "theirs": clash.theirs, "mine": clash.mine}
    return sides[choice]


def _one_after_the_other(theirs: str, mine: str) -> str:
    touching = theirs and mine and not theirs[-1].isspace() and not mine[0].isspace()
    gap = "\n" if "\n" in theirs + mine else " "
    return theirs + (gap if touching else "") + mine


def _merged(texts: Texts, cuts: Sequence[re.Pattern[str]]) -> Iterator[Piece]:
    if not cuts:
        yield from _by_words(texts)
        return
    base, theirs, mine = (cuts[0].findall(text) for text in texts)
    for parts in _regions(base, theirs, mine):
        piece = _decided(_text(parts))
        if isinstance(piece, Same) or (piece and not cuts[1:]):
            yield piece
            continue
        for apart in _apart(parts):
            yield from _merged(_text(apart), cuts[1:])


def _text(parts: Parts) -> Texts:
    base, theirs, mine = parts
    return "".join(base), "".join(theirs), "".join(mine)


def _decided(texts: Texts) -> Same | Theirs | Mine | None:
    """Return the piece if only one side changed, or both alike."""
    base, theirs, mine = texts
    if theirs == mine:
        return Same(mine)
    if theirs == base:
        return Mine(mine, base)
    return Theirs(theirs, base) if mine == base else None


def _apart(parts: Parts) -> list[Parts]:
    """
    Cut a place that both changed where the changes only touch.

    Who writes a paragraph after the last one is in nobody's way who corrects the last one. What
    both wrote anew at one place may begin or end alike.
    """
    base, theirs, mine = parts
    size = len(base)
    if not size:
        head = common(theirs, mine)
        tail = common(theirs[head:][::-1], mine[head:][::-1])
        ends = len(theirs) - tail, len(mine) - tail
        middle = ((), theirs[head : ends[0]], mine[head : ends[1]])
        return [((), theirs[:head], mine[:head]), middle, ((), theirs[ends[0] :], mine[ends[1] :])]
    if len(mine) == size and theirs[:size] == base:
        return [(base, base, mine), ((), theirs[size:], ())]
    if len(mine) == size and theirs[-size:] == base:
        return [((), theirs[:-size], ()), (base, base, mine)]
    if len(theirs) == size and mine[:size] == base:
        return [(base, theirs, base), ((), (), mine[size:])]
    if len(theirs) == size and mine[-size:] == base:
        return [((), (), mine[:-size]), (base, theirs, base)]
    return [parts]


def _by_words(texts: Texts) -> Iterator[Piece]:
    base, theirs, mine = (_WORDS.findall(text) for text in texts)
    rows: list[_Row] = []
    for parts in _regions(base, theirs, mine):
        row = _Row([_text(parts)])
        if any(row.parts[0]):
            rows.append(row)
        while len(rows) > 2 and _belong(*rows[-3:]):
            after, between = rows.pop(), rows.pop()
            rows[-1].parts += between.parts + after.parts
            rows[-1].kind = after.kind if rows[-1].kind is after.kind else Clash
    for row in rows:
        was, his, my = zip(*row.parts, strict=True)
        one = _text((was, his, my))
        yield _decided(one) or Clash(*one)


class _Row:
    """Neighbouring parts of the three texts that are told as one, and what they are by now."""

    def __init__(self, parts: list[Texts]) -> None:
        self.parts = parts
        self.kind = type(_decided(parts[0]) or Clash(*parts[0]))
        self.kept = parts[0][0] if len(set(parts[0])) == 1 else None


def _belong(before: _Row, between: _Row, after: _Row) -> bool:
    """Tell whether two changes with little between them are one: his and mine in one breath."""
    kept, kinds = between.kept, {before.kind, after.kind}
    if kept is None or Same in kinds:
        return False
    if Clash not in kinds and len(kinds) == 1:
        return not _WORD.search(kept)
    return len(_WORD.findall(kept)) < _APART and not _END.search(kept)


def _regions(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Iterator[Parts]:
    """Give by turns what all three hold, and what stands there instead; either may be empty."""
    in_theirs, in_mine = _pairs(base, theirs), _pairs(base, mine)
    start = at = (0, 0, 0)  # of what all three hold, and where it ends so far
    for n in (*sorted(in_theirs.keys() & in_mine.keys()), len(base)):
        here = (n, in_theirs.get(n, len(theirs)), in_mine.get(n, len(mine)))
        if n == len(base) or here != at:
            yield base[start[0] : at[0]], theirs[start[1] : at[1]], mine[start[2] : at[2]]
            yield base[at[0] : here[0]], theirs[at[1] : here[1]], mine[at[2] : here[2]]
            start = here
        at = (here[0] + 1, here[1] + 1, here[2] + 1)


def _pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """
    Return what stayed: places in the old list with their places in the new one.

    What stands once in both is a landmark, and between landmarks others show; a stretch without
    any is compared all with all if it is short, and else has changed as a whole, so that the
    time stays bearable. Source: B. Cohen, Patience diff, 2009.
    """
    found: dict[int, int] = {}
    waiting = [(0, len(old), 0, len(new), 0)]
    while waiting:
        i, j, k, m, depth = waiting.pop()
        head = common(old[i:j], new[k:m])
        found.update(zip(range(i, i + head), range(k, k + head), strict=True))
        i, k = i + head, k + head
        tail = common(old[i:j][::-1], new[k:m][::-1])
        j, m = j - tail, m - tail
        found.update(zip(range(j, j + tail), range(m, m + tail), strict=True))
        marks = _landmarks(old, new, (i, j, k, m)) if depth < _DEPTH else []
        if marks:
            ends = zip([(i - 1, k - 1), *marks], [*marks, (j, m)], strict=True)
            waiting.extend((a + 1, c, b + 1, d, depth + 1) for (a, b), (c, d) in ends)
            found.update(marks)
        elif (j - i) * (m - k) <= _ALL_PAIRS:
            matcher = SequenceMatcher(None, old[i:j], new[k:m], autojunk=False)
            for a, b, size in matcher.get_matching_blocks():
                found.update((i + a + n, k + b + n) for n in range(size))
    return found


def _landmarks(
    old: Sequence[str], new: Sequence[str], place: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Return the longest row of tokens that stand once in both stretches, in the same order."""
    i, j, k, m = place
    counts = Counter(old[i:j]), Counter(new[k:m])
    where = {token: n for n, token in enumerate(new[k:m], start=k) if counts[1][token] == 1}
    once = [
        (n, where[t]) for n, t in enumerate(old[i:j], start=i) if counts[0][t] == 1 and t in where
    ]
    lowest: list[int] = []  # last places of the best rows of each length
    rows: list[tuple[int, int]] = []  # those rows' last landmark: its number and the one before
    ends: list[int] = []
    for number, (_, there) in enumerate(once):
        length = bisect_left(lowest, there)
        lowest[length : length + 1] = [there]
        ends[length : length + 1] = [number]
        rows.append((number, ends[length - 1] if length else -1))
    row: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        row.append(once[number])
        number = rows[number][1]
    return row[::-1]


def _tidy(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join neighbours of one kind, and leave out the empty."""
    last: Piece | None = None
    for piece in pieces:
        parts = astuple(piece)
        if not any(parts):
            continue
        if type(piece) is type(last) and last is not None:
            last = type(piece)(*map("".join, zip(astuple(last), parts, strict=True)))
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
