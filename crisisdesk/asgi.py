"""The way in: a room's stream is answered before Django, everything else by Django.

A stream lives for hours; in a Django view it would hold a thread, and on PostgreSQL a connection,
for as long.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")
django.setup(set_prefix=False)

from crisisdesk import urls  # noqa: E402, F401 - every page is loaded before memory.set_aside()
from crisisdesk.kit import lines, memory  # noqa: E402
from crisisdesk.kit.handling import OneThread  # noqa: E402
from incidents.board import stream  # noqa: E402 - models load only after django.setup()

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

django_application = OneThread()
memory.set_aside()
STREAM = re.compile(r"^/incidents/[^/]+/stream/$")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and STREAM.match(scope["path"]):
        await stream.application(scope, receive, send)
    else:
        await django_application(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            lines.hold(settings.DATABASES["default"])
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
