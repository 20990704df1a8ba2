"""What a document is made of, before anyone decides how it looks: headings, tables, texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from incidents.review.formatting import line, passages

# Without one of these a line holds no formatting (see kit/rich_text.py).
_MARKS: Final = re.compile(r"[*_\[]|://|^\s*(?:[-•]|\d+[.)])\s")

Block: TypeAlias = dict[str, object]
Blocks: TypeAlias = list[Block]
Cell: TypeAlias = str | Block


def heading(text: str, level: int = 1) -> Block:
    return {"type": "heading", "text": text, "level": level}


def paragraph(text: str) -> Block:
    """Keep the text literally; an empty line begins a new paragraph."""
    return {"type": "paragraph", "text": text}


def quote(text: str, lang: str) -> Block:
    """Frame words in their own language, literally: sign by sign as they stood or will stand."""
    return {"type": "quote", "text": text, "lang": lang}


def prose(text: str) -> Block:
    """Set what somebody wrote for the report itself, with its bold words and lists."""
    return {"type": "prose", "passages": passages(text)}


def signed_text(text: str, lang: str) -> Block:
    """Frame a text of ours as its readers see it, with its bold words and lists."""
    return {"type": "rich", "passages": passages(text), "lang": lang}


def fingerprint(label: str, digest: str, note: str = "") -> Block:
    """Set a fingerprint on a line of its own, unbroken, so that it can be searched and copied."""
    return {"type": "fingerprint", "label": label, "digest": digest, "note": note}


def bullets(items: Iterable[str]) -> Block:
    return {"type": "bullets", "items": list(items)}


def drawing(svg: str, alt: str) -> Block:
    return {"type": "drawing", "svg": svg, "alt": alt}


def cell(text: str, small: Sequence[str]) -> Cell:
    """
    Set what somebody wrote with its bold words and lists, and smaller lines under it.

    Nearly all of a chronology is one plain line: those stay words, and cost nothing.
    """
    if "\n" not in text and all(map(_is_plain, (text, *small))):
        return "\n".join((text, *small))
    return {"passages": passages(text), "small": [line(one) for one in small]}


def _is_plain(text: str) -> bool:
    """Tell a line that is set as it is typed: no bold words, no list, no link."""
    if not _MARKS.search(text):
        return True
    pieces = [{"text": text, "bold": False, "italic": False}]
    return passages(text) == [{"kind": "p", "lines": [pieces]}]


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> Block:
    """Set a table; a line break in a cell of words begins a smaller second line."""
    return {"type": "table", "head": list(head), "rows": [list(r) for r in rows], "widths": widths}
