"""How a request is handled: in one thread from its first middleware to its page, errors included."""

from __future__ import annotations

import sys
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import OperationalError, close_old_connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from crisisdesk.kit import lines

AGAIN_IN = "5"


class OneThread(ASGIHandler):
    """
    Django's handler, with all of a request in the thread that asgiref gives it.

    Django makes error pages in another thread. There they open a connection to the database that
    nobody gives back, while the request still holds its own: a few addresses that do not exist
    would use up all there are. And whoever goes away before the answer is sent ends nothing:
    the thread itself gives the connection back.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> Any:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

    def get_response(self, request: HttpRequest) -> Any:
        try:
            return super().get_response(request)
        finally:
            close_old_connections()


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what went wrong; that all connections are in use passes, and is said as such."""
    trouble = sys.exc_info()[1]
    if isinstance(trouble, OperationalError) and lines.is_full(trouble.__cause__):
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": AGAIN_IN})
    return defaults.server_error(request)
