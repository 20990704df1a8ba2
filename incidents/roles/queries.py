"""Reads of roles: who holds what, what is missing, who could be asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from crisisdesk.kit.names import by_name, place
from incidents.access import from_outside
from incidents.models import (
    Assignment,
    Exclusion,
    Incident,
    IncidentUserPermission,
    Invitation,
)
from incidents.roles import rules
from teams.models import Membership, Role, User
from teams.queries import running


@dataclass(frozen=True)
class RoleRow:
    """One role in the room's panel; `assignment` is None where nobody holds it."""

    slug: str
    role: str
    required: bool
    assignment: int | None = None
    name: str = ""
    title: str = ""
    deputy: str = ""
    is_offered: bool = False
    is_mine: bool = False

    @property
    def is_missing(self) -> bool:
        return self.assignment is None


@dataclass(frozen=True)
class RoleDetail:
    """One assignment on its own page."""

    assignment: int
    role: str
    name: str
    deputy: str
    state: str
    duties: list[str]
    note: str
    offered_by: str
    offered_at: datetime
    is_active: bool
    waits_for_me: bool


@dataclass(frozen=True)
class PersonRow:
    """Somebody who can be chosen; `value` is what the form takes, `detail` tells them apart."""

    value: str
    detail: str


@dataclass(frozen=True)
class Panel:
    """The room's panel of roles, and what waits for the reader's own answer."""

    rows: list[RoleRow]
    offers: list[OfferRow]
    may_assign: bool

    @property
    def unfilled(self) -> int:
        return sum(row.is_missing for row in self.rows)


@dataclass(frozen=True)
class GuestRow:
    invitation: int
    name: str
    title: str
    ends_at: datetime | None


@dataclass(frozen=True)
class ExclusionRow:
    """Somebody who is out of this incident, whatever else they hold."""

    exclusion: int
    name: str
    title: str
    reason: str
    excluded_by: str
    excluded_at: datetime

    @property
    def key(self) -> str:
        return str(self.exclusion)


@dataclass(frozen=True)
class OfferRow:
    """A role that waits for this person's answer, with what it asks of them."""

    assignment: int
    reference: str
    title: str
    role: str
    duties: list[str]
    offered_by: str
    offered_at: datetime
    deputy: str
    note: str


def active(incident: Incident) -> QuerySet[Assignment]:
    return incident.assignments.filter(state__in=rules.ACTIVE).select_related(
        "role", "user", "deputy"
    )


def holders(incident: Incident) -> dict[str, Assignment]:
    """Return who holds each role now (offered or accepted), by the role's slug."""
    return {one.role.slug: one for one in active(incident).order_by("role__order", "role__slug")}


def required_roles(incident: Incident) -> list[str]:
    return rules.required(
        incident.severity, incident.kind, inside_information=incident.has_inside_information
    )


def unfilled_roles(incident: Incident) -> list[Role]:
    """Return the required roles that nobody holds, in the order in which they are needed."""
    held = active(incident).values_list("role__slug", flat=True)
    missing = [slug for slug in required_roles(incident) if slug not in set(held)]
    found = Role.objects.in_bulk(missing, field_name="slug")
    return [found[slug] for slug in missing if slug in found]


def leads(incident: Incident) -> list[User]:
    """Return the crisis lead and their deputy, as far as there are any."""
    lead = active(incident).filter(role__slug=rules.CRISIS_LEAD).first()
    return [person for person in (lead.user, lead.deputy) if person] if lead else []


def people(incident: Incident) -> QuerySet[User]:
    """Return everyone who holds a role here or stands behind one as deputy."""
    here = Q(incident=incident, state__in=rules.ACTIVE)
    return User.objects.filter(
        Q(pk__in=Assignment.objects.filter(here).values("user"))
        | Q(pk__in=Assignment.objects.filter(here, deputy__isnull=False).values("deputy"))
    )


def rows(incident: Incident, *, viewer: User) -> list[RoleRow]:
    """Return the panel: unfilled required roles first, then who holds the others."""
    needed = required_roles(incident)
    missing = [
        RoleRow(slug=role.slug, role=role.name, required=True) for role in unfilled_roles(incident)
    ]
    held = [
        RoleRow(
            slug=slug,
            role=one.role.name,
            required=slug in needed,
            assignment=one.pk,
            name=one.user.name,
            title=one.user.title,
            deputy=one.deputy.name if one.deputy else "",
            is_offered=one.state == Assignment.State.OFFERED,
            is_mine=one.user_id == viewer.pk,
        )
        for slug, one in holders(incident).items()
    ]
    return missing + held


