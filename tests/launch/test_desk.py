"""The launcher, with real processes: up with one command, gone with one Ctrl-C."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import time
import urllib.request
from pathlib import Path

import pytest

from tests import services
from tests.processes import (
    RunningDesk,
    eventually,
    gone,
    place_tables,
    scratch_database,
    static_root,
)

PARTS = {"web", "beat", "worker", "broker"}


def sign_in_page(desk: RunningDesk) -> str:
    with urllib.request.urlopen(f"{desk.url}/accounts/login/", timeout=10) as answer:  # noqa: S310
        return str(answer.read(), "utf-8")


def test_one_command_starts_all_and_one_interrupt_ends_all(new_desk: RunningDesk) -> None:
    desk = new_desk
    desk.start()
    said = desk.wait_until_ready()
    family = desk.family()

    assert "SQLite" in said
    assert desk.url in said
    assert "create_administrator" in said
    assert 'name="login"' in sign_in_page(desk)
    assert set(desk.children()) == PARTS
    assert stat.S_IMODE((desk.data / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((desk.data / "broker").stat().st_mode) == 0o700

    assert desk.interrupt() == 0
    assert "Traceback" not in desk.said()
    assert desk.said().rstrip().endswith("All ended.")
    assert all(gone(pid) for pid in family)


def test_a_second_start_is_up_within_five_seconds(desk: RunningDesk) -> None:
    desk.start()
    desk.wait_until_ready()
    key = (desk.data / "secret-key").read_text()
    desk.interrupt()

    lengths = []
    for _attempt in range(3):  # a busy machine is allowed two slow starts
        began = time.monotonic()
        desk.start()
        desk.wait_until_ready()
        lengths.append(time.monotonic() - began)
        if lengths[-1] < 5:
            break
        desk.interrupt()
    assert min(lengths) < 5
    assert (desk.data / "secret-key").read_text() == key


def test_killing_the_launcher_orphans_nothing(desk: RunningDesk) -> None:
    desk.start()
    desk.wait_until_ready()
    family = desk.family()
    assert len(family) >= len(PARTS)

    desk.kill()
    eventually(lambda: all(map(gone, family)), seconds=5, what="The end of every process")
    desk.start()  # the lock is free again, and the broker reads its queue
    desk.wait_until_ready()


@pytest.mark.parametrize("part", sorted(PARTS))
def test_whatever_dies_is_started_again(desk: RunningDesk, part: str) -> None:
    desk.start()
    desk.wait_until_ready()
    before = desk.children()[part]
    os.kill(before, 9)

    eventually(
        lambda: desk.children().get(part, before) != before, what=f"A new start of the {part}"
    )
    eventually(lambda: "ended unexpectedly" in desk.said(), what="A word about it")
    assert 'name="login"' in eventually(lambda: _try(desk), what="The page")


def _try(desk: RunningDesk) -> str:
    try:
        return sign_in_page(desk)
    except OSError:
        return ""


def test_a_taken_port_is_said_plainly(desk: RunningDesk) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", desk.port))
        other.listen()
        desk.start()
        assert desk.process is not None
        assert desk.process.wait(timeout=20) == 2
    assert f"Port {desk.port} is taken" in desk.said()
    assert "Traceback" not in desk.said()


def test_two_desks_never_share_a_data_folder(desk: RunningDesk) -> None:
    desk.start()
    desk.wait_until_ready()
    second = RunningDesk(desk.data, desk.known)
    second.start()
    try:
        assert second.process is not None
        assert second.process.wait(timeout=20) == 2
    finally:
        second.stop()
    assert "is in use by the desk at" in second.said()
    assert desk.url in second.said()
    assert 'name="login"' in sign_in_page(desk)


def test_a_long_folder_name_with_spaces_does_not_hide_the_broker(
    desk: RunningDesk, tmp_path: Path
) -> None:
    """Redis would cut the path of its socket off without a word."""
    desk.data = tmp_path / ("long name " * 12).strip()
    desk.known["CRISISDESK_DATA"] = str(desk.data)
    place_tables(desk.data)
    desk.start()
    desk.wait_until_ready()
    assert set(desk.children()) == PARTS
    assert "ended unexpectedly" not in desk.said()


def test_without_a_server_on_path_the_wheel_has_one(desk: RunningDesk) -> None:
    desk.known["PATH"] = "/nowhere"
    desk.start()
    assert "valkey" in desk.wait_until_ready()
    assert set(desk.children()) == PARTS


def test_an_unreadable_queue_is_put_aside(desk: RunningDesk) -> None:
    """Another version's queue must not keep the desk down: the database is the truth."""
    desk.start()
    desk.wait_until_ready()
    desk.interrupt()
    queue = desk.data / "broker" / "appendonlydir"
    shutil.rmtree(queue)
    queue.mkdir()
    (queue / "appendonly.aof.manifest").write_text("not a manifest\n")

    desk.start()
    desk.wait_until_ready()
    assert list((desk.data / "broker").glob("appendonlydir.unreadable-*"))


def test_postgresql_and_redis_by_two_variables_alone(new_desk: RunningDesk) -> None:
    desk = new_desk
    desk.known["STATIC_ROOT"] = str(static_root())
    redis = services.demand("redis")
    with scratch_database("postgres") as database:
        desk.known |= {"DATABASE_URL": database, "REDIS_URL": redis}
        desk.start()
        said = desk.wait_until_ready()
        assert "PostgreSQL" in said
        assert redis in said
        assert set(desk.children()) == PARTS - {"broker"}
        assert not (desk.data / "desk.sqlite3").exists()
        desk.interrupt()


def test_a_redis_that_does_not_answer_is_said_plainly(desk: RunningDesk) -> None:
    desk.known["REDIS_URL"] = "redis://:secret-word@127.0.0.1:1/0"
    desk.start()
    assert desk.process is not None
    assert desk.process.wait(timeout=30) == 1
    assert "Redis does not answer" in desk.said()
    assert "secret-word" not in desk.said()
