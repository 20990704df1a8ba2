"""
The room that most tests begin with: built once for the tests of a file, and left standing.

Fixtures marked `@standing` form levels, each built upon the one before. A test that asks for one
finds the levels up to it in the database, in a transaction around its own, and gets copies of its
own of what they returned; a test that asks for none finds nothing. What a test does is undone as
ever; a test that commits never meets a standing room.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import pytest
from django.db import connection, transaction
from django.test import TestCase

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Stage:
    """What could stand (`levels`), what does (`up`), and the copies of the test that runs."""

    levels: list[dict[str, Callable[..., Any]]] = field(default_factory=list)
    known: dict[Any, str] = field(default_factory=dict)
    wanted: int = 0
    of: Any = None
    up: list[tuple[transaction.Atomic, bytes]] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    # What the fixtures ask for that is in no database.
    plain: dict[str, Any] = field(default_factory=dict)
    unblock: Callable[[], AbstractContextManager[None]] = nullcontext

    def prepare(self, item: pytest.Item) -> None:
        """Find out what this test begins with; take down what it must not meet."""
        self.given = {}
        self.wanted = 0 if _commits(item) else self._asked(item)
        if self.of is not (module := getattr(item, "module", None)):
            self.of = module
            self.lower(0)
        self.lower(self.wanted)

    def _asked(self, item: pytest.Item) -> int:
        found = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009
        # A file may have a fixture of its own by the same name: that one is not ours to build.
        ours = {name for name, defs in found.items() if defs[-1].func in self.known}
        asked = 0
        for place, level in enumerate(self.levels, 1):
            if not ours >= level.keys() & found.keys():
                break
            if list(level)[-1] in found:
                asked = place
        return asked

    def lower(self, to: int) -> None:
        while len(self.up) > to:
            atomic, _ = self.up.pop()
            with self.unblock():
                transaction.set_rollback(True)
                atomic.__exit__(None, None, None)

    def raise_up(self) -> None:
        while len(self.up) < self.wanted:
            values = self._copies()
            atomic = transaction.atomic()
            setattr(atomic, "_from_testcase", True)  # noqa: B010 - as Django marks its own
            atomic.__enter__()
            self.up.append((atomic, b""))
            try:
                for name, build in self.levels[len(self.up) - 1].items():
                    asked = signature(build).parameters
                    values[name] = build(
                        **{one: values.get(one, self.plain.get(one)) for one in asked}
                    )
                connection.check_constraints()
            except BaseException:
                self.lower(len(self.up) - 1)
                raise
            connection.run_on_commit.clear()
            self.up[-1] = (atomic, pickle.dumps(values))
        self.given = self._copies() if self.wanted else {}

    def _copies(self) -> dict[str, Any]:
        return dict(pickle.loads(self.up[-1][1])) if self.up else {}  # noqa: S301


STAGE = Stage()


def standing(level: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Mark what a fixture builds as part of a level; the last of a level stands for all of it."""

    def mark(build: Callable[P, T]) -> Callable[P, T]:
        name = build.__name__

        @wraps(build)
        def found(*given: P.args, **named: P.kwargs) -> T:
            if name in STAGE.given:
                copy: T = STAGE.given[name]
                return copy
            return build(*given, **named)

        while len(STAGE.levels) < level:
            STAGE.levels.append({})
        STAGE.levels[level - 1][name] = build
        STAGE.known[found] = name
        return found

    return mark


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and (marker.args or marker.kwargs)) or "transactional_db" in getattr(
        item, "fixturenames", ()
    )


_enter: Callable[..., Any] = vars(TestCase)["_fixture_setup"].__func__


def _enter_upon_the_stage(cls: type[TestCase]) -> None:
    """Build what is missing before the transaction of the test begins."""
    STAGE.raise_up()
    _enter(cls)


setattr(TestCase, "_fixture_setup", classmethod(_enter_upon_the_stage))  # noqa: B010
