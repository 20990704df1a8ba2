"""Promises in the room: the panel, one promise, and what is done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.clocks import actions, forms, queries
from incidents.models import Incident, Promise

PROMISE: Final = "incidents.draft_statement"
NEW: Final = "incidents/clocks/new.html"
ONE: Final = "incidents/clocks/promise.html"


@incident_view(VIEW, method="GET")
def promises_panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    panel = queries.panel(incident, user=request.user, rights=request.rights, at=request.at)
    context = {"incident": incident, "promises": panel}
    return render(request, "incidents/clocks/promises.html", context)


@incident_view(VIEW, method="GET")
def clocks_panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    context = {"incident": incident, "clocks": queries.header_clocks(incident, at=request.at)}
    return render(request, "incidents/clocks/clocks.html", context)


@incident_view(PROMISE, method="GET")
def new(request: DeskRequest, incident: Incident) -> HttpResponse:
    """Ask for the facts of a promise."""
    form = _promise_form(request, incident)
    return render(request, NEW, {"incident": incident, "form": form})


@incident_view(PROMISE, method="POST")
def make(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = _promise_form(request, incident, request.POST)
    if not form.is_valid():
        context = {"incident": incident, "form": form}
        return invalid(request, fragment=f"{NEW}#make", page=NEW, context=context)
    actions.make_promise(
        incident,
        audience=form.cleaned_data["audience"],
        channel=form.cleaned_data["channel"],
        subject=form.cleaned_data["subject"],
        due_at=form.cleaned_data["due_at"],
        owner=form.cleaned_data["owner"],
        source=Promise.Source.HAND,
        by=request.user,
        at=request.at,
    )
    return done(request, page=_room(incident), move=True)


@incident_view(VIEW, method="GET")
def promise(request: DeskRequest, incident: Incident, promise: int) -> HttpResponse:
    return render(request, ONE, _one(request, incident, _promise(incident, promise, at=request.at)))


@incident_view(PROMISE, method="POST")
def move(request: DeskRequest, incident: Incident, promise: int) -> HttpResponse:
    found = _promise(incident, promise, at=request.at)
    form = forms.MoveForm(request.POST, incident=incident, at=request.at, auto_id="move_%s")
    if not form.is_valid():
        return _one_invalid(request, incident, found, "move", form)
    actions.move_promise(
        found,
        due_at=form.cleaned_data["due_at"],
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=request.at,
    )
    return done(request, page=_room(incident), move=True)


@incident_view(PROMISE, method="POST")
def cancel(request: DeskRequest, incident: Incident, promise: int) -> HttpResponse:
    found = _promise(incident, promise, at=request.at)
    form = forms.ReasonForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return _one_invalid(request, incident, found, "cancel", form)
    reason = form.cleaned_data["reason"]
    actions.cancel_promise(found, reason=reason, by=request.user, at=request.at)
    return done(request, page=_room(incident), move=True)


@incident_view(PROMISE, method="POST")
def silence(request: DeskRequest, incident: Incident, promise: int) -> HttpResponse:
    """Record why the public is not spoken to now."""
    found = _promise(incident, promise, at=request.at)
    form = forms.ReasonForm(request.POST, auto_id="silence_%s")
    if not form.is_valid():
        return _one_invalid(request, incident, found, "silence", form)
    reason = form.cleaned_data["reason"]
    actions.record_silence(incident, reason=reason, by=request.user, at=request.at)
    return done(request, page=_room(incident), move=True)


def _promise(incident: Incident, key: int, *, at: datetime) -> Promise:
    return get_object_or_404(queries.with_parts(at=at), pk=key, incident=incident)


def _promise_form(request: DeskRequest, incident: Incident, given: Any = None) -> forms.PromiseForm:
    owners = queries.owners(incident, at=request.at)
    speaker = queries.likely_owner(incident) or request.user
    return forms.PromiseForm(
        given,
        initial={"owner": speaker.pk},
        incident=incident,
        at=request.at,
        owners=owners,
        auto_id="promise_%s",
    )


def _one(request: DeskRequest, incident: Incident, found: Promise) -> dict[str, Any]:
    row = queries.promise_row(found, viewer=request.user, at=request.at)
    return {
        "incident": incident,
        "row": row,
        "may_change": row.is_open and "draft_statement" in request.rights,
        "move_form": forms.MoveForm(incident=incident, at=request.at, auto_id="move_%s"),
        "cancel_form": forms.ReasonForm(auto_id="cancel_%s"),
        "silence_form": forms.ReasonForm(auto_id="silence_%s"),
    }


def _one_invalid(
    request: DeskRequest, incident: Incident, found: Promise, name: str, form: django_forms.Form
) -> HttpResponse:
    context = {**_one(request, incident, found), f"{name}_form": form}
    return invalid(request, fragment=f"{ONE}#{name}", page=ONE, context=context)


def _room(incident: Incident) -> str:
    return reverse("incidents:room", args=[incident.reference]) + "#promises"
