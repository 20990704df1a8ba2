"""Two texts of two writers put together: what a page shows of it, and what the choices make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from incidents.statements import merging, rules
from incidents.statements.difference import Piece, difference

_MOST_CLASHES: Final = 500
_READ_IN: Final = 40
CHOICES: Final[tuple[merging.Choice, ...]] = ("both", "theirs", "mine", "base")


@dataclass(frozen=True)
class ChangeRow:
    """
    One place that somebody changed; `who` is theirs, mine or clash.

    A clash carries what each made of it, and its number among the clashes. `before` and `after`
    are a few words around it that nobody changed.
    """

    who: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()
    theirs: str = ""
    mine: str = ""
    base: str = ""
    number: int = 0
    choice: str = "both"


@dataclass(frozen=True)
class MergedText:
    """One text (of the statement, or of a channel) put together from what two people wrote."""

    name: str
    label: str
    theirs: str
    mine: str
    text: str
    rows: tuple[ChangeRow, ...]

    @property
    def clashes(self) -> int:
        return sum(1 for row in self.rows if row.who == "clash")


def put_together(
    name: str,
    label: str,
    *,
    base: str | None,
    theirs: str,
    mine: str,
    choices: Sequence[str] = (),
) -> MergedText:
    """
    Bring two texts together; where both changed the same words, both stand until it is chosen.

    Without a `base` (it is no longer kept) nothing that either says is taken away.
    """
    found = merging.merge(in_common(theirs, mine) if base is None else base, theirs, mine)
    count = len(found.clashes)
    known = [choice for given in choices for choice in CHOICES if choice == given]
    chosen = [*known, *CHOICES[:1] * count][:count]
    return MergedText(
        name=name,
        label=label,
        theirs=theirs,
        mine=mine,
        text=found.text(chosen),
        rows=tuple(_rows(found, chosen)),
    )


def in_common(theirs: str, mine: str) -> str:
    """Return what both texts say: seen from there, each has only added."""
    return "".join(text for op, text in difference(theirs, mine).pieces if op == "=")


@dataclass(frozen=True)
class Offered:
    """A text that was put together, and what stands in its field: `composed`, or edited by hand."""

    found: MergedText
    text: str

    @property
    def is_apart(self) -> bool:
        return self.found.theirs != self.found.mine


def offer(
    name: str,
    label: str,
    *,
    base: str | None,
    theirs: str,
    mine: str,
    chosen: Mapping[str, str] | None,
) -> Offered:
    """
    Put a text together as it was `chosen` in a form, if it was.

    What was edited by hand since the last choice is carried over into the new one.
    """
    if chosen is None:
        found = put_together(name, label, base=base, theirs=theirs, mine=mine)
        return Offered(found, found.text)
    choices = [chosen.get(f"choice_{name}_{n}", "both") for n in range(_MOST_CLASHES)]
    found = put_together(name, label, base=base, theirs=theirs, mine=mine, choices=choices)
    composed = rules.as_typed(chosen.get(f"composed_{name}", ""))
    typed = rules.as_typed(chosen.get(name, ""))
    if typed == composed:
        return Offered(found, found.text)
    return Offered(found, merging.merge(composed, found.text, typed).text("both"))


def _rows(found: merging.Merge, chosen: Sequence[str]) -> list[ChangeRow]:
    rows: list[ChangeRow] = []
    left = iter(enumerate(chosen))
    for at, piece in enumerate(found.pieces):
        if isinstance(piece, merging.Same):
            continue
        before, after = _beside(found.pieces, at)
        if isinstance(piece, merging.Clash):
            number, choice = next(left)
            rows.append(
                ChangeRow(
                    "clash",
                    before,
                    after,
                    theirs=piece.theirs,
                    mine=piece.mine,
                    base=piece.base,
                    number=number,
                    choice=choice,
                )
            )
            continue
        who = "theirs" if isinstance(piece, merging.Theirs) else "mine"
        change = difference(piece.was, piece.text).pieces
        pieces = (("=", before), *change, ("=", after))
        rows.append(ChangeRow(who, before, after, pieces=pieces))
    return rows


def _beside(pieces: Sequence[merging.Piece], at: int) -> tuple[str, str]:
    """Return the last words of the line before a change, and the first of the line after it."""
    left = pieces[at - 1] if at else None
    right = pieces[at + 1] if at + 1 < len(pieces) else None
    before = left.text.split("\n")[-1] if isinstance(left, merging.Same) else ""
    after = right.text.split("\n")[0] if isinstance(right, merging.Same) else ""
    if len(before) > _READ_IN:
        before = "… " + before[-_READ_IN:].partition(" ")[2]
    if len(after) > _READ_IN:
        after = after[:_READ_IN].rpartition(" ")[0] + " …"
    return before, after
