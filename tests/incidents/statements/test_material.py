from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incidents.statements.material import Code, Wording, reasons
from tests.incidents.statements.changes import ENGLISH, FRENCH

NAMES = ("Verdier", "Pizza Bella", "Quattro Formaggi")


@pytest.mark.parametrize(("before", "now", "touched"), ENGLISH)
def test_an_english_change_is_what_it_touches(before: str, now: str, touched: str) -> None:
    assert codes(before, now, "en") == set(touched.split())


@pytest.mark.parametrize(("before", "now", "touched"), FRENCH)
def test_a_french_change_is_what_it_touches(before: str, now: str, touched: str) -> None:
    assert codes(before, now, "fr") == set(touched.split())


def codes(before: str, now: str, language: str = "en") -> set[str]:
    was, is_ = (Wording(text=text, language=language) for text in (before, now))
    return {str(reason.code) for reason in reasons(was, is_, names=NAMES)}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"audience": "media"}, Code.AUDIENCE),
        ({"kind": "denial"}, Code.KIND),
        ({"language": "fr"}, Code.LANGUAGE),
        ({"attachments": ("b" * 64,)}, Code.ATTACHMENT),
        ({"attachments": ("a" * 64, "b" * 64)}, Code.ATTACHMENT),
        ({"attachments": ()}, Code.ATTACHMENT),
        ({"channel_texts": {"website": ""}}, Code.CHANNEL),
        ({"channel_texts": {"website": "", "x": "", "sms": ""}}, Code.CHANNEL),
        ({"channel_texts": {"website": "", "x": "Closed today."}}, Code.CHANNEL),
    ],
)
def test_everything_that_a_signoff_binds_is_material(changed: dict[str, Any], code: Code) -> None:
    before = Wording(
        text="The shop is closed.",
        channel_texts={"website": "", "x": ""},
        audience="customers",
        kind="holding",
        language="en",
        attachments=("a" * 64,),
    )
    assert reasons(before, before) == ()
    assert code in {reason.code for reason in reasons(before, replace(before, **changed))}
    assert code in {reason.code for reason in reasons(replace(before, **changed), before)}


def test_the_order_of_attachments_and_channels_is_no_change() -> None:
    before = Wording("Closed.", {"x": "", "website": ""}, attachments=("a", "b"))
    now = Wording("Closed.", {"website": "", "x": ""}, attachments=("b", "a"))
    assert reasons(before, now) == ()


def test_a_channels_own_text_is_compared_like_the_text() -> None:
    before = Wording("The shop is closed.", {"x": "Shop closed, our custommers call."})
    assert (
        reasons(before, replace(before, channel_texts={"x": "Shop closed, our customers call."}))
        == ()
    )
    found = reasons(
        before, replace(before, channel_texts={"x": "Shop not closed, our custommers call."})
    )
    assert [(reason.code, reason.was, reason.now) for reason in found] == [
        (Code.NEGATION, "", "not")
    ]


def test_a_channels_own_text_in_the_same_words_is_no_change() -> None:
    before = Wording("The shop is closed.", {"x": ""})
    assert reasons(before, replace(before, channel_texts={"x": "The shop is closed"})) == ()


def test_a_reason_shows_the_passage_as_it_was_and_as_it_is() -> None:
    before = Wording("Lots L6061 to L6063 were sold at Verdier.")
    now = Wording("Lots L6061 to L6064 were not sold at Verdier.")
    assert [(r.code, r.was, r.now) for r in reasons(before, now)] == [
        (Code.DIGIT, "L6063", "L6064"),
        (Code.NEGATION, "", "not"),
    ]


def test_a_text_written_anew_says_which_numbers_and_names_went() -> None:
    before = Wording("We recalled lot L6061 on Monday and told Nadia Benali about all of it.")
    now = Wording("Nothing was found so far in the shops that sold the pizza of lot L7000.")
    found = {reason.code: (reason.was, reason.now) for reason in reasons(before, now)}
    assert found[Code.DIGIT] == ("L6061", "L7000")
    assert found[Code.DATE] == ("Monday", "")
    assert found[Code.NAME] == ("Nadia Benali", "")
    assert found[Code.NEGATION] == ("", "Nothing")
    assert Code.WORDS in found


def test_many_typos_together_are_no_typo() -> None:
    before = " ".join("custommers these" for _ in range(6))
    assert codes(before, before.replace("custommers", "customers")) == {"words"}


