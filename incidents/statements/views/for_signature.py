"""The pages of somebody from outside: their texts, one text, and what they decide about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest
from incidents.access import SEE_STATEMENT, SIGN_STATEMENT, own_statements, statement_view
from incidents.evidence.handing_out import hand_out
from incidents.models import Statement
from incidents.statements import actions, for_signature
from incidents.statements.views import number_in
from incidents.statements.views.deciding import decided, shown_again

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
    return _page(request, statement, base=number_in(request, "base"), kept=kept)


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
    page = _address(statement.uuid)
    show = partial(_page, request, statement)
    return decided(request, statement, verb, asked=asked, page=page, then=page, show=show)


def _page(
    request: DeskRequest,
    statement: Statement,
    *,
    kept: fresh.Kept | None,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    context = shown_again(lambda seen: _read(request, statement, seen), kept=kept, **told)
    context["drill"] = statement.incident.is_drill
    return render(request, f"{FOLDER}text.html", context, status=status)


def _read(request: DeskRequest, statement: Statement, seen: int | None) -> for_signature.SharedText:
    return for_signature.page(
        statement, user=request.user, rights=request.rights, at=request.at, seen=seen
    )


def _address(uuid: Any) -> str:
    return reverse("incidents:for-signature-text", args=[uuid])
