from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incidents.statements.anchors import Anchor, Found, find, make, through

TEXT = (
    "We are checking reports about three lots of Pizza Bella.\n\n"
    "Do not eat it. Bring it back to any shop, with or without the receipt: you get your money"
    " back at once.\n\nNext update at 23:30 on this page. Questions: 0800 000 000, day and night."
)


def anchor(quote: str, text: str = TEXT) -> Anchor:
    start = text.index(quote)
    return make(text, start, start + len(quote))


def quoted(found: Found | None, text: str) -> str | None:
    return None if found is None else text[found.start : found.end]


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2), (0, len(TEXT) + 1)])
def test_a_passage_lies_inside_the_text_and_is_not_empty(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no passage"):
        make(TEXT, start, end)


def test_an_anchor_keeps_what_stood_around_it() -> None:
    kept = anchor("Do not eat it.")
    assert kept.before == TEXT[kept.start - 40 : kept.start]
    assert kept.after == TEXT[kept.end : kept.end + 40]
    assert anchor("We are").before == ""


def test_an_anchor_survives_its_json() -> None:
    kept = anchor("three lots")
    assert Anchor.from_json(json.loads(json.dumps(kept.to_json()))) == kept


def test_an_older_anchor_without_the_newer_fields_is_searched_with_more_care() -> None:
    five = {key: anchor("three lots").to_json()[key] for key in ("start", "end", "quote")}
    old = Anchor.from_json({**five, "before": "reports about ", "after": " of Pizza"})
    assert quoted(find(old, TEXT), TEXT) == "three lots"
    assert find(old, TEXT.replace("three", "two")) is None


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"start": 1, "end": 2, "quote": "a", "before": "", "after": None},
        {"start": "1", "end": 2, "quote": "a", "before": "", "after": ""},
        {"start": 2, "end": 1, "quote": "a", "before": "", "after": ""},
        {"start": -1, "end": 1, "quote": "a", "before": "", "after": ""},
        {"start": 0, "end": 1, "quote": "", "before": "", "after": ""},
    ],
)
def test_what_is_no_anchor_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no anchor"):
        Anchor.from_json(kept)


# A passage, what became of the text, and of the passage: None when it lost its place.
CHANGES = [
    ("three lots", ("Do not eat it.", "Do not eat it, please."), "three lots"),
    ("three lots", ("We are checking", "Since noon we are checking"), "three lots"),
    ("three lots", ("reports about", "news of"), "three lots"),
    ("Do not eat it.", ("Do not eat it.", "Do not eat any of it."), "Do not eat any of it."),
    ("Do not eat it.", ("Do not eat it. ", ""), None),
    ("Bring it back to any shop", ("Bring it back", "Take it back"), "Take it back to any shop"),
    ("23:30", ("at 23:30", "at 23:45"), "23:45"),
    ("Next update at 23:30 on this page.", ("23:30", "23:45"), "Next update at 23:45 on this page."),
    ("We are checking", ("We are checking", "We have been checking"), "We have been checking"),
    ("day and night.", ("day and night.", "night and day."), None),
    ("day and night.", (", day and night.", "."), None),
    ("it", ("Do not eat it. ", ""), None),
]  # fmt: skip


@pytest.mark.parametrize(("quote", "change", "now"), CHANGES)
def test_a_passage_is_found_again_or_has_lost_its_place(
    quote: str, change: tuple[str, str], now: str | None
) -> None:
    text = TEXT.replace(*change)
    found = find(anchor(quote), text)
    assert quoted(found, text) == now
    assert found is None or found.exact == (now == quote)


@pytest.mark.parametrize(("quote", "change", "now"), CHANGES)
def test_a_passage_is_followed_through_a_known_change(
    quote: str, change: tuple[str, str], now: str | None
) -> None:
    text = TEXT.replace(*change)
    assert quoted(through(anchor(quote), TEXT, text), text) == now


def test_two_changes_close_by_lose_a_search_but_no_known_change() -> None:
    text = TEXT.replace("three lots", "the three lots").replace("about", "on")
    text = text.replace("Pizza Bella", "pizza")
    kept = anchor("about three lots of Pizza")
    assert quoted(through(kept, TEXT, text), text) == "on the three lots of pizza"


def test_a_passage_is_followed_from_version_to_version() -> None:
    versions = [TEXT]
    for old, new in [
        ("three lots", "four lots"),
        ("reports about", "many reports on"),
        ("Pizza Bella", "Pizza Bella and Pizza Roma"),
        ("\n\nDo not", "\n\nStop. Do not"),
    ]:
        versions.append(versions[-1].replace(old, new))
    kept = anchor("checking reports about three lots")
    found = through(kept, *versions)
    assert quoted(found, versions[-1]) == "checking many reports on four lots"
    assert found is not None
    assert not found.exact
    back = through(kept, *versions, TEXT)
    assert back == Found(kept.start, kept.end, exact=True)


