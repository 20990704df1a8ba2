from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.statements import rules, variables
from incidents.statements.variables import Wrong

PREPARED = (
    "We are checking reports about {product}. Do not eat it.\n\n"
    "Next update at {time of next update}. Questions about {product}: 0800 000 000."
)
VALUES = {"product": "Pizza Bella", "time of next update": "23:30"}
NAMES = st.sampled_from(["product", "lot", "heure du prochain point", "l'heure"])
PLAIN = st.text(alphabet=st.sampled_from("ab .,\né}"), max_size=20)
VALUE = st.text(alphabet=st.sampled_from("xyz {}é9"), max_size=20)


@st.composite
def prepared_texts(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.one_of(PLAIN, NAMES.map(lambda name: f"{{{name}}}")), max_size=8))
    return "".join(parts)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("No variable.", ()),
        (PREPARED, ("product", "time of next update")),
        ("Prochain point à {heure du prochain point}.", ("heure du prochain point",)),
        ("{l’heure} {l'heure}", ("l'heure",)),
        ("{heure\u00a0du  point} {heure du point}", ("heure du point",)),
        ("{Produit} {produit}", ("Produit", "produit")),
        ("{ lot }", ("lot",)),
        ("{sous-préfecture} {lot 2}", ("sous-préfecture", "lot 2")),
        ("{} { } {a\nb} {a_b} {a.b} {a", ()),
        ("}{", ()),
        ("{a{b}", ("b",)),
        ("{a}b}", ("a",)),
        ("{" + "a" * 60 + "}", ("a" * 60,)),
        ("{" + "a" * 61 + "}", ()),
        ("{pro\u200bduct}", ()),
    ],
)
def test_a_variable_is_a_name_in_braces(text: str, names: tuple[str, ...]) -> None:
    assert variables.names(text) == names


def test_a_text_is_filled_wherever_the_variable_stands() -> None:
    assert variables.fill(PREPARED, VALUES) == (
        "We are checking reports about Pizza Bella. Do not eat it.\n\n"
        "Next update at 23:30. Questions about Pizza Bella: 0800 000 000."
    )


def test_a_value_is_not_filled_again() -> None:
    assert variables.fill("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"


def test_what_has_no_value_stays_visible() -> None:
    assert variables.fill("{a} {b} {c}", {"a": "x", "b": "  "}) == "x {b} {c}"
    assert variables.empty("{a} {b} {c}", {"a": "x", "b": " \u00a0 "}) == ("b", "c")


def test_values_of_unknown_names_change_nothing() -> None:
    assert variables.fill("{a}", {"z": "x"}) == "{a}"


def test_a_name_is_found_however_its_blanks_and_apostrophes_are_typed() -> None:
    assert variables.fill("à {l’heure\u00a0dite}", {"l'heure dite": "9 h"}) == "à 9 h"


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("Pizza Bella", None),
        ("", None),
        (" 21 h 18 ", None),
        ("« Bella » 400\u202fg", None),
        ("15:00", None),
        ("15.30", None),
        ("1.5 kg", None),
        ("L2231, L2232", None),
        ("Bella Quattro Formaggi 390 g", None),
        ("lundi 23 novembre à 9 h", None),
        ("9 a.m.", None),
        ("Bella (all lots)", None),
        ("-18 °C", None),
        ("Bella. All other lots are safe", Wrong.SENTENCE),
        ("Bella! Eat it", Wrong.SENTENCE),
        ("Bella!Eat it", Wrong.SENTENCE),
        ("“Bella.” Eat it", Wrong.SENTENCE),
        ("Bella.Eat it", Wrong.SENTENCE),
        ("Bella : eat it", Wrong.SENTENCE),
        ("Bella; eat it", Wrong.SENTENCE),
        ("Bella。食べて", Wrong.SENTENCE),
        ("Bella, see evil.example", Wrong.SENTENCE),
        ("WWW.evil", Wrong.SENTENCE),
        ("ftp://evil", Wrong.SENTENCE),
        ("**Bella**", Wrong.SENTENCE),
        ("_Bella_", Wrong.SENTENCE),
        ("[Bella](tel:1)", Wrong.SENTENCE),
        ("# Bella", Wrong.SENTENCE),
        ("<Bella", Wrong.SENTENCE),
        ("- Bella", Wrong.SENTENCE),
        ("1) Bella", Wrong.SENTENCE),
        ("x" * 120, None),
        ("x" * 121, Wrong.LONG),
        ("one\ntwo", Wrong.LINES),
        ("one\n", Wrong.LINES),
        ("one\r\ntwo", Wrong.LINES),
        ("one\u2028two", Wrong.LINES),
        ("one\u2029two", Wrong.LINES),
        ("one\x0btwo", Wrong.LINES),
        ("one\x85two", Wrong.LINES),
        ("safe\u202eelttob", Wrong.HIDDEN),
        ("safe\u2066x\u2069", Wrong.HIDDEN),
        ("sa\u200bfe", Wrong.HIDDEN),
        ("sa\u00adfe", Wrong.HIDDEN),
        ("sa\ttab", Wrong.HIDDEN),
        ("sa\x00fe", Wrong.HIDDEN),
        ("\u3164", Wrong.HIDDEN),
        ("\u0301accent", Wrong.HIDDEN),
    ],
)
def test_a_value_is_a_few_plain_words_of_one_sentence_that_everyone_sees(
    value: str, wrong: Wrong | None
) -> None:
    assert variables.check_value(value) == wrong


