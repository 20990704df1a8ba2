"""A desk of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import RunningDesk, environment, static_root


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    """A desk on an empty data folder, not started yet."""
    data = tmp_path / "data"
    known = environment(data) | {"STATIC_ROOT": str(static_root())}
    running = RunningDesk(data, known)
    yield running
    running.stop()
