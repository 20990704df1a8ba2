"""Pages of a team's approval policies: the list, one to fill in, its versions, the question."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, invalid
from crisisdesk.kit.questions import read_only
from incidents.access import visible_to
from incidents.models import Policy
from incidents.signoff.actions import policies as actions
from incidents.signoff.forms import ALL, PolicyForm, QuestionForm, filled
from incidents.signoff.policies import checks, preview, rows
from incidents.signoff.policies.checks import Known
from incidents.signoff.policies.terms import StageBody, Terms, terms_of
from teams.access import KEEP, READ, team_view
from teams.models import Team

LIST: Final = "incidents/signoff/policies/list.html"
EDIT: Final = "incidents/signoff/policies/edit.html"
ANSWER: Final = "incidents/signoff/policies/answer.html"
VERSIONS: Final = "incidents/signoff/policies/versions.html"
FIRST_STAGE: Final[StageBody] = {
    "roles": [], "people": [], "needed": None, "minutes": 20, "told": [],
}  # fmt: skip
MOST_INCIDENTS: Final = 50


@team_view(READ, method="GET")
def policies(request: DeskRequest, team: Team) -> HttpResponse:
    known = rows.known(team, at=request.at)
    form = _question_form(request, team, known, preview.Question())
    return render(request, LIST, _list(request, team, known, form))


@team_view(READ, method="POST")
def ask(request: DeskRequest, team: Team) -> HttpResponse:
    """A question: what a statement like this would ask today. Nothing is written."""
    with read_only():
        known = rows.known(team, at=request.at)
        form = _question_form(request, team, known)
        if request.htmx:
            context = {"answer": _answer(request, form, known.in_force, known), "question": form}
            return render(request, ANSWER, context)
        return render(request, LIST, _list(request, team, known, form))


@team_view(KEEP, method="GET")
def new(request: DeskRequest, team: Team) -> HttpResponse:
    known = rows.known(team, at=request.at)
    terms = Terms("", "", (FIRST_STAGE,), always=("legal_counsel",))
    form = PolicyForm(known=known, initial=filled(terms, spare=0))
    asked = _question_form(request, team, known, preview.Question())
    return render(request, EDIT, _edit(request, team, known, form, asked))


@team_view(KEEP, method="GET")
def edit(request: DeskRequest, team: Team, pk: int) -> HttpResponse:
    policy, known = _policy(team, pk), rows.known(team, at=request.at)
    terms = terms_of(policy)
    form = PolicyForm(known=known, instead_of=policy, initial=filled(terms))
    asked = _question_form(request, team, known, preview.about(terms))
    return render(request, EDIT, _edit(request, team, known, form, asked, policy))


@team_view(KEEP, method="POST")
def rehearse(request: DeskRequest, team: Team) -> HttpResponse:
    """A question: what this policy would set in motion, were it saved; also adds a stage's fields."""
    with read_only():
        known = rows.known(team, at=request.at)
        policy = (
            _policy(team, int(pk)) if (pk := request.POST.get("policy", "")).isdigit() else None
        )
        more = "more" in request.POST
        form = PolicyForm(_grown(request.POST, more=more), known=known, instead_of=policy)
        asked = _question_form(request, team, known)
        follows = "follows" in request.POST
        if follows:
            asked = _followed(request, team, known, form, asked)
        context = _edit(request, team, known, form, asked, policy)
        context |= {"rehearsed": True, "grown": more, "follows": follows and not more}
        if not request.htmx:
            return render(request, EDIT, context)
        return render(request, f"{EDIT}#form" if more else ANSWER, context)


def _followed(
    request: DeskRequest, team: Team, known: Known, form: PolicyForm, asked: QuestionForm
) -> QuestionForm:
    """Ask about a statement that the policy is for, as its conditions are being changed."""
    form.full_clean()
    if not asked.is_valid():
        return _question_form(request, team, known, preview.about(form.terms))
    wanted = preview.following(asked.question, form.terms)
    about = request.POST.get("q-incident", "")
    return _question_form(request, team, known, wanted, about=about)


@team_view(KEEP, method="POST")
@fresh.asked_first
def add(request: DeskRequest, team: Team) -> HttpResponse:
    known = rows.known(team, at=request.at)
    form = PolicyForm(request.POST, known=known)
    if not form.is_valid():
        return _again(request, team, known, form, None)
    actions.add_policy(team, terms=form.terms, by=request.user, at=request.at)
    messages.success(request, _("The policy is in force. Rounds that run keep theirs."))
    return done(request, page=_page(team), move=True)


