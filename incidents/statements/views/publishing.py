"""Recording what stands outside, and withdrawing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, invalid
from crisisdesk.kit.refusals import Refused
from crisisdesk.kit.times import clock_time
from incidents.access import incident_view
from incidents.models import Incident
from incidents.statements import actions, outside
from incidents.statements.forms import PublicationForm, ReasonForm, UnsignedForm
from incidents.statements.views import FOLDER, address, find, read

RECORD = "incidents.record_publication"


def _here(request: DeskRequest) -> dict[str, Any]:
    return {"zone": get_current_timezone(), "at": request.at}


@incident_view(RECORD, method="GET")
def publication(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    row = read(request, found)
    if not row.may_publish:
        return redirect(address("statement", incident, number))
    form = PublicationForm(
        channels=found.channels,
        initial={
            "channel": request.GET.get("channel", ""),
            "published_at": clock_time(request.at),
        },
        **_here(request),
    )
    context = {"incident": incident, "page": row, "form": form}
    return render(request, f"{FOLDER}publication.html", context)


@incident_view(RECORD, method="POST")
def record_publication(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = PublicationForm(request.POST, request.FILES, channels=found.channels, **_here(request))
    context: dict[str, Any] = {"incident": incident, "form": form}
    template = f"{FOLDER}publication.html"
    if not form.is_valid():
        context["page"] = read(request, found)
        return invalid(request, fragment=template, page=template, context=context)
    try:
        actions.record_publication(found, **form.cleaned_data, by=request.user, at=request.at)
    except outside.OtherWords as unseen:
        context |= {"page": read(request, found), "other": unseen.other}
        return invalid(request, fragment=template, page=template, context=context)
    except Refused as refused:
        context |= {"page": read(request, found), "refusal": str(refused)}
        return render(request, template, context, status=409)
    return done(request, page=address("statement", incident, number), move=True)


@incident_view(RECORD, method="GET")
def unsigned(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = UnsignedForm(initial={"audience": "public"}, **_here(request))
    return render(request, f"{FOLDER}unsigned.html", {"incident": incident, "form": form})


@incident_view(RECORD, method="POST")
def record_unsigned(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = UnsignedForm(request.POST, request.FILES, **_here(request))
    template = f"{FOLDER}unsigned.html"
    context: dict[str, Any] = {"incident": incident, "form": form}
    if not form.is_valid():
        return invalid(request, fragment=template, page=template, context=context)
    given = dict(form.cleaned_data)
    about = incident.statements.filter(number=given.pop("statement") or 0).first()
    try:
        actions.record_unsigned(incident, **given, statement=about, by=request.user, at=request.at)
    except Refused as refused:
        return render(request, template, {**context, "refusal": str(refused)}, status=409)
    page = f"{address('statements', incident)}#unsigned"
    if about is not None:
        page = address("statement", incident, about.number)
    return done(request, page=page, move=True)


@incident_view(RECORD, method="POST")
def withdraw(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = {
            "incident": incident,
            "page": read(request, found),
            "withdraw_errors": form.errors.get("reason", []),
            "again": {"withdraw": request.POST.get("reason", "")},
        }
        return render(request, f"{FOLDER}page.html", context, status=422)
    page = address("statement", incident, number)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked="withdraw")
    actions.withdraw_statement(
        found, reason=form.cleaned_data["reason"], by=request.user, at=request.at
    )
    fresh.forget(request, page=page)
    return done(request, page=page, move=True)
