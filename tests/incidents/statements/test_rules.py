from __future__ import annotations

import hashlib
import json
from uuid import UUID

import pytest

from incidents.models import Statement
from incidents.statements import counts, rules

UUID_1 = UUID("00000000-0000-0000-0000-000000000001")


@pytest.mark.parametrize("status", Statement.Status.values)
@pytest.mark.parametrize("move", rules.MOVES)
def test_every_move_from_every_status_is_allowed_or_not(status: str, move: str) -> None:
    after = rules.next_status(status, move)
    assert (after is not None) == (move in rules.moves_from(status))
    assert after is None or after in Statement.Status.values


def test_what_is_published_or_withdrawn_is_not_edited() -> None:
    for status in (Statement.Status.PUBLISHED, Statement.Status.WITHDRAWN):
        assert not rules.moves_from(status) & {"edit", "save", "submit", "decide"}


def facts(**changed: object) -> str:
    given = {
        "statement": UUID_1,
        "kind": "holding",
        "language": "fr",
        "audience": "public",
        "text": "Nous vérifions.",
        "channel_texts": {"website": "", "x": "Court."},
        "attachments": (),
    }
    return rules.fingerprint(**{**given, **changed})  # type: ignore[arg-type]


def test_the_fingerprint_can_be_made_outside_by_a_few_lines() -> None:
    body = {
        "attachments": [],
        "audience": "public",
        "channel_texts": {"website": "", "x": "Court."},
        "format": "crisisdesk-statement/1",
        "kind": "holding",
        "language": "fr",
        "statement": str(UUID_1),
        "text": "Nous vérifions.",
    }
    form = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert facts() == hashlib.sha256(form.encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"statement": UUID(int=2)},
        {"kind": "update"},
        {"language": "en"},
        {"audience": "media"},
        {"text": "Nous vérifions"},
        {"channel_texts": {"website": ""}},
        {"channel_texts": {"website": "", "x": "Court"}},
        {"attachments": ("ab",)},
    ],
)
def test_whatever_is_signed_changes_the_fingerprint(changed: dict[str, object]) -> None:
    assert facts(**changed) != facts()


def test_what_nobody_can_see_is_no_change() -> None:
    assert rules.normalise("e\u0301te\u0301 \r\nsuite\t\r\n\n") == "été\nsuite"


def test_every_channel_has_its_key_and_its_own_words_only_where_they_differ() -> None:
    texts = rules.channel_texts(["x", "website"], {"x": "Text", "sms": "Gone"}, "Text")
    assert texts == {"website": "", "x": ""}
    assert rules.text_for("Text", {"x": "Short"}, "x") == "Short"
    assert rules.text_for("Text", {"x": ""}, "x") == "Text"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hello", 5),
        ("See https://example.com/a/very/long/path?with=query now", 4 + 23 + 4),
        ("maisonverdier.fr/bella", 23),
        ("リコール", 8),
        ("Été – « oui »", 13),
        ("👩‍👩‍👧‍👦 ok", 5),
        ("🇫🇷", 2),
        ("Merci\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", 7),
    ],
)
def test_x_counts_links_as_23_and_wide_characters_as_2(text: str, length: int) -> None:
    assert counts.x_length(text) == length


@pytest.mark.parametrize(
    ("text", "used", "segments"),
    [
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("ê" * 70, 70, 1),
        ("ê" * 71, 71, 2),
        ("👍" * 35, 70, 1),
    ],
)
def test_sms_counts_segments_as_networks_do(text: str, used: int, segments: int) -> None:
    found = counts.sms(text)
    assert (found.used, found.segments) == (used, segments)


def test_a_text_too_long_for_its_channel_says_by_how_much() -> None:
    assert counts.count("x", "a" * 291).over == 11
    assert counts.count("website", "a" * 9999).over == 0
