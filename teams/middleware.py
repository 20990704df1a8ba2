"""Every request is answered in its reader's language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from crisisdesk.kit.refusals import typed


class ReaderMiddleware:
    """
    Take language and zone from the person signed in.

    Someone signed out keeps what LocaleMiddleware found (the language switch's cookie, else the
    browser's wish) and the installation's zone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            with timezone.override(None):
                return self._keeping_words(request, self.get_response(request))
        language, zone = request.user.language, ZoneInfo(request.user.zone)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        # Theirs alone, and asked for anew each time: rights end. Not `no-store`, with which a
        # browser forgets what was typed when one goes back.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def _keeping_words(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer a write of an ended session with what was typed, instead of a way to sign in."""
        way_in = resolve_url(settings.LOGIN_URL)
        sent_away = response.status_code == 302 and urlsplit(response["Location"]).path == way_in
        if request.method != "POST" or not sent_away or request.path.startswith("/accounts/"):
            return response
        context = {"typed": typed(request), "back": _came_from(request)}
        return render(request, "401.html", context, status=401)


def _came_from(request: HttpRequest) -> str:
    """Return the page of ours whose form was sent, empty when the browser does not say."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
