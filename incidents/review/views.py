"""The page of the post-mortem, its panels, what is written into it, and its export."""

from __future__ import annotations

from typing import Any, Final

from django import forms as django_forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.models import Action, Incident, Lesson
from incidents.review import actions, documents, forms, page, queries, rules
from incidents.review.queries.rows import Audience
from incidents.roles.queries import candidates
from teams.models import User

EDIT: Final = f"incidents.{rules.EDITS}"
ACCEPT: Final = f"incidents.{rules.ACCEPTS}"
EXPORT: Final = f"incidents.{rules.EXPORTS}"
PAGE: Final = "incidents/review/page.html"
LESSON: Final = "incidents/review/lesson.html"
ACTION: Final = "incidents/review/action.html"
CONFLICT: Final = "incidents/review/conflict.html"


@incident_view(VIEW, method="GET")
def report(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, PAGE, _page(request, incident))


@incident_view(VIEW, method="GET")
def panel(request: DeskRequest, incident: Incident, part: str) -> HttpResponse:
    """Answer one part that refreshes itself: short, lessons or actions."""
    if part not in page.PANELS:
        raise Http404
    return render(request, f"{PAGE}#{page.PANELS[part]}", _read(request, incident))


@incident_view(EDIT, method="POST")
def summarise(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = forms.SummaryForm(request.POST, auto_id="summary_%s")
    if not form.is_valid():
        context = {**_page(request, incident), "summary_form": form}
        return invalid(request, fragment=f"{PAGE}#summary", page=PAGE, context=context)
    try:
        actions.summarise(
            incident,
            summary=form.cleaned_data["summary"],
            revision=form.read,
            by=request.user,
            at=request.at,
        )
    except actions.WrittenMeanwhile as conflict:
        context = {**_page(request, incident), "summary_form": form}
        return _conflict(request, conflict, page=PAGE, context=context)
    return done(request, page=_home(incident), move=True)


@incident_view(EDIT, method="POST")
def lesson_add(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = forms.LessonForm(request.POST, auto_id="lesson_%s")
    if not form.is_valid():
        context = {**_page(request, incident), "lesson_form": form}
        return invalid(request, fragment=f"{PAGE}#lesson", page=PAGE, context=context)
    actions.add_lesson(incident, **form.cleaned_data, by=request.user, at=request.at)
    return done(request, page=f"{_home(incident)}#lessons")


@incident_view(EDIT, method="GET")
def lesson(request: DeskRequest, incident: Incident, lesson: int) -> HttpResponse:
    return render(request, LESSON, _one_lesson(incident, _lesson(incident, lesson)))


@incident_view(EDIT, method="POST")
def lesson_change(request: DeskRequest, incident: Incident, lesson: int) -> HttpResponse:
    found = _lesson(incident, lesson)
    form = forms.LessonChangeForm(request.POST)
    context = {**_one_lesson(incident, found), "form": form}
    if not form.is_valid():
        return invalid(request, fragment=f"{LESSON}#form", page=LESSON, context=context)
    try:
        actions.change_lesson(
            found,
            kind=form.cleaned_data["kind"],
            text=form.cleaned_data["text"],
            revision=form.read,
            by=request.user,
            at=request.at,
        )
    except actions.WrittenMeanwhile as conflict:
        return _conflict(request, conflict, page=LESSON, context=context)
    return done(request, page=f"{_home(incident)}#lessons", move=True)


@incident_view(EDIT, method="POST")
def lesson_remove(request: DeskRequest, incident: Incident, lesson: int) -> HttpResponse:
    found = _lesson(incident, lesson)
    form = forms.RevisionForm(request.POST)
    revision = form.read if form.is_valid() else -1
    actions.remove_lesson(found, revision=revision, by=request.user, at=request.at)
    return done(request, page=f"{_home(incident)}#lessons", move=True)


@incident_view(EDIT, method="POST")
def action_add(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = forms.ActionForm(request.POST, people=_people(request, incident), auto_id="action_%s")
    if not form.is_valid():
        context = {**_page(request, incident), "action_form": form}
        return invalid(request, fragment=f"{PAGE}#action", page=PAGE, context=context)
    actions.add_action(incident, **form.cleaned_data, by=request.user, at=request.at)
    return done(request, page=f"{_home(incident)}#actions")


@incident_view(EDIT, method="GET")
def action(request: DeskRequest, incident: Incident, action: int) -> HttpResponse:
    found = _action(incident, action)
    return render(request, ACTION, _one_action(request, incident, found))


@incident_view(EDIT, method="POST")
def action_change(request: DeskRequest, incident: Incident, action: int) -> HttpResponse:
    found = _action(incident, action)
    form = forms.ActionChangeForm(request.POST, people=_owners(request, incident, found))
    context = {**_one_action(request, incident, found), "form": form}
    if not form.is_valid():
        return invalid(request, fragment=f"{ACTION}#form", page=ACTION, context=context)
    try:
        actions.change_action(
            found,
            text=form.cleaned_data["text"],
            owner=form.cleaned_data["owner"],
            due_on=form.cleaned_data["due_on"],
            state=form.cleaned_data["state"],
            revision=form.read,
            by=request.user,
            at=request.at,
        )
    except actions.WrittenMeanwhile as conflict:
        return _conflict(request, conflict, page=ACTION, context=context)
    return done(request, page=f"{_home(incident)}#actions", move=True)


@incident_view(ACCEPT, method="POST")
def accept(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = forms.RevisionForm(request.POST)
    revision = form.read if form.is_valid() else -1
    actions.accept_report(incident, revision=revision, by=request.user, at=request.at)
    return done(request, page=_home(incident), move=True)


@incident_view(ACCEPT, method="POST")
def reopen(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = forms.ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.reopen_report(incident, reason=reason, by=request.user, at=request.at)
    return done(request, page=_home(incident), move=True)


@incident_view(EXPORT, method="POST")
def export(request: DeskRequest, incident: Incident) -> HttpResponse:
    """Hand out the report as a file, and write down who took it."""
    form = forms.ExportForm(request.POST, auto_id="export_%s")
    if not form.is_valid():
        context = {**_page(request, incident), "export_form": form, "export_opened": True}
        return invalid(request, fragment=f"{PAGE}#export", page=PAGE, context=context)
    chosen = form.cleaned_data
    if chosen["privileged"] and rules.EXPORTS_PRIVILEGED not in request.rights:
        raise PermissionDenied(_("Only legal counsel exports privileged entries."))
    audience = Audience(chosen["audience"])
    # The document is set before the act is written: what failed was not exported.
    file = documents.make(
        incident,
        form=chosen["form"],
        language=chosen["language"],
        audience=audience,
        with_privileged=chosen["privileged"] and audience == Audience.INTERNAL,
        at=request.at,
    )
    actions.record_export(
        incident,
        form=chosen["form"],
        audience=audience,
        with_privileged=chosen["privileged"] and audience == Audience.INTERNAL,
        sha256=file.sha256,
        by=request.user,
        at=request.at,
    )
    response = HttpResponse(file.body, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _conflict(
    request: DeskRequest,
    conflict: actions.WrittenMeanwhile,
    *,
    page: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show both texts: theirs above, what was typed still in the form."""
    context = {**context, "conflict": conflict}
    return render(request, CONFLICT if request.htmx else page, context, status=409)


def _home(incident: Incident) -> str:
    return reverse("incidents:report", args=[incident.reference])


def _lesson(incident: Incident, pk: int) -> Lesson:
    return get_object_or_404(Lesson, pk=pk, incident=incident, removed_at=None)


def _action(incident: Incident, pk: int) -> Action:
    return get_object_or_404(Action.objects.select_related("owner"), pk=pk, incident=incident)


def _people(request: DeskRequest, incident: Incident) -> QuerySet[User]:
    return candidates(incident, at=request.at)


def _owners(request: DeskRequest, incident: Incident, action: Action) -> QuerySet[User]:
    """Return who could do it, and who has it now, though they may have left the team."""
    candidate = _people(request, incident).order_by().values("pk")
    return User.objects.filter(pk__in=[*(c["pk"] for c in candidate), action.owner_id]).order_by(
        "name"
    )


def _read(request: DeskRequest, incident: Incident) -> dict[str, Any]:
    found = queries.report(incident, whole=False, at=request.at)
    return {
        "incident": incident,
        "report": found,
        "shown": page.shown(found),
        "may_edit": rules.EDITS in request.rights,
        "may_accept": rules.ACCEPTS in request.rights,
        "may_export": rules.EXPORTS in request.rights,
        "may_export_privileged": rules.EXPORTS_PRIVILEGED in request.rights,
    }


def _page(request: DeskRequest, incident: Incident) -> dict[str, Any]:
    context = _read(request, incident)
    analysis = context["report"].analysis
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    return {
        **context,
        "summary_form": forms.SummaryForm(
            initial={"summary": analysis.summary, "revision": analysis.revision},
            auto_id="summary_%s",
        ),
        "lesson_form": forms.LessonForm(auto_id="lesson_%s"),
        "action_form": forms.ActionForm(people=_people(request, incident), auto_id="action_%s"),
        "export_form": forms.ExportForm(
            initial={"form": "pdf", "audience": Audience.INTERNAL, "language": language},
            auto_id="export_%s",
        ),
        "language": language,
    }


def _one_lesson(incident: Incident, lesson: Lesson) -> dict[str, Any]:
    initial = {"kind": lesson.kind, "text": lesson.text, "revision": lesson.revision}
    form: django_forms.Form = forms.LessonChangeForm(initial=initial)
    return {"incident": incident, "lesson": lesson, "form": form}


def _one_action(request: DeskRequest, incident: Incident, action: Action) -> dict[str, Any]:
    initial = {
        "text": action.text,
        "owner": action.owner_id,
        "due_on": action.due_on,
        "state": action.state,
        "revision": action.revision,
    }
    form: django_forms.Form = forms.ActionChangeForm(
        initial=initial, people=_owners(request, incident, action)
    )
    return {"incident": incident, "action": action, "form": form}
