"""The assessment page, the live answer to what is ticked, and the act."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crisisdesk.kit.http import DeskRequest, done, invalid
from crisisdesk.kit.questions import read_only
from incidents.access import VIEW, incident_view
from incidents.models import Incident
from incidents.severity import actions, queries
from incidents.severity.forms import AssessForm

ASSESS: Final = "incidents.assess_severity"
PAGE: Final = "incidents/severity/page.html"


@incident_view(VIEW, method="GET")
def severity(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, PAGE, _page(request, incident, None))


@incident_view(VIEW, method="GET")
def history(request: DeskRequest, incident: Incident) -> HttpResponse:
    context = {"incident": incident, "history": queries.history(incident)}
    return render(request, "incidents/severity/history.html", context)


@incident_view(ASSESS, method="POST")
def preview(request: DeskRequest, incident: Incident) -> HttpResponse:
    """A question: which level results and why. Nothing is written; the whole page without htmx."""
    with read_only():
        form = AssessForm(request.POST, body=queries.current_rubric(incident.team).body)
        context = _page(request, incident, form)
        template = "incidents/severity/preview.html" if request.htmx else PAGE
        return render(request, template, context)


@incident_view(ASSESS, method="POST")
def assess(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = AssessForm(request.POST, body=queries.current_rubric(incident.team).body)
    if not form.is_valid():
        context = _page(request, incident, form)
        return invalid(request, fragment=f"{PAGE}#form", page=PAGE, context=context)
    actions.assess_severity(
        incident,
        facts=form.facts,
        reason=form.cleaned_data["reason"],
        override=form.cleaned_data["override"],
        override_reason=form.cleaned_data["override_reason"],
        follows=form.cleaned_data["follows"],
        by=request.user,
        at=request.at,
    )
    page = reverse("incidents:severity", args=[incident.reference])
    return done(request, page=page, move=True)


def _page(request: DeskRequest, incident: Incident, form: AssessForm | None) -> dict[str, Any]:
    """Return the page's rows; without a form the last assessment's answers are ticked."""
    last = queries.latest(incident)
    body = queries.current_rubric(incident.team).body
    before = last.facts if last else None
    ticked = form.ticked if form else queries.tokens(body, before or {})
    facts = form.facts if form else queries.fitting(body, before or {})
    blank = AssessForm(body=body, initial={"follows": last.number if last else 0})
    return {
        "incident": incident,
        "last": last,
        "history": queries.history(incident),
        "questions": queries.questions(body, ticked=ticked, before=before),
        "verdict": queries.verdict(incident, facts, override=form.level if form else None),
        "form": form or blank,
        "may_assess": "assess_severity" in request.rights,
        "number": (last.number if last else 0) + 1,
    }
