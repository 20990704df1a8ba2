"""What a server loads once is not walked over again at each request."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from crisisdesk.kit import memory


@pytest.fixture
def memory_as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("memory_as_before")
def test_what_is_loaded_is_set_aside_and_circles_are_still_found() -> None:
    memory.set_aside()
    assert gc.get_freeze_count() > 0
    assert gc.isenabled()
    assert gc.get_threshold()[0] == memory.LOOK_EVERY
