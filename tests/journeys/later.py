"""
The settings of a desk whose clock a journey moves forward: the real ones, and a later now.

Only processes that are started with these settings have such a clock, and only below tests/:
the product asks `django.utils.timezone.now` and has no setting for it. Between two processes
nothing differs: all read how far ahead it is from one file of the desk's own data folder.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from crisisdesk.settings import *  # noqa: F403
from crisisdesk.settings import DATA_DIR

AHEAD = DATA_DIR / "seconds-ahead.txt"
_now: Callable[[], datetime] = timezone.now
_seconds: Callable[[], float] = time.time


def ahead() -> float:
    """Return by how many seconds this desk's clock is ahead of the world's."""
    return float(AHEAD.read_text("ascii")) if AHEAD.exists() else 0.0


def now() -> datetime:
    return _now() + timedelta(seconds=ahead())


def seconds() -> float:
    """The same for what counts in seconds since 1970: sessions, codes, proofs of identity."""
    return _seconds() + ahead()


def _move() -> None:
    setattr(time, "time", seconds)  # noqa: B010
    for module in [*sys.modules.values()]:  # also for whoever imported it before us
        if getattr(module, "now", None) is _now:
            setattr(module, "now", now)  # noqa: B010


_move()
