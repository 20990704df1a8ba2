import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[3]
EXAMPLES = json.loads((ROOT / "tests/data/severity.json").read_text(encoding="utf-8"))["examples"]


@pytest.fixture
def ask(monkeypatch):
    """Give text to the command's stdin; return what it prints, line by line."""

    def run(text: str, *options: str) -> list[dict[str, Any]]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        out = io.StringIO()
        call_command("assess_severity", *options, stdout=out)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return run


def test_json_lines_come_back_in_order_with_their_ids(ask):
    lines = "\n".join(json.dumps({"id": e["id"], "facts": e["facts"]}) for e in EXAMPLES)
    answers = ask(lines)
    assert [answer["id"] for answer in answers] == [e["id"] for e in EXAMPLES]
    for answer, example in zip(answers, EXAMPLES, strict=True):
        assert answer["level"] in example["acceptable_ranks"]
        assert set(answer["why"]) == {"en", "fr"}
        assert isinstance(answer["score"], int)


def test_one_object_of_facts_may_stand_over_several_lines(ask):
    (answer,) = ask('{\n "people_harmed": "confirmed",\n "vulnerable_people": true\n}\n')
    assert (answer["level"], answer["name"]) == (1, "critical")
    assert answer["triggers"][0] == "harm_to_vulnerable"
    assert answer["open"]["reach"] == {"mildest": 1, "worst": 1}
    assert "personal_data" not in answer["open"]


@pytest.mark.parametrize(
    ("text", "says", "code"),
    [
        ("", "Nothing on stdin", 2),
        ('{"reach": "huge"}', "reach", 1),
        ('{"id": 1, "facts": {}}\n{"id": 2, "facts": {"reach": "huge"}}', "line 2: reach", 1),
        ('{"id": 1, "facts": {}}\n{"id": ', "line 2: not JSON", 1),
        ('{\n"reach": }', "line 2: not JSON", 1),
        ("[1]", "not a JSON object", 1),
        ('{"facts": 3}', "facts is not a JSON object", 1),
    ],
)
def test_bad_input_is_named_and_nothing_is_printed(ask, text, says, code, capsys):
    with pytest.raises(CommandError, match=says) as refusal:
        ask(text)
    assert refusal.value.returncode == code
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_with_a_team_its_own_rubric_counts_and_an_unknown_team_is_wrong_usage(ask, team):
    (answer,) = ask('{"people_harmed": "confirmed"}', "--team", "verdier")
    assert answer["level"] == 2
    with pytest.raises(CommandError, match="nowhere") as refusal:
        ask("{}", "--team", "nowhere")
    assert refusal.value.returncode == 2


def test_it_needs_no_database():
    """A database that cannot be reached is not even asked."""
    found = subprocess.run(
        [sys.executable, "manage.py", "assess_severity"],
        input='{"legal_exposure": "criminal"}',
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        check=False,
        timeout=60,
    )
    assert (found.returncode, json.loads(found.stdout)["level"]) == (0, 2)
