"""Opening, and the page on which an incident is moved."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view, rights
from incidents.lifecycle import actions, queries
from incidents.lifecycle.forms import AccessForm, LibraryForm, MoveForm, OpenForm
from incidents.models import Incident
from incidents.statements import prepared, prepared_rows
from teams.access import KEEP, READ, team_view
from teams.models import Team

MOVE = "incidents.change_status"
PREPARED = "incidents/statements/prepared/team.html"


@login_required
@require_http_methods(["GET", "POST"])
def open_incident(request: DeskRequest) -> HttpResponse:
    """Anyone of a team opens its incidents."""
    request.at = now()
    form = OpenForm(request.POST or None, request.FILES or None, user=request.user, at=request.at)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        incident = actions.open_incident(
            given["team"],
            title=given["title"],
            kind=given["kind"],
            what_happened=given["what_happened"],
            occurred=given["first_seen"],
            where=given["where"],
            link=given["link"],
            confidentiality=given["confidentiality"],
            is_drill=given["is_drill"],
            key=given["key"],
            captures=[given["capture"]] if given["capture"] else [],
            by=request.user,
            at=request.at,
        )
        return done(request, page=_room(incident), move=True)
    status = 422 if request.method == "POST" else 200
    return render(request, "incidents/lifecycle/open.html", {"form": form}, status=status)


@team_view(READ, method="GET")
def prepared_texts(request: DeskRequest, team: Team) -> HttpResponse:
    """The team's prepared texts that may be used; before, what opens them."""
    form = LibraryForm(team=team, at=request.at, initial={"communications_lead": request.user.uuid})
    return render(request, PREPARED, _prepared(request, team, form))


@team_view(KEEP, method="POST")
def prepared_open(request: DeskRequest, team: Team) -> HttpResponse:
    form = LibraryForm(request.POST, team=team, at=request.at)
    if not form.is_valid():
        context = _prepared(request, team, form)
        return invalid(request, fragment=f"{PREPARED}#open", page=PREPARED, context=context)
    actions.open_library(team, holders=form.holders, by=request.user, at=request.at)
    return done(request, page=reverse("incidents:prepared-texts", args=[team.slug]), move=True)


def _prepared(request: DeskRequest, team: Team, form: LibraryForm) -> dict[str, Any]:
    library = prepared.library_of(team)
    return {
        "team": team,
        "library": library,
        "form": form,
        "rows": prepared_rows.good_texts(team, at=request.at),
        "under_way": prepared_rows.under_way(team) if library else 0,
        "may_keep": KEEP in request.rights,
        "may_enter": bool(library and rights(request.user, library, at=request.at)),
    }


@incident_view(VIEW, method="GET")
def state(request: DeskRequest, incident: Incident) -> HttpResponse:
    return render(request, "incidents/lifecycle/page.html", _page(request, incident))


@incident_view(MOVE, method="POST")
def status_change(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = MoveForm(request.POST, moves=queries.moves(incident))
    if not form.is_valid():
        return _again(request, incident, move_form=form)
    actions.change_status(
        incident,
        to=form.cleaned_data["to"],
        reason=form.cleaned_data["reason"],
        without_post_mortem=form.cleaned_data.get("without_post_mortem", False),
        by=request.user,
        at=request.at,
    )
    return done(request, page=_room(incident), move=True)


@incident_view(MOVE, method="POST")
def confidentiality_change(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = AccessForm(request.POST, auto_id="access_%s")
    if not form.is_valid():
        return _again(request, incident, access_form=form)
    actions.change_confidentiality(
        incident,
        to=form.cleaned_data["to"],
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=request.at,
    )
    return done(request, page=_room(incident), move=True)


def _again(request: DeskRequest, incident: Incident, **forms: Any) -> HttpResponse:
    page = "incidents/lifecycle/page.html"
    part = "#move" if "move_form" in forms else "#access"
    template = page + part if request.htmx else page
    return render(request, template, {**_page(request, incident), **forms}, status=422)


def _page(request: DeskRequest, incident: Incident) -> dict[str, Any]:
    moves = queries.moves(incident)
    restricted = Incident.Confidentiality.RESTRICTED
    is_restricted = incident.confidentiality == restricted
    other = Incident.Confidentiality.TEAM if is_restricted else restricted
    return {
        "incident": incident,
        "may_move": "change_status" in request.rights,
        "move_form": MoveForm(moves=moves, initial={"to": moves[0].to}),
        "access_form": AccessForm(initial={"to": other}, auto_id="access_%s"),
        "audience": queries.audience(incident, at=request.at),
        "is_restricted": is_restricted,
    }


def _room(incident: Incident) -> str:
    return reverse("incidents:room", args=[incident.reference])
