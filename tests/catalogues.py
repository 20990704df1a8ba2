"""Are the catalogues complete? Collects every text for people and compares it with locale/.

`python -m tests.catalogues` names what is missing, untranslated, doubtful or badly filled in;
`--update` writes new texts into the catalogues, untranslated. Babel does the work, because
gettext's tools are missing on many machines.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr",)
SOURCES = ("crisisdesk", "teams", "incidents")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "lazy", "_lazy")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({TEXT}(?:\s*,\s*{TEXT})*)")
NAMED = re.compile(r"%\((\w+)\)[sd]")
# What French typography sets otherwise: no-break spaces, curved apostrophes.
CARELESS = re.compile(r" [:;?!»]|« |\w'\w")
Key = tuple[str, ...]


def collect_python() -> Catalog:
    """Collect from Python and from templates: the domain `django`."""
    catalogue = Catalog()
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*.py")):
            if "migrations" not in path.parts:
                _add(catalogue, path, extract("python", BytesIO(path.read_bytes()), KEYWORDS))
    for pattern in ("*.html", "*.txt"):
        for path in sorted((ROOT / "templates").rglob(pattern)):
            _add(catalogue, path, _from_template(path))
    return catalogue


def collect_scripts() -> Catalog:
    """Collect from our own JavaScript: the domain `djangojs`."""
    catalogue = Catalog()
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        _add(catalogue, path, extract("javascript", BytesIO(path.read_bytes()), KEYWORDS))
    return catalogue


def _add(catalogue: Catalog, path: Path, found: Any) -> None:
    for line, message, _comments, context in found:
        place = (str(path.relative_to(ROOT)), line)
        catalogue.add(message, locations=[place], context=context)


def _from_template(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    """Read a template the way makemessages does, and understand what comes out."""
    from django.utils.translation.template import templatize

    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in CALL.finditer(text):
        line = text.count("\n", 0, call.start()) + 1
        words = [str(ast.literal_eval(word)) for word in re.findall(TEXT, call[2])]
        context = words.pop(0) if "p" in call[1] else None
        yield line, tuple(words[:2]) if call[1].startswith("n") else words[0], [], context


def key(message: Message) -> Key:
    words = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    return (message.context or "", *words)


def complaints(wanted: Catalog, path: Path, language: str) -> Iterator[str]:
    """Say what is wrong with the catalogue at `path`, one sentence each."""
    if not path.exists():
        if any(message.id for message in wanted):
            yield f"{path.relative_to(ROOT)} is missing."
        return
    kept = {key(message): message for message in _read(path, language) if message.id}
    for message in wanted:
        if not message.id:
            continue
        place = "{}:{}".format(*message.locations[0])
        found = kept.pop(key(message), None)
        if found is None:
            yield f"{place}: {message.id!r} is not in {path.relative_to(ROOT)}."
        elif found.fuzzy:
            yield f"{place}: the translation of {message.id!r} is marked as doubtful."
        else:
            yield from (f"{place}: {wrong}" for wrong in _wrong(found))
    for left in kept.values():
        yield f"{path.relative_to(ROOT)}: {left.id!r} is no longer used."


def _wrong(message: Message) -> Iterator[str]:
    """Compare a text with its translation: both there, the same names to fill in."""
    sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    given = message.string or ""
    targets = (given,) if isinstance(given, str) else tuple(given)
    if not all(targets):
        yield f"{message.id!r} is not translated."
        return
    if any(map(CARELESS.search, targets)):
        yield f"the translation of {message.id!r} has a plain space or a straight apostrophe."
    allowed = set(NAMED.findall(" ".join(sources)))
    for target in targets:
        if set(NAMED.findall(target)) - allowed:
            yield f"the translation of {message.id!r} fills in a name that the text has not."
    needed = set(NAMED.findall(sources[-1]))
    if needed - set(NAMED.findall(targets[-1])):
        yield f"the translation of {message.id!r} leaves out a name that is filled in."


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(wanted: Catalog, path: Path, language: str) -> None:
    """Add new texts, drop unused ones, keep every translation."""
    catalogue = _read(path, language) if path.exists() else _new(language)
    catalogue.fuzzy = False
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)


def _new(language: str) -> Catalog:
    now = datetime.now(tz=UTC)
    return Catalog(
        locale=language,
        header_comment="# Texts of CrisisDesk. `make messages` collects new ones.",
        project="CrisisDesk",
        version="1",
        copyright_holder="CrisisDesk",
        msgid_bugs_address="the issue tracker",
        last_translator="the house",
        language_team=f"{language} <house>",
        creation_date=now,
        revision_date=now,
    )


def main(arguments: list[str]) -> int:
    wrong: list[str] = []
    for domain, wanted in (("django", collect_python()), ("djangojs", collect_scripts())):
        for language in LANGUAGES:
            path = ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            if "--update" in arguments:
                update(wanted, path, language)
            else:
                wrong.extend(complaints(wanted, path, language))
    if "--update" not in arguments:
        print("\n".join(wrong) or "The catalogues are complete.")
    return int(bool(wrong))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
