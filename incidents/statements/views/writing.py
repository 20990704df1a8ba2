"""The editor: the draft that saves itself, versions, and the texts of two who wrote at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crisisdesk.kit.http import DeskRequest, done, whole_number
from crisisdesk.kit.refusals import Refused
from incidents.access import incident_view
from incidents.models import Draft, Incident, Statement, Suggestion
from incidents.statements import actions, company, merged, prepared_draft, queries, rules
from incidents.statements.actions import suggesting
from incidents.statements.actions.writing import Conflict
from incidents.statements.forms import AttachForm, VersionForm, WordsForm
from incidents.statements.mending import mending
from incidents.statements.views import DRAFT, FOLDER, address, find, read


@incident_view(DRAFT, method="GET")
def edit(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    if "edit" not in rules.moves_from(found.status):
        return redirect(address("statement", incident, number))
    kept = found.draft
    form = VersionForm(
        channels=found.channels,
        asked=_asked(found),
        initial=_texts(kept),
    )
    return _editor(request, found, form)


@incident_view(DRAFT, method="GET")
def draft_state(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """What the draft is beside its version, and how long it is on each channel."""
    found = find(incident, number)
    context = {**_state(request, found), "fresh_state": True}
    return render(request, f"{FOLDER}edit.html#state", {"incident": incident, **context})


@incident_view(DRAFT, method="POST")
def save_draft(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = WordsForm(request.POST, channels=found.channels)
    if "Autosave" in request.headers:
        return _saved_by_itself(request, found, form)
    whole = VersionForm(request.POST, channels=found.channels)
    if not form.is_valid():
        return _editor(request, found, whole, status=422)
    try:
        kept = _keep(request, found, form)
    except Conflict as conflict:
        return _conflict(request, found, form, conflict)
    if request.POST.get("reason"):
        # The reason is for the version that comes next: it stays where it was typed.
        whole.goes_on_from(kept.revision)
        return _editor(request, find(incident, number), whole)
    return redirect(address("statement-edit", incident, number))


def _saved_by_itself(request: DeskRequest, statement: Statement, form: WordsForm) -> HttpResponse:
    """Answer autosave (by script) with the new revision in a header."""
    if not form.is_valid():
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        reason = _("Not kept by the server: %(wrong)s It is still here.") % {"wrong": wrong}
        context = {"reason": reason}
        return render(request, "components/refusal.html", context, status=422)
    try:
        kept = _keep(request, statement, form)
    except Refused as refused:
        return _notice(request, refused)
    answer = HttpResponse(status=204)
    answer["Draft-Revision"] = str(kept.revision)
    return answer


@incident_view(DRAFT, method="POST")
def save_version(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Keep the words first, whatever becomes of the version."""
    found = find(incident, number)
    form = VersionForm(request.POST, channels=found.channels, asked=_asked(found))
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
            revision=_seen(request, kept, form),
            by=request.user,
            at=request.at,
        )
    except Conflict as conflict:
        return _conflict(request, found, form, conflict)
    except Refused as refused:
        return _editor(request, found, form, refusal=str(refused), status=409)
    return done(request, page=address("statement", incident, number), move=True)


def keep_and_adopt(
    request: DeskRequest, statement: Statement, suggestion: Suggestion
) -> HttpResponse:
    """Adopt beside the editor: what stands in it is kept first, whatever becomes of the wording."""
    form = VersionForm(request.POST, channels=statement.channels)
    if not form.is_valid():
        return _editor(request, statement, form, status=422)
    try:
        kept = _keep(request, statement, form)
    except Conflict as conflict:
        if "Autosave" in request.headers:
            return _notice(request, conflict)
        return _conflict(request, statement, form, conflict)
    except Refused as refused:
        if "Autosave" in request.headers:
            return _notice(request, refused)
        raise
    return _adopted(request, statement, suggestion, form, kept)


def _adopted(
    request: DeskRequest,
    statement: Statement,
    suggestion: Suggestion,
    form: VersionForm,
    kept: Draft,
) -> HttpResponse:
    by_script = "Autosave" in request.headers
    try:
        draft = suggesting.adopt_suggestion(suggestion, by=request.user, at=request.at)
    except Refused as refused:
        form.goes_on_from(kept.revision)
        if not by_script:
            return _editor(request, statement, form, refusal=str(refused), status=409)
        context = {"reason": str(refused)}
        answer = render(request, "components/refusal.html", context, status=409)
        answer["Draft-Revision"] = str(kept.revision)
        return answer
    if by_script:
        return JsonResponse(_texts(draft))
    typed = {name: form.cleaned_data[name] for name in ("reason", "change")}
    shown = VersionForm(channels=statement.channels, initial={**_texts(draft), **typed})
    return _editor(request, find(statement.incident, statement.number), shown)


