"""The light formatting of a text, for paper: the same that the pages show, as pieces to be set."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from crisisdesk.kit.rich_text import rich, rich_line

BLOCKS: Final = ("p", "ul", "ol")


@dataclass(frozen=True)
class Piece:
    text: str
    bold: bool = False
    italic: bool = False


@dataclass
class Passage:
    """A paragraph (`p`) with its lines, or a list (`ul`, `ol`) with its items."""

    kind: str
    lines: list[list[Piece]] = field(default_factory=list)


def passages(text: str) -> list[dict[str, Any]]:
    """
    Return paragraphs and lists as {"kind", "lines": [[{"text", "bold", "italic"}]]}.

    They are read from what the pages show, so that paper and screen never tell two texts apart.
    """
    reader = _Reader()
    reader.feed(rich(text))
    reader.close()
    return [asdict(one) for one in reader.found]


def line(text: str) -> list[dict[str, Any]]:
    """Return one line as pieces, [{"text", "bold", "italic"}], as `rich_line` shows it."""
    reader = _Reader()
    reader.feed(f"<p>{rich_line(text)}</p>")
    reader.close()
    return [asdict(piece) for one in reader.found for pieces in one.lines for piece in pieces]


class _Reader(HTMLParser):
    """Reads the few elements that `rich` writes; all other signs in it are escaped text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Passage] = []
        self.bold = self.italic = 0
        self.address = self.label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.found.append(Passage(tag, [[]] if tag == "p" else []))
        elif tag in ("br", "li"):
            self.found[-1].lines.append([])
        elif tag == "strong":
            self.bold += 1
        elif tag == "em":
            self.italic += 1
        elif tag == "a":
            self.address, self.label = dict(attrs).get("href") or "", ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self.bold -= 1
        elif tag == "em":
            self.italic -= 1
        elif tag == "a":
            # Nobody can follow a link on paper: its address stands behind the words.
            address, self.address = self.address, ""
            if address != self.label:
                self._add(f" ({address})")

    def handle_data(self, data: str) -> None:
        if self.address:
            self.label += data
        # Between two blocks stands nothing but the line break of the source.
        if self.found and self.found[-1].lines and data.strip("\n"):
            self._add(data)

    def _add(self, text: str) -> None:
        self.found[-1].lines[-1].append(Piece(text, self.bold > 0, self.italic > 0))
