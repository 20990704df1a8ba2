"""What a document is made of, before anyone decides how it looks: headings, tables, texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from incidents.review.formatting import passages

Block: TypeAlias = dict[str, object]
Blocks: TypeAlias = list[Block]


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


def fingerprint(label: str, digest: str) -> Block:
    """Set a fingerprint on a line of its own, unbroken, so that it can be searched and copied."""
    return {"type": "fingerprint", "label": label, "digest": digest}


def bullets(items: Iterable[str]) -> Block:
    return {"type": "bullets", "items": list(items)}


def drawing(svg: str, alt: str) -> Block:
    return {"type": "drawing", "svg": svg, "alt": alt}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Block:
    """Set a table; a line break in a cell begins a smaller second line."""
    return {"type": "table", "head": list(head), "rows": [list(r) for r in rows], "widths": widths}
