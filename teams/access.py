"""The gate to a team's pages: its people read them, its administrators keep what they show."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crisisdesk.kit.http import DeskRequest, declare
from teams.queries import administers, teams_for

READ: Final = "team.view"
KEEP: Final = "team.keep"


def team_view(permission: str, *, method: str) -> Callable[..., Any]:
    """
    Declare who may call a view of a team and how; hand it the team.

    A stranger learns nothing (404); a colleague who does not administer is told so (403) where
    `KEEP` is asked. The request gains `at` and, in `rights`, `KEEP` for administrators.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @require_http_methods([method])
        @wraps(view)
        def gated(request: DeskRequest, slug: str, **kwargs: Any) -> HttpResponse:
            request.at = now()
            team = get_object_or_404(teams_for(request.user, at=request.at), slug=slug)
            keeps = administers(request.user, [team], at=request.at)
            request.rights = frozenset({KEEP}) if keeps else frozenset()
            if permission == KEEP and not keeps:
                raise PermissionDenied(_("Only an administrator of the team does this. Ask one."))
            return view(request, team, **kwargs)

        return declare(gated, permission=permission)

    return decorate
