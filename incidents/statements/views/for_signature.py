"""The pages of somebody from outside: their texts, one text, and what they decide about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, whole_number
from crisisdesk.kit.refusals import Refused
from incidents.access import SEE_STATEMENT, SIGN_STATEMENT, own_statements, statement_view
from incidents.evidence.handing_out import hand_out
from incidents.models import Statement
from incidents.signoff.actions import TextChanged
from incidents.statements import actions, for_signature
from incidents.statements.forms import DecisionForm

FOLDER: Final = "incidents/statements/for_signature/"


@own_statements
def texts(request: DeskRequest, shown: QuerySet[Statement]) -> HttpResponse:
    """Their texts; straight to the only one."""
    rows = for_signature.rows(shown, user=request.user, at=request.at)
    if len(rows) == 1:
        return redirect(_address(rows[0].uuid))
    return render(request, f"{FOLDER}list.html", {"rows": rows})


@statement_view(SEE_STATEMENT, method="GET")
def text(request: DeskRequest, statement: Statement) -> HttpResponse:
    """Opening the link decides nothing, and asks for no proof of who reads."""
    kept = fresh.kept(request, page=request.path, at=request.at)
    return _page(request, statement, seen=whole_number(request.GET.get("base", "")), kept=kept)


@statement_view(SEE_STATEMENT, method="GET")
def file(_request: DeskRequest, statement: Statement, sha256: str) -> HttpResponseBase:
    piece = for_signature.attached(statement, sha256)
    if piece is None:
        raise Http404
    return hand_out(piece)


@statement_view(SIGN_STATEMENT, method="POST")
def approve(request: DeskRequest, statement: Statement) -> HttpResponse:
    return _decided(request, statement, actions.approve_statement, asked="approve")


@statement_view(SIGN_STATEMENT, method="POST")
def request_changes(request: DeskRequest, statement: Statement) -> HttpResponse:
    return _decided(request, statement, actions.request_changes, asked="changes")


@statement_view(SIGN_STATEMENT, method="POST")
def refuse(request: DeskRequest, statement: Statement) -> HttpResponse:
    return _decided(request, statement, actions.refuse_statement, asked="refuse")


def _decided(
    request: DeskRequest, statement: Statement, verb: Callable[..., Any], *, asked: str
) -> HttpResponse:
    form, page = DecisionForm(request.POST), _address(statement.uuid)
    sent = fresh.Kept(asked, request.POST.dict())
    if not form.is_valid():
        return _page(request, statement, status=422, form=form, kept=sent)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked=asked)
    try:
        verb(statement, **form.cleaned_data, by=request.user, at=request.at)
    except TextChanged as refused:
        # The difference shown is against what was on the screen.
        seen = form.cleaned_data["version"]
        return _page(request, statement, seen=seen, status=409, refusal=str(refused), kept=sent)
    except Refused as refused:
        return _page(request, statement, status=409, refusal=str(refused), kept=sent)
    fresh.forget(request, page=page)
    return done(request, page=page, move=True)


def _page(
    request: DeskRequest,
    statement: Statement,
    *,
    seen: int | None = None,
    status: int = 200,
    refusal: str = "",
    form: DecisionForm | None = None,
    kept: fresh.Kept | None = None,
) -> HttpResponse:
    """Show the text; `kept` is what was sent and did not count."""
    row = _read(request, statement, seen)
    stands = bool(kept and row.version and kept["fingerprint"] == row.version.fingerprint)
    if kept and not stands and not seen:
        row = _read(request, statement, whole_number(kept["version"]))
    context: dict[str, Any] = {
        "page": row,
        "drill": row.is_drill,
        "refusal": refusal,
        # The dialog opens again over the text it was about, and over no other.
        "reopen": {kept.asked: True} if kept and stands and not refusal else {},
        "overtaken": kept["version"] if kept and not stands and not refusal else "",
        "typed": kept["comment"] if kept else "",
        "errors": form.errors.get("comment", []) if form else [],
    }
    return render(request, f"{FOLDER}text.html", context, status=status)


def _read(request: DeskRequest, statement: Statement, seen: int | None) -> for_signature.SharedText:
    return for_signature.page(
        statement, user=request.user, rights=request.rights, at=request.at, seen=seen
    )


def _address(uuid: Any) -> str:
    return reverse("incidents:for-signature-text", args=[uuid])
