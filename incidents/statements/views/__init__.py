"""Pages and posts of statements: the list, the text, what it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, invalid, whole_number
from incidents.access import VIEW, incident_view
from incidents.models import Incident, Statement
from incidents.statements import actions, company, queries, rules, standing
from incidents.statements.forms import BriefForm, discussion_forms
from incidents.statements.rows import StatementPage

DRAFT = "incidents.draft_statement"
FOLDER = "incidents/statements/"
LINKS = ("corrects", "supersedes")


def find(incident: Incident, number: int) -> Statement:
    found = get_object_or_404(incident.statements.select_related("audience"), number=number)
    found.incident = incident
    return found


def key_of(incident: Incident, number: int) -> Statement:
    """Return what a verb needs to find a statement: it reads it anew once it holds the lock."""
    return get_object_or_404(incident.statements.only("incident_id"), number=number)


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
    kept = fresh.kept(request, page=request.path, at=request.at)
    context = {
        "incident": incident,
        "number": number,
        "page": row,
        "again": again(kept, row) if kept else {},
        "present": company.present(found, but=request.user, at=request.at),
        **discussion_forms(row.discussion, answering=number_in(request, "answer")),
    }
    return render(request, f"{FOLDER}page.html", context)


def again(kept: fresh.Kept, row: StatementPage) -> dict[str, Any]:
    """What was typed and did not count; the form opens over the text it was about, and no other."""
    stands = bool(row.version and kept["fingerprint"] == row.version.fingerprint)
    words = kept["reason"] if kept.asked.startswith("withdraw") else kept["note"]
    return {kept.asked: words, "attests": kept.asked == "attest" and stands}


@incident_view(DRAFT, method="GET")
def new(request: DeskRequest, incident: Incident) -> HttpResponse:
    """
    A blank one; or the correction (`?corrects=`) or successor (`?supersedes=`) of a published one.

    That one stays as it is.
    """
    after = _after(incident, number_in(request, "corrects"), number_in(request, "supersedes"))
    initial: dict[str, Any] = {"language": incident.language, "audience": "public"}
    if after is not None:
        initial = _begun_after(after)
    form = BriefForm(initial=initial, kinds=_kinds(after))
    return render(
        request, f"{FOLDER}new.html", {"incident": incident, "form": form, "after": after}
    )


@incident_view(DRAFT, method="POST")
def draft(request: DeskRequest, incident: Incident) -> HttpResponse:
    wrong, before = (whole_number(request.POST.get(name, "")) for name in LINKS)
    after = _after(incident, wrong, before)
    form = BriefForm(request.POST, kinds=_kinds(after))
    if not form.is_valid():
        context = {"incident": incident, "form": form, "after": after}
        return invalid(
            request, fragment=f"{FOLDER}new.html#form", page=f"{FOLDER}new.html", context=context
        )
    corrected, superseded = (_numbered(incident, form.cleaned_data[name]) for name in LINKS)
    model = corrected or superseded
    newest = model.versions.order_by("-number").first() if model else None
    made = actions.draft_statement(
        incident,
        **form.facts,
        corrects=corrected,
        supersedes=superseded,
        text=newest.text if newest else "",
        taken_from=newest,
        by=request.user,
        at=request.at,
    )
    return done(request, page=address("statement-edit", incident, made.number), move=True)


def _after(incident: Incident, wrong: int | None, before: int | None) -> standing.AfterRow | None:
    """Return what a new statement sets right or takes the place of; it was published."""
    model = _numbered(incident, wrong) or _numbered(incident, before)
    return standing.after(model, corrects=bool(wrong)) if model else None


def _begun_after(after: standing.AfterRow) -> dict[str, Any]:
    """Return a brief that carries over what the other statement is."""
    brief = _brief(after.statement)
    if not after.corrects:
        return {**brief, "supersedes": after.statement.number}
    title = _("Correction of: %(title)s") % {"title": after.statement.title}
    kind = Statement.Kind.CORRECTION
    return {**brief, "title": title[:200], "kind": kind, "corrects": after.statement.number}


def _kinds(after: standing.AfterRow | None) -> tuple[str, ...]:
    return rules.KINDS_TO_CORRECT if after and after.corrects else rules.KINDS_TO_BEGIN


def _numbered(incident: Incident, number: int | None) -> Statement | None:
    return incident.statements.filter(number=number or 0).first()


@incident_view(DRAFT, method="GET")
def brief(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = BriefForm(initial=_brief(found), kinds=_kinds_of(found))
    context = {"incident": incident, "form": form, "statement": found}
    return render(request, f"{FOLDER}new.html", context)


def _kinds_of(statement: Statement) -> tuple[str, ...]:
    if statement.kind == Statement.Kind.LINE:
        return (statement.kind,)
    return rules.KINDS_TO_CORRECT if statement.corrects_id else rules.KINDS_TO_BEGIN


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
    form = BriefForm(request.POST, kinds=_kinds_of(found))
    if not form.is_valid():
        context = {"incident": incident, "form": form, "statement": found}
        return invalid(
            request, fragment=f"{FOLDER}new.html#form", page=f"{FOLDER}new.html", context=context
        )
    actions.change_brief(found, **form.facts, by=request.user, at=request.at)
    return done(request, page=address("statement-edit", incident, number), move=True)


@incident_view(DRAFT, method="POST")
def go_back(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    number_given = whole_number(request.POST.get("version", ""))
    version = get_object_or_404(found.versions, number=number_given or 0)
    actions.go_back_to(found, version=version, by=request.user, at=request.at)
    return done(request, page=address("statement-edit", incident, number), move=True)
