"""
What the address of an act is about: whose role, which person, which policy.

The act was asked behind its gate, and is shown hours later: what its reader may no longer see by
then is not named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.urls import Resolver404, resolve

from crisisdesk.sign_in.acts import ACTS
from incidents import access
from incidents.models import Assignment, Exclusion, ExternalApprover, Policy
from teams.models import Membership, StandIn, User
from teams.queries import running, teams_for

Given = Mapping[str, Any]


def subject(address: str, *, user: User, at: datetime) -> tuple[str, ...]:
    """Return the names of what an address is about, if there are any."""
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return ()
    if found.view_name not in ACTS:
        return ()
    for key, named in _NAMED.items():
        if key in found.kwargs:
            return named(found.kwargs, user, at)
    return ()


def _assignment(given: Given, user: User, at: datetime) -> tuple[str, ...]:
    known = Assignment.objects.filter(incident__in=access.open_to(user, at=at))
    one = (
        known.filter(pk=given["assignment"], incident__reference=given["reference"])
        .select_related("role", "user")
        .first()
    )
    return (one.role.name, one.user.name) if one else ()


def _exclusion(given: Given, user: User, at: datetime) -> tuple[str, ...]:
    known = Exclusion.objects.filter(incident__in=access.open_to(user, at=at))
    one = (
        known.filter(pk=given["exclusion"], incident__reference=given["reference"])
        .select_related("user")
        .first()
    )
    return (one.user.name,) if one else ()


def _approver(given: Given, user: User, at: datetime) -> tuple[str, ...]:
    known = ExternalApprover.objects.filter(statement__incident__in=access.open_to(user, at=at))
    one = (
        known.filter(pk=given["approver"], statement__incident__reference=given["reference"])
        .select_related("user")
        .first()
    )
    return (one.user.name,) if one else ()


def _stand_in(given: Given, user: User, at: datetime) -> tuple[str, ...]:
    known = StandIn.objects.filter(team__in=teams_for(user, at=at), team__slug=given["slug"])
    one = known.filter(pk=given["stand_in"]).select_related("role", "user").first()
    return (one.role.name, one.user.name) if one else ()


def _person(given: Given, user: User, at: datetime) -> tuple[str, ...]:
    teams = teams_for(user, at=at).values("pk")
    near = Membership.objects.filter(running(at), team__in=teams).values("user")
    one = User.objects.filter(Q(pk__in=near) | Q(pk=user.pk), uuid=given["person"]).first()
    return (one.name,) if one else ()


def _policy(given: Given, user: User, at: datetime) -> tuple[str, ...]:
    team = teams_for(user, at=at).filter(slug=given["slug"])
    known = Policy.objects.filter(Q(team__in=team) | Q(team=None), pk=given["pk"])
    return tuple(one.name for one in known)


_NAMED: Final[Mapping[str, Callable[[Given, User, datetime], tuple[str, ...]]]] = {
    "assignment": _assignment,
    "exclusion": _exclusion,
    "approver": _approver,
    "stand_in": _stand_in,
    "person": _person,
    "pk": _policy,
}
