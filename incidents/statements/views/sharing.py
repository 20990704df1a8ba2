"""Showing one text to somebody from outside, ending it, and going on without them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import get_current_timezone

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, invalid
from crisisdesk.kit.refusals import Refused
from incidents.access import incident_view
from incidents.models import ExternalApprover, Incident, Statement
from incidents.statements import shared
from incidents.statements.actions import sharing
from incidents.statements.forms import ReasonForm
from incidents.statements.sharing_forms import ApproverForm
from incidents.statements.views import FOLDER, address, find

ASSIGN: Final = "incidents.assign_role"
PAGE: Final = f"{FOLDER}sharing.html"


@incident_view(ASSIGN, method="GET")
def outside(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return render(request, PAGE, _context(request, find(incident, number)))


@incident_view(ASSIGN, method="POST")
@fresh.asked_first
def invite(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = _form(request, found)
    context = {**_context(request, found), "form": form}
    if not form.is_valid():
        return invalid(request, fragment=f"{PAGE}#invite", page=PAGE, context=context)
    try:
        sharing.invite_approver(found, **form.facts, by=request.user, at=request.at)
    except Refused as refused:
        form.add_error(None, str(refused))
        return invalid(request, fragment=f"{PAGE}#invite", page=PAGE, context=context)
    return done(request, page=address("statement-outside", incident, number), move=True)


@incident_view(ASSIGN, method="POST")
@fresh.asked_first
def end(request: DeskRequest, incident: Incident, number: int, approver: int) -> HttpResponse:
    found = _approver(incident, number, approver)
    sharing.end_external_approver(found, by=request.user, at=request.at)
    return done(request, page=address("statement-outside", incident, number), move=True)


@incident_view(ASSIGN, method="POST")
@fresh.asked_first
def ask_without(
    request: DeskRequest, incident: Incident, number: int, approver: int
) -> HttpResponse:
    found = _approver(incident, number, approver)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = _context(request, find(incident, number))
        context |= {"without_errors": form.errors.get("reason", []), "without": approver}
        return render(request, PAGE, context, status=422)
    sharing.ask_without_external(
        found, reason=form.cleaned_data["reason"], by=request.user, at=request.at
    )
    return done(request, page=address("statement", incident, number), move=True)


def _approver(incident: Incident, number: int, pk: int) -> ExternalApprover:
    return get_object_or_404(
        ExternalApprover.objects.select_related("statement"),
        pk=pk,
        statement__incident=incident,
        statement__number=number,
    )


def _form(request: DeskRequest, statement: Statement) -> ApproverForm:
    return ApproverForm(
        request.POST or None,
        zone=get_current_timezone(),
        at=request.at,
        initial={"language": statement.language, "purpose": "sign"},
    )


def _context(request: DeskRequest, statement: Statement) -> dict[str, Any]:
    return {
        "incident": statement.incident,
        "statement": statement,
        "approvers": shared.approvers(statement, at=request.at),
        "form": _form(request, statement),
    }