def test_a_sentence_that_moved_is_found_where_it_is() -> None:
    sentence = "Next update at 23:30 on this page."
    text = sentence + "\n\n" + TEXT.replace(sentence + " ", "")
    assert find(anchor(sentence), text) == Found(0, len(sentence), exact=True)
    assert through(anchor(sentence), TEXT, text) == Found(0, len(sentence), exact=True)


LINES = "".join(
    f"Lot L{n}: do not eat it, return it to the shop with the receipt at once.\n"
    for n in range(6061, 6067)
)


def test_one_of_many_like_lines_is_never_taken_for_another() -> None:
    lines = LINES.splitlines(keepends=True)
    for n, line in enumerate(lines):
        for quote in (line[4:9], "do not eat it", line):
            start = LINES.index(line) + line.index(quote)
            kept = make(LINES, start, start + len(quote))
            for gone in range(len(lines)):
                text = "".join(lines[:gone] + lines[gone + 1 :])
                found = find(kept, text)
                followed = through(kept, LINES, text)
                if gone == n:
                    assert found is None
                    assert followed is None or quote == "do not eat it"
                else:
                    right = text.index(line) + line.index(quote)
                    assert found is None or found.start == right
                    assert followed == Found(right, right + len(quote), exact=True)


def test_the_place_in_an_unchanged_text_is_kept_even_among_many_alike() -> None:
    text = "no " * 200
    assert find(make(text, 300, 302), text) == Found(300, 302, exact=True)
    assert find(make(text, 300, 302), text + "no ") is None


def test_a_short_word_is_not_found_inside_another() -> None:
    assert find(make("no", 0, 2), "We know.") is None


LETTERS = st.text(alphabet=st.sampled_from("ab .\né🙏\u0301\u200fשל"), min_size=1, max_size=60)
PROSE = st.lists(
    st.sampled_from([f"{stem}{end}" for stem in "mnpqrstvz" for end in ("aku", "ilo", "ove", "é🙏")]),
    min_size=6,
    max_size=20,
    unique=True,
)  # fmt: skip


@st.composite
def passages(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> tuple[str, Anchor]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    return text, make(text, start, draw(st.integers(start + 1, len(text))))


@given(passages(LETTERS))
@settings(max_examples=300, deadline=None)
def test_an_unchanged_text_keeps_every_place(case: tuple[str, Anchor]) -> None:
    text, kept = case
    same = Found(kept.start, kept.end, exact=True)
    assert find(kept, text) == through(kept, text, text) == through(kept, text) == same
    assert Anchor.from_json(kept.to_json()) == kept


@given(passages(LETTERS), st.one_of(LETTERS, st.just("")))
@settings(max_examples=500, deadline=None)
def test_no_place_lies_outside_and_exact_means_the_same_words(
    case: tuple[str, Anchor], text: str
) -> None:
    before, kept = case
    for found in (find(kept, text), through(kept, before, text)):
        if found is not None:
            assert 0 <= found.start < found.end <= len(text)
            assert found.exact == (text[found.start : found.end] == kept.quote)


@given(PROSE, st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_written_elsewhere_moves_a_passage_and_nothing_more(
    prose: list[str], data: st.DataObject
) -> None:
    text = " ".join(prose)
    first = data.draw(st.integers(0, len(prose) - 1))
    last = data.draw(st.integers(first, len(prose) - 1))
    quote = " ".join(prose[first : last + 1])
    kept = anchor(quote, text)
    now = f"Wholly other words.\n\n{text}\n\nAnd some more of them."
    right = Found(now.index(text) + kept.start, now.index(text) + kept.end, exact=True)
    assert find(kept, now) == right
    assert through(kept, text, now) == right


@given(PROSE, st.data())
@settings(max_examples=300, deadline=None)
def test_a_passage_that_was_removed_has_lost_its_place(
    prose: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(prose) - 1))
    last = data.draw(st.integers(first, len(prose) - 1))
    assume(last - first < len(prose) - 1)
    text = " ".join(prose)
    kept = anchor(" ".join(prose[first : last + 1]), text)
    now = " ".join(prose[:first] + prose[last + 1 :])
    assert find(kept, now) is None
    assert through(kept, text, now) is None


@pytest.mark.parametrize(
    ("text", "is_followed"),
    [("a" * 100_000, False), ("word " * 20_000, True), (LINES * 300, True)],
)
def test_a_long_text_is_searched_at_once(text: str, is_followed: bool) -> None:
    middle = len(text) // 2
    kept = make(text, middle, middle + 5)
    assert find(kept, text[:-1]) is None  # it stands in too many places
    here = Found(middle, middle + 5, exact=True) if is_followed else None
    assert through(kept, text, text[:-1]) == here
    assert find(make(text, 0, len(text)), "x" + text[1:-1]) is None