WORD = st.sampled_from(
    [
        *("shop", "closed", "Verdier", "not", "L6061", "23:30", "calls", "ne", "pas", "trois"),
        *("de", "l’huile", "don't", "@verdier", "5", "%", "🙏", "lundi", "may", "12,5", "-", "«"),
    ]
)
TEXT = st.lists(WORD, max_size=30).map(" ".join)
PROSE = [
    *("the", "shop", "near", "our", "station", "opens", "again", "with", "new", "people", "inside"),
    *("because", "customers", "asked", "Verdier", "nicely", "about", "bread", "for", "breakfast"),
]
ANY = st.text(alphabet=st.sampled_from("ab é1٣²Ⅷ½.,-–:'’« \u200b\u0301A\n🙏@#/%"), max_size=40)


def digits(text: str) -> str:
    return "".join(character for character in text if character.isnumeric())


@given(ANY, ANY)
@settings(max_examples=500, deadline=None)
def test_a_pair_with_any_different_digit_is_never_a_typo(before: str, now: str) -> None:
    assume(digits(before) != digits(now))
    assert codes(before, now)


@given(TEXT, st.data())
@settings(max_examples=300, deadline=None)
def test_a_single_digit_that_changes_is_never_a_typo(text: str, data: st.DataObject) -> None:
    places = [n for n, character in enumerate(text) if character.isdigit()]
    assume(places)
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    assert codes(text, text[:at] + other + text[at + 1 :])


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_what_did_not_change_is_not_material(text: str) -> None:
    assert codes(text, text) == set()


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "fr", "de"]))
@settings(max_examples=300, deadline=None)
def test_any_two_texts_are_compared(before: str, now: str, language: str) -> None:
    codes(before, now, language)


@given(st.lists(st.sampled_from(PROSE), min_size=4, unique=True), st.data())
@settings(max_examples=300, deadline=None)
def test_a_word_that_goes_comes_or_moves_is_material(prose: list[str], data: st.DataObject) -> None:
    text = " ".join(prose)
    at = data.draw(st.integers(0, len(prose) - 2))
    without = " ".join(prose[:at] + prose[at + 1 :])
    swapped = " ".join([*prose[:at], prose[at + 1], prose[at], *prose[at + 2 :]])
    assert codes(text, without)
    assert codes(without, text)
    assert codes(text, swapped)


@given(TEXT, st.data())
@settings(max_examples=300, deadline=None)
def test_more_or_other_blanks_are_no_change(text: str, data: st.DataObject) -> None:
    blank = st.sampled_from([" ", "  ", "\u00a0", "\t"])
    parts = text.split(" ")
    spaced = "".join(part + data.draw(blank) for part in parts).rstrip()
    assert codes(text, spaced) <= {"digit"} if "-" in parts else codes(text, spaced) == set()


@given(TEXT, st.sampled_from(["not", "ne", "sans", "7", "\u200b", "\u202e", "🙏", "Nadia", "x.fr"]))
@settings(max_examples=300, deadline=None)
def test_what_weighs_is_seen_wherever_it_is_added(text: str, added: str) -> None:
    parts = text.split(" ")
    for at in (0, len(parts) // 2, len(parts)):
        assert codes(text, " ".join([*parts[:at], added, *parts[at:]]))


def _twenty_thousand() -> list[tuple[str, str, str]]:
    dice = random.Random(7)  # noqa: S311 - not a secret
    prose = [dice.choice(PROSE) for _ in range(20_000)]
    one = [*prose[:9000], "ohter", *prose[9000:]]
    other = [*prose[:9000], "other", *prose[9000:]]
    mixed = sorted(prose, key=lambda _: dice.random())
    return [
        (" ".join(one), " ".join(other), ""),
        (" ".join(prose), " ".join(mixed), "words"),
        ("the " * 20_000, "the " * 19_990 + "shop", "words"),
        ("a" * 100_000, "a" * 99_999, "negation"),
        ("a-" * 50_000, "a-" * 49_999, "words"),
        ("a." * 50_000, "a." * 49_999 + "1", "words digit"),
        ("1," * 50_000, "1 " * 49_999, "words digit"),
        ("@" * 100_000, "." * 100_000, "words"),
        ("a@" * 50_000, "n't" * 30_000, "negation words name"),
        ("\n- " * 30_000, "\n• " * 30_000, ""),
    ]


@pytest.mark.parametrize(("before", "now", "touched"), _twenty_thousand(), ids=range(10))
def test_twenty_thousand_words_are_compared_at_once(before: str, now: str, touched: str) -> None:
    assert codes(before, now) == set(touched.split())
