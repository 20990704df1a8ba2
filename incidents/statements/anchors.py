"""
Passages that comments and suggestions hang on, and where they are after edits. Pure.

An anchor keeps its words, what stood around them, and how sure one can be of finding them again.
`through` follows it where both texts are at hand and is the better way; `find` searches when only
the newest text is. Both say None ("lost its place") rather than point at a wrong passage.

Offsets count Python's characters (code points).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Self

from incidents.statements.difference import common, difference

AROUND: Final = 40
# Characters of quote and context together that leave no doubt.
_SURE: Final = 24
# A changed passage is the same one if so much of it stayed; and of a frame, so much is needed.
_ALIKE: Final = 0.5
_FRAME: Final = 12
_LONGEST_COMPARED: Final = 1_000
_MOST_PLACES: Final = 2_000


@dataclass(frozen=True)
class Anchor:
    """
    A passage of one version.

    `start` and `end` count in the text whose digest is `whole`. With `reach` characters on
    either side, the quote stood only once in that text; AROUND + 1 if even all were too few.
    `framed`: what stood before or after stood only once, so that the frame finds the passage
    even if the quote changed.
    """

    start: int
    end: int
    quote: str
    before: str
    after: str
    whole: str = ""
    reach: int = AROUND
    framed: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """:raises ValueError: if this is no anchor"""
        try:
            known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
            anchor = cls(**known)
        except TypeError as error:
            raise ValueError("no anchor") from error
        numbers = (anchor.start, anchor.end, anchor.reach)
        texts = (anchor.quote, anchor.before, anchor.after, anchor.whole)
        if not all(type(n) is int for n in numbers) or not all(type(t) is str for t in texts):
            raise ValueError("no anchor")
        if not anchor.quote or not 0 <= anchor.start < anchor.end or anchor.reach < 0:
            raise ValueError("no anchor")
        return anchor


@dataclass(frozen=True)
class Found:
    """Where the passage is now; `exact` when its words are the same."""

    start: int
    end: int
    exact: bool


def make(text: str, start: int, end: int) -> Anchor:
    """
    Return the anchor of `text[start:end]`.

    :raises ValueError: if that is empty or not inside the text
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in {len(text)} characters")
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Anchor(
        start=start,
        end=end,
        quote=text[start:end],
        before=before,
        after=after,
        whole=_digest(text),
        reach=_reach(text, start, end),
        framed=any(
            len(side) >= _FRAME and _only(side, text) is not None for side in (before, after)
        ),
    )


def find(anchor: Anchor, text: str) -> Found | None:
    """Return where the passage is in another text, or None when it has no clear place there."""
    if anchor.whole == _digest(text):
        return Found(anchor.start, anchor.end, exact=True)
    places = _places(anchor.quote, text)
    if len(places) > _MOST_PLACES:
        return None
    clear = [place for place in places if _is_clear(anchor, text, place)]
    if len(clear) == 1:
        return Found(clear[0], clear[0] + len(anchor.quote), exact=True)
    return None if clear else _in_frame(anchor, text)


def through(anchor: Anchor, before: str, *later: str) -> Found | None:
    """
    Return where the passage of `before` is in the last of the `later` texts, version by version.

    `exact` tells whether its words are those of the anchor. An anchor of another text than
    `before` is searched there first.
    """
    place = find(anchor, before)
    text = before
    for newer in later:
        if place is not None:
            moved = make(text, place.start, place.end)
            place = _mapped(place, text, newer) or find(moved, newer)
        text = newer
    if place is None:
        return None
    return Found(place.start, place.end, exact=text[place.start : place.end] == anchor.quote)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _places(part: str, text: str) -> list[int]:
    """Return where `part` stands, overlaps included; one more than the limit if too often."""
    places: list[int] = []
    at = text.find(part)
    while at >= 0 and len(places) <= _MOST_PLACES:
        places.append(at)
        at = text.find(part, at + 1)
    return places


def _only(part: str, text: str) -> int | None:
    at = text.find(part)
    return at if at >= 0 and text.find(part, at + 1) < 0 else None


