from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.statements.difference import difference

WORDS = st.text(alphabet=st.sampled_from("ab .,\n’é"), max_size=60)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "Hello there.", (("+", "Hello there."),)),
        ("Same.", "Same.", (("=", "Same."),)),
        (
            "We recall three lots.",
            "We recall four lots.",
            (("=", "We recall "), ("-", "three"), ("+", "four"), ("=", " lots.")),
        ),
        (
            "We are checking.",
            "We are checking. Do not eat it.",
            (("=", "We are checking."), ("+", " Do not eat it.")),
        ),
        (
            "Do not eat it. Call us.",
            "Call us.",
            (("-", "Do not eat it. "), ("=", "Call us.")),
        ),
        (
            "Call us.",
            "Call us.\n\nNext update at 23:30.",
            (("=", "Call us."), ("+", "\n\nNext update at 23:30.")),
        ),
        (
            "Lots L6061 to L6063.",
            "Lots L6061 to L6064.",
            (("=", "Lots L6061 to "), ("-", "L6063"), ("+", "L6064"), ("=", ".")),
        ),
    ],
)
def test_a_change_is_marked_word_by_word(
    old: str, new: str, pieces: tuple[tuple[str, str], ...]
) -> None:
    assert difference(old, new).pieces == pieces


@given(WORDS, WORDS)
@settings(max_examples=300, deadline=None)
def test_the_pieces_give_back_both_texts_to_the_letter(old: str, new: str) -> None:
    pieces = difference(old, new).pieces
    assert "".join(t for op, t in pieces if op != "+") == old
    assert "".join(t for op, t in pieces if op != "-") == new


def test_places_that_changed_are_counted() -> None:
    found = difference("One two three four five six seven.", "One TWO three four five SIX seven.")
    assert found.passages == 2


def test_a_negation_that_goes_is_seen() -> None:
    assert ("-", "not ") in difference("It is not safe to eat.", "It is safe to eat.").pieces


def test_fifteen_hundred_words_in_one_breath_are_still_compared_word_by_word() -> None:
    shuffle = random.Random(1)  # noqa: S311 - not a secret
    vocabulary = [f"word{n}" for n in range(120)] + ["the", "of", "a"] * 20
    old = [shuffle.choice(vocabulary) for _ in range(1500)]
    new = [w if shuffle.random() > 0.05 else shuffle.choice(vocabulary) for w in old]
    found = difference(" ".join(old), " ".join(new))
    assert found.passages > 10
