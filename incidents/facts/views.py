"""The ledger in the browser: the list with its fast entry, one fact with its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.facts import actions, forms, queries
from incidents.models import Fact, Incident

EDIT: Final = f"incidents.{queries.EDIT}"
LIST: Final = "incidents/facts/page.html"
ONE: Final = "incidents/facts/fact.html"


@incident_view(VIEW, method="GET")
def facts(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, LIST, _list(request, incident, forms.NoteForm()))


@incident_view(VIEW, method="GET")
def panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    context = {"incident": incident, "ledger": queries.ledger(incident, rights=request.rights)}
    return render(request, "incidents/facts/panel.html", context)


@incident_view(EDIT, method="POST")
def note(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = forms.NoteForm(request.POST)
    if not form.is_valid():
        context = _list(request, incident, form)
        return invalid(request, fragment=f"{LIST}#note", page=LIST, context=context)
    actions.note_fact(incident, **form.cleaned_data, by=request.user, at=request.at)
    return done(request, page=reverse("incidents:facts", args=[incident.reference]))


@incident_view(VIEW, method="GET")
def fact(request: DeskRequest, incident: Incident, fact: int) -> HttpResponse:
    return render(request, ONE, _one(request, _find(incident, fact)))


@incident_view(EDIT, method="POST")
def confirm(request: DeskRequest, incident: Incident, fact: int) -> HttpResponse:
    form = forms.ConfirmForm(request.POST, auto_id="confirm_%s")
    return _changed(request, _find(incident, fact), "confirm", form, actions.confirm_fact)


@incident_view(EDIT, method="POST")
def refute(request: DeskRequest, incident: Incident, fact: int) -> HttpResponse:
    form = forms.RefuteForm(request.POST, auto_id="refute_%s")
    return _changed(request, _find(incident, fact), "refute", form, actions.refute_fact)


@incident_view(EDIT, method="POST")
def reopen(request: DeskRequest, incident: Incident, fact: int) -> HttpResponse:
    form = forms.ReopenForm(request.POST, auto_id="reopen_%s")
    return _changed(request, _find(incident, fact), "reopen", form, actions.reopen_fact)


@incident_view(EDIT, method="POST")
def reword(request: DeskRequest, incident: Incident, fact: int) -> HttpResponse:
    found = _find(incident, fact)
    form = forms.RewordForm(request.POST, needs_source=_is_confirmed(found), auto_id="reword_%s")
    return _changed(request, found, "reword", form, actions.reword_fact)


def _find(incident: Incident, number: int) -> Fact:
    found = get_object_or_404(incident.facts.all(), number=number)
    found.incident = incident
    return found


def _is_confirmed(fact: Fact) -> bool:
    return fact.state == Fact.State.CONFIRMED


def _changed(
    request: DeskRequest,
    fact: Fact,
    move: str,
    form: django_forms.Form,
    verb: Callable[..., Fact],
) -> HttpResponse:
    if not form.is_valid():
        context = _one(request, fact) | {f"{move}_form": form}
        return invalid(request, fragment=f"{ONE}#{move}", page=ONE, context=context)
    verb(fact, **form.cleaned_data, by=request.user, at=request.at)
    where = reverse("incidents:fact", args=[fact.incident.reference, fact.number])
    return done(request, page=where, move=True)


def _list(request: DeskRequest, incident: Incident, form: django_forms.Form) -> dict[str, Any]:
    ledger = queries.ledger(incident, rights=request.rights)
    return {"incident": incident, "ledger": ledger, "form": form}


def _one(request: DeskRequest, fact: Fact) -> dict[str, Any]:
    seen = {"seen": fact.changes}
    words = {**seen, "text": fact.text}
    confirmed = _is_confirmed(fact)
    return {
        "incident": fact.incident,
        "page": queries.page(fact, rights=request.rights),
        "confirm_form": forms.ConfirmForm(initial=seen, auto_id="confirm_%s"),
        "refute_form": forms.RefuteForm(initial=seen, auto_id="refute_%s"),
        "reopen_form": forms.ReopenForm(initial=seen, auto_id="reopen_%s"),
        "reword_form": forms.RewordForm(initial=words, needs_source=confirmed, auto_id="reword_%s"),
    }
