"""Pages and posts of statements: the list, the text, the editor."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from crisisdesk.kit.http import DeskRequest, done, invalid, whole_number
from crisisdesk.kit.refusals import Refused
from incidents.access import VIEW, incident_view
from incidents.models import Incident, Statement
from incidents.statements import actions, queries, rules
from incidents.statements.actions.writing import Conflict
from incidents.statements.difference import difference
from incidents.statements.forms import BriefForm, VersionForm, WordsForm
from incidents.statements.rows import StatementPage

DRAFT = "incidents.draft_statement"
FOLDER = "incidents/statements/"


def find(incident: Incident, number: int) -> Statement:
    found = get_object_or_404(
        incident.statements.select_related("audience", "incident"), number=number
    )
    found.incident = incident
    return found


def address(name: str, incident: Incident, *numbers: int) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *numbers])


def read(request: DeskRequest, statement: Statement, **chosen: int | None) -> StatementPage:
    return queries.page(
        statement, user=request.user, rights=request.rights, at=request.at, **chosen
    )


def number_in(request: DeskRequest, name: str) -> int | None:
    return whole_number(request.GET.get(name, ""))


@incident_view(VIEW, method="GET")
def statements(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, f"{FOLDER}list.html", _listed(request, incident))


@incident_view(VIEW, method="GET")
def panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    part = "full" if "full" in request.GET else "brief"
    return render(request, f"{FOLDER}panel.html", {**_listed(request, incident), part: True})


def _listed(request: DeskRequest, incident: Incident) -> dict[str, Any]:
    rows = queries.panel(incident, user=request.user, rights=request.rights, at=request.at)
    return {"incident": incident, "statements": rows}


@incident_view(VIEW, method="GET")
def statement(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    row = read(
        request, found, version=number_in(request, "version"), base=number_in(request, "base")
    )
    return render(request, f"{FOLDER}page.html", {"incident": incident, "page": row})


@incident_view(DRAFT, method="GET")
def new(request: DeskRequest, incident: Incident) -> HttpResponse:
    """A blank one, or the correction of a published one (`?corrects=`), which stays as it is."""
    wrong = incident.statements.filter(number=number_in(request, "corrects") or 0).first()
    initial: dict[str, Any] = {"language": incident.language, "audience": "public"}
    if wrong:
        kind = Statement.Kind.CORRECTION
        initial = {**_brief(wrong), "kind": kind, "corrects": wrong.number}
    form = BriefForm(initial=initial)
    return render(request, f"{FOLDER}new.html", {"incident": incident, "form": form})


@incident_view(DRAFT, method="POST")
def draft(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = BriefForm(request.POST)
    if not form.is_valid():
        context = {"incident": incident, "form": form}
        return invalid(
            request, fragment=f"{FOLDER}new.html#form", page=f"{FOLDER}new.html", context=context
        )
    wrong = incident.statements.filter(number=form.cleaned_data["corrects"] or 0).first()
    newest = wrong.versions.order_by("-number").first() if wrong else None
    text = newest.text if newest else ""
    made = actions.draft_statement(
        incident, **form.facts, text=text, taken_from=newest, by=request.user, at=request.at
    )
    return done(request, page=address("statement-edit", incident, made.number), move=True)


@incident_view(DRAFT, method="GET")
def brief(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = BriefForm(initial=_brief(found))
    context = {"incident": incident, "form": form, "statement": found}
    return render(request, f"{FOLDER}new.html", context)


def _brief(statement: Statement) -> dict[str, Any]:
    return {
        "title": statement.title,
        "kind": statement.kind,
        "audience": statement.audience.slug,
        "language": statement.language,
        "channels": statement.channels,
    }


@incident_view(DRAFT, method="POST")
def change_brief(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = BriefForm(request.POST)
    if not form.is_valid():
        context = {"incident": incident, "form": form, "statement": found}
        return invalid(
            request, fragment=f"{FOLDER}new.html#form", page=f"{FOLDER}new.html", context=context
        )
    actions.change_brief(found, **form.facts, by=request.user, at=request.at)
    return done(request, page=address("statement-edit", incident, number), move=True)


@incident_view(DRAFT, method="GET")
def edit(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    if "edit" not in rules.moves_from(found.status):
        return redirect(address("statement", incident, number))
    kept = found.draft
    form = VersionForm(
        channels=found.channels,
        initial={
            "text": kept.text,
            "revision": kept.revision,
            **{f"own_{c}": t for c, t in kept.channel_texts.items()},
        },
    )
    return _editor(request, found, form)


@incident_view(DRAFT, method="GET")
def draft_state(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """What the draft is beside its version, and how long it is on each channel."""
    found = find(incident, number)
    context = _state(request, found)
    return render(request, f"{FOLDER}edit.html#state", {"incident": incident, **context})


@incident_view(DRAFT, method="POST")
def save_draft(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Autosave (by script, header `Autosave`) answers with the new revision in a header."""
    found = find(incident, number)
    form = WordsForm(request.POST, channels=found.channels)
    by_itself = "Autosave" in request.headers
    if not form.is_valid():
        if by_itself:
            return HttpResponse(status=422)
        whole = VersionForm(request.POST, channels=found.channels)
        return _editor(request, found, whole, status=422)
    try:
        kept = _keep(request, found, form)
    except Conflict as conflict:
        if by_itself:
            context = {"reason": str(conflict)}
            return render(request, f"{FOLDER}conflict.html#notice", context, status=409)
        return _conflict(request, found, form, conflict)
    if by_itself:
        answer = HttpResponse(status=204)
        answer["Draft-Revision"] = str(kept.revision)
        return answer
    return redirect(address("statement-edit", incident, number))


