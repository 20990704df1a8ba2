"""A desk of its own for each test, on a folder where everything or nothing stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import RunningDesk, environment, place_tables, static_root


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[RunningDesk]:
    """A desk whose data folder does not even exist, not started yet."""
    running = RunningDesk(tmp_path / "data", environment(tmp_path / "data"))
    yield running
    running.stop()


@pytest.fixture
def desk(new_desk: RunningDesk) -> RunningDesk:
    """A desk where tables and pages' files stand already, not started yet."""
    place_tables(new_desk.data)
    new_desk.known["STATIC_ROOT"] = str(static_root())
    return new_desk
