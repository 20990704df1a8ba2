"""
The rule that turns ticked facts into a level. Pure: works without a database.

Hard triggers set the least serious level that may result; the score's band may make it worse.
Nature beats volume: the facts about how loud it is add up to less than a critical score, and no
trigger asks for them (Coombs 2007; the worst crises often begin with few mentions).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from incidents.models import Severity

Facts: TypeAlias = Mapping[str, Any]
Body: TypeAlias = dict[str, Any]
SHIPPED: Final = Path(__file__).with_name("rubric.json")

NAMES: Final[dict[str, dict[int, str]]] = {
    "en": {1: "critical", 2: "major", 3: "moderate", 4: "minor"},
    "fr": {1: "critique", 2: "majeure", 3: "modérée", 4: "mineure"},
}
SENTENCES: Final[dict[str, dict[str, str]]] = {
    "en": {
        "trigger": "{level} because {because}; the score alone, {score}, would give {by_score}.",
        "both": "{level} because {because}, and the score of {score} gives the same.",
        "score": "{level} because the score is {score} ({band}); what weighs most: {heaviest}.",
        "light": "{level} because nothing known so far weighs much: the score is {score} ({band}).",
        "and": " and ",
        "from": "{first} and above",
        "to": "{first} to {last}",
    },
    "fr": {
        "trigger": "{level}, car {because}\u00a0; le score seul, {score}, donnerait {by_score}.",
        "both": "{level}, car {because}\u00a0; le score de {score} donne le même niveau.",
        "score": "{level}, car le score est de {score} ({band})\u00a0; ce qui pèse le plus\u00a0: "
        "{heaviest}.",
        "light": "{level}, car rien de connu à ce stade ne pèse lourd\u00a0: le score est de {score} "
        "({band}).",
        "and": " et ",
        "from": "{first} et plus",
        "to": "{first} à {last}",
    },
}


class UnknownFact(ValueError):
    """A fact, or a choice of it, that the rubric does not have; says which."""


@dataclass(frozen=True)
class OpenFact:
    """A fact not known yet, and the levels its answers could give, all else unchanged."""

    key: str
    mildest: int
    worst: int


@dataclass(frozen=True)
class Outcome:
    """`level` 1 to 4; `by_score` is what the bands alone give; `triggers` are keys that hold."""

    level: int
    score: int
    by_score: int
    triggers: tuple[str, ...]
    why_en: str
    why_fr: str
    open: tuple[OpenFact, ...] = field(default=())

    @property
    def name(self) -> str:
        return NAMES["en"][self.level]

    @property
    def why(self) -> dict[str, str]:
        return {"en": self.why_en, "fr": self.why_fr}


@cache
def shipped_rubric() -> Body:
    """Return the rubric that an installation starts with."""
    body: Body = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return body


def evaluate(body: Body, facts: Facts) -> Outcome:
    """
    Return level, score, triggers and the sentence why.

    :raises UnknownFact: a fact or a choice that this rubric does not have.
    """
    chosen = _chosen(body, facts)
    level, score, by_score, triggers = _level(body, facts, chosen)
    sentences = {
        language: _why(body, chosen, level, score, by_score, triggers, language)
        for language in NAMES
    }
    return Outcome(
        level=level,
        score=score,
        by_score=by_score,
        triggers=tuple(one["key"] for one in triggers),
        why_en=sentences["en"],
        why_fr=sentences["fr"],
        open=tuple(_open(body, facts)),
    )


def choice_of(fact: Body, value: Any) -> Body:
    """:raises UnknownFact: the fact has no such choice (True is not 1, nor "true")."""
    for choice in fact["choices"]:
        if type(choice["value"]) is type(value) and choice["value"] == value:
            found: Body = choice
            return found
    known = ", ".join(json.dumps(choice["value"]) for choice in fact["choices"])
    raise UnknownFact(f"{fact['key']}: {json.dumps(value)} is not one of {known}")


def is_open(fact: Body, value: Any) -> bool:
    """Say whether a fact is not known yet: left out, or answered with "not known"."""
    return value is None or bool(choice_of(fact, value).get("open"))


def for_export(body: Body, facts: Facts) -> dict[str, Any]:
    """Return the facts without how the public sees our part: a perception, kept inside."""
    inside = {fact["key"] for fact in body["facts"] if fact.get("perception")}
    return {key: value for key, value in facts.items() if key not in inside}


def band(body: Body, level: int, language: str) -> str:
    """Return the scores of a level in words: "18 to 41", "42 and above"."""
    starts = {one["level"]: one["from"] for one in body["bands"]}
    words = SENTENCES[language]
    above = [start for start in starts.values() if start > starts[level]]
    if not above:
        return words["from"].format(first=starts[level])
    return words["to"].format(first=starts[level], last=min(above) - 1)


def most(body: Body) -> int:
    """Return the highest score that the rubric can give."""
    return sum(max(c["points"] for c in fact["choices"]) for fact in body["facts"])


def _chosen(body: Body, facts: Facts) -> list[tuple[Body, Body]]:
    """Pair every fact that is known with its choice."""
    by_key = {fact["key"]: fact for fact in body["facts"]}
    for key in facts:
        if key not in by_key:
            raise UnknownFact(f"{key}: is not a fact of this rubric; it has {', '.join(by_key)}")
    return [
        (fact, choice_of(fact, facts[key]))
        for key, fact in by_key.items()
        if facts.get(key) is not None
    ]


def _level(
    body: Body, facts: Facts, chosen: list[tuple[Body, Body]]
) -> tuple[int, int, int, list[Body]]:
    score = sum(choice["points"] for _fact, choice in chosen)
    by_score = min(one["level"] for one in body["bands"] if score >= one["from"])
    held = [one for one in body["triggers"] if _holds(one["when"], facts)]
    level = min([by_score, *(one["at_least"] for one in held)])
    return level, score, by_score, held


def _holds(when: Mapping[str, list[Any]], facts: Facts) -> bool:
    return all(facts.get(key) in values for key, values in when.items())


def _open(body: Body, facts: Facts) -> Iterator[OpenFact]:
    """Try every answer to each open fact by itself."""
    for fact in body["facts"]:
        if not is_open(fact, facts.get(fact["key"])):
            continue
        levels = []
        for choice in fact["choices"]:
            tried = {**facts, fact["key"]: choice["value"]}
            levels.append(_level(body, tried, _chosen(body, tried))[0])
        yield OpenFact(fact["key"], mildest=max(levels), worst=min(levels))


def _why(
    body: Body,
    chosen: list[tuple[Body, Body]],
    level: int,
    score: int,
    by_score: int,
    triggers: list[Body],
    language: str,
) -> str:
    """Say why in one sentence; what only mirrors perception is counted but never named."""
    words = SENTENCES[language]
    deciding = [one[language] for one in triggers if one["at_least"] == level]
    heaviest = sorted(
        (
            (fact, choice)
            for fact, choice in chosen
            if choice["points"] and "perception" not in fact
        ),
        key=lambda pair: -pair[1]["points"],
    )[:2]
    kind = "score" if heaviest else "light"
    if deciding:
        kind = "both" if by_score == level else "trigger"
    return words[kind].format(
        level=_called(level, language),
        because=words["and"].join(deciding[:2]),
        score=score,
        by_score=_called(by_score, language),
        band=band(body, level, language),
        heaviest=", ".join(_in_words(fact, choice, language) for fact, choice in heaviest),
    )


def _called(level: int, language: str) -> str:
    """Name a level as the product always does: number and name together."""
    return f"{Severity(level).value} {NAMES[language][level]}"


def _in_words(fact: Body, choice: Body, language: str) -> str:
    colon = "\u00a0: " if language == "fr" else ": "
    opened, closed = ("«\u00a0", "\u00a0»") if language == "fr" else ("“", "”")
    short = choice[language].split(colon)[0]
    return f"{fact[language].lower()} {opened}{short}{closed} ({choice['points']})"