@incident_view(DRAFT, method="POST")
def save_version(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Keep the words first, whatever becomes of the version."""
    found = find(incident, number)
    form = VersionForm(request.POST, channels=found.channels)
    if not form.is_valid():
        return _editor(request, found, form, status=422)
    try:
        kept = _keep(request, found, form)
        form.goes_on_from(kept.revision)
        actions.save_version(
            found,
            reason=form.cleaned_data["reason"],
            change=form.cleaned_data["change"],
            submit=form.cleaned_data["submit"],
            revision=kept.revision,
            by=request.user,
            at=request.at,
        )
    except Conflict as conflict:
        return _conflict(request, found, form, conflict)
    except Refused as refused:
        return _editor(request, found, form, refusal=str(refused), status=409)
    return done(request, page=address("statement", incident, number), move=True)


@incident_view(DRAFT, method="POST")
def go_back(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    number_given = whole_number(request.POST.get("version", ""))
    version = get_object_or_404(found.versions, number=number_given or 0)
    actions.go_back_to(found, version=version, by=request.user, at=request.at)
    return done(request, page=address("statement-edit", incident, number), move=True)


def _keep(request: DeskRequest, statement: Statement, form: WordsForm) -> Any:
    return actions.save_draft(
        statement,
        text=form.cleaned_data["text"],
        channel_texts=form.channel_texts,
        revision=form.cleaned_data["revision"],
        by=request.user,
        at=request.at,
    )


def _editor(
    request: DeskRequest,
    statement: Statement,
    form: WordsForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"incident": statement.incident, "form": form, "refusal": refusal}
    context |= _state(request, statement)
    return render(request, f"{FOLDER}edit.html", context, status=status)


def _state(request: DeskRequest, statement: Statement) -> dict[str, Any]:
    return {
        "page": read(request, statement),
        "lengths": queries.lengths(statement, statement.draft),
    }


def _conflict(
    request: DeskRequest, statement: Statement, form: WordsForm, conflict: Conflict
) -> HttpResponse:
    """Show both texts side by side; the writer's own stays in the form."""
    theirs = conflict.draft
    form.goes_on_from(theirs.revision)
    mine = form.cleaned_data["text"]
    pairs = [
        (field, theirs.channel_texts.get(channel, ""))
        for channel, field in zip(form.channels, form.own, strict=True)
        if theirs.channel_texts.get(channel, "") != form.channel_texts[channel]
    ]
    context = {
        "incident": statement.incident,
        "page": read(request, statement),
        "form": form,
        "theirs": theirs,
        "reason": str(conflict),
        "pieces": difference(theirs.text, rules.as_typed(mine)).pieces,
        "pairs": pairs,
    }
    return render(request, f"{FOLDER}conflict.html", context, status=409)
