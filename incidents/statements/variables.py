"""
Variables of prepared texts: `{product}`, `{time of next update}`, « {heure du prochain point} ».

A prepared text is signed before the crisis; only its variables are filled in it. So a value is
small and plain: one line, part of one sentence, without links or marks of formatting, so that
no paragraph, sentence or address slips past the circuit. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Final

from incidents.statements import rules

LONGEST_NAME: Final = 60
LONGEST_VALUE: Final = 120

_BLANKS: Final = " \u00a0\u202f\u2009"
_VARIABLE: Final = re.compile(rf"\{{((?:[^\W_]|[{_BLANKS}'’\u2011-]){{1,{LONGEST_NAME}}})\}}")
# Letters and marks that show as nothing, though Unicode does not call them controls.
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})

# A sentence that ends and goes on; the ends of other scripts need no blank after them.
_GOES_ON: Final = re.compile(
    r"[.:;…!?][\"'”’»)]*\s+\S|[!?…][\"'”’»)]*\w|[\u3002\uff0e\uff01\uff1f\uff61\u061f\u0964]\s*\S"
)
_ADDRESS: Final = re.compile(r"://|www\.|\w\.[^\W\d_]{2,}\b", re.IGNORECASE)
_MARKS: Final = re.compile(r"[*_\[\]#<]|^(?:[-–—•+>]|\d+[.)])\s|^•")

Span = tuple[int, int, str]


class Wrong(StrEnum):
    """Why a value cannot be taken."""

    LINES = "lines"  # more than one line
    LONG = "long"  # more than LONGEST_VALUE characters
    HIDDEN = "hidden"  # characters that nobody sees, or that turn the order of reading
    SENTENCE = "sentence"  # more than a part of one sentence, an address, marks of formatting


def names(text: str) -> tuple[str, ...]:
    """Return the variables of a text in order, each once. Braces that hold no name are text."""
    return tuple(dict.fromkeys(name for _, _, name in _places(text)))


def empty(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables of a text that have no value yet, or a blank one."""
    known = _known(values)
    return tuple(name for name in names(text) if name not in known)


def fill(text: str, values: Mapping[str, str]) -> str:
    """
    Return the text with its variables filled, in one pass: a value is never filled again.

    What has no value, or a blank one, stays visible as its variable.
    """
    return "".join(part for part, _ in _parts(text, _known(values)))


def spans(prepared: str, values: Mapping[str, str]) -> tuple[Span, ...]:
    """Return where the values stand in `fill(prepared, values)`: (start, end, name)."""
    found: list[Span] = []
    at = 0
    for part, name in _parts(prepared, _known(values)):
        if name:
            found.append((at, at + len(part), name))
        at += len(part)
    return tuple(found)


def check_value(value: str) -> Wrong | None:
    """Say why a value cannot be taken, or None when it can. Whether it is blank, `empty` says."""
    value = value.strip(_BLANKS)
    if len(value.splitlines()) > 1 or value.rstrip() != value or value.lstrip() != value:
        return Wrong.LINES
    if len(value) > LONGEST_VALUE:
        return Wrong.LONG
    marked = unicodedata.combining(value[:1] or " ")
    if marked or any(_is_unseen(character) for character in value):
        return Wrong.HIDDEN
    if any(found.search(value) for found in (_GOES_ON, _ADDRESS, _MARKS)):
        return Wrong.SENTENCE
    return None


def fixed_text_untouched(prepared_text: str, values: Mapping[str, str], text: str) -> bool:
    """
    Tell whether a text is the prepared one with nothing but its variables filled.

    False as well while a variable is empty or a value is one that cannot be taken.
    """
    if empty(prepared_text, values):
        return False
    if any(check_value(value) for value in values.values()):
        return False
    return rules.normalise(text) == rules.normalise(fill(prepared_text, values))


def read_back(prepared_text: str, text: str) -> dict[str, str] | None:
    """
    Return the values with which a text is the prepared one filled in; None where it is not that.

    Each ends where the fixed text goes on for the first time. What still stands there as a
    variable has no value.
    """
    fixed, text = rules.normalise(prepared_text), rules.normalise(text)
    places = [*_places(fixed), (len(fixed), len(fixed), "")]
    raw: dict[str, str] = {}
    at = done = 0
    for (start, end, name), (after, _, _) in pairwise(places):
        at = _behind(fixed[done:start], text, at)
        if name not in raw and at >= 0:
            stop = _stop(text, fixed[end:after], at, is_last=after == len(fixed))
            raw[name] = text[at:stop] if stop >= at else ""
        at, done = _behind(raw.get(name, ""), text, at), end
    if at < 0 or text[at:] != fixed[done:] or not all(value.strip() for value in raw.values()):
        return None
    return {name: value for name, value in raw.items() if names(value) != (name,)}


def _behind(words: str, text: str, at: int) -> int:
    """Return where a text goes on after these words, or -1 where they do not stand there."""
    return at + len(words) if at >= 0 and text.startswith(words, at) else -1


def _stop(text: str, after: str, at: int, *, is_last: bool) -> int:
    if is_last:
        return len(text) - len(after)
    return text.find(after, at) if after else -1


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or character in _BLANK_LETTERS


def _name(raw: str) -> str:
    """Return a name as it is compared: one kind of blank, of apostrophe and of hyphen."""
    plain = unicodedata.normalize("NFC", raw).replace("’", "'").replace("\u2011", "-")
    return " ".join(plain.split())


def _known(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values that are not blank, as they are kept."""
    kept = {_name(name): rules.normalise(value.strip()) for name, value in values.items()}
    return {name: value for name, value in kept.items() if value}


def _places(text: str) -> Iterator[Span]:
    for match in _VARIABLE.finditer(text):
        if name := _name(match[1]):
            yield match.start(), match.end(), name


def _parts(text: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give the filled text part by part, each with the name of the variable that it fills."""
    at = 0
    for start, end, name in _places(text):
        if name in known:
            yield text[at:start], ""
            yield known[name], name
            at = end
    yield text[at:], ""
