"""
The one gate to an incident, and to a single statement. No view loads one any other way.

A stranger learns nothing (404); a colleague in the room without the right is told so (403).
Rights come from membership of the owning team (team incidents: view and log) and from
guardian's grants, whose ends are checked here. Nobody is let in for being a superuser, and
whoever is excluded from an incident is a stranger to it, whatever else they hold.

Somebody from outside is let in to one statement until a time, and nowhere else: for an account
that has nothing but that, the other addresses of the desk do not exist (`OutsideMiddleware`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crisisdesk.kit.http import DeskRequest, declare
from incidents.models import (
    Exclusion,
    ExternalApprover,
    Incident,
    IncidentUserPermission,
    Statement,
    StatementUserPermission,
)
from incidents.models.incident import IncidentQuerySet
from teams.models import Membership, User
from teams.queries import running

VIEW: Final = "incidents.view_incident"
SEE_STATEMENT: Final = "incidents.view_statement"
SIGN_STATEMENT: Final = "incidents.sign_statement"
# What stands among the codenames of somebody who is excluded: no permission is called so.
EXCLUDED: Final = "!excluded"
TEAM_MEMBER: Final = frozenset({"view_incident", "log_entry"})
# In a library of prepared texts one writes, discusses, signs and gives out roles; nothing goes out.
IN_A_LIBRARY: Final = frozenset(
    {"view_incident", "log_entry", "add_evidence", "comment", "draft_statement", "assign_role"}
    | {"see_privileged", "classify_privileged"}
)
PAGES_OF_A_LIBRARY: Final = frozenset(
    {"statements", "signoff", "roles", "timeline", "evidence", "reminders", "board"}
)


def visible_to(user: User, *, at: datetime) -> IncidentQuerySet:
    """Return the incidents this person may see: for lists, counts and search. No library is one."""
    return open_to(user, at=at).filter(is_library=False)


def open_to(user: User, *, at: datetime) -> IncidentQuerySet:
    """Return whatever has a door that opens for this person: incidents, and prepared texts."""
    if not user.is_active:
        return Incident.objects.none()
    teams = Membership.objects.filter(running(at), user=user).values("team")
    granted = IncidentUserPermission.objects.filter(
        running(at), user=user, permission__codename="view_incident"
    ).values("content_object")
    return Incident.objects.filter(
        Q(confidentiality=Incident.Confidentiality.TEAM, team__in=teams) | Q(pk__in=granted)
    ).exclude(pk__in=closed_to(user))


def rights(user: User, incident: Incident, *, at: datetime) -> frozenset[str]:
    """Return the codenames of everything this person may do here, now; empty for a stranger."""
    if not user.is_active:
        return frozenset()
    barred = Exclusion.objects.filter(incident=incident, user=user, ended_at=None)
    granted = IncidentUserPermission.objects.filter(
        running(at), user=user, content_object=incident
    ).values_list("permission__codename")
    found = granted.union(barred.values_list(Value(EXCLUDED)), all=True)
    held = {codename for (codename,) in found}
    if EXCLUDED in held:
        return frozenset()
    # Whoever has a role here has these by it, and only the others are asked about.
    if not held >= TEAM_MEMBER and _is_in_the_team(user, incident, at=at):
        held |= TEAM_MEMBER
    if incident.is_library:
        held &= IN_A_LIBRARY
    return frozenset(held) if "view_incident" in held else frozenset()


def closed_to(user: User) -> QuerySet[Exclusion, Any]:
    """Return the incidents of which the person is the subject, and out of them."""
    return Exclusion.objects.filter(user=user, ended_at=None).values("incident")


def _is_in_the_team(user: User, incident: Incident, *, at: datetime) -> bool:
    return (
        incident.confidentiality == Incident.Confidentiality.TEAM
        and Membership.objects.filter(running(at), user=user, team=incident.team_id).exists()
    )


def is_excluded(user: User, incident: Incident) -> bool:
    return closed_to(user).filter(incident=incident).exists()


def people_of(incident: Incident, *, at: datetime) -> QuerySet[User]:
    """Return the people who can enter the room now."""
    granted = IncidentUserPermission.objects.filter(
        running(at), content_object=incident, permission__codename="view_incident"
    ).values("user")
    inside = Q(pk__in=granted)
    if incident.confidentiality == Incident.Confidentiality.TEAM:
        members = Membership.objects.filter(running(at), team=incident.team_id).values("user")
        inside |= Q(pk__in=members)
    barred = Exclusion.objects.filter(incident=incident, ended_at=None).values("user")
    return User.objects.filter(inside, is_active=True).exclude(pk__in=barred)


def enters(person: str, incident: str, *, at: datetime) -> Q:
    """Return, for a query of rows that name a person and an incident, which of them may enter it."""
    here = {"user": OuterRef(person)}
    granted = IncidentUserPermission.objects.filter(
        running(at),
        content_object=OuterRef(incident),
        permission__codename="view_incident",
        **here,
    )
    member = Membership.objects.filter(running(at), team=OuterRef(f"{incident}__team"), **here)
    barred = Exclusion.objects.filter(incident=OuterRef(incident), ended_at=None, **here)
    of_the_team = Q(**{f"{incident}__confidentiality": Incident.Confidentiality.TEAM})
    return Q(
        Q(Exists(granted)) | (of_the_team & Q(Exists(member))),
        ~Q(Exists(barred)),
        **{f"{person}__is_active": True},
    )


def may(user: User, incident: Incident, permission: str, *, at: datetime) -> bool:
    return permission.removeprefix("incidents.") in rights(user, incident, at=at)


def get_incident(
    user: User, reference: str, permission: str = VIEW, *, at: datetime
) -> tuple[Incident, frozenset[str]]:
    """Return the incident and the rights in it; 404 when unseen, 403 when not allowed."""
    try:
        incident = Incident.objects.select_related("team").get(reference=reference)
    except Incident.DoesNotExist:
        raise Http404 from None
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
        @wraps(view)
        def gated(request: DeskRequest, reference: str, **kwargs: Any) -> HttpResponse:
            request.at = now()
            incident, request.rights = get_incident(
                request.user, reference, permission, at=request.at
            )
            if incident.is_library and view.__module__.split(".")[1] not in PAGES_OF_A_LIBRARY:
                raise Http404
            if request.method != method:  # said only to whom the incident exists
                return HttpResponseNotAllowed([method])
            request.incident = incident
            return view(request, incident, **kwargs)

        return declare(gated, permission=permission, guards_an_incident=True)

    return decorate


# One statement, for somebody from outside


def statement_rights(user: User, statement: Statement, *, at: datetime) -> frozenset[str]:
    """Return what a person from outside may do with one statement, now; empty for a stranger."""
    if not user.is_active or is_excluded(user, statement.incident):
        return frozenset()
    granted = StatementUserPermission.objects.filter(
        user=user, content_object=statement, ends_at__gt=at
    )
    held = frozenset(granted.values_list("permission__codename", flat=True))
    return held if "view_statement" in held else frozenset()


def statements_shown_to(user: User, *, at: datetime) -> QuerySet[Statement]:
    """Return the statements that a person from outside may see now, the newest first."""
    if not user.is_active:
        return Statement.objects.none()
    granted = StatementUserPermission.objects.filter(
        user=user, ends_at__gt=at, permission__codename="view_statement"
    )
    found = Statement.objects.filter(pk__in=granted.values("content_object"))
    return (
        found.exclude(incident__in=closed_to(user)).select_related("incident__team").order_by("-pk")
    )


def get_statement(
    user: User, uuid: UUID, permission: str = SEE_STATEMENT, *, at: datetime
) -> tuple[Statement, frozenset[str]]:
    """Return the statement and the rights in it alone; 404 when unseen, 403 when not allowed."""
    found = Statement.objects.select_related("incident__team", "audience").filter(uuid=uuid).first()
    if found is None:
        raise Http404
    held = statement_rights(user, found, at=at)
    if not held:
        raise Http404
    if permission.removeprefix("incidents.") not in held:
        raise PermissionDenied(_("This text is shown to you to read. Your sign-off is not asked."))
    return found, held


def statement_view(permission: str, *, method: str) -> Callable[..., Any]:
    """
    Declare what somebody from outside may call about the one statement that they are shown.

    The view's URL holds `<uuid:statement>`; the request gains `at` and `rights`. The page is
    told nothing of the incident.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @require_http_methods([method])
        @wraps(view)
        def gated(request: DeskRequest, statement: UUID, **kwargs: Any) -> HttpResponse:
            request.at = now()
            found, request.rights = get_statement(
                request.user, statement, permission, at=request.at
            )
            return view(request, found, **kwargs)

        return declare(gated, permission=permission)

    return decorate


