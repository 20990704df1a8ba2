"""Parts of a desk as real processes, to be killed in the middle of their work.

`machine` has a broker of its own, so that no test empties anyone's Redis; start what the test
needs with `machine.start("worker")` and `machine.start("beat")`, kill it with `machine.kill(...)`,
set up and ask with `machine.tell("... answer = ...")`, which runs inside the installation.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail_sink import Sink, mail_sink
from tests.processes import Machine, environment, scratch_database


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The mail server, which can be told to refuse, to wait, or to fall silent."""
    with mail_sink() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, sink: Sink) -> Iterator[Machine]:
    """An installation with its broker running; no worker and no beat yet."""
    with scratch_database(request.param) as database:
        data = tmp_path / "data"
        running = Machine(data, environment(data, database=database, mail_port=sink.port))
        running.prepare()
        try:
            yield running
        finally:
            running.stop()
