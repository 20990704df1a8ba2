"""
A text as its words and what stands between them, and where two lists of words differ. Pure.

Words are what must not change unseen: numbers with their signs, links, handles, words without
their elisions ("l’", "n’t"), and every sign that is no punctuation, the invisible ones included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from incidents.statements import material_words as words

# More words that came or went are not told place by place.
_EDITS: Final = 60
_TOKEN: Final = re.compile(
    r"""
    (?P<plain>[^\W\d_]+(?=[\s,;!?…)»]))
    | (?P<link>[a-z][a-z0-9+.-]{1,15}://\S+ | www\.\S+ | mailto:\S+)
    | (?P<address>[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)
    | (?P<domain>(?:[\w-]{1,63}\.){1,8}(?-i:[a-z]{2,24}|[A-Z]{2,24})(?:/\S*)?(?!\w))
    | (?P<handle>[@#\uff20\uff03][^\W_]\w*(?:[.-]\w+)*)
    | (?P<number>\d{1,2}[ \u00a0\u202f]?h(?:[ \u00a0\u202f]?\d{2})?(?![^\W_])
        | (?:(?<![^\s(\[«“"])[-\u2212–.,]{1,2})?[^\W\d_]{0,8}\d[^\W_]*
          (?:[.,:/'’–\u2212\u2011-][^\W_]{0,8}\d[^\W_]*|[ \u00a0\u202f]\d{3}(?![^\W_]))*)
    | (?P<word>(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|aujourd|quelqu|presqu)['’](?=[^\W_])
        | [^\W\d_]+?(?=n['’]t\b) | n['’]t\b | ['’](?:s|re|ll|ve|d|m)\b | [^\W_]+)
    | (?P<sign>[^\w\s]|[\x0b-\x1f\x85\u2028\u2029])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KINDS: Final = {"plain": "word"}  # most words, known by what follows: read first, for speed
_HOUR: Final = re.compile(r"(\d{1,2}) ?([hH])(?: ?(\d{2}))?")
_SENTENCE_END: Final = frozenset(".!?…:\n")
_LATER: Final = ".,;:!?…)]}»”’\"'*_"
_LINE_MARK: Final = re.compile(r"\n[ \t]*(?:[-*•‣◦·–—]|#{1,6})[ \t\u00a0]+")
_PLAIN: Final = str.maketrans(
    {**dict.fromkeys("«»“”„‟\u2039\u203a", '"'), **dict.fromkeys("\u2018\u2019\u201a\u201b", "'")}
    | {**dict.fromkeys("–—\u2212\u2011", "-"), **dict.fromkeys("*_`", "")}
)


class Token(NamedTuple):
    kind: str
    key: str  # what must be the same
    start: int
    end: int
    opens: bool  # a sentence

    @property
    def is_number(self) -> bool:
        return any(character.isnumeric() for character in self.key)

    @property
    def folded(self) -> str:
        return words.folded(self.key)


@dataclass(frozen=True)
class Text:
    text: str
    tokens: Sequence[Token]

    def gap(self, place: int) -> str:
        """Return what stands before the token at `place`."""
        start = self.tokens[place - 1].end if place else 0
        end = self.tokens[place].start if place < len(self.tokens) else len(self.text)
        return self.text[start:end]

    def passage(self, start: int, end: int) -> str:
        start, end = max(start, 0), min(end, len(self.tokens))
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


Run = tuple[int, int, int, int]


def read(text: str) -> Text:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, key = _KINDS.get(str(match.lastgroup), str(match.lastgroup)), match[0]
        if key in {"%", "‰"}:
            kind = "number"
        elif kind == "sign" and unicodedata.category(key)[0] == "P":
            continue
        if kind in {"link", "domain"}:
            key = key.rstrip(_LATER)
        end = match.start() + len(key)
        gap = text[tokens[-1].end : match.start()] if tokens else "\n"
        opens = not _SENTENCE_END.isdisjoint(gap) or tokens[-1].kind == "sign"
        tokens.append(Token(kind, _key(kind, key), match.start(), end, opens))
    return Text(text, tokens)


def _key(kind: str, text: str) -> str:
    if kind == "word":
        return text.replace("’", "'")
    if kind != "number":
        return text
    text = plain(" ".join(text.split()))
    hour = _HOUR.fullmatch(text)
    return f"{hour[1]}h{hour[3] or ''}" if hour else text


def plain(text: str) -> str:
    """Return a text with one kind of quotes and dashes, and no marks of emphasis."""
    return text.translate(_PLAIN)


def marks(gap: str, *, first: bool) -> str:
    """Return what punctuates, without list and bold marks and blanks."""
    lines = _LINE_MARK.sub("\n", "\n" + gap if first else gap)
    return "".join(plain(lines).split())


def stars(text: str) -> int:
    """Count the stars that begin no line of a list: marks of emphasis come in pairs."""
    return _LINE_MARK.sub("\n", "\n" + text).count("*")


def runs(old: Sequence[str], new: Sequence[str]) -> list[Run] | None:
    """
    Return the places where the lists differ: `old[i:j]` became `new[k:m]`.

    None when more than `_EDITS` differ. Source: E. Myers, An O(ND) difference algorithm, 1986.
    """
    head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    head = min(len(old), len(new)) if head is None else head
    trail = _trail(old[head:], new[head:])
    if trail is None:
        return None
    runs: list[Run] = []
    for x, y, is_old in trail:
        step = (x + head, x + head + is_old, y + head, y + head + (not is_old))
        if runs and (runs[-1][1], runs[-1][3]) == (step[0], step[2]):
            step = (runs[-1][0], step[1], runs[-1][2], step[3])
            runs.pop()
        runs.append(step)
    return runs


def _trail(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, bool]] | None:
    """Return the single steps in order: where they are taken, and whether a word goes or comes."""
    reach = {1: 0}
    before: list[dict[int, int]] = []
    for steps in range(_EDITS + 1):
        before.append(dict(reach))
        for k in range(-steps, steps + 1, 2):
            down = k == -steps or (k != steps and reach[k - 1] < reach[k + 1])
            x = reach[k + 1] if down else reach[k - 1] + 1
            while x < len(old) and x - k < len(new) and old[x] == new[x - k]:
                x += 1
            reach[k] = x
            if x >= len(old) and x - k >= len(new):
                return _back(before, len(old), len(new))
    return None


def _back(reached: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int, bool]]:
    trail: list[tuple[int, int, bool]] = []
    for steps in range(len(reached) - 1, 0, -1):
        reach, k = reached[steps], x - y
        down = k == -steps or (k != steps and reach[k - 1] < reach[k + 1])
        k += 1 if down else -1
        x, y = reach[k], reach[k] - k
        trail.append((x, y, not down))
    return trail[::-1]
