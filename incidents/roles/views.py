"""The roles of a room: its page, its panel, one role, and what is done with them."""

from __future__ import annotations

from typing import Any, Final

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done, invalid
from incidents.access import VIEW, incident_view
from incidents.models import Assignment, Exclusion, Incident, Invitation
from incidents.roles import actions, forms, queries
from teams.models import User

ASSIGN: Final = "incidents.assign_role"
STATUS: Final = "incidents.change_status"
PAGE: Final = "incidents/roles/page.html"
ONE: Final = "incidents/roles/role.html"


@incident_view(VIEW, method="GET")
def roles(request: DeskRequest, incident: Incident) -> HttpResponse:
    """`?role=slug` chooses the role in the form."""
    return render(request, PAGE, _page(request, incident))


@incident_view(VIEW, method="GET")
def panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    context = {"incident": incident, "roles": _panel(request, incident)}
    return render(request, "incidents/roles/panel.html", context)


@incident_view(VIEW, method="GET")
def role(request: DeskRequest, incident: Incident, assignment: int) -> HttpResponse:
    return render(request, ONE, _one(request, incident, _assignment(incident, assignment)))


@incident_view(ASSIGN, method="POST")
@fresh.asked_first
def assign(request: DeskRequest, incident: Incident) -> HttpResponse:
    form = forms.AssignForm(request.POST, people=_people(request, incident))
    if not form.is_valid():
        context = {**_page(request, incident), "assign_form": form}
        return invalid(request, fragment=f"{PAGE}#assign", page=PAGE, context=context)
    actions.assign_role(
        incident,
        role=form.cleaned_data["role"],
        user=form.cleaned_data["user"],
        deputy=form.cleaned_data["deputy"],
        note=form.cleaned_data["note"],
        by=request.user,
        at=request.at,
    )
    return done(request, page=_roles(incident))


@incident_view(ASSIGN, method="POST")
def invite(request: DeskRequest, incident: Incident) -> HttpResponse:
    """Anyone of the installation can be let in: the person who invites answers for it."""
    everyone = queries.everyone(incident, at=request.at)
    form = forms.InviteForm(request.POST, people=everyone, auto_id="invite_%s")
    if not form.is_valid():
        context = {**_page(request, incident), "invite_form": form}
        return invalid(request, fragment=f"{PAGE}#invite", page=PAGE, context=context)
    stay = forms.STAYS.get(form.cleaned_data["stay"])
    actions.invite_person(
        incident,
        user=form.cleaned_data["user"],
        ends_at=request.at + stay if stay else None,
        by=request.user,
        at=request.at,
    )
    return done(request, page=_roles(incident))


@incident_view(ASSIGN, method="POST")
def invitation_end(request: DeskRequest, incident: Incident, invitation: int) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=invitation, incident=incident)
    actions.end_invitation(found, by=request.user, at=request.at)
    return done(request, page=_roles(incident))


@incident_view(STATUS, method="POST")
@fresh.asked_first
def exclude(request: DeskRequest, incident: Incident) -> HttpResponse:
    """Whoever excludes themselves is out at once, and goes to their desk."""
    everyone = queries.everyone(incident, at=request.at)
    form = forms.ExcludeForm(request.POST, people=everyone, auto_id="exclude_%s")
    if not form.is_valid():
        context = {**_page(request, incident), "exclude_form": form}
        return invalid(
            request, fragment="incidents/roles/excluded.html#exclude", page=PAGE, context=context
        )
    person = form.cleaned_data["user"]
    actions.exclude_person(
        incident, person, reason=form.cleaned_data["reason"], by=request.user, at=request.at
    )
    return done(request, page=_next(request, person, incident), move=True)


@incident_view(STATUS, method="POST")
@fresh.asked_first
def readmit(request: DeskRequest, incident: Incident, exclusion: int) -> HttpResponse:
    found = get_object_or_404(Exclusion, pk=exclusion, incident=incident)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        context = {**_page(request, incident), "readmit_errors": form.errors.get("reason", [])}
        return invalid(request, fragment=PAGE, page=PAGE, context=context)
    actions.readmit_person(
        found, reason=form.cleaned_data["reason"], by=request.user, at=request.at
    )
    return done(request, page=_roles(incident), move=True)


@incident_view(VIEW, method="POST")
def accept(request: DeskRequest, incident: Incident, assignment: int) -> HttpResponse:
    found = _assignment(incident, assignment)
    actions.accept_role(found, by=request.user, at=request.at)
    return done(request, page=_room(incident))


