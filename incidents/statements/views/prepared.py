"""Beginning a statement with a prepared text, and filling its variables."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, invalid, whole_number
from crisisdesk.kit.questions import read_only
from incidents.access import incident_view
from incidents.models import Draft, Incident, Statement, Version
from incidents.statements import actions, prepared, prepared_rows
from incidents.statements.actions import preparing
from incidents.statements.forms import ReasonForm
from incidents.statements.prepared_forms import UseForm, ValuesForm
from incidents.statements.views import address, find

DRAFT: Final = "incidents.draft_statement"
FOLDER: Final = "incidents/statements/prepared/"
USE: Final = f"{FOLDER}use.html"
VALUES: Final = f"{FOLDER}values.html"


@incident_view(DRAFT, method="GET")
def choose(request: DeskRequest, incident: Incident) -> HttpResponse:
    """The team's prepared texts that may be used here."""
    if incident.is_library:
        return redirect(address("statements", incident))
    context = {
        "incident": incident,
        "library": prepared.library_of(incident.team),
        "rows": prepared_rows.good_texts(incident.team, at=request.at),
    }
    return render(request, f"{FOLDER}choose.html", context)


@incident_view(DRAFT, method="GET")
def text(request: DeskRequest, incident: Incident, text: int) -> HttpResponse:
    found = _usable(incident, text)
    return render(request, USE, _use(request, incident, UseForm(text=found)))


@incident_view(DRAFT, method="POST")
def fill(request: DeskRequest, incident: Incident, text: int) -> HttpResponse:
    """A question: how the text reads with these values. Nothing is written."""
    with read_only():
        form = UseForm(request.POST, text=_usable(incident, text))
        form.full_clean()
        template = f"{FOLDER}filled.html" if request.htmx else USE
        return render(request, template, _use(request, incident, form))


@incident_view(DRAFT, method="POST")
def use(request: DeskRequest, incident: Incident, text: int) -> HttpResponse:
    """Begin the statement; `submit` saves it as v1 and asks for sign-off at once."""
    asks = "submit" in request.POST
    found = _usable(incident, text)
    form = UseForm(request.POST, text=found, whole=asks)
    if not form.is_valid():
        context = _use(request, incident, form)
        return invalid(request, fragment=f"{USE}#form", page=USE, context=context)
    made = preparing.use_prepared(
        incident,
        text=found,
        title=form.cleaned_data["title"],
        channels=form.cleaned_data["channels"],
        values=form.values,
        by=request.user,
        at=request.at,
    )
    if asks:
        actions.save_version(made, reason="", submit=True, by=request.user, at=request.at)
    name = "statement" if asks else "statement-edit"
    return done(request, page=address(name, incident, made.number), move=True)


@incident_view(DRAFT, method="GET")
def values(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    statement = find(incident, number)
    if statement.prepared_from is None:
        return redirect(address("statement", incident, number))
    draft = Draft.objects.get(pk=statement.pk)
    form = ValuesForm(text=statement.prepared_from, values=prepared.held(statement, draft))
    return render(request, VALUES, _values(incident, statement, form, draft.revision))


@incident_view(DRAFT, method="POST")
def change_values(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    statement = find(incident, number)
    if statement.prepared_from is None:
        return redirect(address("statement", incident, number))
    revision = whole_number(request.POST.get("revision", "")) or 0
    form = ValuesForm(request.POST, text=statement.prepared_from)
    if not form.is_valid():
        context = _values(incident, statement, form, revision)
        return invalid(request, fragment=f"{VALUES}#form", page=VALUES, context=context)
    preparing.fill_values(
        statement, values=form.values, revision=revision, by=request.user, at=request.at
    )
    return done(request, page=address("statement-edit", incident, number), move=True)


@incident_view(DRAFT, method="POST")
def withdraw(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Take a prepared text out of use."""
    statement = find(incident, number)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    page = address("statement", incident, number)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked="withdraw_prepared")
    preparing.withdraw_prepared(statement, reason=reason, by=request.user, at=request.at)
    fresh.forget(request, page=page)
    return done(request, page=address("statements", incident), move=True)


def _usable(incident: Incident, number: int) -> Version:
    found = None if incident.is_library else prepared.usable(incident.team, number)
    if found is None:
        raise Http404
    return found


def _use(request: DeskRequest, incident: Incident, form: UseForm) -> dict[str, Any]:
    given = form.values if form.is_bound else {}
    return {
        "incident": incident,
        "form": form,
        "row": prepared_rows.row(form.text, at=request.at),
        "parts": prepared_rows.marked_open(form.text.text, given),
        "channels": prepared_rows.channel_parts(form.text, given),
        "empty": prepared.empty(form.text, given),
    }


def _values(
    incident: Incident, statement: Statement, form: ValuesForm, revision: int
) -> dict[str, Any]:
    return {
        "incident": incident,
        "statement": statement,
        "form": form,
        "revision": revision,
    }
