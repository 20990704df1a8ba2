"""A refusal is a domain "no" with a reason fit for the person who asked."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NEVER_ECHOED = {"csrfmiddlewaretoken", "login", "next"}


class Refused(Exception):
    """Base of every domain refusal; its text is shown to the user as it stands."""


def typed(request: HttpRequest) -> list[str]:
    """Return what a person sent, to be shown again; no passwords and nothing of ours."""
    return [
        value
        for name, values in request.POST.lists()
        if name not in NEVER_ECHOED and "password" not in name
        for value in values
        if value.strip()
    ]


class RefusalMiddleware:
    """
    Turn a refusal into a 409, whichever view met it.

    With htmx the notice appears above the form, which keeps its words. Without, the whole page
    of the refusal shows again what was typed, so that nothing is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if getattr(request, "htmx", False):
            response = render(
                request, "components/refusal.html", {"reason": str(exception)}, status=409
            )
            response["HX-Retarget"] = "#notices"
            response["HX-Reswap"] = "innerHTML"
            return response
        context = {"reason": str(exception), "typed": typed(request)}
        return render(request, "409.html", context, status=409)
