"""Answers to htmx and plain browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from teams.models import User


class DeskRequest(HttpRequest):
    """
    A request behind the gate: signed in, and htmx-aware.

    `at` is the moment of the call, `rights` the codenames that the person holds in the
    incident; the gate sets both. `incident` is the one of the page, for its frame; `is_outside`
    is true for an account that is limited to single statements, and asked when it is needed.
    """

    user: User
    htmx: HtmxDetails
    at: datetime
    rights: frozenset[str]
    incident: object
    is_outside: object


Gated = TypeVar("Gated", bound=Callable[..., Any])


def declare(view: Gated, **told: Any) -> Gated:
    """Write on a view what its gate asks, for middleware and for the tests that look at every view."""
    vars(view).update(told)
    return view


def whole_number(given: str) -> int | None:
    """Return a number as people and our own pages write it; nothing for what no row can have."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def done(request: DeskRequest, *, page: str, move: bool = False) -> HttpResponse:
    """
    Answer a write: htmx asks the pulse what changed, a plain browser goes to the page.

    `move` sends htmx to the page too, for an act that ends where it was made.
    """
    if not request.htmx:
        return redirect(page)
    if move:
        return HttpResponseClientRedirect(page)
    return trigger_client_event(HttpResponse(status=204), "beat")


def invalid(
    request: DeskRequest, *, fragment: str, page: str, context: dict[str, Any]
) -> HttpResponse:
    """Answer input that does not fit: htmx gets the form again, a plain browser the whole page."""
    return render(request, fragment if request.htmx else page, context, status=422)