def own_statements(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand a view the statements that whoever asks is shown; for anybody else there are none."""

    @login_required
    @require_http_methods(["GET"])
    @wraps(view)
    def gated(request: DeskRequest) -> HttpResponse:
        request.at = now()
        return view(request, statements_shown_to(request.user, at=request.at))

    return declare(gated, permission=SEE_STATEMENT)


def from_outside(*, at: datetime) -> QuerySet[User]:
    """Return the accounts that single statements were shown to and that have nothing else."""
    member = Membership.objects.filter(running(at), user=OuterRef("pk"))
    inside = IncidentUserPermission.objects.filter(
        running(at), user=OuterRef("pk"), permission__codename="view_incident"
    )
    invited = ExternalApprover.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(invited), ~Exists(member), ~Exists(inside), is_staff=False, is_active=True
    )


class OutsideMiddleware:
    """
    Keep an account that is limited to single statements there: nothing else exists for it.

    Its own profile, the ways in and out and the list of what it is shown stay open. Templates
    ask `request.is_outside` before they offer what would not open.
    """

    OPEN: Final = frozenset({"teams:profile", "teams:language-switch", "teams:theme-switch"})
    ITS_OWN: Final = "incidents:for-signature"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponse:
        request.is_outside = SimpleLazyObject(lambda: self._is_outside(request))
        return self.get_response(request)

    def process_view(self, request: DeskRequest, *_called: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        own = name.startswith(self.ITS_OWN) or request.path.startswith("/accounts/")
        # The gate of an incident answers 404 by itself to whoever has no right in it.
        gated = match is not None and hasattr(match.func, "guards_an_incident")
        if own or gated or name in self.OPEN or not request.is_outside:
            return None
        if name == "incidents:desk":
            return redirect(self.ITS_OWN)
        raise Http404

    def _is_outside(self, request: HttpRequest) -> bool:
        user = getattr(request, "user", None)
        if not isinstance(user, User) or user.is_staff:
            return False
        return from_outside(at=now()).filter(pk=user.pk).exists()