@incident_view(VIEW, method="POST")
def decline(request: DeskRequest, incident: Incident, assignment: int) -> HttpResponse:
    """Afterwards the person may no longer see the room: they go to their desk."""
    found = _assignment(incident, assignment)
    form = forms.ReasonForm(request.POST, auto_id="decline_%s")
    if not form.is_valid():
        return _one_invalid(request, incident, found, "decline", form)
    actions.decline_role(found, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    return done(request, page=reverse("incidents:desk"), move=True)


@incident_view(ASSIGN, method="POST")
@fresh.asked_first
def relieve(request: DeskRequest, incident: Incident, assignment: int) -> HttpResponse:
    found = _assignment(incident, assignment)
    form = forms.ReasonForm(request.POST, auto_id="relieve_%s")
    if not form.is_valid():
        return _one_invalid(request, incident, found, "relieve", form)
    actions.relieve_role(found, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
    return done(request, page=_next(request, found.user, incident), move=True)


@incident_view(ASSIGN, method="POST")
@fresh.asked_first
def deputy(request: DeskRequest, incident: Incident, assignment: int) -> HttpResponse:
    found = _assignment(incident, assignment)
    form = forms.DeputyForm(request.POST, people=_people(request, incident), auto_id="deputy_%s")
    if not form.is_valid():
        return _one_invalid(request, incident, found, "deputy", form)
    actions.name_deputy(found, deputy=form.cleaned_data["deputy"], by=request.user, at=request.at)
    return done(request, page=_roles(incident), move=True)


@incident_view(ASSIGN, method="POST")
@fresh.asked_first
def hand_over(request: DeskRequest, incident: Incident, assignment: int) -> HttpResponse:
    found = _assignment(incident, assignment)
    form = forms.HandOverForm(
        request.POST, people=_people(request, incident), auto_id="hand_over_%s"
    )
    if not form.is_valid():
        return _one_invalid(request, incident, found, "hand_over", form)
    actions.assign_role(
        incident,
        role=found.role,
        user=form.cleaned_data["user"],
        deputy=form.cleaned_data["deputy"],
        note=form.cleaned_data["note"],
        replaces=found,
        by=request.user,
        at=request.at,
    )
    return done(request, page=_next(request, found.user, incident), move=True)


def _assignment(incident: Incident, pk: int) -> Assignment:
    related = ("role", "user", "deputy", "assigned_by")
    return get_object_or_404(Assignment.objects.select_related(*related), pk=pk, incident=incident)


def _people(request: DeskRequest, incident: Incident) -> Any:
    return queries.candidates(incident, at=request.at)


def _panel(request: DeskRequest, incident: Incident) -> queries.Panel:
    return queries.panel(incident, user=request.user, rights=request.rights, at=request.at)


def _page(request: DeskRequest, incident: Incident) -> dict[str, Any]:
    people = _people(request, incident)
    return {
        "incident": incident,
        "roles": _panel(request, incident),
        "guests": queries.guests(incident, at=request.at),
        "people": queries.people_rows(people),
        "everyone": queries.people_rows(queries.everyone(incident, at=request.at)),
        "excluded": queries.excluded(incident),
        "may_assign": "assign_role" in request.rights,
        "may_exclude": "change_status" in request.rights,
        "exclude_form": forms.ExcludeForm(people=people, auto_id="exclude_%s"),
        "assign_form": forms.AssignForm(people=people, initial={"role": request.GET.get("role")}),
        "invite_form": forms.InviteForm(people=people, auto_id="invite_%s"),
    }


def _one(request: DeskRequest, incident: Incident, assignment: Assignment) -> dict[str, Any]:
    people = _people(request, incident)
    deputy_name = assignment.deputy.name if assignment.deputy else ""
    return {
        "incident": incident,
        "one": queries.detail(assignment, viewer=request.user),
        "people": queries.people_rows(people),
        "may_assign": "assign_role" in request.rights,
        "decline_form": forms.ReasonForm(auto_id="decline_%s"),
        "relieve_form": forms.ReasonForm(auto_id="relieve_%s"),
        "deputy_form": forms.DeputyForm(
            people=people, initial={"deputy": deputy_name}, auto_id="deputy_%s"
        ),
        "hand_over_form": forms.HandOverForm(people=people, auto_id="hand_over_%s"),
    }


def _one_invalid(
    request: DeskRequest,
    incident: Incident,
    assignment: Assignment,
    part: str,
    form: django_forms.Form,
) -> HttpResponse:
    context = {**_one(request, incident, assignment), f"{part}_form": form}
    return invalid(request, fragment=f"{ONE}#{part}", page=ONE, context=context)


def _next(request: DeskRequest, held_by: User, incident: Incident) -> str:
    """Return where to go on: whoever gave their own role away may no longer see the room."""
    return reverse("incidents:desk") if held_by == request.user else _roles(incident)


def _roles(incident: Incident) -> str:
    return reverse("incidents:roles", args=[incident.reference])


def _room(incident: Incident) -> str:
    return reverse("incidents:room", args=[incident.reference])
