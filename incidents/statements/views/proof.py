"""The proof of a version: a page, a file, and the very bytes that its fingerprint covers."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render

from crisisdesk.kit.http import DeskRequest
from incidents.access import VIEW, incident_view
from incidents.models import Incident
from incidents.statements import proof as proofs
from incidents.statements.proof_file import as_json
from incidents.statements.views import FOLDER, find, number_in


@incident_view(VIEW, method="GET")
def proof(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    context = {"incident": incident, "proof": _read(request, incident, number)}
    return render(request, f"{FOLDER}proof.html", context)


@incident_view(VIEW, method="GET")
def proof_file(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = _read(request, incident, number)
    told = json.dumps(as_json(found), ensure_ascii=False, indent=1)
    return _file(told, f"{found.name}-proof.json")


@incident_view(VIEW, method="GET")
def proof_text(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Hand out what was signed, byte for byte: its SHA-256 is the fingerprint."""
    found = _read(request, incident, number)
    return _file(found.bound, f"{found.name}.json")


def _read(request: DeskRequest, incident: Incident, number: int) -> proofs.Proof:
    found = proofs.read(
        find(incident, number),
        version=number_in(request, "version"),
        user=request.user,
        rights=request.rights,
    )
    if found is None:
        raise Http404
    return found


def _file(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text.encode("utf-8"), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