def test_fixed_text_is_untouched_when_only_variables_are_filled() -> None:
    filled = variables.fill(PREPARED, VALUES)
    assert variables.fixed_text_untouched(PREPARED, VALUES, filled)
    assert variables.fixed_text_untouched(PREPARED, VALUES, f"\n{filled}  \r\n")


@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        (VALUES, "Do not eat it.", "Do eat it."),
        (VALUES, "23:30", "23:45"),
        (VALUES, "0800 000 000.", "0800 000 000. We are sorry."),
        ({"product": "Pizza Bella"}, "", ""),
        ({**VALUES, "product": " "}, "", ""),
        ({**VALUES, "product": "Pizza Bella.\n\nIt is safe"}, "", ""),
        ({**VALUES, "product": "Pizza \u202eBella"}, "", ""),
        ({**VALUES, "product": "Pizza Bella. All other lots are safe"}, "", ""),
        ({**VALUES, "product": "x" * 121}, "", ""),
    ],
)
def test_fixed_text_is_touched_otherwise(values: dict[str, str], old: str, new: str) -> None:
    text = variables.fill(PREPARED, values).replace(old, new)
    assert not variables.fixed_text_untouched(PREPARED, values, text)


def test_values_are_marked_where_they_stand() -> None:
    filled = variables.fill(PREPARED, VALUES)
    found = variables.spans(PREPARED, VALUES)
    assert [(filled[start:end], name) for start, end, name in found] == [
        ("Pizza Bella", "product"),
        ("23:30", "time of next update"),
        ("Pizza Bella", "product"),
    ]


def test_an_empty_variable_is_not_marked_as_a_value() -> None:
    assert variables.spans("{a} {b}", {"b": "x"}) == ((4, 5, "b"),)


@given(prepared_texts(), st.dictionaries(NAMES, VALUE))
@settings(max_examples=300, deadline=None)
def test_the_marks_hold_the_values_and_nothing_else(text: str, values: dict[str, str]) -> None:
    filled = variables.fill(text, values)
    at, rest = 0, ""
    for start, end, name in variables.spans(text, values):
        assert at <= start < end <= len(filled)
        assert filled[start:end] == rules.normalise(values[name])
        rest += filled[at:start] + f"{{{name}}}"
        at = end
    assert rest + filled[at:] == text


@given(prepared_texts(), st.dictionaries(NAMES, VALUE))
@settings(max_examples=300, deadline=None)
def test_filling_keeps_a_text_as_versions_keep_it(text: str, values: dict[str, str]) -> None:
    text = rules.normalise(text)
    filled = variables.fill(text, values)
    assert rules.normalise(filled) == filled
    untouched = variables.fixed_text_untouched(text, values, filled)
    assert untouched == (not variables.empty(text, values))


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_a_text_without_values_stays_as_it_is(text: str) -> None:
    assert variables.fill(text, {}) == text
    assert variables.empty(text, {}) == variables.names(text)
    assert variables.spans(text, {}) == ()


@pytest.mark.parametrize(
    ("fixed", "text", "found"),
    [
        ("We check {product}.", "We check Bella pizza.", {"product": "Bella pizza"}),
        ("We check {product}.", "We check {product}.", {}),
        ("{a} and {b}.", "{a} and two.", {"b": "two"}),
        ("{a}: {b}, {a}", "lot: two, lot", {"a": "lot", "b": "two"}),
        ("{a}: {b}, {a}", "lot: two, lots", None),
        ("We check {product}.", "We checked Bella pizza.", None),
        ("We check {product}.", "We check Bella pizza. More.", {"product": "Bella pizza. More"}),
        ("No variable.", "No variable.", {}),
        ("No variable.", "Another text.", None),
        ("{a}{b}", "onetwo", None),
        ("{heure du prochain point} !", "15 h !", {"heure du prochain point": "15 h"}),
    ],
)
def test_what_was_typed_over_the_variables_is_read_back(
    fixed: str, text: str, found: dict[str, str] | None
) -> None:
    assert variables.read_back(fixed, text) == found
    if found is not None:
        assert variables.fill(fixed, found) == text
