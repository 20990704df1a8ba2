"""Pages of people and teams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest
from crisisdesk.kit.refusals import Refused
from teams import actions, queries, wording
from teams.access import KEEP, team_view
from teams.forms import AbsenceForm, HandOverForm, ProfileForm, StandInForm
from teams.models import (
    Absence,
    Audience,
    Delegation,
    JournalEntry,
    Membership,
    Role,
    StandIn,
    Team,
    User,
)
from teams.reading import PREFERENCES, keep_preferences


@dataclass(frozen=True)
class JournalRow:
    number: int
    entry: JournalEntry
    actor: str
    sentence: str
    changes: list[str]


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: DeskRequest) -> HttpResponse:
    request.at, page = now(), reverse("teams:profile")
    person = User.objects.get(pk=request.user.pk)
    before = set(person.reads)
    kept = fresh.kept(request, page=page, at=request.at) if request.method == "GET" else None
    form = ProfileForm(request.POST or None, instance=person, initial=kept.typed if kept else None)
    if kept:
        form.initial["reads"] = kept.every("reads")
    if request.method == "POST" and form.is_valid():
        # Which languages somebody reads says what they may sign without a reader.
        told = set(form.cleaned_data["reads"]) != before
        if told and not fresh.fresh(request, at=request.at):
            return fresh.confirm_first(request, page=page, asked="profile")
        fresh.forget(request, page=page)
        return _profile_kept(request, form.cleaned_data, told=told)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "kept": bool(kept)}
    return render(request, "teams/profile.html", context, status=status)


def _profile_kept(request: DeskRequest, given: dict[str, Any], *, told: bool) -> HttpResponse:
    who, at = request.user, request.at
    followed = ("name", "reads") if told else ("name",)
    actions.change_person(who, changes={name: given[name] for name in followed}, by=who, at=at)
    keep_preferences(who, **{name: given[name] for name in PREFERENCES})
    with override(given["language"]):
        messages.success(request, _("Your profile is saved."))
    return _remember(redirect("teams:profile"), given["language"])


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the account, or signed out with the browser."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = get_language() or settings.LANGUAGE_CODE
    if isinstance(request.user, User):
        keep_preferences(request.user, language=language)
    return _remember(HttpResponseRedirect(_next(request)), language)


@login_required
@require_POST
def switch_theme(request: DeskRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme in User.Theme.values:
        keep_preferences(request.user, theme=theme)
    return HttpResponseRedirect(_next(request))


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    rows = queries.team_rows(request.user, at=now())
    if len(rows) == 1:
        return redirect("teams:team", rows[0].slug)
    return render(request, "teams/index.html", {"rows": rows})


@login_required
@require_GET
def team(request: DeskRequest, slug: str) -> HttpResponse:
    at = now()
    found = get_object_or_404(queries.teams_for(request.user, at=at), slug=slug)
    return _team_page(request, found, at=at)


@team_view(KEEP, method="POST")
@fresh.asked_first
def list_stand_in(request: DeskRequest, found: Team) -> HttpResponse:
    at = request.at
    form = StandInForm(request.POST, people=_people(found, at=at))
    if form.is_valid() and _did(
        form, lambda given: actions.list_stand_in(found, **given, by=request.user, at=at)
    ):
        return redirect(f"{reverse('teams:team', args=[found.slug])}#stand-ins")
    return _team_page(request, found, at=at, form=form)


@team_view(KEEP, method="POST")
@fresh.asked_first
def raise_stand_in(request: DeskRequest, found: Team, stand_in: int) -> HttpResponse:
    at = request.at
    listed = get_object_or_404(StandIn, team=found, pk=stand_in)
    actions.raise_stand_in(listed, by=request.user, at=at)
    return redirect(f"{reverse('teams:team', args=[found.slug])}#stand-ins")


@team_view(KEEP, method="POST")
@fresh.asked_first
def unlist_stand_in(request: DeskRequest, found: Team, stand_in: int) -> HttpResponse:
    at = request.at
    listed = get_object_or_404(StandIn, team=found, pk=stand_in)
    actions.unlist_stand_in(listed, by=request.user, at=at)
    return redirect(f"{reverse('teams:team', args=[found.slug])}#stand-ins")


def _kept_team(request: DeskRequest, slug: str, *, at: datetime) -> Team:
    """Return a team of which the reader keeps people and lists; 404 for strangers, else 403."""
    found = get_object_or_404(queries.teams_for(request.user, at=at), slug=slug)
    if not queries.administers(request.user, [found], at=at):
        raise PermissionDenied(_("An administrator of the team does this. Nothing was changed."))
    return found


def _team_page(
    request: DeskRequest, found: Team, *, at: datetime, form: StandInForm | None = None
) -> HttpResponse:
    keeps = queries.administers(request.user, [found], at=at)
    here = queries.members(found, at=at)
    hand_overs = Delegation.objects.filter(team=found)
    context = {
        "team": found,
        "members": queries.member_rows(found, at=at),
        "roles": Role.objects.all(),
        "audiences": Audience.objects.all(),
        "absences": queries.absence_rows(here, at=at),
        "hand_overs": queries.hand_over_rows(hand_overs, reader=request.user, at=at),
        "lists": queries.list_rows(found, at=at),
        "keeps": keeps,
        "form": (form or StandInForm(people=_people(found, at=at))) if keeps else None,
    }
    return render(request, "teams/team.html", context, status=422 if form else 200)


@login_required
@require_GET
def absence(request: DeskRequest, person: UUID | None = None) -> HttpResponse:
    at = now()
    found = _person(request, person or request.user.uuid, at=at)
    kept = fresh.kept(request, page=_absence_of(request, found), at=at)
    return _absence_page(request, found, at=at, kept=kept)


@login_required
@require_POST
def record_absence(request: DeskRequest, person: UUID) -> HttpResponse:
    at = now()
    found = _person(request, person, at=at)
    form = AbsenceForm(request.POST, zone=request.user.zone, at=at)
    asked = fresh.confirm_here(request, at=at) if form.is_valid() else None
    if asked is not None:
        return asked
    if form.is_valid() and _did(
        form, lambda given: actions.record_absence(found, **given, by=request.user, at=at)
    ):
        return _to_absence(request, found)
    return _absence_page(request, found, at=at, absence_form=form)


@login_required
@require_POST
def delegate_signoff(request: DeskRequest, person: UUID) -> HttpResponse:
    request.at = at = now()
    found = _person(request, person, at=at)
    page = _absence_of(request, found)
    form = _hand_over_form(request, found, at=at, given=request.POST)
    if form.is_valid() and not fresh.fresh(request, at=at):
        return fresh.confirm_first(request, page=page, asked="hand-over")
    if form.is_valid() and _did(
        form, lambda given: actions.delegate_signoff(found, **given, by=request.user, at=at)
    ):
        fresh.forget(request, page=page)
        return redirect(page)
    return _absence_page(request, found, at=at, hand_over_form=form)


@login_required
@require_POST
def cancel_absence(request: DeskRequest, absence: int) -> HttpResponse:
    at = now()
    found = get_object_or_404(Absence.objects.select_related("user"), pk=absence)
    person = _person(request, found.user.uuid, at=at)
    asked = fresh.confirm_here(request, at=at)
    if asked is not None:
        return asked
    actions.cancel_absence(found, by=request.user, at=at)
    return _to_absence(request, person)


@login_required
@require_POST
def revoke_delegation(request: DeskRequest, delegation: int) -> HttpResponse:
    at = now()
    seen = Delegation.objects.select_related("giver", "team").filter(
        team__in=queries.teams_for(request.user, at=at).values("pk")
    )
    found = get_object_or_404(seen, pk=delegation)
    if found.giver != request.user:
        _kept_team(request, found.team.slug, at=at)
    asked = fresh.confirm_here(request, at=at)
    if asked is not None:
        return asked
    actions.revoke_delegation(found, by=request.user, at=at)
    return _to_absence(request, found.giver)


def _person(request: DeskRequest, uuid: UUID, *, at: datetime) -> User:
    """Return the reader, or somebody whose team they keep; 404 for strangers, 403 for colleagues."""
    if uuid == request.user.uuid:
        return request.user
    seen = Membership.objects.filter(
        queries.running(at), team__in=queries.teams_for(request.user, at=at).values("pk")
    )
    found = get_object_or_404(User, uuid=uuid, pk__in=seen.values("user"))
    if not queries.administers(request.user, queries.teams_of(found, at=at), at=at):
        raise PermissionDenied(
            _("Only %(name)s or an administrator of the team does this. Nothing was changed.")
            % {"name": found.name}
        )
    return found


def _absence_page(
    request: DeskRequest,
    person: User,
    *,
    at: datetime,
    absence_form: AbsenceForm | None = None,
    hand_over_form: HandOverForm | None = None,
    kept: fresh.Kept | None = None,
) -> HttpResponse:
    """Show absences and hand-overs; `kept` is a hand-over that was sent and did not count."""
    teams = _shared_teams(request, person, at=at)
    given = Delegation.objects.filter(giver=person, team__in=teams.values("pk"))
    received = Delegation.objects.filter(receiver=person, team__in=teams.values("pk"))
    context = {
        "person": person,
        "is_own": person == request.user,
        "teams": teams,
        "several_teams": len(teams) > 1,
        "absences": queries.absence_rows(User.objects.filter(pk=person.pk), at=at),
        "given": queries.hand_over_rows(given, reader=request.user, at=at),
        "received": queries.hand_over_rows(received, reader=request.user, at=at),
        "absence_form": absence_form or AbsenceForm(zone=request.user.zone, at=at),
        "hand_over_form": hand_over_form
        or _hand_over_form(request, person, at=at, typed=kept.typed if kept else None),
        "kept": bool(kept),
    }
    status = 422 if absence_form or hand_over_form else 200
    return render(request, "teams/absence.html", context, status=status)


def _hand_over_form(
    request: DeskRequest,
    person: User,
    *,
    at: datetime,
    given: QueryDict | None = None,
    typed: Mapping[str, str] | None = None,
) -> HandOverForm:
    teams = _shared_teams(request, person, at=at)
    return HandOverForm(
        given,
        initial=dict(typed or {}),
        giver=person,
        teams=teams,
        people=_people(*teams, at=at),
        zone=request.user.zone,
        at=at,
    )


def _shared_teams(request: DeskRequest, person: User, *, at: datetime) -> QuerySet[Team]:
    """Return the teams of a person that the reader may look into."""
    own = queries.teams_of(person, at=at)
    return own.filter(pk__in=queries.teams_for(request.user, at=at).values("pk"))


def _people(*teams: Team, at: datetime) -> QuerySet[User]:
    """Return who is in any of these teams, with their function."""
    here = Membership.objects.filter(queries.running(at), team__in=teams)
    found = User.objects.filter(is_active=True, pk__in=here.values("user"))
    return found.select_related("function")


def _did(form: BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Do what the form says; a refusal stands above the form, which keeps its words."""
    try:
        act(form.cleaned_data)
    except Refused as no:
        form.add_error(None, str(no))
        return False
    return True


