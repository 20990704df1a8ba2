"""
The stream of one room: tells an open page at once that something happened, never what.

A raw ASGI application in front of Django, because a stream lives for hours: it holds neither a
thread nor a connection of the database. Who asks is checked in a small pool of threads, when
the stream begins, whenever roles or access change, and every 20 seconds.

Frames: `data: {"number", "subject"}` for each new entry of the timeline (the first one says
where the record stands; number 0 is no entry: somebody came to a text or left it), and an event
`alive` with the server's time every 15 seconds.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.utils.timezone import now

from crisisdesk.kit import bell
from incidents.access import open_to
from teams.models import User

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

ALIVE_EVERY: Final = 15.0
CHECK_EVERY: Final = 20.0
CHANGES_ACCESS: Final = frozenset({"role", "incident"})

_doormen = ThreadPoolExecutor(max_workers=4, thread_name_prefix="stream-door")


@dataclass(frozen=True)
class Admitted:
    incident: int
    number: int


def admit(session_key: str, reference: str) -> Admitted | None:
    """Return the incident and its last number if this session's person may see it now."""
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        user = get_user(request)
        if not isinstance(user, User):
            return None
        found = open_to(user, at=now()).filter(reference=reference)
        row = found.values_list("pk", "last_entry_number").first()
        return Admitted(*row) if row else None
    finally:
        connections.close_all()


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    headers = {name.lower(): value for name, value in scope["headers"]}
    if scope["method"] != "GET":
        await _refuse(send, 405)
        return
    host, _port = split_domain_port(headers.get(b"host", b"").decode("latin-1"))
    if not validate_host(host, settings.ALLOWED_HOSTS):
        await _refuse(send, 400)
        return
    session = _session_key(headers.get(b"cookie", b"").decode("latin-1"))
    reference = scope["path"].strip("/").split("/")[1]
    admitted = await _admit(session, reference)
    if admitted is None:
        await _refuse(send, 404)
        return
    try:
        async with bell.listen(str(admitted.incident)) as listener:
            await _until_gone(receive, _tell(send, listener, session, reference))
    except bell.BellSilent:
        await _refuse(send, 503)


async def _admit(session: str, reference: str) -> Admitted | None:
    if not session:
        return None
    return await asyncio.get_running_loop().run_in_executor(_doormen, admit, session, reference)


async def _until_gone(receive: Receive, telling: Awaitable[None]) -> None:
    """Run `telling` until it ends or the browser goes."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = {asyncio.ensure_future(telling), asyncio.ensure_future(gone())}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _tell(send: Send, listener: bell.Listener, session: str, reference: str) -> None:
    # Read again now that the bell is heard: nothing falls between the two.
    stands = await _admit(session, reference)
    if stands is None:
        await _refuse(send, 404)
        return
    await _begin(send)
    await _frame(send, "message", {"number": stands.number, "subject": ""})
    loop = asyncio.get_running_loop()
    check_at = loop.time() + CHECK_EVERY * random.uniform(0.5, 1)  # noqa: S311 - not all at once
    while True:
        patience = min(ALIVE_EVERY, max(check_at - loop.time(), 0.05))
        try:
            heard = await listener.next(seconds=patience)
        except bell.BellSilent:
            break
        if loop.time() >= check_at or (heard and heard.subject in CHANGES_ACCESS):
            if await _admit(session, reference) is None:
                break
            check_at = loop.time() + CHECK_EVERY
        if heard is None:
            await _frame(send, "alive", {"at": now().isoformat()})
        else:
            await _frame(send, "message", {"number": heard.number, "subject": heard.subject})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _session_key(cookies: str) -> str:
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return ""
    found = jar.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


async def _begin(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})


async def _frame(send: Send, event: str, told: dict[str, object]) -> None:
    body = f"event: {event}\ndata: {json.dumps(told)}\n\n".encode()
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
