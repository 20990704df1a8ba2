"""The record in the browser: what it holds, and its export."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import render

from crisisdesk.kit.http import DeskRequest
from incidents.access import incident_view
from incidents.archive import actions, queries
from incidents.archive.forms import ExportForm
from incidents.models import Incident


@incident_view("incidents.view_incident", method="GET")
def record(request: DeskRequest, incident: Incident) -> HttpResponse:
    context = {
        "incident": incident,
        "summary": queries.summary(incident),
        "form": ExportForm(),
        "may_export": "export_record" in request.rights,
        "may_take_privileged": {"export_privileged", "see_privileged"} <= request.rights,
    }
    return render(request, "incidents/archive/page.html", context)


@incident_view("incidents.export_record", method="POST")
def export(request: DeskRequest, incident: Incident) -> HttpResponse:
    """Hand the record out as a file; being taken out is its last entry."""
    form = ExportForm(request.POST)
    privileged = form.is_valid() and form.cleaned_data["privileged"]
    found = actions.export_record(incident, privileged=privileged, by=request.user, at=request.at)
    answer = HttpResponse(
        json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="{incident.reference}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