def panel(incident: Incident, *, user: User, rights: frozenset[str], at: datetime) -> Panel:
    """Return the rows of the panel for this reader; `at` as every panel has it."""
    del at
    return Panel(
        rows=rows(incident, viewer=user),
        offers=offers(user, incident=incident),
        may_assign="assign_role" in rights,
    )


def guests(incident: Incident, *, at: datetime) -> list[GuestRow]:
    """Return who is invited without a role and still let in."""
    found = Invitation.objects.filter(running(at), incident=incident, ended_at=None)
    return [
        GuestRow(one.pk, one.user.name, one.user.title, one.ends_at)
        for one in sorted(found.select_related("user"), key=lambda one: place(one.user.name))
    ]


def excluded(incident: Incident) -> list[ExclusionRow]:
    found = incident.exclusions.filter(ended_at=None).select_related("user", "excluded_by")
    return [
        ExclusionRow(
            exclusion=one.pk,
            name=one.user.name,
            title=one.user.title,
            reason=one.reason,
            excluded_by=one.excluded_by.name,
            excluded_at=one.excluded_at,
        )
        for one in found.order_by("excluded_at", "pk")
    ]


def offers(user: User, *, incident: Incident | None = None) -> list[OfferRow]:
    """Return the roles that wait for this person's answer, the oldest first."""
    found = Assignment.objects.filter(user=user, state=Assignment.State.OFFERED)
    if incident is not None:
        found = found.filter(incident=incident)
    return [
        OfferRow(
            assignment=one.pk,
            reference=one.incident.reference,
            title=one.incident.title,
            role=one.role.name,
            duties=_duties(one.role),
            offered_by=one.assigned_by.name if one.assigned_by else "",
            offered_at=one.assigned_at,
            deputy=one.deputy.name if one.deputy else "",
            note=one.handover_note,
        )
        for one in found.select_related("incident", "role", "assigned_by", "deputy").order_by(
            "assigned_at"
        )
    ]


def detail(one: Assignment, *, viewer: User) -> RoleDetail:
    offered = one.state == Assignment.State.OFFERED
    return RoleDetail(
        assignment=one.pk,
        role=one.role.name,
        name=one.user.name,
        deputy=one.deputy.name if one.deputy else "",
        state=one.get_state_display(),
        duties=_duties(one.role),
        note=one.handover_note,
        offered_by=one.assigned_by.name if one.assigned_by else "",
        offered_at=one.assigned_at,
        is_active=one.state in rules.ACTIVE,
        waits_for_me=offered and one.user_id == viewer.pk,
    )


def _duties(role: Role) -> list[str]:
    return [line for line in role.duties.splitlines() if line.strip()]


def everyone(incident: Incident, *, at: datetime) -> QuerySet[User]:
    """
    Return everyone of this installation who may be let in.

    Not whom single texts are shown to, from outside, and not who is excluded.
    """
    people = User.objects.filter(is_active=True).exclude(pk__in=from_outside(at=at).values("pk"))
    return people.exclude(pk__in=_excluded(incident)).order_by("name")


def _excluded(incident: Incident) -> QuerySet[Exclusion, int]:
    return incident.exclusions.filter(ended_at=None).values_list("user", flat=True)


def people_rows(people: QuerySet[User]) -> list[PersonRow]:
    """Return people to choose from: by name, by address where two share a name."""
    found = by_name(people.select_related("function"))
    names = Counter(person.name.casefold() for person in found)
    return [
        PersonRow(
            value=person.name if names[person.name.casefold()] == 1 else person.email,
            detail=" · ".join(
                part
                for part in (
                    person.name if names[person.name.casefold()] > 1 else "",
                    person.title or (person.function.name if person.function else ""),
                    person.email,
                )
                if part
            ),
        )
        for person in found
    ]


def candidates(incident: Incident, *, at: datetime) -> QuerySet[User]:
    """Return who could be given a role: the team's people and whoever was invited."""
    members = Membership.objects.filter(running(at), team=incident.team_id)
    invited = Invitation.objects.filter(running(at), incident=incident, ended_at=None)
    return (
        User.objects.filter(Q(pk__in=members.values("user")) | Q(pk__in=invited.values("user")))
        .filter(is_active=True)
        .exclude(pk__in=_excluded(incident))
        .order_by("name")
    )


def granted(incident: Incident, user: User) -> dict[str, datetime | None]:
    """Return the rights granted to a person here, with their ends."""
    found = IncidentUserPermission.objects.filter(content_object=incident, user=user)
    return dict(found.values_list("permission__codename", "ends_at"))
