"""
How long the server takes to ask for sign-off, show the difference, approve and publish.

Each round is a new statement with its own incident and history, made through the verbs. Then
everything goes by the pages: the last version is saved, submitted, read and approved by three
people at the same stage, and its publication recorded with the text pasted back. Forms send what
the pages put into them. The first rounds warm up, and count queries instead of time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Final

from django.urls import reverse

from incidents.management.bench.pages import Form, form_of
from incidents.management.bench.shape import Bench, CannotMeasure, Clock, Figure, Metric, Say, Scale
from incidents.management.bench.signing import (
    AUTHOR,
    MINUTE,
    SHORT,
    SIGNERS,
    Words,
    statement_with_history,
)
from incidents.management.bench.stopwatch import Browser, Times, counted, time_to_connect
from incidents.management.demo import house as demo
from incidents.models import Channel, Publication, Round, Statement

# The aims of the median in milliseconds, in the order of the work.
ACTS: Final[dict[str, float | None]] = {
    "save": None,
    "submit": 30,
    "difference": None,
    "approve": 20,
    "publish": 25,
}
SIGN_IN_AGAIN: Final = 600.0
TELL_EVERY: Final = 5.0
CONNECTIONS: Final = 20


@dataclass(frozen=True)
class Size:
    """`seconds`: after so many no further round begins, once `least` are done."""

    words: int
    versions: int
    rounds: int
    warm_up: int
    seconds: float
    least: int = 3

    @property
    def case(self) -> str:
        return f"{self.words} words, {self.versions} versions"


SIZES: Final = {
    Scale.FULL: Size(words=1500, versions=200, rounds=20, warm_up=2, seconds=240, least=8),
    Scale.QUICK: Size(words=1500, versions=20, rounds=8, warm_up=1, seconds=12),
    Scale.TINY: Size(words=60, versions=4, rounds=1, warm_up=1, seconds=0, least=1),
}


def _metrics() -> Iterator[Metric]:
    for act, target in ACTS.items():
        yield Metric(f"{act}_ms_p50", target=target)
        yield Metric(f"{act}_ms_p95")
        yield Metric(f"{act}_cpu_ms_p50")
        yield Metric(f"{act}_queries", unit="queries")
    yield Metric("connect_ms_p50")
    yield Metric("rounds", unit="rounds")


def measure(scale: Scale, clock: Clock, say: Say) -> Iterator[Figure]:
    size = SIZES[scale]
    desk = _Desk(size, clock)
    began = told = time.monotonic()
    done, last = 0, size.warm_up + size.rounds
    while done < last and not (done - size.warm_up >= size.least and _spent(began) > size.seconds):
        desk.round(done, warm_up=done < size.warm_up)
        done += 1
        if _spent(told) > TELL_EVERY:
            told = time.monotonic()
            say(f"{size.case}: round {done} of {last}")
    for act, times in desk.times.items():
        for metric, value in times.figures().items():
            yield Figure(size.case, f"{act}_{metric}", value)
    yield Figure(size.case, "connect_ms_p50", time_to_connect(CONNECTIONS))
    yield Figure(size.case, "rounds", done - size.warm_up)


def _spent(since: float) -> float:
    return time.monotonic() - since


@dataclass
class _Desk:
    """The house and its people at their browsers, and what their requests took."""

    size: Size
    clock: Clock
    times: dict[str, Times] = field(default_factory=lambda: {act: Times() for act in ACTS})

    def __post_init__(self) -> None:
        self.house = demo.move_in(self.clock())
        names = [AUTHOR, *(holder for holder, _deputy in SIGNERS.values())]
        self.browsers = {name: Browser(self.house[name].email, demo.PASSWORD) for name in names}
        self.signed_in = float("-inf")

    def round(self, number: int, *, warm_up: bool) -> None:
        self._sign_in()
        words = Words(self.size.words, seed=number)
        begin = self.clock() - (self.size.versions + 1) * MINUTE
        statement, _at = statement_with_history(
            self.house, words, versions=self.size.versions - 1, at=begin
        )
        Walk(statement, self.browsers, self.times, warm_up=warm_up).go(words)

    def _sign_in(self) -> None:
        """Keep every session young, so that no decision stops to ask who is there."""
        if _spent(self.signed_in) > SIGN_IN_AGAIN:
            for browser in self.browsers.values():
                browser.sign_in()
            self.signed_in = time.monotonic()


@dataclass
class Walk:
    """One round, from the last version to the publication, by the pages."""

    statement: Statement
    browsers: dict[str, Browser]
    times: dict[str, Times]
    warm_up: bool

    def go(self, words: Words) -> None:
        author = self.browsers[AUTHOR]
        text = words.change()
        fields = {"text": text, f"own_{Channel.X}": SHORT, "reason": "The last sentence is clearer"}
        self._send(author, "save", page="edit", to="save-version", **fields)
        self._send(author, "submit", page="", to="submit")
        for holder, _deputy in SIGNERS.values():
            self._timed(self.browsers[holder], "difference", self._address("decide"))
            self._send(self.browsers[holder], "approve", page="decide", to="approve")
        self._check_approved()
        pasted = {"channel": Channel.WEBSITE.value, "posted_text": text}
        self._send(author, "publish", page="publication", to="record-publication", **pasted)
        self._check_published()

    def _address(self, what: str) -> str:
        name = f"incidents:statement-{what}" if what else "incidents:statement"
        return reverse(name, args=[self.statement.incident.reference, self.statement.number])

    def _send(self, browser: Browser, act: str, *, page: str, to: str, **typed: str) -> None:
        """Open a page, type, and send its form."""
        form = form_of(browser.get(self._address(page)), self._address(to))
        form.fields |= typed
        self._timed(browser, act, self._address(to), form)

    def _timed(self, browser: Browser, act: str, address: str, form: Form | None = None) -> None:
        with counted() if self.warm_up else nullcontext() as count:
            browser.get(address) if form is None else browser.post(address, form)
        if count is None:
            self.times[act].spent.append(browser.handler.spent)
        else:
            self.times[act].queries.append(count())

    def _check_approved(self) -> None:
        newest = self.statement.versions.latest("number")
        approved = newest.rounds.filter(outcome=Round.Outcome.APPROVED)
        if not approved.exists() or newest.decisions.count() != len(SIGNERS):
            raise CannotMeasure("Three people approved, and the text is not good to publish.")

    def _check_published(self) -> None:
        found = Publication.objects.filter(statement=self.statement, differs=False)
        if found.count() != 1:
            raise CannotMeasure("The publication was sent, and is not on record as signed.")


BENCH: Final = Bench(
    name="signoff",
    about="server time per request: submit, difference, approve, publish",
    metrics=tuple(_metrics()),
    measure=measure,
)
