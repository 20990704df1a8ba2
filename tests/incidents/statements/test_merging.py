from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.statements.merging import Choice, Clash, Mine, Piece, Same, Theirs, merge

BASE = (
    "We are checking reports about three lots of Pizza Bella. Our teams are in the factory.\n\n"
    "Do not eat it. Bring it back to any shop.\n\n"
    "Next update at 23:30."
)

# What they changed, what I changed, and what comes of it when nothing clashes.
CLEAN = [
    # paragraphs
    (("three lots", "four lots"), ("23:30", "23:45"), [("three lots", "four lots"), ("23:30", "23:45")]),
    (("Next update at 23:30.", "Next update at 23:30.\n\nWe are sorry."), ("23:30", "23:45"),
     [("23:30.", "23:45.\n\nWe are sorry.")]),
    (("We are checking", "Notice\n\nWe are checking"), ("three", "four"),
     [("We are checking", "Notice\n\nWe are checking"), ("three", "four")]),
    (("Do not eat it. Bring it back to any shop.\n\n", ""), ("23:30", "23:45"),
     [("Do not eat it. Bring it back to any shop.\n\n", ""), ("23:30", "23:45")]),
    # sentences of one paragraph
    (("Do not eat it.", "Do not eat any of it."), ("any shop", "the shop"),
     [("Do not eat it.", "Do not eat any of it."), ("any shop", "the shop")]),
    (("Do not eat it. ", ""), ("any shop", "the shop"), [("Do not eat it. ", ""), ("any shop", "the shop")]),
    (("shop.", "shop. Keep the box."), ("any shop", "the shop"), [("any shop.", "the shop. Keep the box.")]),
    # words of one sentence, far enough apart
    (("We are checking", "We check"), ("Pizza Bella.", "our pizza."),
     [("We are checking", "We check"), ("Pizza Bella.", "our pizza.")]),
    # both the same
    (("23:30", "23:45"), ("23:30", "23:45"), [("23:30", "23:45")]),
    (("Do not eat it. ", ""), ("Do not eat it. ", ""), [("Do not eat it. ", "")]),
    (("23:30.", "23:30.\n\nWe are sorry."), ("23:30.", "23:30.\n\nWe are sorry."),
     [("23:30.", "23:30.\n\nWe are sorry.")]),
    (("23:30.", "23:30.\n\nWe are sorry."), ("23:30.", "23:30.\n\nWe are sorry.\n\nCall us."),
     [("23:30.", "23:30.\n\nWe are sorry.\n\nCall us.")]),
]  # fmt: skip

CLASHES = [
    (("23:30", "23:45"), ("23:30", "22:00"), Clash("23:30", "23:45", "22:00")),
    (("three", "four"), ("three ", ""), Clash("three ", "four ", "")),
    # Together they would say "Do unsafe eat it": what nobody wrote.
    (("Do not eat it.", "Do eat it."), ("Do not eat it.", "Do not touch it."),
     Clash("not eat", "eat", "not touch")),
    (("We are", "They are"), ("reports", "news"),
     Clash("We are checking reports", "They are checking reports", "We are checking news")),
    (("Do not eat it. ", ""), ("Do not eat it.", "Do not eat it at all."),
     Clash("Do not eat it. ", "", "Do not eat it at all. ")),
    (("23:30.", "23:30. We are sorry."), ("23:30.", "23:30. Call us."),
     Clash("", "We are sorry.", "Call us.")),
]  # fmt: skip


def theirs_of(pieces: tuple[Piece, ...]) -> str:
    """Read their text back out of the pieces."""
    out = ""
    for piece in pieces:
        match piece:
            case Same(text) | Theirs(text, _):
                out += text
            case Mine(_, was):
                out += was
            case Clash(_, theirs, _):
                out += theirs
    return out


def mine_of(pieces: tuple[Piece, ...]) -> str:
    out = ""
    for piece in pieces:
        match piece:
            case Same(text) | Mine(text, _):
                out += text
            case Theirs(_, was):
                out += was
            case Clash(_, _, mine):
                out += mine
    return out


def texts_of(piece: Piece) -> tuple[str, ...]:
    return (piece.theirs, piece.mine) if isinstance(piece, Clash) else (piece.text,)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize(("they", "me", "both"), CLEAN)
def test_changes_in_different_places_come_together(
    they: tuple[str, str], me: tuple[str, str], both: list[tuple[str, str]]
) -> None:
    wanted = BASE
    for change in both:
        assert change[0] in wanted
        wanted = wanted.replace(*change)
    found = merge(BASE, BASE.replace(*they), BASE.replace(*me))
    assert not found.clashes
    assert found.text() == wanted
    assert merge(BASE, BASE.replace(*me), BASE.replace(*they)).text() == wanted


@pytest.mark.parametrize(("they", "me", "clash"), CLASHES)
def test_changes_in_one_place_clash(
    they: tuple[str, str], me: tuple[str, str], clash: Clash
) -> None:
    found = merge(BASE, BASE.replace(*they), BASE.replace(*me))
    assert found.clashes == (clash,)
    turned = merge(BASE, BASE.replace(*me), BASE.replace(*they))
    assert turned.clashes == (Clash(clash.base, clash.mine, clash.theirs),)


def test_what_one_side_changed_says_what_it_was() -> None:
    found = merge(BASE, BASE.replace("Do not eat it. ", ""), BASE.replace("any shop", "the shop"))
    assert Theirs("", "Do not eat it. ") in found.pieces
    assert Mine("the", "any") in found.pieces


