"""A request is handled in one thread, and gives its connection back whatever becomes of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from crisisdesk.kit import handling
from crisisdesk.kit.handling import OneThread, server_error

seen: list[tuple[str, int]] = []


def mark(name: str) -> None:
    seen.append((name, threading.get_ident()))


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark("middleware")
        return self.get_response(request)


def view(_request: HttpRequest) -> HttpResponse:
    mark("view")
    raise Http404


def handler404(_request: HttpRequest, exception: Exception) -> HttpResponse:
    mark("error page")
    return HttpResponse(type(exception).__name__, status=404)


urlpatterns = [path("there/", view)]


def ask(address: str) -> list[dict[str, Any]]:
    """Send a request by the server's interface, and return what it was answered."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
        "http_version": "1.1",
        "scheme": "http",
    }
    answers: list[dict[str, Any]] = []

    async def run() -> None:
        waiting = asyncio.Event()
        messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> dict[str, Any]:
            found = next(messages, None)
            if found is None:
                await waiting.wait()
            return found or {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            answers.append(message)

        await OneThread()(scope, receive, send)

    asyncio.run(run())
    return answers


@pytest.mark.parametrize("address", ["/there/", "/nowhere/"])
def test_an_error_page_is_made_in_the_thread_of_its_request(
    settings: Any, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [f"{__name__}.Middleware"]
    given_back: list[int] = []
    monkeypatch.setattr(
        handling, "close_old_connections", lambda: given_back.append(threading.get_ident())
    )
    seen.clear()
    [start, *_body] = ask(address)
    assert start["status"] == 404
    assert [name for name, _ in seen][-1] == "error page"
    threads = {thread for _, thread in seen}
    assert threads == set(given_back)
    assert threading.get_ident() not in threads


@contextmanager
def answering(rf: RequestFactory) -> Iterator[list[HttpResponse]]:
    """Answer what goes wrong inside, as Django does while it goes wrong."""
    found: list[HttpResponse] = []
    try:
        yield found
    except OperationalError:
        found.append(server_error(rf.get("/")))
        raise


def test_when_all_connections_are_in_use_it_is_said_so(rf: RequestFactory) -> None:
    class PoolTimeout(Exception):
        pass

    def answered(cause: Exception) -> HttpResponse:
        trouble = OperationalError()
        trouble.__cause__ = cause
        with pytest.raises(OperationalError), answering(rf) as found:
            raise trouble
        return found[0]

    busy = answered(PoolTimeout())
    assert (busy.status_code, busy["Retry-After"]) == (503, handling.AGAIN_IN)
    assert "kept on this device" in busy.content.decode()
    assert answered(ValueError()).status_code == 500
