"""The benchmarks keep their promises about form and tidiness; how fast it is, no test asserts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from incidents.management.bench import scratch
from incidents.management.bench.pages import form_of
from incidents.management.bench.registry import BENCHES
from incidents.management.bench.shape import CannotMeasure
from incidents.management.bench.signing import Words
from incidents.management.bench.stopwatch import percentile
from incidents.management.commands.bench import table
from tests import services
from tests.processes import ROOT, environment, eventually

KEYS = ["bench", "case", "database", "metric", "value", "unit"]
PROMISED = {"submit_ms_p50", "difference_ms_p50", "approve_ms_p50", "publish_ms_p50"}


def start(tmp_path: Path, *words: str, server: str = "") -> subprocess.Popen[str]:
    """Run the command as a person would, whose temporary folder and data lie in `tmp_path`."""
    (tmp_path / "temporary").mkdir()
    known = {**environment(tmp_path / "data"), "TMPDIR": str(tmp_path / "temporary")}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "bench", "--quick", *words],
        env={**known, "BENCH_POSTGRES_URL": server},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def left_behind(tmp_path: Path) -> list[Path]:
    """What lies in the temporary folder, or as a database in the person's own."""
    own = (tmp_path / "data").glob("*.sqlite3*")
    return [*(tmp_path / "temporary").iterdir(), *own]


def databases_of(process: subprocess.Popen[str], server: str) -> list[Any]:
    named = f"crisisdesk_bench_{process.pid}"
    with psycopg.connect(server) as line:
        found = line.execute("SELECT datname FROM pg_database WHERE datname = %s", [named])
        return found.fetchall()


def test_every_promised_figure_is_printed_and_no_scratch_is_left(tmp_path: Path) -> None:
    server = services.postgres() or ""
    process = start(tmp_path, "signoff", "--json", "--scale", "tiny", server=server)
    said, told = process.communicate()
    assert process.returncode == 0, told
    lines = [json.loads(line) for line in said.splitlines()]
    assert all(list(line) == KEYS for line in lines)
    assert {line["bench"] for line in lines} == {"signoff"}
    assert {line["case"] for line in lines} == {"60 words, 4 versions"}
    assert all(line["value"] >= 0 for line in lines)
    known = {metric.name: metric.unit for metric in BENCHES["signoff"].metrics}
    assert known.keys() >= PROMISED
    for database in ("sqlite", "postgresql") if server else ("sqlite",):
        here = [line for line in lines if line["database"] == database]
        assert {line["metric"]: line["unit"] for line in here} == known
    assert ("No PostgreSQL is configured" in told) is (not server)
    assert not left_behind(tmp_path)
    assert not server or not databases_of(process, server)


def test_the_table_shows_the_aim_beside_the_figure() -> None:
    line = dict(
        zip(KEYS, ["signoff", "a case", "sqlite", "submit_ms_p50", 19.5, "ms"], strict=True)
    )
    head, row = table([line, {**line, "metric": "rounds"}]).splitlines()[:2]
    assert head.split() == [*KEYS, "target"]
    assert row.split() == ["signoff", "a", "case", "sqlite", "submit_ms_p50", "19.5", "ms", "30"]


def test_an_interrupted_run_leaves_nothing_either(tmp_path: Path) -> None:
    server = services.demand("postgres")
    process = start(tmp_path, "signoff", "--json", server=server)
    eventually(lambda: databases_of(process, server), what="The scratch database")
    process.send_signal(signal.SIGINT)
    _said, told = process.communicate(timeout=20)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert not left_behind(tmp_path)
    assert not databases_of(process, server)


def test_a_server_that_does_not_answer_is_said_and_sqlite_goes_on(tmp_path: Path) -> None:
    process = start(tmp_path, "signoff", "--json", server="postgres://desk@127.0.0.1:9/none")
    assert process.stderr is not None
    told = process.stderr.readline() + process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert "PostgreSQL does not answer, so SQLite alone is measured" in told
    assert "sqlite" in told
    assert process.returncode == 128 + signal.SIGTERM
    assert not left_behind(tmp_path)


def test_an_unknown_bench_is_wrong_usage_and_names_those_that_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("bench", "warp")
    assert end.value.code == 2
    assert "There is no bench warp. There are: signoff" in capsys.readouterr().err


def test_nothing_is_measured_where_people_have_their_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("bench", "signoff", "--inside")
    assert end.value.code == 1
    assert "no scratch installation" in capsys.readouterr().err


def test_nothing_of_the_persons_environment_leads_to_their_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("REDIS_URL", "EMAIL_HOST", "SECRET_KEY", "DATABASE_URL", "CRISISDESK_DATA"):
        monkeypatch.setenv(name, "theirs")
    known = scratch.environment(tmp_path, "sqlite").environment
    assert "theirs" not in known.values()
    assert known["PATH"] == os.environ["PATH"]


def test_the_text_keeps_its_number_of_words_and_changes_each_time() -> None:
    words = Words(1500, seed=1)
    texts = [words.text, words.change(), words.change()]
    assert [len(text.split()) for text in texts] == [1500] * 3
    assert len(set(texts)) == 3


def test_a_form_is_sent_as_a_browser_without_script_would() -> None:
    page = """<form action="/no/"><input name="a" value="1"></form>
      <form action="/yes/" method="post"><input type="hidden" name="v" value="7">
      <input type="radio" name="r" value="x"><input type="radio" name="r" value="y" checked>
      <textarea name="t">Two\nlines</textarea><button name="b" value="1">Go</button>
      <select name="s"><option value="p">P</option><option value="q" selected>Q</option></select>
      </form>"""
    assert form_of(page, "/yes/").fields == {"v": "7", "r": "y", "t": "Two\nlines", "s": "q"}
    with pytest.raises(CannotMeasure):
        form_of(page, "/elsewhere/")


def test_percentiles_lie_between_values_in_proportion() -> None:
    assert percentile([4, 1, 3, 2], 50) == 2.5
    assert percentile([10], 95) == 10
    assert percentile(range(101), 95) == 95
