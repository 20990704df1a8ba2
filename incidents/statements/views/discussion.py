"""What is said about a text: comments, and wording that is suggested, adopted or declined."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.models import Comment, Incident, Statement, Suggestion, Version
from incidents.statements import discussion as said
from incidents.statements.actions import discussing, suggesting
from incidents.statements.difference import difference
from incidents.statements.forms import (
    AdoptForm,
    CommentForm,
    PassageForm,
    SuggestionForm,
    discussion_forms,
)
from incidents.statements.views import DRAFT, FOLDER, address, find, number_in, writing

COMMENT = "incidents.comment"


@incident_view(VIEW, method="GET")
def discussion(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return render(
        request, f"{FOLDER}discussion.html#said", _context(request, find(incident, number))
    )


@incident_view(COMMENT, method="POST")
def comment(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Say something, or answer (`parent`)."""
    found = find(incident, number)
    channels = _channels(found, request.POST.get("version", ""))
    form = CommentForm(request.POST, channels=channels, auto_id="say_%s")
    if not form.is_valid():
        return _again(request, found, {"comment_form": form})
    text = form.cleaned_data["text"]
    if form.cleaned_data["parent"]:
        first = get_object_or_404(found.comments, pk=form.cleaned_data["parent"])
        discussing.answer_comment(first, text=text, by=request.user, at=request.at)
    else:
        discussing.add_comment(
            found,
            text=text,
            at_passage=form.at_passage,
            by=request.user,
            at=request.at,
        )
    return _done(request, incident, number)


@incident_view(COMMENT, method="POST")
def resolve(request: DeskRequest, incident: Incident, number: int, comment: int) -> HttpResponse:
    found: Comment = get_object_or_404(find(incident, number).comments, pk=comment)
    discussing.resolve_comment(found, by=request.user, at=request.at)
    return _done(request, incident, number)


@incident_view(COMMENT, method="POST")
def reopen(request: DeskRequest, incident: Incident, number: int, comment: int) -> HttpResponse:
    found: Comment = get_object_or_404(find(incident, number).comments, pk=comment)
    discussing.reopen_comment(found, by=request.user, at=request.at)
    return _done(request, incident, number)


@incident_view(COMMENT, method="POST")
def suggest(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    channels = _channels(found, request.POST.get("version", ""))
    form = SuggestionForm(request.POST, channels=channels, auto_id="suggest_%s")
    if not form.is_valid():
        return _again(request, found, {"suggestion_form": form})
    suggesting.suggest_wording(
        found,
        wording=form.cleaned_data["wording"],
        why=form.cleaned_data["why"],
        at_passage=form.at_passage,
        by=request.user,
        at=request.at,
    )
    return _done(request, incident, number)


@incident_view(VIEW, method="GET")
def suggestion(
    request: DeskRequest, incident: Incident, number: int, suggestion: int
) -> HttpResponse:
    """
    One suggestion beside the draft: to decline it with a reason, or put it in by hand.

    On the page itself only the dialog that declines it.
    """
    return _suggestion(request, find(incident, number), suggestion)


@incident_view(DRAFT, method="POST")
def adopt(request: DeskRequest, incident: Incident, number: int, suggestion: int) -> HttpResponse:
    """Into the draft, and with `save` into a version, in one step."""
    found = find(incident, number)
    if "revision" in request.POST:
        return writing.keep_and_adopt(request, found, _found(found, suggestion))
    save, form = "save" in request.POST, AdoptForm(request.POST, auto_id="adopt_%s")
    if not form.is_valid():
        return _suggestion(request, found, suggestion, form=form, status=422)
    try:
        suggesting.adopt_suggestion(
            _found(found, suggestion),
            save=save,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.at,
        )
    except (suggesting.PlaceLost, suggesting.OtherWords) as refused:
        if not request.htmx:
            return _suggestion(
                request, found, suggestion, form=form, refusal=str(refused), status=409
            )
        if isinstance(refused, suggesting.OtherWords):
            raise
        both = reverse(
            "incidents:statement-suggestion", args=[incident.reference, number, suggestion]
        )
        return done(request, page=both, move=True)
    if save:
        return done(request, page=address("statement", incident, number), move=True)
    return _done(request, incident, number)


@incident_view(DRAFT, method="POST")
def decline(request: DeskRequest, incident: Incident, number: int, suggestion: int) -> HttpResponse:
    suggesting.decline_suggestion(
        _found(find(incident, number), suggestion),
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=request.at,
    )
    return _done(request, incident, number)


@incident_view(COMMENT, method="POST")
def take_back(
    request: DeskRequest, incident: Incident, number: int, suggestion: int
) -> HttpResponse:
    found = _found(find(incident, number), suggestion)
    suggesting.take_back_suggestion(found, by=request.user, at=request.at)
    return _done(request, incident, number)


def _found(statement: Statement, pk: int) -> Suggestion:
    found = said.suggestion(statement, pk)
    if found is None:
        raise Http404
    return found


def _done(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    return done(request, page=address("statement", incident, number) + "#said")


def _shown(statement: Statement, number: int | None) -> tuple[Version | None, Version | None]:
    """Return the version on the screen and the newest one."""
    newest = statement.versions.order_by("-number").first()
    if number is None or newest is None or newest.number == number:
        return newest, newest
    return statement.versions.filter(number=number).first() or newest, newest


def _channels(statement: Statement, version: str) -> list[tuple[str, str]]:
    shown, _newest = _shown(statement, int(version) if version.isdigit() else None)
    return list(said.own_texts(shown))


def _context(
    request: DeskRequest, statement: Statement, *, shown: int | None = None
) -> dict[str, Any]:
    asked, newest = _shown(statement, shown or number_in(request, "version"))
    row = said.discussion(statement, asked, newest, user=request.user, rights=request.rights)
    context = {
        "incident": statement.incident,
        "number": statement.number,
        "discussion": row,
        "quiet": "quiet" in request.GET,
        "deciding": "deciding" in request.GET,
    }
    return {**context, **discussion_forms(row, answering=number_in(request, "answer"))}


def _again(
    request: DeskRequest, statement: Statement, typed: dict[str, PassageForm]
) -> HttpResponse:
    form = next(iter(typed.values()))
    context = _context(request, statement, shown=form.cleaned_data.get("version")) | typed
    part = "say" if "comment_form" in typed else "suggest"
    return invalid(
        request,
        fragment=f"{FOLDER}discussion.html#{part}",
        page=f"{FOLDER}discussion_page.html",
        context=context,
    )


def _suggestion(
    request: DeskRequest,
    statement: Statement,
    pk: int,
    *,
    form: AdoptForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    one = _found(statement, pk)
    row = _context(request, statement)["discussion"]
    every = (*row.suggestions, *row.settled) if row else ()
    shown = next((found for found in every if found.pk == pk), None)
    if shown is None:
        raise Http404
    there = said.words_of(statement.draft, one.channel)
    context = {
        "incident": statement.incident,
        "statement": statement,
        "discussion": row,
        "row": shown,
        "there": there,
        "refusal": refusal,
        "adopt_form": form or AdoptForm(auto_id="adopt_%s"),
        "apart": difference(shown.place.quote, there).pieces if not shown.fits else (),
    }
    part = "#decline" if request.htmx else ""
    return render(request, f"{FOLDER}suggestion.html{part}", context, status=status)
