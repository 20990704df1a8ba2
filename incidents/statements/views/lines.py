"""Lines to take: the page of those who answer, and the form of those who write."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crisisdesk.kit.http import DeskRequest, done, invalid
from crisisdesk.kit.refusals import Refused
from incidents.access import VIEW, incident_view
from incidents.models import Incident
from incidents.statements import actions
from incidents.statements.line_forms import USUAL, LineForm
from incidents.statements.lines import lines as found_lines
from incidents.statements.views import DRAFT, FOLDER, address

NEW = f"{FOLDER}line_new.html"


@incident_view(VIEW, method="GET")
def lines(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, f"{FOLDER}lines.html", _lines(request, incident))


@incident_view(VIEW, method="GET")
def lines_panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, f"{FOLDER}line_rows.html", _lines(request, incident))


@incident_view(DRAFT, method="GET")
def line_new(request: DeskRequest, incident: Incident) -> HttpResponse:
    initial = {"language": incident.language, "audience": "customers"}
    form = LineForm(initial=initial, facts=incident.facts.order_by("number"))
    return render(request, NEW, {"incident": incident, "form": form})


@incident_view(DRAFT, method="POST")
def line_draft(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = LineForm(request.POST, facts=incident.facts.order_by("number"))
    context = {"incident": incident, "form": form}
    if not form.is_valid():
        return invalid(request, fragment=f"{NEW}#form", page=NEW, context=context)
    try:
        line = actions.draft_line(
            incident, **form.cleaned_data, channels=USUAL, by=request.user, at=request.at
        )
    except Refused as refused:
        return render(request, NEW, {**context, "refusal": str(refused)}, status=409)
    return done(request, page=address("statement", incident, line.number), move=True)


def _lines(request: DeskRequest, incident: Incident) -> dict[str, Any]:
    page = found_lines(
        incident,
        user=request.user,
        rights=request.rights,
        at=request.at,
        sought=request.GET.get("q", "")[:200],
    )
    return {"incident": incident, "page": page}
