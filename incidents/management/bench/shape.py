"""What a bench is: the metrics that it promises, how large it is, and how it measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

NO_DATABASE: Final = "none"

Say = Callable[[str], None]
Clock = Callable[[], datetime]


class Scale(StrEnum):
    """How much is measured: in full, in under a minute, or just enough to see that it runs."""

    FULL = "full"
    QUICK = "quick"
    TINY = "tiny"


@dataclass(frozen=True)
class Metric:
    """What a figure is called, and the value that it should not exceed, where there is one."""

    name: str
    unit: str = "ms"
    target: float | None = None


@dataclass(frozen=True)
class Figure:
    """One value, measured on one case, such as `1500 words, 200 versions`."""

    case: str
    metric: str
    value: float


@dataclass(frozen=True)
class Bench:
    """
    One bench: `measure` runs on an empty scratch installation and yields figures.

    `on_databases` is False where no database is involved: it then runs once, on the SQLite one.
    """

    name: str
    about: str
    metrics: tuple[Metric, ...]
    measure: Callable[[Scale, Clock, Say], Iterator[Figure]]
    on_databases: bool = True

    def metric(self, name: str) -> Metric:
        return next(metric for metric in self.metrics if metric.name == name)


class CannotMeasure(Exception):
    """The product did not do what the bench asked of it; the sentence says what it said."""
