"""A decision that is sent, from inside or outside: it counts, or its page comes back with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, whole_number
from crisisdesk.kit.refusals import Refused
from incidents.models import Statement
from incidents.signoff.actions import TextChanged
from incidents.statements.for_signature import SharedText
from incidents.statements.forms import DecisionForm
from incidents.statements.rows import StatementPage


def decided(
    request: DeskRequest,
    statement: Statement,
    verb: Callable[..., Any],
    *,
    asked: str,
    page: str,
    then: str,
    show: Callable[..., HttpResponse],
) -> HttpResponse:
    """
    Take a decision that was sent from a page, and go on to `then`.

    What does not count is shown again with what was typed: `show` takes what `shown_again` does.
    """
    form, sent = DecisionForm(request.POST), fresh.Kept(asked, request.POST.dict())
    if not form.is_valid():
        return show(status=422, kept=sent, errors=form.errors.get("comment", []))
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked=asked)
    try:
        verb(statement, **form.cleaned_data, by=request.user, at=request.at)
    except TextChanged as refused:
        # The difference shown is against what was on the screen.
        seen = form.cleaned_data["version"]
        return show(status=409, kept=sent, refusal=str(refused), base=seen)
    except Refused as refused:
        return show(status=409, kept=sent, refusal=str(refused))
    fresh.forget(request, page=page)
    return done(request, page=then, move=True)


def shown_again(
    read: Callable[[int | None], StatementPage | SharedText],
    *,
    kept: fresh.Kept | None,
    base: int | None = None,
    refusal: str = "",
    errors: Sequence[str] = (),
) -> dict[str, Any]:
    """
    Return what a page shows of a text and of a decision that was `kept`: sent, and not counted.

    `read` reads the text with its difference to a base.
    """
    row = read(base)
    stands = bool(kept and row.version and kept["fingerprint"] == row.version.fingerprint)
    if kept and not stands and not base:
        row = read(whole_number(kept["version"]))
    return {
        "page": row,
        "refusal": refusal,
        # The dialog opens again over the text it was about, and over no other.
        "reopen": {kept.asked: True} if kept and stands and not refusal else {},
        "overtaken": kept["version"] if kept and not stands and not refusal else "",
        "typed": kept["comment"] if kept else "",
        "errors": errors,
    }
