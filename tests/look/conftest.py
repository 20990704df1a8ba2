"""A browser, and the small site of `pages` behind the real middleware."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.look import pages
from tests.services import demand

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# The machine may be busy: patience costs nothing where all is well.
expect.set_options(timeout=20_000)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the browser reports what goes wrong."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    engine = {**settings.TEMPLATES[0]}
    engine["DIRS"] = [*engine["DIRS"], HERE / "templates"]
    with override_settings(ROOT_URLCONF="tests.look.pages", TEMPLATES=[engine]):
        server = make_server(
            "127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = demand("chromium")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh page; console errors and CSP violations fail the test, unless it expects them."""
    pages.HEARD.clear()
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    fresh = context.new_page()
    fresh.set_default_timeout(20_000)
    wrong: list[str] = []
    fresh.on("pageerror", lambda error: wrong.append(str(error)))
    # The browser itself reports an answer of 4xx or 5xx as an error: those are looked at below.
    fresh.on(
        "console",
        lambda said: (
            wrong.append(said.text)
            if said.type == "error" and "the server responded with" not in said.text
            else None
        ),
    )
    yield fresh
    context.close()
    expected = ("Response Status Error Code", "net::ERR_", "htmx:sendError", "htmx:afterRequest")
    assert not [text for text in wrong if not any(e in text for e in expected)]
