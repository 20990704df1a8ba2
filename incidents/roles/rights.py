"""The rights of the people in a room, kept equal to what they hold. Called by the verbs alone."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from incidents.access import is_excluded
from incidents.models import Assignment, Incident, IncidentUserPermission, Invitation
from incidents.roles import queries, rules
from teams.models import User


def settle(incident: Incident, *people: User | None) -> None:
    """
    Give each person what their roles, deputyships and invitations here add up to; no more.

    Call under the incident's lock, after the change.
    """
    for person in dict.fromkeys(people):
        if person is not None:
            _settle_one(incident, person)


def somebody_may(incident: Incident, codename: str) -> bool:
    """Say whether anyone who can sign in holds this right here without an end."""
    return IncidentUserPermission.objects.filter(
        content_object=incident, permission__codename=codename, ends_at=None, user__is_active=True
    ).exists()


def _settle_one(incident: Incident, person: User) -> None:
    """Write guardian's rows at once: its shortcuts ask four questions per right."""
    wanted = _wanted(incident, person)
    known = queries.granted(incident, person)
    held = IncidentUserPermission.objects.filter(content_object=incident, user=person)
    if gone := known.keys() - wanted.keys():
        held.filter(permission__codename__in=gone).delete()
    for codename in known.keys() & wanted.keys():
        if known[codename] != wanted[codename]:
            held.filter(permission__codename=codename).update(ends_at=wanted[codename])
    found = Permission.objects.filter(
        content_type=ContentType.objects.get_for_model(Incident),
        codename__in=wanted.keys() - known.keys(),
    )
    IncidentUserPermission.objects.bulk_create(
        IncidentUserPermission(
            content_object=incident,
            user=person,
            permission=permission,
            ends_at=wanted[permission.codename],
        )
        for permission in found
    )


def _wanted(incident: Incident, person: User) -> rules.Rights:
    if is_excluded(person, incident):
        return {}
    held = Assignment.objects.filter(
        Q(user=person) | Q(deputy=person), incident=incident, state__in=rules.ACTIVE
    ).values_list("role__slug", flat=True)
    invited = Invitation.objects.filter(incident=incident, user=person, ended_at=None)
    roles = [(rules.permissions(slug), None) for slug in held]
    guest = [(rules.GUEST, end) for end in invited.values_list("ends_at", flat=True)]
    return rules.union([*roles, *guest])
