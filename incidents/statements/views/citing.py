"""The facts of a statement, and the list of what is to be corrected now."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.models import Fact, Incident, Statement
from incidents.statements import actions, citing, rules
from incidents.statements.correcting import correct_now as outdated
from incidents.statements.line_forms import CiteForm, DropForm, HoldsForm
from incidents.statements.views import DRAFT, FOLDER, address, find

FACTS = f"{FOLDER}facts.html"


@incident_view(VIEW, method="GET")
def correct_now(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, f"{FOLDER}correct_now.html", _outdated(request, incident))


@incident_view(VIEW, method="GET")
def correct_now_panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, f"{FOLDER}outdated.html", _outdated(request, incident))


@incident_view(VIEW, method="GET")
def facts(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return render(request, FACTS, _facts(request, find(incident, number)))


@incident_view(DRAFT, method="POST")
def cite(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = CiteForm(request.POST, facts=incident.facts.order_by("number"))
    if not form.is_valid():
        context = _facts(request, found) | {"cite_form": form}
        return invalid(request, fragment=f"{FACTS}#cite", page=FACTS, context=context)
    actions.cite_facts(found, facts=form.cleaned_data["facts"], by=request.user, at=request.at)
    return done(request, page=address("statement-facts", incident, number), move=True)


@incident_view(DRAFT, method="POST")
def still_holds(request: DeskRequest, incident: Incident, number: int, fact: int) -> HttpResponse:
    found, cited = find(incident, number), _fact(incident, fact)
    form = HoldsForm(request.POST, auto_id=f"holds-{fact}_%s")
    if not form.is_valid():
        return render(request, FACTS, _facts(request, found, **{str(fact): form}), status=422)
    actions.still_holds(found, fact=cited, **form.cleaned_data, by=request.user, at=request.at)
    return done(request, page=address("statement-facts", incident, number), move=True)


@incident_view(DRAFT, method="POST")
def drop(request: DeskRequest, incident: Incident, number: int, fact: int) -> HttpResponse:
    found, cited = find(incident, number), _fact(incident, fact)
    form = DropForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.drop_citation(found, fact=cited, reason=reason, by=request.user, at=request.at)
    return done(request, page=address("statement-facts", incident, number), move=True)


def _fact(incident: Incident, number: int) -> Fact:
    return get_object_or_404(incident.facts.all(), number=number)


def _outdated(request: DeskRequest, incident: Incident) -> dict[str, Any]:
    return {"incident": incident, "list": outdated(incident, rights=request.rights)}


def _facts(request: DeskRequest, statement: Statement, **bound: Form) -> dict[str, Any]:
    """`bound`: the form that was sent for a fact, by the fact's number."""
    cited = citing.cited(statement, rights=request.rights)
    here = [
        (row, bound.get(str(row.number)) or _holds(row.number, row.change)) for row in cited.rows
    ]
    may = "draft_statement" in request.rights and statement.status not in rules.GONE
    return {
        "incident": statement.incident,
        "statement": statement,
        "cited": here,
        "stale": len(cited.stale),
        "may_cite": may,
        "needs_reason": statement.status != rules.Status.DRAFT,
        "may_edit": may and "edit" in rules.moves_from(statement.status),
        "cite_form": CiteForm(facts=_not_cited(statement, cited)),
        "is_line": statement.kind == Statement.Kind.LINE,
    }


def _holds(fact: int, change: int) -> HoldsForm:
    return HoldsForm(initial={"change": change}, auto_id=f"holds-{fact}_%s")


def _not_cited(statement: Statement, cited: citing.Cited) -> QuerySet[Fact]:
    own = [row.number for row in cited.rows if not row.is_inherited]
    return statement.incident.facts.exclude(number__in=own).order_by("number")
