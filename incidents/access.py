"""
The one gate to an incident. No view loads one any other way.

A stranger learns nothing (404); a colleague in the room without the right is told so (403).
Rights come from membership of the owning team (team incidents: view and log) and from
guardian's grants, whose ends are checked here. Nobody is let in for being a superuser.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crisisdesk.kit.http import DeskRequest
from incidents.models import Incident, IncidentUserPermission
from incidents.models.incident import IncidentQuerySet
from teams.models import Membership, User

VIEW: Final = "incidents.view_incident"
TEAM_MEMBER: Final = frozenset({"view_incident", "log_entry"})


def _running(at: datetime) -> Q:
    return Q(ends_at=None) | Q(ends_at__gt=at)


def visible_to(user: User, *, at: datetime) -> IncidentQuerySet:
    """Return the incidents this person may see: for the gate, lists, streams and search."""
    if not user.is_active:
        return Incident.objects.none()
    teams = Membership.objects.filter(_running(at), user=user).values("team")
    granted = IncidentUserPermission.objects.filter(
        _running(at), user=user, permission__codename="view_incident"
    ).values("content_object")
    return Incident.objects.filter(
        Q(confidentiality=Incident.Confidentiality.TEAM, team__in=teams) | Q(pk__in=granted)
    )


def rights(user: User, incident: Incident, *, at: datetime) -> frozenset[str]:
    """Return the codenames of everything this person may do here, now; empty for a stranger."""
    if not user.is_active:
        return frozenset()
    granted = IncidentUserPermission.objects.filter(
        _running(at), user=user, content_object=incident
    )
    held = set(granted.values_list("permission__codename", flat=True))
    if incident.confidentiality == Incident.Confidentiality.TEAM and (
        Membership.objects.filter(_running(at), user=user, team=incident.team_id).exists()
    ):
        held |= TEAM_MEMBER
    return frozenset(held) if "view_incident" in held else frozenset()


def people_of(incident: Incident, *, at: datetime) -> QuerySet[User]:
    """Return the people who can enter the room now."""
    granted = IncidentUserPermission.objects.filter(
        _running(at), content_object=incident, permission__codename="view_incident"
    ).values("user")
    inside = Q(pk__in=granted)
    if incident.confidentiality == Incident.Confidentiality.TEAM:
        members = Membership.objects.filter(_running(at), team=incident.team_id).values("user")
        inside |= Q(pk__in=members)
    return User.objects.filter(inside, is_active=True)


def may(user: User, incident: Incident, permission: str, *, at: datetime) -> bool:
    return permission.removeprefix("incidents.") in rights(user, incident, at=at)


def get_incident(
    user: User, reference: str, permission: str = VIEW, *, at: datetime
) -> tuple[Incident, frozenset[str]]:
    """Return the incident and the rights in it; 404 when unseen, 403 when not allowed."""
    incident = Incident.objects.select_related("team").filter(reference=reference).first()
    if incident is None:
        raise Http404
    held = rights(user, incident, at=at)
    if not held:
        raise Http404
    if permission.removeprefix("incidents.") not in held:
        raise PermissionDenied(
            _("Your role in this incident does not include this. Ask the crisis lead.")
        )
    return incident, held


def incident_view(permission: str, *, method: str) -> Callable[..., Any]:
    """
    Declare who may call a view and how; hand it the incident.

    The view's URL holds `<str:reference>`; the request gains `at` (the moment of the call) and
    `rights` (everything this person may do in this incident).
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @require_http_methods([method])
        @wraps(view)
        def gated(request: DeskRequest, reference: str, **kwargs: Any) -> HttpResponse:
            request.at = now()
            incident, request.rights = get_incident(
                request.user, reference, permission, at=request.at
            )
            request.incident = incident  # type: ignore[attr-defined]  # for the frame of the page
            return view(request, incident, **kwargs)

        gated.permission = permission  # type: ignore[attr-defined]
        return gated

    return decorate
