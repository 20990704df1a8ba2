import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.severity import rules

EXAMPLES = json.loads(
    (Path(__file__).parents[2] / "data" / "severity.json").read_text(encoding="utf-8")
)
BODY = rules.shipped_rubric()
FACTS = {fact["key"]: fact for fact in BODY["facts"]}
VOLUME = [key for key, fact in FACTS.items() if fact["about"] == "volume"]


def values(key: str) -> list[Any]:
    """Return the choices of a fact, from the mildest to the worst; "not known" is none of them."""
    return [choice["value"] for choice in FACTS[key]["choices"] if not choice.get("open")]


def everything(position: int, *, only: list[str] | None = None) -> dict[str, Any]:
    return {key: values(key)[position] for key in FACTS if only is None or key in only}


ticked = st.fixed_dictionaries({key: st.sampled_from([None, *values(key)]) for key in FACTS})


@pytest.mark.parametrize("case", EXAMPLES["examples"], ids=lambda case: case["id"])
def test_a_worked_example_gets_an_acceptable_level(case):
    assert rules.evaluate(BODY, case["facts"]).level in case["acceptable_ranks"]


def test_the_rubric_asks_the_facts_of_the_examples_and_personal_data():
    asked = {key: [c["value"] for c in fact["choices"]] for key, fact in FACTS.items()}
    assert asked.pop("personal_data") == ["none", "possible", "confirmed"]
    assert asked == EXAMPLES["meta"]["facts"]


def test_every_fact_and_choice_is_described_in_both_languages():
    for fact in BODY["facts"]:
        assert all(fact[name] for name in ("en", "fr", "ask_en", "ask_fr"))
        assert all(choice["en"] and choice["fr"] for choice in fact["choices"])
    assert all(trigger["en"] and trigger["fr"] for trigger in BODY["triggers"])


@given(ticked, st.sampled_from(list(FACTS)))
def test_a_worse_answer_never_gives_a_milder_level(facts, key):
    levels = [rules.evaluate(BODY, {**facts, key: value}).level for value in values(key)]
    assert levels == sorted(levels, reverse=True)


@given(ticked, st.sampled_from(list(FACTS)))
def test_learning_a_fact_never_gives_a_milder_level_than_leaving_it_open(facts, key):
    left_open = rules.evaluate(BODY, {**facts, key: None}).level
    assert all(rules.evaluate(BODY, {**facts, key: v}).level <= left_open for v in values(key))


@given(ticked)
def test_the_level_is_the_worse_of_score_and_triggers_and_the_sentence_names_it(facts):
    outcome = rules.evaluate(BODY, facts)
    floors = {trigger["key"]: trigger["at_least"] for trigger in BODY["triggers"]}
    assert outcome.level == min([outcome.by_score, *(floors[key] for key in outcome.triggers)])
    for language, sentence in outcome.why.items():
        assert sentence.startswith(f"{outcome.level} {rules.NAMES[language][outcome.level]}")
        assert "{" not in sentence


@given(ticked)
def test_an_open_fact_says_which_levels_its_answers_could_give(facts):
    outcome = rules.evaluate(BODY, facts)
    known = [key for key, value in facts.items() if value is not None]
    assert [fact.key for fact in outcome.open] == [key for key in FACTS if key not in known]
    for fact in outcome.open:
        levels = [rules.evaluate(BODY, {**facts, fact.key: v}).level for v in values(fact.key)]
        assert (fact.mildest, fact.worst) == (max(levels), min(levels))
        assert fact.mildest == outcome.level


@pytest.mark.parametrize(
    ("facts", "worst_allowed"),
    [
        ({"people_harmed": "confirmed", "vulnerable_people": True}, 1),
        ({"people_harmed": "confirmed", "legal_exposure": "criminal"}, 1),
        ({"people_harmed": "confirmed"}, 2),
        ({"people_harmed": "possible", "vulnerable_people": True}, 2),
        ({"legal_exposure": "criminal"}, 2),
        ({"personal_data": "confirmed"}, 2),
        ({"trust_impact": "existential"}, 2),
        ({"people_harmed": "possible"}, 3),
        ({"personal_data": "possible"}, 3),
        ({"legal_exposure": "regulator"}, 3),
    ],
)
def test_a_trigger_holds_however_quiet_it_is(facts, worst_allowed):
    quiet = {**everything(0), **facts}
    assert rules.evaluate(BODY, quiet).level == worst_allowed
    assert rules.evaluate(BODY, facts).level == worst_allowed


def test_nature_beats_volume():
    loud = {**everything(0), **everything(-1, only=VOLUME)}
    grave = {**everything(-1), **everything(0, only=VOLUME)}
    assert rules.evaluate(BODY, loud).level > rules.evaluate(BODY, grave).level == 1
    assert rules.evaluate(BODY, loud).triggers == ()


def test_nothing_known_is_minor_and_says_that_everything_is_open():
    outcome = rules.evaluate(BODY, {})
    assert (outcome.level, outcome.score, len(outcome.open)) == (4, 0, len(FACTS))


def test_not_known_is_an_answer_that_counts_nothing_and_stays_open():
    outcome = rules.evaluate(BODY, {**everything(0), "at_fault": "unknown"})
    assert (outcome.score, [fact.key for fact in outcome.open]) == (0, ["at_fault"])


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"weather": "bad"}, "weather"),
        ({"people_harmed": "many"}, '"many"'),
        ({"vulnerable_people": 1}, "vulnerable_people: 1"),
        ({"vulnerable_people": "true"}, '"true"'),
    ],
)
def test_what_the_rubric_does_not_have_is_refused_by_name(facts, named):
    with pytest.raises(rules.UnknownFact, match=named):
        rules.evaluate(BODY, facts)


def test_how_the_public_sees_our_part_counts_but_is_never_named_nor_exported():
    facts = {**everything(0), "at_fault": "preventable"}
    outcome = rules.evaluate(BODY, facts)
    assert outcome.score == 5
    for words in outcome.why.values():
        assert "public" not in words
        assert "vitable" not in words
    assert "at_fault" not in rules.for_export(BODY, facts)
    assert rules.for_export(BODY, facts)["reach"] == "<1k"


def test_the_bands_cover_every_score_in_words():
    assert [rules.band(BODY, level, "en") for level in (4, 3, 2, 1)] == [
        "0 to 4",
        "5 to 17",
        "18 to 41",
        "42 and above",
    ]
    assert rules.evaluate(BODY, everything(-1)).score == rules.most(BODY)
