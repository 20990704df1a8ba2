"""Letting a text out without all its sign-offs, and answering for it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, invalid
from crisisdesk.kit.refusals import Refused
from incidents.access import VIEW, incident_view
from incidents.models import Incident, Release, Round, Statement
from incidents.signoff import actions as signoff
from incidents.signoff import releases
from incidents.statements import actions, standing
from incidents.statements.forms import AfterwardsForm, AgreementForm, ReleaseForm
from incidents.statements.rows import StatementPage
from incidents.statements.views import FOLDER, address, find, read
from teams.models import User

BREAK_GLASS = "incidents.break_glass"


@incident_view(BREAK_GLASS, method="GET")
def releasing(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Who is missing, the text itself, and what follows from releasing it."""
    found = find(incident, number)
    kept = fresh.kept(request, page=request.path, at=request.at)
    row = read(request, found)
    if not row.standing.may_release and not kept:
        return redirect(address("statement", incident, number))
    return _releasing(request, found, form=_blank(ReleaseForm, row, kept), kept=kept)


@incident_view(BREAK_GLASS, method="POST")
def release(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found, form = find(incident, number), ReleaseForm(request.POST)
    if not form.is_valid():
        return _releasing(request, found, form=form, status=422)
    page = address("statement-releasing", incident, number)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked="release")
    try:
        actions.release_statement(found, **form.cleaned_data, by=request.user, at=request.at)
    except Refused as refused:
        return _releasing(request, found, form=form, refusal=str(refused), status=409)
    fresh.forget(request, page=page)
    return done(request, page=address("statement", incident, number), move=True)


@incident_view(BREAK_GLASS, method="GET")
def agreement(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """The words to read aloud, the fingerprint to spell, and who may agree."""
    found = find(incident, number)
    kept = fresh.kept(request, page=request.path, at=request.at)
    row = read(request, found)
    if not row.standing.may_take_oral and not kept:
        return redirect(address("statement", incident, number))
    form = _blank(AgreementForm, row, kept, choices=_choices(request, found))
    return _agreement(request, found, form=form, kept=kept)


@incident_view(BREAK_GLASS, method="POST")
def record_agreement(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = AgreementForm(request.POST, choices=_choices(request, found))
    if not form.is_valid():
        return _agreement(request, found, form=form, status=422)
    page = address("statement-agreement", incident, number)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked="agreement")
    try:
        signoff.record_oral_agreement(
            found,
            **{key: form.cleaned_data[key] for key in ("version", "fingerprint", "reason")},
            seat=form.seat,
            approver=get_object_or_404(User, uuid=form.approver),
            by=request.user,
            at=request.at,
        )
    except Refused as refused:
        return _agreement(request, found, form=form, refusal=str(refused), status=409)
    fresh.forget(request, page=page)
    return done(request, page=address("statement", incident, number), move=True)


@incident_view(VIEW, method="GET")
def afterwards(request: DeskRequest, incident: Incident, release: int) -> HttpResponse:
    """One release and what is owed about it; where mails and the desk lead."""
    found = _find(incident, release)
    kept = fresh.kept(request, page=request.path, at=request.at)
    form = AfterwardsForm(initial={"words": kept["words"]} if kept else None)
    return _afterwards(request, incident, found, form=form, kept=bool(kept))


@incident_view(VIEW, method="POST")
def review(request: DeskRequest, incident: Incident, release: int) -> HttpResponse:
    return _answered(request, incident, release, signoff.review_release)


@incident_view(VIEW, method="POST")
def confirm(request: DeskRequest, incident: Incident, release: int) -> HttpResponse:
    return _answered(request, incident, release, signoff.confirm_agreement)


@incident_view(VIEW, method="POST")
def deny(request: DeskRequest, incident: Incident, release: int) -> HttpResponse:
    return _answered(request, incident, release, signoff.deny_agreement)


def _answered(
    request: DeskRequest, incident: Incident, key: int, verb: Callable[..., Release]
) -> HttpResponse:
    found, form = _find(incident, key), AfterwardsForm(request.POST)
    if not form.is_valid():
        return _afterwards(request, incident, found, form=form, status=422)
    page = address("release", incident, key)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked=verb.__name__)
    try:
        verb(found, words=form.cleaned_data["words"], by=request.user, at=request.at)
    except Refused as refused:
        return _afterwards(request, incident, found, form=form, refusal=str(refused), status=409)
    fresh.forget(request, page=page)
    return done(request, page=page, move=True)


def _find(incident: Incident, key: int) -> Release:
    found = standing.with_parts().filter(round__version__statement__incident=incident)
    return get_object_or_404(found, pk=key)


def _blank(kind: type[Any], row: Any, kept: fresh.Kept | None, **also: Any) -> Any:
    """Return the form for what is on the screen now; what was typed before is in it again."""
    seen = {"version": row.version.number, "fingerprint": row.version.fingerprint}
    again = ("reason", "who") if _overtaken(row, kept) else ("reason", "who", "read_aloud")
    typed = {k: kept[k] for k in again if kept[k]} if kept else {}
    return kind(initial={**typed, **seen}, **also)


def _overtaken(row: StatementPage, sent: fresh.Kept | None) -> str:
    """Say that what was sent was about another text than the one that is shown now."""
    if sent is None or row.version is None:
        return ""
    if sent["fingerprint"] in ("", row.version.fingerprint):
        return ""
    return _(
        "Nothing was recorded: that was about v%(before)s, and the text is v%(now)s by now. What"
        " you typed is kept. Read it again."
    ) % {"before": sent["version"], "now": row.version.number}


def _choices(request: DeskRequest, statement: Statement) -> list[tuple[str, str]]:
    round_ = Round.objects.filter(version__statement=statement).select_related("version").last()
    if round_ is None:
        return []
    found = releases.choices(round_, statement.incident, by=request.user, at=request.at)
    return [(f"{one.seat} {one.person.uuid}", _choice(one)) for one in found]


def _choice(one: releases.Choice) -> str:
    who = f"{one.person.name}, {one.role}"
    if one.capacity:
        who = f"{who} ({one.capacity})"
    if one.reads:
        return who
    return _("%(who)s: not before a reader attests the text") % {"who": who}


def _releasing(request: DeskRequest, statement: Statement, **context: Any) -> HttpResponse:
    return _page(request, statement, f"{FOLDER}releasing.html", **context)


def _agreement(request: DeskRequest, statement: Statement, **context: Any) -> HttpResponse:
    return _page(request, statement, f"{FOLDER}agreement.html", **context)


def _page(
    request: DeskRequest,
    statement: Statement,
    template: str,
    *,
    form: ReleaseForm,
    kept: fresh.Kept | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the newest text; nobody says twice that they read it aloud by saying it of another."""
    row = read(request, statement)
    sent = fresh.Kept("", request.POST.dict()) if form.is_bound else kept
    overtaken = _overtaken(row, sent)
    if overtaken and form.is_bound:
        form.data = {name: value for name, value in form.data.items() if name != "read_aloud"}
    context = {
        "incident": statement.incident,
        "page": row,
        "form": form,
        "kept": kept,
        "refusal": refusal or overtaken,
    }
    if status == 422:
        return invalid(request, fragment=template, page=template, context=context)
    return render(request, template, context, status=status)


def _afterwards(
    request: DeskRequest,
    incident: Incident,
    release: Release,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    statement = find(incident, release.version.statement.number)
    context |= {
        "incident": incident,
        "page": read(request, statement, version=release.version.number),
        "release": standing.release_row(release, viewer=request.user, rights=request.rights),
    }
    return render(request, f"{FOLDER}release.html", context, status=status)
