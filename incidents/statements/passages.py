"""
Where words that somebody pointed at stand in a text as it was written. Pure.

People select on the page, where light formatting is shown and not written, or type the words
they mean. Both are looked for as they are, then without the marks of formatting, then without
blanks too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.statements import anchors, rules

Span = tuple[int, int]

_AROUND: Final = 600
_READ_IN: Final = 30
_FOLLOWS: Final = frozenset(" .,;:!?)»”…\n")
# What light formatting writes and a page does not show (see kit/rich_text.py).
_UNSEEN: Final = re.compile(
    r"[*_]|(?m:^[ \t]*[-•][ \t]+)|(?m:^[ \t]*\d+[.)][ \t]+)"
    r"|\[(?=[^\]\n]+\]\((?:https?://|mailto:|tel:))"
    r"|(?<=[^\]\n])\]\((?:https?://|mailto:|tel:)[^\s)]+\)"
)


class NotThere(Refused):
    """The words do not stand in the text, or in several places."""


def locate(text: str, words: str, *, before: str = "", after: str = "") -> Span:
    """
    Return from where to where the words stand in `text`.

    `before` and `after` are what stood around them on the screen; they choose between places.

    :raises NotThere: if the words are in no place, or in several that look the same
    """
    if not words.strip():
        raise NotThere(_("Say which words of the text you mean. Nothing was kept yet."))
    found = _places(text, rules.as_typed(words))
    if len(found) > 1 and (before or after):
        found = [span for span in found if _stands_between(text, span, before, after)] or found
    if not found:
        raise NotThere(
            _(
                "These words do not stand in this version. Copy them from it exactly, then try again."
            )
        )
    if len(found) > 1:
        raise NotThere(
            _(
                "These words stand there %(count)s times. Add some of the words around them, so"
                " that it is clear which are meant."
            )
            % {"count": len(found)}
        )
    return _whole_marks(text, found[0])


def _places(text: str, words: str) -> list[Span]:
    """Return every place of the words, read ever less strictly until there is one."""
    exact = [(m.start(), m.end()) for m in re.finditer(re.escape(words.strip()), text)]
    if exact:
        return exact
    for unseen, blank in ((None, " "), (_UNSEEN, " "), (_UNSEEN, "")):
        shown, places = _shown(text, unseen, blank)
        wanted = _shown(words, unseen, blank)[0].strip()
        if not wanted:
            continue
        found = list(_finds(shown, wanted))
        if found:
            return [(places[at], places[at + len(wanted) - 1] + 1) for at in found]
    return []


def _shown(text: str, unseen: re.Pattern[str] | None, blank: str) -> tuple[str, list[int]]:
    """Return the text as a page shows it, and where each of its characters is written."""
    hidden = bytearray(len(text))
    for match in unseen.finditer(text) if unseen else ():
        hidden[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    shown: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        if hidden[at]:
            continue
        if not letter.isspace():
            shown.append(letter)
        elif blank and shown and shown[-1] != blank:
            shown.append(blank)
        else:
            continue
        places.append(at)
    return "".join(shown), places


def _finds(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _stands_between(text: str, span: Span, before: str, after: str) -> bool:
    left = _UNSEEN.sub("", text[max(0, span[0] - _AROUND) : span[0]])
    right = _UNSEEN.sub("", text[span[1] : span[1] + _AROUND])
    return _letters(left).endswith(_letters(before)) and _letters(right).startswith(_letters(after))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _whole_marks(text: str, span: Span) -> Span:
    """Take the other half of a pair of bold marks in, so that no half stays behind."""
    start, end = span
    if text[start:end].count("**") % 2:
        if text[end : end + 2] == "**":
            end += 2
        elif text[max(0, start - 2) : start] == "**":
            start -= 2
    return start, end


def replaced(text: str, span: Span, wording: str) -> str:
    """Return the text with other words in place of a passage; a struck one leaves no gap behind."""
    start, end = span
    if not wording:
        start, end = _with_gap(text, start, end)
    return text[:start] + wording + text[end:]


def _with_gap(text: str, start: int, end: int) -> Span:
    """Take the blank, or the empty line, that a struck passage would leave twice."""
    paragraph = text[:start].endswith("\n\n") or not start
    if paragraph and text[end:].startswith("\n"):
        return start, end + len(text[end:]) - len(text[end:].lstrip("\n"))
    if start and text[start - 1] == " " and (text[end : end + 1] or " ") in _FOLLOWS:
        return start - 1, end
    if (not start or text[start - 1].isspace()) and text[end : end + 1] == " ":
        return start, end + 1
    return start, end


def anchored(text: str, span: Span) -> dict[str, Any]:
    return anchors.make(text, *span).to_json()


def quoted(anchor: Mapping[str, Any]) -> str:
    """Return the words that an anchor was put on."""
    return anchors.Anchor.from_json(anchor).quote


def around(anchor: Mapping[str, Any]) -> tuple[str, str]:
    """Return a few words that stood before and after, to read a change in."""
    known = anchors.Anchor.from_json(anchor)
    before = known.before.split("\n")[-1]
    after = known.after.split("\n")[0]
    return before[-_READ_IN:].partition(" ")[2], after[:_READ_IN].rpartition(" ")[0]


def follow(anchor: Mapping[str, Any], text: str, *, was: str | None = None) -> anchors.Found | None:
    """Return where a passage is in `text`; `was`, if at hand, is the text it was put on."""
    known = anchors.Anchor.from_json(anchor)
    found = anchors.find(known, text)
    return found if found or was is None else anchors.through(known, was, text)


def standing(anchor: Mapping[str, Any], text: str, *, was: str) -> Span | None:
    """Return where the passage stands word for word, so that putting others there loses nothing."""
    found = follow(anchor, text, was=was)
    return (found.start, found.end) if found is not None and found.exact else None
