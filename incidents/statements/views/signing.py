"""The decision page, which is the phone page, and what is decided on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, whole_number
from incidents.access import VIEW, incident_view
from incidents.models import Incident, Statement
from incidents.statements import actions, queries
from incidents.statements.forms import discussion_forms
from incidents.statements.views import DRAFT, FOLDER, address, find, key_of, number_in, read
from incidents.statements.views.deciding import decided, shown_again


@incident_view(DRAFT, method="POST")
def submit(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = key_of(incident, number)
    version = whole_number(request.POST.get("version", ""))
    actions.submit_statement(found, version=version, by=request.user, at=request.at)
    return done(request, page=address("statement", incident, number), move=True)


@incident_view(VIEW, method="GET")
def decide(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Opening the link decides nothing, and asks for no proof of who reads."""
    kept = fresh.kept(request, page=request.path, at=request.at)
    return _page(request, find(incident, number), base=number_in(request, "base"), kept=kept)


@incident_view(VIEW, method="GET")
def newer(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Say whether a newer version than the one on the screen exists."""
    newest = queries.newest_number(find(incident, number))
    seen = number_in(request, "seen") or 0
    context = {"incident": incident, "number": number, "newest": newest, "seen": seen}
    return render(request, f"{FOLDER}newer.html", context)


@incident_view(VIEW, method="GET")
def signoff(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    row = read(request, find(incident, number), version=number_in(request, "version"))
    return render(request, "incidents/signoff/progress.html", {"incident": incident, "page": row})


@incident_view(VIEW, method="POST")
def approve(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return _decided(request, incident, number, actions.approve_statement, asked="approve")


@incident_view(VIEW, method="POST")
def request_changes(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return _decided(request, incident, number, actions.request_changes, asked="changes")


@incident_view(VIEW, method="POST")
def refuse(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return _decided(request, incident, number, actions.refuse_statement, asked="refuse")


def _decided(
    request: DeskRequest, incident: Incident, number: int, verb: Callable[..., Any], *, asked: str
) -> HttpResponse:
    return decided(
        request,
        key_of(incident, number),
        verb,
        asked=asked,
        page=address("statement-decide", incident, number),
        then=address("statement", incident, number),
        show=lambda **told: _page(request, find(incident, number), **told),
    )


def _page(
    request: DeskRequest,
    statement: Statement,
    *,
    kept: fresh.Kept | None,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    context = shown_again(lambda base: read(request, statement, base=base), kept=kept, **told)
    context["incident"] = statement.incident
    answering = number_in(request, "answer")
    context |= discussion_forms(context["page"].discussion, answering=answering)
    return render(request, f"{FOLDER}decide.html", context, status=status)
