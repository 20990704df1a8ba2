"""What makes the change in a draft more than a typo, said while it is being written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from incidents.models import Draft, Statement
from incidents.statements import material, rules, versions
from incidents.statements.difference import Piece, difference
from incidents.statements.material import Code

_WHAT: Final = {
    Code.DIGIT: _("a number"),
    Code.NAME: _("a name"),
    Code.NEGATION: _("a negation"),
    Code.DATE: _("a date or time"),
    Code.LINK: _("a link"),
    Code.AUDIENCE: _("the audience"),
    Code.CHANNEL: _("a channel"),
    Code.KIND: _("the kind"),
    Code.LANGUAGE: _("the language"),
    Code.ATTACHMENT: _("a picture or video"),
    Code.WORDS: _("words"),
}
# What a digest or a slug would say tells a reader nothing.
_WITHOUT_WORDS: Final = {Code.ATTACHMENT, Code.AUDIENCE, Code.KIND, Code.LANGUAGE, Code.CHANNEL}
_MOST: Final = 5
# Characters of unchanged text beside a change, of one change, and changes of one reason.
_AROUND: Final = 30
_LONGEST: Final = 120
_CHANGES: Final = 3


@dataclass(frozen=True)
class MaterialRow:
    """One reason; `pieces` is the difference, cut around what changed."""

    what: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Mending:
    """Why the change is material, a few reasons of all `count`; none when it may be a typo."""

    rows: tuple[MaterialRow, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def mending(statement: Statement) -> Mending | None:
    """Compare the draft with the newest version; nothing where there is nothing to sign again."""
    if statement.status not in (Statement.Status.IN_SIGNOFF, Statement.Status.GOOD):
        return None
    draft = Draft.objects.get(pk=statement.pk)
    newest = statement.versions.order_by("-number").first()
    if newest is None or versions.is_saved(draft, newest):
        return None
    text = rules.normalise(draft.text)
    now = material.Wording(
        text=text,
        channel_texts=rules.channel_texts(statement.channels, draft.channel_texts, text),
        audience=statement.audience.slug,
        kind=statement.kind,
        language=statement.language,
        attachments=versions.files(draft.attachments),
    )
    names = versions.names_of(statement)
    found = material.reasons(versions.wording(newest), now, names=names)
    rows = tuple(_row(one) for one in found[:_MOST])
    return Mending(rows, len(found))


def _row(reason: material.Reason) -> MaterialRow:
    bare = reason.code in _WITHOUT_WORDS
    whole = () if bare else difference(reason.was, reason.now).pieces
    return MaterialRow(what=str(_WHAT[reason.code]), pieces=cut(whole))


def cut(whole: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the first changes of a difference with a few words beside them: it is made whole."""
    return tuple(piece for piece in _cut(whole) if piece[1])


def _cut(whole: Sequence[Piece]) -> Iterator[Piece]:
    changes = 0
    for place, (op, text) in enumerate(whole):
        if op != "=":
            yield op, _shortened(text, text[: _LONGEST // 2], text[-_LONGEST // 2 :])
            continue
        changes += place > 0
        goes_on = place < len(whole) - 1
        after = _head(text) if place else ""
        if goes_on and changes == _CHANGES:
            yield op, f"{after}…"
            return
        yield op, _shortened(text, after, _tail(text) if goes_on else "")


def _head(text: str) -> str:
    """Return whole words that a text begins with."""
    found = text[:_AROUND]
    return found if text[_AROUND : _AROUND + 1].strip() == "" else found[: found.rfind(" ") + 1]


def _tail(text: str) -> str:
    found, before = text[-_AROUND:], text[:-_AROUND]
    return found if before[-1:].strip() == "" else found[found.find(" ") + 1 :]


def _shortened(text: str, first: str, last: str) -> str:
    return text if len(text) <= len(first) + len(last) else f"{first}…{last}"