@team_view(KEEP, method="POST")
@fresh.asked_first
def change(request: DeskRequest, team: Team, pk: int) -> HttpResponse:
    policy, known = _policy(team, pk), rows.known(team, at=request.at)
    form = PolicyForm(request.POST, known=known, instead_of=policy)
    if not form.is_valid():
        return _again(request, team, known, form, policy)
    made = actions.change_policy(
        policy, team=team, terms=form.terms, by=request.user, at=request.at
    )
    said = (
        _("Nothing differed, so no version was made.")
        if made.pk == policy.pk
        else _("Version %(n)s is in force. Rounds that run keep theirs.") % {"n": made.version}
    )
    messages.success(request, said)
    return done(request, page=_page(team), move=True)


@team_view(KEEP, method="POST")
@fresh.asked_first
def retire(request: DeskRequest, team: Team, pk: int) -> HttpResponse:
    actions.retire_policy(_policy(team, pk), team=team, by=request.user, at=request.at)
    messages.success(request, _("The policy is retired. Its versions stay."))
    return done(request, page=_page(team), move=True)


@team_view(READ, method="GET")
def versions(request: DeskRequest, team: Team, lineage: UUID) -> HttpResponse:
    found = rows.versions(team, lineage)
    if not found:
        raise Http404
    return render(request, VERSIONS, {"team": team, "versions": found})


def _policy(team: Team, pk: int) -> Policy:
    found = rows.of_team(team, pk)
    if found is None:
        raise Http404
    return found


def _grown(sent: QueryDict, *, more: bool) -> QueryDict:
    """Return what was sent, with the fields of one more stage where that was asked."""
    grown = sent.copy()
    count = sent.get("count", "")
    if more and count.isascii() and count.isdigit():
        grown["count"] = str(int(count[:3]) + 1)
        grown[f"stage_{grown['count']}_rule"] = ALL
    return grown


def _question_form(
    request: DeskRequest,
    team: Team,
    known: Known,
    asked: preview.Question | None = None,
    *,
    about: str | None = None,
) -> QuestionForm:
    """Return the question as it was sent, or `asked` to begin with: always one to answer."""
    seen = visible_to(request.user, at=request.at).filter(team=team).order_by("-opened_at")
    incidents = list(seen[:MOST_INCIDENTS])
    data = None
    if asked is not None:
        data = QueryDict(mutable=True)
        for name, value in vars(asked).items():
            data.setlist(f"q-{name}", _sent(value))
        first = incidents[0].reference if incidents else ""
        data["q-incident"] = first if about is None else about
    return QuestionForm(request.POST if data is None else data, known=known, incidents=incidents)


def _sent(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return ["" if value is None else str(value)]


def _answer(
    request: DeskRequest, form: QuestionForm, among: Any, known: Known
) -> preview.Answer | None:
    if not form.is_valid():
        return None
    return preview.answer(
        form.question, list(among), known.names, incident=form.incident_asked, at=request.at
    )


def _list(request: DeskRequest, team: Team, known: Known, form: QuestionForm) -> dict[str, Any]:
    return {
        "team": team,
        "groups": rows.groups(known),
        "may_keep": KEEP in request.rights,
        "question": form,
        "answer": _answer(request, form, known.in_force, known),
    }


def _edit(
    request: DeskRequest,
    team: Team,
    known: Known,
    form: PolicyForm,
    asked: QuestionForm,
    policy: Policy | None = None,
) -> dict[str, Any]:
    """Return the page of one policy: the form, and what it would set in motion as it stands."""
    terms = _terms(form, policy)
    after = checks.replaced(known.in_force, terms, instead_of=policy)
    with_it = _answer(request, asked, after if terms.stages else known.in_force, known)
    today = _answer(request, asked, known.in_force, known)
    return {
        "team": team,
        "form": form,
        "policy": policy,
        "question": asked,
        "answer": with_it,
        "today": today if with_it and today and today.in_words != with_it.in_words else None,
        "problems": form.non_field_errors() if form.is_bound else [],
        "warnings": [
            *checks.warnings(terms, known),
            *(checks.consequences(terms, known, instead_of=policy) if form.is_bound else []),
        ],
        "unsaved": True,
    }


def _terms(form: PolicyForm, policy: Policy | None) -> Terms:
    if form.is_bound:
        form.full_clean()
        return form.terms
    return terms_of(policy) if policy else Terms("", "", ())


def _again(
    request: DeskRequest, team: Team, known: Known, form: PolicyForm, policy: Policy | None
) -> HttpResponse:
    context = _edit(request, team, known, form, _question_form(request, team, known), policy)
    return invalid(request, fragment=f"{EDIT}#form", page=EDIT, context=context)


def _page(team: Team) -> str:
    return reverse("incidents:policies", args=[team.slug])
