"""Files in the browser: what comes in with words or alone, and what is handed out safely."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.evidence import actions, queries
from incidents.evidence.forms import EvidenceForm
from incidents.evidence.handing_out import hand_out
from incidents.models import Incident
from incidents.timeline import queries as timeline
from incidents.timeline.composer import EntryForm


@incident_view("incidents.log_entry", method="POST")
def log_entry(request: DeskRequest, incident: Incident) -> HttpResponse:
    """Add what was written in the composer, with the files that came along."""
    form = EntryForm(request.POST, request.FILES, at=request.at)
    if not form.is_valid():
        reader = timeline.reader_of(request.user, request.rights)
        return invalid(
            request,
            fragment="incidents/timeline/composer.html",
            page="incidents/timeline/page.html",
            context={
                "incident": incident,
                "composer": form,
                "timeline": timeline.page(incident, reader=reader),
            },
        )
    told = dict(form.cleaned_data)
    files = told.pop("attached")
    actions.log_with_evidence(incident, files=files, **told, by=request.user, at=request.at)
    return done(request, page=reverse("incidents:timeline", args=[incident.reference]))


@incident_view(VIEW, method="GET")
def evidence(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, "incidents/evidence/page.html", _context(request, incident))


@incident_view(VIEW, method="GET")
def panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, "incidents/evidence/page.html#panel", _context(request, incident))


@incident_view("incidents.add_evidence", method="POST")
def add(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid(
            request,
            fragment="incidents/evidence/page.html#form",
            page="incidents/evidence/page.html",
            context={**_context(request, incident), "form": form},
        )
    actions.add_all(incident, files=form.cleaned_data["attached"], by=request.user, at=request.at)
    return done(request, page=reverse("incidents:evidence", args=[incident.reference]))


@incident_view(VIEW, method="GET")
def file(request: DeskRequest, incident: Incident, pk: int) -> HttpResponseBase:
    """
    Hand out a file: pictures may show in their place, everything else is to be saved.

    The type is the one that the content showed; the browser may not guess another.
    """
    reader = timeline.reader_of(request.user, request.rights)
    piece = queries.open_to(incident, reader).filter(pk=pk).first()
    if piece is None:
        raise Http404
    return hand_out(piece)


def _context(request: DeskRequest, incident: Incident) -> dict[str, object]:
    reader = timeline.reader_of(request.user, request.rights)
    return {
        "incident": incident,
        "pieces": queries.pieces(incident, reader=reader),
        "form": EvidenceForm(),
        "may_add": "add_evidence" in request.rights,
    }