def _to_absence(request: DeskRequest, person: User) -> HttpResponse:
    fresh.forget(request, page=fresh.once_more(request.get_full_path()))
    return redirect(_absence_of(request, person))


def _absence_of(request: DeskRequest, person: User) -> str:
    if person == request.user:
        return reverse("teams:absence")
    return reverse("teams:absence-of", args=[person.uuid])


@login_required
@require_GET
def journal(request: DeskRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(queries.teams_for(request.user, at=now()), slug=slug)
    page = Paginator(queries.journal(found), 50).get_page(request.GET.get("page"))
    checked = "check" in request.GET
    context = {
        "team": found,
        "page": page,
        "rows": [_journal_row(entry) for entry in page],
        "checked": checked,
        "fault": queries.journal_fault(found) if checked else None,
    }
    return render(request, "teams/journal.html", context)


def _journal_row(entry: JournalEntry) -> JournalRow:
    body = entry.content.body
    actor = body["actor"]["name"] if body["actor"] else _("The operator")
    changes = [wording.change(c) for c in body["facts"].get("changes", [])]
    return JournalRow(
        entry.number, entry, actor, wording.sentence(body["kind"], body["facts"]), changes
    )


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def _remember(response: HttpResponse, language: str) -> HttpResponse:
    """Let the sign-in page speak the language that was chosen last on this device."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response
