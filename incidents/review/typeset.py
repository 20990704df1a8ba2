"""
Set one document and end: JSON on stdin, PDF on stdout.

Run as a script of its own (see `pdf.py`): the typesetter keeps memory from document to
document, and a text made to stop it must not stop a web server. Uses nothing of Django.
"""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

HERE: Final = Path(__file__).parent
FONTS: Final = HERE / "fonts"
TEMPLATE: Final = HERE / "report.typ"
# What joins or chooses shapes and shows nothing of itself.
SILENT: Final = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\u00ad")


def main() -> None:
    paper = json.load(sys.stdin)
    clean = {key: value if key == "lang" else printable(value) for key, value in paper.items()}
    sys.stdout.buffer.write(
        typst.compile(
            str(TEMPLATE),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(clean)},
            # PDF/UA-1: read aloud in order, with headings and tables. PDF/A-2a: to be kept.
            pdf_standards=["ua-1", "a-2a"],
        )
    )


def printable(value: Any) -> Any:
    """
    Replace what no font of ours can show by its name, U+1F9FF, all through a JSON value.

    Characters that turn the direction of writing are named too: they could make a text read
    otherwise than it is written.
    """
    if isinstance(value, str):
        return "".join(_shown(character) for character in unicodedata.normalize("NFC", value))
    if isinstance(value, list):
        return [printable(item) for item in value]
    if isinstance(value, dict):
        return {
            key: item if key in ("type", "kind", "svg", "lang") else printable(item)
            for key, item in value.items()
        }
    return value


def _shown(character: str) -> str:
    if character in "\n " or " " < character <= "~":
        return character
    if character == "\t":
        return " "
    if character in SILENT:
        return ""
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return f"U+{ord(character):04X}"
    return character if ord(character) in coverage() else f"U+{ord(character):04X}"


@cache
def coverage() -> frozenset[int]:
    """Return every code point for which one of our fonts has a shape."""
    return frozenset(point for font in sorted(FONTS.glob("*.ttf")) for point in _points(font))


def _points(font: Path) -> Iterator[int]:
    """Read the character map of a TrueType font (OpenType specification, table `cmap`)."""
    file = font.read_bytes()
    tables = {file[at : at + 4]: at for at in range(12, 12 + 16 * _short(file, 4), 16)}
    start = _long(file, tables[b"cmap"] + 8)
    for place in range(start + 4, start + 4 + 8 * _short(file, start + 2), 8):
        at = start + _long(file, place + 4)
        if _short(file, at) == 12:
            yield from _format_12(file, at)
        elif _short(file, at) == 4:
            yield from _format_4(file, at)


def _format_12(file: bytes, at: int) -> Iterator[int]:
    for group in range(at + 16, at + 16 + 12 * _long(file, at + 12), 12):
        first, last, glyph = struct.unpack_from(">III", file, group)
        yield from range(first if glyph else first + 1, last + 1)


def _format_4(file: bytes, at: int) -> Iterator[int]:
    size = _short(file, at + 6)
    ends, starts, deltas, offsets = (
        at + 14,
        at + 16 + size,
        at + 16 + 2 * size,
        at + 16 + 3 * size,
    )
    for place in range(0, size, 2):
        first, last = _short(file, starts + place), _short(file, ends + place)
        delta, offset = _short(file, deltas + place), _short(file, offsets + place)
        for point in range(first, min(last, 0xFFFE) + 1):
            if offset:
                glyph = _short(file, offsets + place + offset + 2 * (point - first))
            else:
                glyph = (point + delta) & 0xFFFF
            if glyph:
                yield point


def _short(file: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", file, at)[0])


def _long(file: bytes, at: int) -> int:
    return int(struct.unpack_from(">I", file, at)[0])


if __name__ == "__main__":
    main()