def keep_and_change_files(
    request: DeskRequest, statement: Statement, change: Callable[[], Draft]
) -> HttpResponse:
    """
    Attach or take out a file without script: the editor is sent along.

    What stands in it is kept first, whatever becomes of the file; a refusal stands above it.
    """
    form = VersionForm(request.POST, channels=statement.channels)
    if "text" not in request.POST:
        initial = _texts(statement.draft)
        form = VersionForm(channels=statement.channels, asked=_asked(statement), initial=initial)
    elif not form.is_valid():
        return _editor(request, statement, form, status=422)
    else:
        try:
            form.goes_on_from(_keep(request, statement, form).revision)
        except Conflict as conflict:
            return _conflict(request, statement, form, conflict)
    try:
        draft = change()
    except Refused as refused:
        now = find(statement.incident, statement.number)
        return _editor(request, now, form, refusal=str(refused), status=409)
    if not request.POST.get("reason"):
        return redirect(address("statement-edit", statement.incident, statement.number))
    form.goes_on_from(draft.revision)
    return _editor(request, find(statement.incident, statement.number), form)


def _texts(draft: Draft) -> dict[str, Any]:
    """Return what the editor shows of a draft, by the names of its fields."""
    own = {f"own_{c}": text for c, text in draft.channel_texts.items()}
    return {"text": draft.text, "revision": draft.revision, **own}


def _asked(statement: Statement) -> bool:
    """Tell whether people were asked to sign: they read first why they are asked again."""
    return statement.status in (Statement.Status.IN_SIGNOFF, Statement.Status.GOOD)


def _seen(request: DeskRequest, kept: Draft, form: WordsForm) -> int:
    """Return which revision was on the screen: with the same words there may be other pictures."""
    began: int = form.cleaned_data["revision"]
    return kept.revision if kept.edited_by_id == request.user.pk else began


def _notice(request: DeskRequest, refused: Refused) -> HttpResponse:
    """Answer the script of the editor: a notice above the text, never a page."""
    both = isinstance(refused, Conflict)
    notice = f"{FOLDER}conflict.html#notice" if both else "components/refusal.html"
    return render(request, notice, {"reason": str(refused)}, status=409)


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
    context = {
        "incident": statement.incident,
        "number": statement.number,
        "form": form,
        "refusal": refusal,
        "present": company.present(statement, but=request.user, at=request.at),
        "attached": company.attachments(statement.draft.attachments),
        "attach_form": AttachForm(),
        **_state(request, statement),
    }
    return render(request, f"{FOLDER}edit.html", context, status=status)


def _state(request: DeskRequest, statement: Statement) -> dict[str, Any]:
    return {
        "page": read(request, statement),
        "lengths": queries.lengths(statement, statement.draft),
        "mending": mending(statement),
        "began": prepared_draft.began(statement, statement.draft, at=request.at),
    }


def _conflict(
    request: DeskRequest, statement: Statement, form: WordsForm, conflict: Conflict
) -> HttpResponse:
    """Put both texts together from where the writer began; both stand there whole."""
    mine = {"text": form.cleaned_data["text"], **form.channel_texts}
    began = form.cleaned_data["revision"]
    form.goes_on_from(conflict.draft.revision)
    texts = _together(statement, form, conflict.draft, mine=mine, began=began)
    context = {"reason": str(conflict), "began": began, "theirs": conflict.draft, "texts": texts}
    return _merging(request, statement, form, context, status=409)


@incident_view(DRAFT, method="POST")
def merge(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Answer what the choices make of both texts; nothing is written."""
    found = find(incident, number)
    form = VersionForm(request.POST, channels=found.channels)
    if not form.is_valid():
        return _editor(request, found, form, status=422)
    theirs = Draft.objects.select_related("edited_by").get(pk=found.pk)
    if theirs.revision != form.cleaned_data["revision"]:
        return _conflict(request, found, form, Conflict(theirs, by=request.user))
    began = whole_number(request.POST.get("began", ""))
    names = [("text", "text"), *((c, f"own_{c}") for c in form.channels)]
    mine = {c: request.POST.get(f"mine_{name}", form.cleaned_data[name]) for c, name in names}
    texts = _together(found, form, theirs, mine=mine, began=began, chosen=request.POST)
    context = {"began": began, "theirs": theirs, "texts": texts}
    return _merging(request, found, form, context)


def _together(
    statement: Statement,
    form: WordsForm,
    theirs: Draft,
    *,
    mine: dict[str, str],
    began: int | None,
    chosen: QueryDict | None = None,
) -> list[merged.Offered]:
    base = company.kept(statement, began) if began is not None else None
    fields = [("text", form["text"], theirs.text, base.text if base else None)]
    for channel, field in zip(form.channels, form.own, strict=True):
        before = base.channel_texts.get(channel, "") if base else None
        fields.append((channel, field, theirs.channel_texts.get(channel, ""), before))
    return [
        merged.offer(
            field.html_name,
            str(field.label),
            base=before,
            theirs=there,
            mine=rules.as_typed(mine[name]),
            chosen=chosen,
        )
        for name, field, there, before in fields
    ]


def _merging(
    request: DeskRequest,
    statement: Statement,
    form: WordsForm,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    theirs = context["theirs"]
    own = theirs.edited_by_id == request.user.pk
    context |= {
        "other": _("your other window") if own else theirs.edited_by.name,
        "incident": statement.incident,
        "number": statement.number,
        "page": read(request, statement),
        "form": form,
        "same_texts": any(not one.is_apart for one in context["texts"][1:]),
        "clashes": sum(one.found.clashes for one in context["texts"]),
        "has_version_words": bool(form.data.get("reason")),
    }
    part = "#together" if request.htmx else ""
    return render(request, f"{FOLDER}conflict.html{part}", context, status=status)
