"""Pages of people and teams."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crisisdesk.kit.http import DeskRequest
from teams import actions, queries, wording
from teams.forms import ProfileForm
from teams.models import Audience, JournalEntry, Role, User
from teams.reading import keep_preferences


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
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        at = now()
        actions.change_person(request.user, changes={"name": given["name"]}, by=request.user, at=at)
        keep_preferences(
            request.user, language=given["language"], zone=given["zone"], theme=given["theme"]
        )
        with override(given["language"]):
            messages.success(request, _("Your profile is saved."))
        return _remember(redirect("teams:profile"), given["language"])
    status = 422 if request.method == "POST" else 200
    return render(request, "teams/profile.html", {"form": form}, status=status)


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
    context = {
        "team": found,
        "members": queries.member_rows(found, at=at),
        "roles": Role.objects.all(),
        "audiences": Audience.objects.all(),
    }
    return render(request, "teams/team.html", context)


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
