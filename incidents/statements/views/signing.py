"""The decision page, which is the phone page, and what is decided on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, whole_number
from crisisdesk.kit.refusals import Refused
from incidents.access import VIEW, incident_view
from incidents.models import Incident, Statement
from incidents.signoff.actions import TextChanged
from incidents.statements import actions, queries
from incidents.statements.forms import DecisionForm, discussion_forms
from incidents.statements.views import DRAFT, FOLDER, address, find, number_in, read


@incident_view(DRAFT, method="POST")
def submit(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
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
    found = find(incident, number)
    form, page = DecisionForm(request.POST), address("statement-decide", incident, number)
    sent = fresh.Kept(asked, request.POST.dict())
    if not form.is_valid():
        return _page(request, found, status=422, form=form, kept=sent)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked=asked)
    try:
        verb(found, **form.cleaned_data, by=request.user, at=request.at)
    except TextChanged as refused:
        # The difference shown is against what was on the screen.
        seen = form.cleaned_data["version"]
        return _page(request, found, base=seen, status=409, refusal=str(refused), kept=sent)
    except Refused as refused:
        return _page(request, found, status=409, refusal=str(refused), kept=sent)
    fresh.forget(request, page=page)
    return done(request, page=address("statement", incident, number), move=True)


def _page(
    request: DeskRequest,
    statement: Statement,
    *,
    base: int | None = None,
    status: int = 200,
    refusal: str = "",
    form: DecisionForm | None = None,
    kept: fresh.Kept | None = None,
) -> HttpResponse:
    """Show what there is to decide; `kept` is what was sent and did not count."""
    row = read(request, statement, base=base)
    stands = bool(kept and row.version and kept["fingerprint"] == row.version.fingerprint)
    if kept and not stands and not base:
        row = read(request, statement, base=whole_number(kept["version"]))
    context: dict[str, Any] = {
        "incident": statement.incident,
        "page": row,
        "refusal": refusal,
        # The dialog opens again over the text it was about, and over no other.
        "reopen": {kept.asked: True} if kept and stands and not refusal else {},
        "overtaken": kept["version"] if kept and not stands and not refusal else "",
        "typed": kept["comment"] if kept else "",
        "errors": form.errors.get("comment", []) if form else [],
        **discussion_forms(row.discussion, answering=number_in(request, "answer")),
    }
    return render(request, f"{FOLDER}decide.html", context, status=status)
