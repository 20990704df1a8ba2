"""
Light formatting of texts that people write: bold, italics, lists, links; nothing else.

Everything is escaped first, so that no text can carry markup of its own. Only http, https, mailto
and tel become links. `words` splits a text for a word-level difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Each of them reads a text once, however hostile: what it repeats never runs past the next mark of
# its own kind, and gives nothing back.
_BOLD: Final = re.compile(r"\*\*(?=\S)((?:[^*\n]|\*(?!\*))++)(?<=\S)\*\*")
_ITALIC: Final = re.compile(r"(?<![\w*])[*_](?=\S)([^*_]++)(?<=\S)[*_](?![\w*])")
_LINK: Final = re.compile(r"\[([^\[\]\n]++)\]\(((?:https?://|mailto:|tel:)[^\s()]++)\)")
_BARE: Final = re.compile(r"(?<![\"'=>\w/])(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)»\]])")
_BULLET: Final = re.compile(r"^\s*[-*•]\s+(.*)$")
_NUMBER: Final = re.compile(r"^\s*\d+[.)]\s+(.*)$")
_SLOT: Final = "\ue000{}\ue001"
_FILLED: Final = re.compile("\ue000(\\d+)\ue001")


def rich(text: str) -> SafeString:
    """Return safe HTML: paragraphs, line breaks, lists, bold, italics and links."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip("\n"))
    return mark_safe("\n".join(_block(b.split("\n")) for b in blocks if b.strip()))  # noqa: S308


def rich_line(text: str) -> SafeString:
    """Return safe HTML for one line: bold, italics and links."""
    return mark_safe(_inline(text))  # noqa: S308


def _block(lines: list[str]) -> str:
    out: list[str] = []
    for tag, items in _runs(lines):
        if tag == "p":
            out.append("<p>" + "<br>".join(_inline(i) for i in items) + "</p>")
        else:
            rows = "".join(f"<li>{_inline(i)}</li>" for i in items)
            out.append(f"<{tag}>{rows}</{tag}>")
    return "\n".join(out)


def _runs(lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    runs: list[tuple[str, list[str]]] = []
    for line in lines:
        tag, item = "p", line.strip()
        if bullet := _BULLET.match(line):
            tag, item = "ul", bullet[1]
        elif number := _NUMBER.match(line):
            tag, item = "ol", number[1]
        if not runs or runs[-1][0] != tag:
            runs.append((tag, []))
        runs[-1][1].append(item)
    return runs


def _inline(text: str) -> str:
    # Links leave the text before it is looked at for stars, so that an address keeps its own.
    links: list[str] = []

    def keep(label: str, address: str) -> str:
        links.append(f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(label)}</a>')
        return _SLOT.format(len(links) - 1)

    text = re.sub("[\ue000\ue001]", "", text)
    text = _LINK.sub(lambda m: keep(m[1], m[2]), text)
    text = _BARE.sub(lambda m: keep(m[1], m[1]), text)
    html = _emphasis(str(escape(text)))
    return _FILLED.sub(lambda m: links[int(m[1])], html)


def changes(
    pieces: Iterable[Sequence[str]], *, removed: str, added: str, prefix: str = "c"
) -> SafeString:
    """
    Return a word-level difference as HTML paragraphs.

    Pieces are (op, text), op "=", "+" or "-". What was removed and added in one place is one
    change, `<span class="cd-change" id="c1">` (without an id where `prefix` is empty); `removed`
    and `added` are read out before it.
    """
    paragraphs: list[list[str]] = [[]]
    count, inside, ends_in_space = 0, False, True
    for op, text in pieces:
        for part in re.split(r"(\n\s*\n)", text):
            if not part.strip():
                # A paragraph never ends inside an element: the change goes on in the next one.
                if "\n" in part:
                    paragraphs[-1].append("</span>" if inside else "")
                    paragraphs.append([])
                    inside = False
                else:
                    paragraphs[-1].append(part)
                continue
            if op != "=" and not inside:
                count += 1
                name = f' id="{prefix}{count}"' if prefix else ""
                paragraphs[-1].append(f'<span class="cd-change"{name}>')
            elif op == "=" and inside:
                paragraphs[-1].append("</span>")
            elif inside and not ends_in_space and not part[0].isspace():
                paragraphs[-1].append(" ")
            ends_in_space = part[-1].isspace()
            inside = op != "="
            paragraphs[-1].append(_piece(op, part, removed if op == "-" else added))
    paragraphs[-1].append("</span>" if inside else "")
    texts = ("".join(p).strip().replace("\n", "<br>") for p in paragraphs)
    return mark_safe("\n".join(f"<p>{t}</p>" for t in texts if t))  # noqa: S308


def _emphasis(html: str) -> str:
    """Turn the stars of an escaped text into bold and italics; a half pair stays as it is."""
    return _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", html))


def _piece(op: str, text: str, spoken: str) -> str:
    shown = _emphasis(str(escape(text)))
    if op == "=":
        return shown
    name = "del" if op == "-" else "ins"
    return f'<{name}><span class="visually-hidden">{escape(spoken)} </span>{shown}</{name}>'
