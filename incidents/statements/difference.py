"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

Piece = tuple[str, str]

_PARAGRAPH: Final = re.compile(r"[^\n]*\n*")
_WORD: Final = re.compile(r"[^\W_]+(?:['’\-.,][^\W_]+)*|\s+|.", re.DOTALL)
_SENTENCE: Final = re.compile(r"[^.!?…]*[.!?…]*\s*")
_ISLAND: Final = 3
# Pairs up to which everything is compared with everything; above, what is frequent is no anchor,
# then coarser parts are compared first, and what is still too large is one change.
_ALL_PAIRS: Final = 250_000
_MOST_PAIRS: Final = 3_000_000
Opcodes = list[tuple[str, int, int, int, int]]


@dataclass(frozen=True)
class Difference:
    """
    Pieces (op, text), op one of "=", "+", "-"; `passages` counts the places that changed.

    Joining "=" and "-" gives the old text, "=" and "+" the new one, to the letter.
    """

    pieces: tuple[Piece, ...]

    @property
    def passages(self) -> int:
        return _passages(self.pieces)

    @property
    def is_empty(self) -> bool:
        return all(op == "=" for op, _ in self.pieces)


def difference(old: str, new: str) -> Difference:
    """
    Return what changed from `old` to `new`.

    Whole paragraphs are compared first, words only where paragraphs differ: 1,500 words take
    milliseconds.
    """
    before, after = _PARAGRAPH.findall(old), _PARAGRAPH.findall(new)
    pieces: list[Piece] = []
    for tag, i, j, k, m in _opcodes(before, after):
        if tag == "equal":
            pieces.append(("=", "".join(before[i:j])))
        else:
            pieces.extend(_words("".join(before[i:j]), "".join(after[k:m])))
    pieces = [piece for piece in pieces if piece[1]]
    return Difference(tuple(_slid(_joined(_without_islands(_joined(pieces))))))


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Opcodes:
    """Return what to do to get from one to the other, in a time that stays bearable."""
    head = common(before, after)
    tail = common(before[head:][::-1], after[head:][::-1])
    i, k = len(before) - tail, len(after) - tail
    old, new = before[head:i], after[head:k]
    pairs = len(old) * len(new)
    found: Opcodes = [("equal", 0, head, 0, head)]
    if pairs > _MOST_PAIRS:
        found.append(("replace", head, i, head, k))
    else:
        matcher = SequenceMatcher(None, old, new, autojunk=pairs > _ALL_PAIRS)
        for tag, *ends in matcher.get_opcodes():
            a, b, c, d = (end + head for end in ends)
            found.append((tag, a, b, c, d))
    return [*found, ("equal", i, len(before), k, len(after))]


def _words(old: str, new: str, *, by_sentence: bool = False) -> Iterator[Piece]:
    # Blanks match everywhere and would cost most of the time: they follow their word.
    before, after = _with_blanks(_WORD.findall(old)), _with_blanks(_WORD.findall(new))
    if len(before) * len(after) > _MOST_PAIRS and not by_sentence:
        yield from _sentences(old, new)
        return
    for tag, i, j, k, m in _opcodes(before, after):
        if tag == "equal":
            yield ("=", "".join(before[i:j]))
            continue
        removed, added = "".join(before[i:j]), "".join(after[k:m])
        yield from _trimmed(removed, added)


def _sentences(old: str, new: str) -> Iterator[Piece]:
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    for tag, i, j, k, m in _opcodes(before, after):
        if tag == "equal":
            yield ("=", "".join(before[i:j]))
        else:
            yield from _words("".join(before[i:j]), "".join(after[k:m]), by_sentence=True)


def _with_blanks(tokens: Sequence[str]) -> list[str]:
    out: list[str] = []
    for token in tokens:
        if token.isspace() and out and not out[-1][-1:].isspace():
            out[-1] += token
        else:
            out.append(token)
    return out


def _trimmed(removed: str, added: str) -> Iterator[Piece]:
    """Give back what both sides begin or end with: it did not change."""
    old, new = _WORD.findall(removed), _WORD.findall(added)
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    cut = len(old) - tail, len(new) - tail
    yield ("=", "".join(old[:head]))
    yield ("-", "".join(old[head : cut[0]]))
    yield ("+", "".join(new[head : cut[1]]))
    yield ("=", "".join(old[cut[0] :]))


def common(old: Sequence[str], new: Sequence[str]) -> int:
    """Count what both begin with: tokens, or letters."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(old), len(new)))


def _without_islands(pieces: list[Piece]) -> list[Piece]:
    """Let a very short word or blank between two changes be part of one change."""
    out: list[Piece] = []
    for place, (op, text) in enumerate(pieces):
        between = 0 < place < len(pieces) - 1 and "\n" not in text
        if op == "=" and between and len(text.strip()) <= _ISLAND:
            out.extend((("-", text), ("+", text)))
        else:
            out.append((op, text))
    return out


def _slid(pieces: list[Piece]) -> list[Piece]:
    """
    Move what was only added or only removed to where a reader sees it as one thing.

    "now[. Do not eat it]." and "now.[ Do not eat it.]" are the same change; the second is how
    people read it.
    """
    out = list(pieces)
    for place, (op, text) in enumerate(pieces):
        alone = place > 0 and op != "=" and out[place - 1][0] == "="
        after = out[place + 1] if place + 1 < len(out) else ("=", "")
        if not alone or after[0] != "=":
            continue
        before, text, rest = _best_place(out[place - 1][1], text, after[1])
        out[place - 1], out[place] = ("=", before), (op, text)
        if place + 1 < len(out):
            out[place + 1] = ("=", rest)
    return [(op, text) for op, text in out if text]


def _best_place(before: str, text: str, after: str) -> tuple[str, str, str]:
    whole = before + text + after
    start, size = len(before), len(text)
    low = start
    while low > 0 and whole[low - 1] == whole[low - 1 + size]:
        low -= 1
    high = start
    while high + size < len(whole) and whole[high] == whole[high + size]:
        high += 1
    best = max(range(low, high + 1), key=lambda at: (_boundary(whole, at), -abs(at - start)))
    return whole[:best], whole[best : best + size], whole[best + size :]


def _boundary(whole: str, at: int) -> int:
    """Score a place to cut: between paragraphs, sentences, words, or within a word."""
    left, right = whole[max(0, at - 3) : at], whole[at : at + 1]
    if left.endswith("\n") or (right == "\n" and at):
        return 3
    ends = left.rstrip()[-1:] in {".", "!", "?", "…", "»", "”"}
    if ends and (right.isspace() or left[-1:].isspace() or not right):
        return 2
    return 1 if right.isspace() or left[-1:].isspace() else 0


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join neighbours: in one place what was removed comes first, then what was added."""
    out: list[Piece] = []
    waiting = {"-": "", "+": ""}
    for op, text in [*pieces, ("=", "")]:
        if op != "=":
            waiting[op] += text
            continue
        if not text and pieces and out and waiting == {"-": "", "+": ""}:
            continue
        for kind in ("-", "+"):
            if waiting[kind]:
                out.append((kind, waiting[kind]))
                waiting[kind] = ""
        if text and out and out[-1][0] == "=":
            out[-1] = ("=", out[-1][1] + text)
        elif text:
            out.append(("=", text))
    return out


def _passages(pieces: Sequence[Piece]) -> int:
    count, inside = 0, False
    for op, text in pieces:
        for part in re.split(r"(\n\s*\n)", text):
            if not part.strip():
                inside = inside and "\n" not in part
                continue
            if op != "=" and not inside:
                count += 1
            inside = op != "="
    return count