def _reach(text: str, start: int, end: int) -> int:
    """Return how much must be seen on either side for the passage to be the only one."""
    low, high = 0, AROUND + 1
    while low < high:
        middle = (low + high) // 2
        if _only(text[max(0, start - middle) : end + middle], text) is None:
            low = middle + 1
        else:
            high = middle
    return low


def _is_clear(anchor: Anchor, text: str, place: int) -> bool:
    """Tell whether the quote at this place stands among the same words, and enough of them."""
    end = place + len(anchor.quote)
    left = common(anchor.before[::-1], text[max(0, place - AROUND) : place][::-1])
    right = common(anchor.after, text[end : end + AROUND])
    sides = ((left, anchor.before), (right, anchor.after))
    if not _is_cut_alike(anchor, text, place):
        return False
    if anchor.reach > AROUND or any(n < min(anchor.reach, len(side)) for n, side in sides):
        return False
    if all(n == len(side) for n, side in sides):
        return True
    moved = anchor.reach == 0 and len(anchor.quote) >= _SURE
    enough = left + right + len(anchor.quote) >= _SURE
    return moved or (enough and not _is_closed(anchor, text))


def _is_cut_alike(anchor: Anchor, text: str, place: int) -> bool:
    """Tell whether the quote begins and ends within words only where it did: "no" in "know"."""
    end = place + len(anchor.quote)
    was = anchor.before[-1:].isalnum(), anchor.after[:1].isalnum()
    return was == (text[max(0, place - 1) : place].isalnum(), text[end : end + 1].isalnum())


def _is_closed(anchor: Anchor, text: str) -> bool:
    """Tell whether what stood around the passage now stands together: the passage was removed."""
    left, right = anchor.before[-_FRAME:], anchor.after[:_FRAME]
    return len(left) == len(right) == _FRAME and left + right in text


def _in_frame(anchor: Anchor, text: str) -> Found | None:
    """Return the passage that stands between what stood around the quote, if it is like it."""
    if not anchor.framed:
        return None
    starts = _only(anchor.before, text) if anchor.before else 0
    ends = _only(anchor.after, text) if anchor.after else len(text)
    if starts is None or ends is None:
        return None
    start = starts + len(anchor.before)
    if start >= ends or not _is_like(anchor.quote, text[start:ends]):
        return None
    return Found(start, ends, exact=False)


def _is_like(old: str, new: str) -> bool:
    """Tell whether enough of a passage stayed for it to be the same one."""
    if not new.strip() or len(new) > 3 * len(old) or len(old) > 3 * len(new):
        return False
    head = common(old, new)
    old, new, shared = old[head:], new[head:], 2 * head
    tail = common(old[::-1], new[::-1])
    old, new, shared = old[: len(old) - tail], new[: len(new) - tail], shared + 2 * tail
    total = shared + len(old) + len(new)
    if max(len(old), len(new)) <= _LONGEST_COMPARED:
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        # Single letters that happen to agree are no likeness.
        shared += 2 * sum(size for _, _, size in blocks if size > 1)
    return shared >= _ALIKE * total


def _mapped(place: Found, old: str, new: str) -> Found | None:
    """Follow a passage from one text to the next along what changed between them."""
    kept = [(start, end) for start, end, is_inside in _steps(place, old, new) if is_inside]
    if not kept:
        return None
    start, end = kept[0][0], kept[-1][1]
    if start >= end or not _is_like(old[place.start : place.end], new[start:end]):
        return None
    return Found(start, end, exact=False)


def _steps(place: Found, old: str, new: str) -> Iterator[tuple[int, int, bool]]:
    """
    Give the parts of the new text, and whether each belongs to the passage.

    What was put in the place of words of the passage belongs to it; what was put beside it not.
    """
    here, there, replaced = 0, 0, False
    for op, text in difference(old, new).pieces:
        size = len(text)
        if op == "+":
            inside = place.start < here < place.end
            yield there, there + size, inside or replaced
            there += size
            continue
        low, high = max(place.start, here), min(place.end, here + size)
        replaced = op == "-" and low < high
        if op == "=" and low < high:
            yield there + low - here, there + high - here, True
        here += size
        there += size if op == "=" else 0
