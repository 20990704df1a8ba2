"""How long the server works on a request, in the same process and through all of the stack."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import close_old_connections, connection
from django.test.client import Client, ClientHandler
from django.urls import reverse
from django.utils.http import urlencode

from incidents.management.bench.pages import PLAIN, Form
from incidents.management.bench.shape import CannotMeasure

MILLISECONDS: Final = 1000.0
FOUND: Final = 200
REDIRECT: Final = 302


@dataclass(frozen=True)
class Spent:
    """The time of one request, in milliseconds; `cpu` is this thread's, the database's not."""

    wall: float
    cpu: float


class TimedHandler(ClientHandler):
    """
    Middleware, view and rendering under the watch; what the browser's part costs is not.

    The database's connection goes back where it came from after each request, as in the server.
    """

    spent = Spent(0.0, 0.0)

    def __call__(self, environ: dict[str, Any]) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return super().__call__(environ)
        finally:
            close_old_connections()
            self.spent = Spent(
                (time.perf_counter() - wall) * MILLISECONDS,
                (time.thread_time() - cpu) * MILLISECONDS,
            )


class Browser:
    """One person at a browser without script: signed in for real, each request timed."""

    def __init__(self, email: str, password: str) -> None:
        self.email, self.password = email, password
        self.handler = TimedHandler(enforce_csrf_checks=False)
        self.client = Client(SERVER_NAME="localhost")
        self.client.handler = self.handler

    def sign_in(self) -> None:
        """Sign in by password; what the product asks of a fresh session is answered by this."""
        facts = {"login": self.email, "password": self.password}
        answer = self.client.post(reverse("account_login"), facts)
        if answer.status_code != REDIRECT:
            raise CannotMeasure(f"{self.email} cannot sign in: {answer.status_code}.")

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        if answer.status_code != FOUND:
            raise CannotMeasure(f"GET {address} answered {answer.status_code}.")
        return answer.content.decode()

    def post(self, address: str, form: Form) -> None:
        sent: dict[str, Any] = {"data": form.fields}
        if form.encoding == PLAIN:
            sent = {"data": urlencode(form.fields), "content_type": PLAIN}
        answer = self.client.post(address, **sent)
        if answer.status_code != REDIRECT:
            raise CannotMeasure(f"POST {address} answered {answer.status_code}.")


@dataclass
class Times:
    """What the requests of one act took."""

    spent: list[Spent] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        walls, cpus = [one.wall for one in self.spent], [one.cpu for one in self.spent]
        return {
            "ms_p50": percentile(walls, 50),
            "ms_p95": percentile(walls, 95),
            "cpu_ms_p50": percentile(cpus, 50),
            "queries": percentile(self.queries, 50),
        }


def percentile(values: Iterable[float], percent: int) -> float:
    """Return the value below which lie this many percent, between two values in proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Count the queries that are made inside."""
    seen = 0

    def count(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal seen
        seen += 1
        return execute(*given)

    with connection.execute_wrapper(count):
        yield lambda: seen


def time_to_connect(times: int) -> float:
    """Return how long it takes to get a connection, which every request pays."""
    found = []
    for _ in range(times):
        connection.close()
        began = time.perf_counter()
        connection.ensure_connection()
        found.append((time.perf_counter() - began) * MILLISECONDS)
    return percentile(found, 50)