CLASHING = merge("a. At noon. c.", "a. At one. c.", "a. At two. c.")


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ("base", "a. At noon. c."),
        ("theirs", "a. At one. c."),
        ("mine", "a. At two. c."),
        ("both", "a. At one two. c."),
        (["mine"], "a. At two. c."),
    ],
)
def test_a_clash_is_settled_by_choice(choice: Choice | list[Choice], text: str) -> None:
    assert CLASHING.text(choice) == text


@pytest.mark.parametrize("choice", [None, [], ["mine", "mine"]])
def test_a_clash_without_a_choice_has_no_text(choice: list[Choice] | None) -> None:
    with pytest.raises(ValueError, match="clashes"):
        CLASHING.text(choice)


def test_two_clashes_are_settled_each_in_its_way() -> None:
    found = merge("One a.\n\nTwo a.", "One b.\n\nTwo b.", "One c.\n\nTwo c.")
    assert found.text(["theirs", "mine"]) == "One b.\n\nTwo c."
    assert found.text("mine") == "One c.\n\nTwo c."


LETTERS = st.text(alphabet=st.sampled_from("ab .\né🙏"), max_size=40)
PROSE = st.lists(
    st.sampled_from(["we", "check", "lots", "now", "shop", "shop.", "not", "12", "\n\n", "eat!"]),
    max_size=25,
).map(" ".join)
TEXTS = st.one_of(LETTERS, PROSE)


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """Change some words of a text, drop some and add some of the editor's own."""
    parts = text.split(" ")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(parts)))
        new = draw(st.sampled_from([[], ["new"], ["x", "y."], ["\n\n", "line"]]))
        parts[at : at + draw(st.integers(0, 3))] = new
    return " ".join(parts)


@st.composite
def threes(draw: st.DrawFn) -> tuple[str, str, str]:
    base = draw(TEXTS)
    return base, draw(st.one_of(edited(base), TEXTS)), draw(st.one_of(edited(base), TEXTS))


@given(threes())
@settings(max_examples=300, deadline=None)
def test_both_texts_come_back_to_the_letter(three: tuple[str, str, str]) -> None:
    base, theirs, mine = three
    found = merge(base, theirs, mine)
    assert theirs_of(found.pieces) == theirs
    assert mine_of(found.pieces) == mine


@given(threes())
@settings(max_examples=300, deadline=None)
def test_no_word_that_either_added_is_lost(three: tuple[str, str, str]) -> None:
    base, theirs, mine = three
    found = merge(base, theirs, mine)
    kept = words(" ".join(part for piece in found.pieces for part in texts_of(piece)))
    for side in (theirs, mine):
        assert set(words(side)) - set(words(base)) <= set(kept)


@given(TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_what_only_one_changed_is_taken(base: str, new: str) -> None:
    assert merge(base, new, base).text() == new
    assert merge(base, base, new).text() == new
    assert merge(base, new, new).text() == new


@given(threes())
@settings(max_examples=200, deadline=None)
def test_whose_text_comes_first_makes_no_difference(three: tuple[str, str, str]) -> None:
    base, theirs, mine = three
    there, back = merge(base, theirs, mine), merge(base, mine, theirs)
    assert len(there.clashes) == len(back.clashes)
    if not there.clashes:
        assert there.text() == back.text()


SENTENCES = [f"Sentence {letter} has a few words." for letter in "ABCDEFGHIJ"]


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
@settings(max_examples=100, deadline=None)
def test_what_one_deletes_and_the_other_leaves_alone_is_gone(they: set[int], me: set[int]) -> None:
    def text(without: set[int], changed: set[int]) -> str:
        return "\n\n".join(
            s.replace("few", "many") if n in changed else s
            for n, s in enumerate(SENTENCES)
            if n not in without
        )

    found = merge(text(set(), set()), text(they, set()), text(set(), me - they))
    for n, sentence in enumerate(SENTENCES):
        assert (sentence[:10] in found.text("theirs")) == (n not in they)
        if n in me - they:
            assert sentence.replace("few", "many") in found.text("mine")
    apart = all(abs(n - m) > 1 for n in they for m in me - they)
    assert not (found.clashes and apart)


@cache
def _pastes() -> list[tuple[str, str, str]]:
    dice = random.Random(3)  # noqa: S311 - not a secret
    prose = [dice.choice(["we", "check", "the", "lots", "of", "a."]) for _ in range(20_000)]
    mixed = [sorted(prose, key=lambda _: dice.random()) for _ in range(2)]
    changed = [
        [w if dice.random() > 0.02 else f"{w}{n}" for n, w in enumerate(prose)] for _ in "ab"
    ]
    return [
        (" ".join(prose), " ".join(mixed[0]), " ".join(mixed[1])),
        (" ".join(prose), " ".join(changed[0]), " ".join(changed[1])),
        ("\n".join(prose), "\n".join(changed[0]), "\n".join(mixed[1])),
        ("a" * 100_000, "a" * 99_999, "b" * 100_000),
        ("a b " * 25_000, "b a " * 25_000, "a a " * 25_000),
        ("a\nb\n" * 25_000, "b\na\n" * 25_000, "a\na\n" * 25_000),
        ("." * 100_000, ". " * 50_000, "!" * 100_000),
        ("", "a. " * 33_000, "b. " * 33_000),
        ("x" + "\n" * 99_999, "\n" * 99_999 + "y", "z\n" * 50_000),
    ]


@pytest.mark.parametrize("number", range(9))
def test_a_long_paste_is_merged_at_once_and_loses_nothing(number: int) -> None:
    base, theirs, mine = _pastes()[number]
    found = merge(base, theirs, mine)
    assert theirs_of(found.pieces) == theirs
    assert mine_of(found.pieces) == mine
