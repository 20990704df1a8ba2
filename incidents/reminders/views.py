"""Answer a reminder: one page, made for a thumb."""

from __future__ import annotations

from typing import Any, Final

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.models import Due, Incident
from incidents.reminders import actions, forms, queries

PAGE: Final = "incidents/reminders/page.html"


@incident_view(VIEW, method="GET")
def reminder(request: DeskRequest, incident: Incident, due: int) -> HttpResponse:
    """What is due, who is called next, and the two answers to it."""
    return render(request, PAGE, _page(request, incident, _due(incident, due)))


@incident_view(VIEW, method="POST")
def acknowledge(request: DeskRequest, incident: Incident, due: int) -> HttpResponse:
    actions.acknowledge_due(_due(incident, due), by=request.user, at=request.at)
    return done(request, page=reverse("incidents:reminder", args=[incident.reference, due]))


@incident_view(VIEW, method="POST")
def snooze(request: DeskRequest, incident: Incident, due: int) -> HttpResponse:
    found = _due(incident, due)
    form = forms.SnoozeForm(request.POST)
    if not form.is_valid():
        context = _page(request, incident, found, form)
        return invalid(request, fragment=f"{PAGE}#snooze", page=PAGE, context=context)
    actions.snooze_due(
        found,
        until=request.at + forms.SNOOZES[form.cleaned_data["length"]],
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=request.at,
    )
    page = reverse("incidents:reminder", args=[incident.reference, due])
    return done(request, page=page, move=True)


def _due(incident: Incident, key: int) -> Due:
    return get_object_or_404(queries.dues(), pk=key, incident=incident)


def _page(
    request: DeskRequest, incident: Incident, due: Due, form: django_forms.Form | None = None
) -> dict[str, Any]:
    return {
        "incident": incident,
        "row": queries.reminder_row(due, incident, viewer=request.user, at=request.at),
        "form": form or forms.SnoozeForm(),
    }
