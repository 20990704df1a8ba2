"""Browsers on a real desk: its launcher, its worker and beat, its database, a real mail server.

    def test_something(sign_in):
        page = sign_in("claire.morvan@verdier.example")
        page.goto("/incidents/")

A console error, an exception in a script, an answer 500 or a breach of the security policy fails
the test at its end, on whichever page it happened.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import services
from tests.mail_sink import Sink, mail_sink
from tests.processes import (
    RunningDesk,
    environment,
    manage,
    place_demo,
    scratch_database,
    static_root,
    tell,
)

# Playwright's loop would make Django refuse the database to the tests themselves.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
sync_api = pytest.importorskip("playwright.sync_api")

QUIET = ("--no-sandbox", "--disable-quic", "--disable-background-networking")
QUIETER = ("--disable-component-update", "--disable-sync", "--no-first-run")
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# A proof of identity counts for half an hour: nobody comes in with an older one unawares.
STAYS_SIGNED_IN = 15 * 60.0
# Refusals are answers: the browser logs them as errors all the same.
REFUSALS = tuple(f"status of {code}" for code in (403, 404, 409, 422))
REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Security policy breached: ${event.violatedDirective} by ${event.blockedURI} ` +
    `in ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class DeskServer:
    """The desk under test. `tell` runs Python inside it, `manage` a command."""

    running: RunningDesk
    sink: Sink
    database: str
    signed_in: dict[str, tuple[float, list[Any]]] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.running.url

    def tell(self, story: str) -> Any:
        return tell(self.running.known, story)

    def manage(self, *words: str) -> str:
        return manage(self.running.known, *words)

    def password(self, email: str) -> str:
        """The password of one of the demo's people, as the demo prints it: the last column."""
        if email in self.passwords:
            return self.passwords[email]
        for line in (self.running.data / "demo-sign-ins.txt").read_text("utf-8").splitlines():
            if email in line.split():
                return line.split()[-1]
        raise AssertionError(f"The demo has no {email}.")

    def come_back(self, context: Any, email: str) -> bool:
        """Give a browser the session that a person opened in another one, if it is young."""
        since, cookies = self.signed_in.get(email, (-STAYS_SIGNED_IN, []))
        if time.monotonic() - since > STAYS_SIGNED_IN:
            return False
        context.add_cookies(cookies)
        return True

    def remember(self, context: Any, email: str) -> None:
        self.signed_in[email] = (time.monotonic(), context.cookies())


@contextmanager
def running_desk(kind: str, data: Path, **more: str) -> Iterator[DeskServer]:
    """A lived-in desk (`--demo`); `more` goes into its environment."""
    with mail_sink() as sink, scratch_database(kind) as database:
        known = environment(data, database=database, mail_port=sink.port) | more
        known["STATIC_ROOT"] = str(static_root())
        if database:
            known["REDIS_URL"] = services.demand("redis")
        else:
            place_demo(data)
        running = RunningDesk(data, known)
        running.start("--demo")
        try:
            running.wait_until_ready(seconds=180)
            yield DeskServer(running, sink, kind)
        finally:
            running.stop()


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], DeskServer]]:
    """Each desk starts with the first journey that asks for it, and serves all that follow."""
    running: dict[str, DeskServer] = {}
    with ExitStack() as until_the_end:

        def desk(kind: str) -> DeskServer:
            if kind not in running:
                data = tmp_path_factory.mktemp("desk") / "data"
                running[kind] = until_the_end.enter_context(running_desk(kind, data))
            return running[kind]

        yield desk


@pytest.fixture(
    scope="session",
    # Two desks on one Redis would take each other's work: with several workers, one has them all.
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))],
)
def desk_server(request: pytest.FixtureRequest, desks: Callable[[str], DeskServer]) -> DeskServer:
    """The desk on SQLite with its own broker, then the one on PostgreSQL and Redis."""
    services.demand("chromium")
    return desks(request.param)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = services.demand("chromium")
    with sync_api.sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=[*QUIET, *QUIETER])
        yield running
        running.close()


@dataclass
class Watch:
    """Everything that went wrong on any page, and what a test says is to be expected."""

    wrong: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=lambda: list(REFUSALS))

    def over(self, page: Any) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(part in message.text for part in self.expected):
            place = message.location.get("url", "")
            self.wrong.append(f"{message.text} ({place})")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.request.method} {response.url}: {response.status}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test at its end when something went wrong; `watch.expected.append(...)`."""
    watching = Watch()
    yield watching
    assert not watching.wrong, "\n".join(watching.wrong)


@pytest.fixture
def open_page(browser: Any, desk_server: DeskServer, watch: Watch) -> Iterator[Callable[..., Any]]:
    """Open a browser of its own, signed in as nobody: `open_page(phone=True, dark=True)`."""
    opened = []

    def open_(
        *, phone: bool = False, dark: bool = False, language: str = "en", **options: Any
    ) -> Any:
        context = browser.new_context(
            base_url=desk_server.url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            locale={"en": "en-GB", "fr": "fr-FR"}[language],
            **options,
        )
        context.add_init_script(REPORT_BREACHES)
        opened.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_
    for context in opened:
        context.close()


@pytest.fixture
def sign_in(open_page: Callable[..., Any], desk_server: DeskServer) -> Callable[..., Any]:
    """
    Sign a person of the demo in, in a browser of their own; return the page at the desk.

    They type their password once; later browsers get the session that this opened.
    """

    def sign_in_(email: str, **options: Any) -> Any:
        page = open_page(**options)
        if desk_server.come_back(page.context, email):
            page.goto("/")
            if page.url == f"{desk_server.url}/":
                return page
        page.goto("/accounts/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", desk_server.password(email))
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{desk_server.url}/")
        desk_server.remember(page.context, email)
        return page

    return sign_in_
