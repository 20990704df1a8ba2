"""The timeline in the browser: pages and panels that read, and the acts on one entry."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import retarget

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.models import Entry, Incident
from incidents.timeline import actions, queries
from incidents.timeline.composer import EntryForm
from incidents.timeline.forms import CorrectionForm, ReaderForm, ReasonForm
from incidents.timeline.rows import Page


@incident_view(VIEW, method="GET")
def timeline(request: DeskRequest, incident: Incident) -> HttpResponse:
    """The whole page; without script, filters and earlier pages are links to it."""
    context = {"timeline": _page(request, incident), "composer": EntryForm(at=request.at)}
    return render(request, "incidents/timeline/page.html", {"incident": incident, **context})


@incident_view("incidents.log_entry", method="GET")
def composer(request: DeskRequest, incident: Incident) -> HttpResponse:
    """The empty composer, which the room shows above the list."""
    context = {"incident": incident, "composer": EntryForm(at=request.at)}
    return render(request, "incidents/timeline/composer.html", context)


@incident_view(VIEW, method="GET")
def panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    """
    The list again. With `floor`, only what is newest: down to where it ended, above which
    nothing moves; when too much has come in between, the whole list starts anew.
    """
    page = _page(request, incident)
    context = {"incident": incident, "timeline": page}
    floor = request.GET.get("floor", "")
    if floor and page.floor == floor:
        return render(request, "incidents/timeline/live.html", context)
    answer = render(request, "incidents/timeline/panel.html", context)
    return retarget(answer, "#timeline-list")


@incident_view(VIEW, method="GET")
def earlier(request: DeskRequest, incident: Incident) -> HttpResponse:
    """The page before a cursor, to stand below what is open."""
    context = {"incident": incident, "timeline": _page(request, incident)}
    return render(request, "incidents/timeline/earlier.html", context)


@incident_view(VIEW, method="GET")
def entry(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = _entry(incident, number)
    return render(request, "incidents/timeline/entry.html", _entry_page(request, found))


@incident_view("incidents.log_entry", method="POST")
def correct(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = _entry(incident, number)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _wrong(request, found, "correction", form)
    newer = actions.correct_entry(
        found, text=form.cleaned_data["text"], by=request.user, at=request.at
    )
    return done(request, page=_address(newer), move=True)


@incident_view("incidents.classify_privileged", method="POST")
def reclassify(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = _entry(incident, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _wrong(request, found, "stricter", form)
    actions.reclassify_entry(
        found, reason=form.cleaned_data["reason"], by=request.user, at=request.at
    )
    return done(request, page=_address(found), move=True)


@incident_view("incidents.classify_privileged", method="POST")
def name_reader(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = _entry(incident, number)
    form = ReaderForm(request.POST, people=queries.may_be_named(found, at=request.at))
    if not form.is_valid():
        return _wrong(request, found, "reader_form", form)
    actions.name_reader(found, reader=form.cleaned_data["reader"], by=request.user, at=request.at)
    return done(request, page=_address(found), move=True)


def _page(request: DeskRequest, incident: Incident) -> Page:
    upto = request.GET.get("upto", "")
    return queries.page(
        incident,
        reader=queries.reader_of(request.user, request.rights),
        chosen=request.GET.get("only", ""),
        before=request.GET.get("before", ""),
        floor=request.GET.get("floor", ""),
        upto=int(upto) if upto.isdecimal() and len(upto) < 10 else None,
    )


def _entry(incident: Incident, number: int) -> Entry:
    found: Entry | None = Entry.objects.filter(incident=incident, number=number).first()
    if found is None:
        raise Http404
    found.incident = incident
    return found


def _address(entry: Entry) -> str:
    return reverse("incidents:entry", args=[entry.incident.reference, entry.number])


def _entry_page(request: DeskRequest, entry: Entry, **forms: Any) -> dict[str, Any]:
    row = queries.row(entry, reader=queries.reader_of(request.user, request.rights))
    may_classify = "classify_privileged" in request.rights and not row.hidden
    people = queries.may_be_named(entry, at=request.at) if may_classify else None
    return {
        "incident": entry.incident,
        "row": row,
        "rows": [row],
        "link": entry,
        "readers": queries.readers(entry) if not row.hidden and row.is_privileged else [],
        "may_correct": "log_entry" in request.rights
        and not row.hidden
        and row.corrected_by is None,
        "may_classify": may_classify,
        "correction": CorrectionForm(),
        "stricter": ReasonForm(),
        "reader_form": ReaderForm(people=people) if people is not None else None,
        **forms,
    }


def _wrong(request: DeskRequest, entry: Entry, name: str, form: Any) -> HttpResponse:
    return invalid(
        request,
        fragment=f"incidents/timeline/entry.html#{name}",
        page="incidents/timeline/entry.html",
        context=_entry_page(request, entry, **{name: form}),
    )
