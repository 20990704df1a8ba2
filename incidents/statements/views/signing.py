"""The decision page, which is the phone page, and what is decided on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crisisdesk.kit.http import DeskRequest, done, whole_number
from crisisdesk.kit.refusals import Refused
from incidents.access import VIEW, incident_view
from incidents.models import Incident, Statement
from incidents.signoff.actions import TextChanged
from incidents.statements import actions, queries
from incidents.statements.forms import DecisionForm
from incidents.statements.views import DRAFT, FOLDER, address, find, number_in, read


@incident_view(DRAFT, method="POST")
def submit(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    version = whole_number(request.POST.get("version", ""))
    actions.submit_statement(found, version=version, by=request.user, at=request.at)
    return done(request, page=address("statement", incident, number), move=True)


@incident_view(VIEW, method="GET")
def decide(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Opening the link decides nothing."""
    return _page(request, find(incident, number), base=number_in(request, "base"))


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
    return _decided(request, incident, number, actions.approve_statement)


@incident_view(VIEW, method="POST")
def request_changes(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return _decided(request, incident, number, actions.request_changes)


@incident_view(VIEW, method="POST")
def refuse(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return _decided(request, incident, number, actions.refuse_statement)


def _decided(
    request: DeskRequest, incident: Incident, number: int, verb: Callable[..., Any]
) -> HttpResponse:
    found = find(incident, number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, form=form)
    try:
        verb(found, **form.cleaned_data, by=request.user, at=request.at)
    except TextChanged as refused:
        # The difference shown is against what was on the screen.
        seen = form.cleaned_data["version"]
        return _page(request, found, base=seen, status=409, refusal=str(refused), form=form)
    except Refused as refused:
        return _page(request, found, status=409, refusal=str(refused), form=form)
    return done(request, page=address("statement", incident, number), move=True)


def _page(
    request: DeskRequest,
    statement: Statement,
    *,
    base: int | None = None,
    status: int = 200,
    refusal: str = "",
    form: DecisionForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "incident": statement.incident,
        "page": read(request, statement, base=base),
        "refusal": refusal,
        "typed": form.data.get("comment", "") if form else "",
        "errors": form.errors.get("comment", []) if form else [],
    }
    return render(request, f"{FOLDER}decide.html", context, status=status)
