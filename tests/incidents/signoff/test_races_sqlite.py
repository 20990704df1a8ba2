"""Simultaneous acts of real processes on one SQLite file: one winner, the loser told why."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.incidents.signoff.conftest import WORDS
from tests.processes import ROOT, environment, place_tables

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="on PostgreSQL: test_races.py"
)
OTHER = WORDS + " Do not eat it."
TIMES = 3
RACER = "import django; django.setup(); from tests.incidents.signoff.racer import main; main()"


class Racer:
    """A process of its own."""

    def __init__(self, known: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RACER],
            env=known,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, **asked: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        # Neither "database is locked" nor anything else that no person could act on.
        assert "error" not in said, said
        return said

    def ask(self, **asked: Any) -> Any:
        self.send(**asked)
        return self.hear()["answer"]


class Race:
    """Two processes, and a statement for each race."""

    def __init__(self, first: Racer, second: Racer) -> None:
        self.racers = (first, second)
        first.ask(do="cast")

    def fresh(self, state: str) -> int:
        return int(self.racers[0].ask(do="fresh", state=state))

    def look(self, statement: int) -> dict[str, Any]:
        found: dict[str, Any] = self.racers[1].ask(do="look", statement=statement)
        return found

    def seen(self, statement: int) -> dict[str, Any]:
        """What stands on a screen that shows the newest version."""
        newest = self.look(statement)["versions"][-1]
        return {"version": newest["number"], "fingerprint": newest["fingerprint"]}

    def run(self, *acts: dict[str, Any]) -> list[dict[str, Any]]:
        """Let both act at the same moment; return who was refused."""
        return [one for one in self.both(*acts) if "refused" in one]

    def both(self, *acts: dict[str, Any], late: int | None = None) -> list[dict[str, Any]]:
        """Let both act at the same moment, or one of them `late`; return what each was told."""
        start = time.time() + 0.05
        said: dict[int, dict[str, Any]] = {}
        for n in sorted(range(2), key=lambda n: n == late):
            if n == late:
                said[1 - n] = self.racers[1 - n].hear()
            self.racers[n].send(do="act", start=start, **acts[n])
        for n in {0, 1} - said.keys():
            said[n] = self.racers[n].hear()
        for one in said.values():
            if "refused" in one:
                assert one["why"].endswith(".")
                assert "locked" not in one["why"]
        return [said[0], said[1]]


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Race]:
    data = tmp_path_factory.mktemp("race") / "data"
    place_tables(data)
    racers = [Racer(environment(data)) for _ in range(2)]
    try:
        yield Race(*racers)
    finally:
        for racer in racers:
            racer.process.kill()
            racer.process.wait()


def act(name: str, statement: int, by: str, **given: Any) -> dict[str, Any]:
    return {"name": name, "statement": statement, "by": by, **given}


def names(refused: list[dict[str, Any]]) -> list[str]:
    return [one["refused"] for one in refused]


@pytest.mark.parametrize("_run", range(TIMES))
def test_an_approval_against_an_edit_signs_the_text_that_was_seen_or_nothing(
    race: Race, _run: int
) -> None:
    text = race.fresh("in_signoff")
    refused = race.run(
        act("approve", text, "karim", **race.seen(text)),
        act("edit", text, "ines", text=OTHER, revision=0),
    )
    found = race.look(text)
    assert [v["text"] for v in found["versions"]] == [WORDS, OTHER]
    assert found["outcomes"] == ["void", "open"]
    assert all((d["version"], d["fits"]) == (1, True) for d in found["decisions"])
    assert names(refused) in ([], ["TextChanged"])
    assert len(refused) + len(found["decisions"]) == 1


@pytest.mark.parametrize("_run", range(TIMES))
def test_two_clicks_of_one_person_are_one_decision(race: Race, _run: int) -> None:
    text = race.fresh("in_signoff")
    click = act("approve", text, "karim", **race.seen(text))
    assert names(race.run(click, click)) == ["AlreadySigned"]
    assert [d["signer"] for d in race.look(text)["decisions"]] == ["karim"]


@pytest.mark.parametrize("_run", range(TIMES))
def test_holder_and_deputy_are_one_decision_of_one_seat(race: Race, _run: int) -> None:
    text = race.fresh("in_signoff")
    seen = race.seen(text)
    refused = race.run(
        act("approve", text, "karim", **seen), act("approve", text, "sophie", **seen)
    )
    assert names(refused) == ["NoSeat"]
    assert len(race.look(text)["decisions"]) == 1


# Who is late: nobody, the editor, or who publishes.
@pytest.mark.parametrize("late", [None, 1, 0])
def test_a_publication_against_an_edit_is_of_the_signed_text_or_refused(
    race: Race, late: int | None
) -> None:
    text = race.fresh("good")
    published, edited = race.both(
        act("publish", text, "claire", channel="x"),
        act("edit in a browser", text, "ines", text=OTHER, revision=0),
        late=late,
    )
    page = edited["answer"]
    found = race.look(text)
    if "answer" in published:
        assert found["publications"] == [{"channel": "x", "text": WORDS}]
        assert (found["status"], len(found["versions"])) == ("published", 1)
        # Too late, the editor is told so, and their words come back to them.
        assert page["status"] == 409
        assert "This statement is published" in page["page"]
        assert OTHER in page["page"]
    else:
        assert published["refused"] == "NotFromHere"
        assert page["status"] == 302
        assert found["publications"] == []
        assert (found["status"], found["draft"]) == ("in_signoff", OTHER)
        assert [v["text"] for v in found["versions"]] == [WORDS, OTHER]


@pytest.mark.parametrize("_run", range(TIMES))
def test_two_publications_of_one_channel_are_one(race: Race, _run: int) -> None:
    text = race.fresh("good")
    refused = race.run(
        act("publish", text, "claire", channel="x"), act("publish", text, "ines", channel="x")
    )
    assert names(refused) == ["NotSigned"]
    assert race.look(text)["publications"] == [{"channel": "x", "text": WORDS}]


@pytest.mark.parametrize("_run", range(TIMES))
def test_two_saves_keep_one_text_and_tell_the_other_whose_it_is(race: Race, _run: int) -> None:
    text = race.fresh("in_signoff")
    refused = race.run(
        *[
            act("save_draft", text, by, text=f"By {by}", channel_texts={}, revision=0)
            for by in ("ines", "thomas")
        ]
    )
    assert names(refused) == ["Conflict"]
    found = race.look(text)
    winner = found["draft"].removeprefix("By ")
    assert winner.capitalize() in refused[0]["why"]
    assert found["kept"] == [WORDS]


@pytest.mark.parametrize("_run", range(TIMES))
def test_two_versions_of_one_draft_are_one(race: Race, _run: int) -> None:
    text = race.fresh("draft")
    refused = race.run(*[act("save_version", text, by, reason="") for by in ("ines", "thomas")])
    assert names(refused) == ["NothingChanged"]
    assert len(race.look(text)["versions"]) == 1


@pytest.mark.parametrize("_run", range(TIMES))
def test_a_wording_adopted_against_a_save_loses_neither(race: Race, _run: int) -> None:
    text = race.fresh("in_signoff")
    suggestion = race.racers[0].ask(do="suggested", statement=text)
    refused = race.run(
        act("adopt", text, "thomas", suggestion=suggestion),
        act("save_draft", text, "ines", text=OTHER, channel_texts={}, revision=0),
    )
    found = race.look(text)
    if refused:
        # Ines is told, and keeps her text: both are shown to her.
        assert names(refused) == ["Conflict"]
        assert found["draft"] == WORDS.replace("checking", "looking into")
    else:
        assert found["draft"] == OTHER.replace("checking", "looking into")
    assert WORDS in found["kept"]


@pytest.mark.parametrize("_run", range(TIMES))
def test_a_release_against_an_approval_of_the_last_seat_is_one_way_out(
    race: Race, _run: int
) -> None:
    text = race.fresh("in_signoff")
    seen = race.seen(text)
    for by in ("thomas", "helene"):
        race.racers[0].ask(do="act", **act("approve", text, by, **seen))
    refused = race.run(
        act("approve", text, "karim", **seen),
        act("release", text, "claire", reason="It cannot wait.", **seen),
    )
    found = race.look(text)
    assert len(refused) == 1
    assert (found["outcomes"], found["releases"]) in [(["approved"], 0), (["released"], 1)]
    assert found["status"] == "good"


@pytest.mark.parametrize("_run", range(TIMES))
def test_an_oral_agreement_against_an_approval_of_the_same_seat_is_one(
    race: Race, _run: int
) -> None:
    text = race.fresh("in_signoff")
    seen = race.seen(text)
    refused = race.run(
        act("approve", text, "karim", **seen),
        act(
            "agree", text, "claire", seat="legal_counsel", approver="karim", reason="Phone.", **seen
        ),
    )
    found = race.look(text)
    assert len(refused) == 1
    assert len(found["decisions"]) + found["releases"] == 1
