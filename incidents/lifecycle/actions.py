"""Open, change status, change who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.clocks import actions as clocks
from incidents.evidence.actions import add_evidence
from incidents.lifecycle import queries, rules
from incidents.models import Entry, Incident, Occurred, ReferenceCounter
from incidents.models import incident as events
from incidents.roles.actions import assign_role, grant_opener
from incidents.timeline.actions import record
from incidents.timeline.rules import occurred_fact
from teams.models import Role, Team, User
from teams.queries import administers, members


class NotInTheTeam(Refused):
    """Only people of a team open its incidents."""


class NotAnAdministrator(Refused):
    """Only administrators of a team open its library."""


class MoveRefused(Refused):
    """The status cannot go there from here, or something is missing for it."""


class ReasonMissing(Refused):
    """A change on the record says why."""


@transaction.atomic
def open_incident(
    team: Team,
    *,
    title: str,
    kind: str,
    what_happened: str,
    occurred: Occurred | None,
    where: str,
    link: str,
    confidentiality: str,
    is_drill: bool = False,
    key: UUID | None = None,
    captures: Sequence[File[bytes]] = (),
    by: User,
    at: datetime,
) -> Incident:
    """
    Open an incident; who opens it leads it until someone else does.

    `occurred` is when it was first seen, as exactly as people know. `key` names the form that
    was sent: sent twice, it opens one incident and returns it again. `captures` are files that
    show the first sign.

    :raises NotInTheTeam: when the person is not of the team.
    :raises NotKept: when a capture cannot be kept; then nothing is opened.
    """
    _check_team(team, by=by, at=at)
    Team.objects.lock(team.pk)
    known = Incident.objects.filter(uuid=key, opened_by=by).first() if key else None
    if known is not None:
        return known
    incident = Incident.objects.create(
        uuid=key or uuid4(),
        team=team,
        reference=next_reference(team, at=at),
        title=title,
        kind=kind,
        organisation=team.name,
        what_happened=what_happened,
        language=team.language,
        zone=team.zone,
        confidentiality=confidentiality,
        is_drill=is_drill,
        first_seen_where=where,
        first_seen_link=link,
        opened_at=at,
        opened_by=by,
        **_first_seen(occurred),
    )
    first = _record_opening(incident, occurred, by=by, at=at)
    for capture in captures:
        add_evidence(incident, file=capture, entry=first, by=by, at=at)
    grant_opener(incident, by=by, at=at)
    incident.refresh_from_db()
    return incident


def _record_opening(
    incident: Incident, occurred: Occurred | None, *, by: User, at: datetime
) -> Entry:
    return record(
        incident,
        events.OPENED,
        by=by,
        at=at,
        text=incident.what_happened,
        key_moment=True,
        title=incident.title,
        incident_kind=Incident.Kind(incident.kind),
        confidentiality=Incident.Confidentiality(incident.confidentiality),
        first_seen=occurred_fact(occurred) if occurred else None,
        where=incident.first_seen_where,
        link=incident.first_seen_link,
        drill=incident.is_drill,
    )


def next_reference(team: Team, *, at: datetime) -> str:
    """Take the team's next reference of the year; call inside the transaction that uses it."""
    year = at.astimezone(ZoneInfo(team.zone)).year
    counter, _made = ReferenceCounter.objects.select_for_update().get_or_create(
        prefix=team.prefix, year=year
    )
    counter.last += 1
    counter.save(update_fields=["last"])
    return rules.reference(team.prefix, year, counter.last)


@transaction.atomic
def open_library(
    team: Team, *, holders: Mapping[str, User], by: User | None, at: datetime
) -> Incident:
    """
    Open the record of a team's prepared texts, once; opened already, return it.

    Texts there are written and signed like statements, by whoever holds the roles there.
    `holders`: who takes which role (slug) to begin with; the communications lead at least.

    :raises NotAnAdministrator: when the person does not administer the team
    :raises NotInTheTeam: when somebody who should hold a role is not of the team
    """
    locked = Team.objects.lock(team.pk)
    known = Incident.objects.filter(team=locked, is_library=True).first()
    if known is not None:
        return known
    opener = _check_library(locked, holders, by=by, at=at)
    library = Incident.objects.create(
        team=locked,
        reference=rules.library_reference(locked.prefix),
        title=rules.LIBRARY_TITLE[locked.language],
        kind=Incident.Kind.OTHER,
        status=Incident.Status.ACTIVE,
        organisation=locked.name,
        language=locked.language,
        zone=locked.zone,
        is_library=True,
        opened_at=at,
        opened_by=by,
    )
    record(library, events.LIBRARY_OPENED, by=by, at=at, team=locked.name)
    for slug, person in sorted(holders.items(), key=lambda one: one[0] != rules.KEEPER):
        assign_role(library, role=Role.objects.get(slug=slug), user=person, by=opener, at=at)
    library.refresh_from_db()
    return library


def _check_library(
    team: Team, holders: Mapping[str, User], *, by: User | None, at: datetime
) -> User:
    """Return who gives out the roles: whoever opens it, for the operator the communications lead."""
    if by is not None and not administers(by, [team], at=at):
        raise NotAnAdministrator(
            _("Only an administrator of the team opens its prepared texts. Nothing was changed.")
        )
    here = set(members(team, at=at).values_list("pk", flat=True))
    outside = [person.name for person in holders.values() if person.pk not in here]
    if outside or rules.KEEPER not in holders:
        raise NotInTheTeam(
            _("Not opened: choose people of the team, a communications lead at least.")
        )
    return by or holders[rules.KEEPER]


@transaction.atomic
def change_status(
    incident: Incident,
    *,
    to: str,
    reason: str,
    without_post_mortem: bool = False,
    by: User,
    at: datetime,
) -> Incident:
    """
    Move the incident; the table of moves says where to.

    `without_post_mortem` closes although no post-mortem is accepted; the reason then says why.

    :raises MoveRefused: when the table has no such move, or the post-mortem is missing.
    :raises ReasonMissing: when no reason is given.
    """
    locked = Incident.objects.lock(incident.pk)
    before, after = Incident.Status(locked.status), Incident.Status(to)
    if after not in rules.moves(before):
        raise MoveRefused(
            _(
                "Not changed: from “%(before)s” the incident cannot go to “%(after)s”. "
                "Someone may have moved it meanwhile. Read the status above."
            )
            % {"before": before.label, "after": after.label}
        )
    waived = rules.needs_the_post_mortem(before, after) and not queries.is_reviewed(locked)
    if waived and not without_post_mortem:
        raise MoveRefused(
            _(
                "Not closed: the post-mortem is not accepted yet. "
                "Accept it, or tick that you close without it and say why."
            )
        )
    reason = _given(reason)
    locked.status = after
    locked.resolved_at = at if after == Incident.Status.RESOLVED else locked.resolved_at
    locked.closed_at = at if after == Incident.Status.CLOSED else None
    if after in rules.OPEN:
        locked.resolved_at = None
    locked.save(update_fields=["status", "resolved_at", "closed_at"])
    kind = events.CLOSED_WITHOUT_REVIEW if waived else events.STATUS_CHANGED
    record(locked, kind, by=by, at=at, key_moment=True, before=before, after=after, reason=reason)
    if rules.ends_the_promises(before, after):
        clocks.settle_at_stand_down(locked, by=by, at=at)
    elif rules.owes_again(before, after):
        clocks.replan_for_severity(locked, by=by, at=at)
    incident.refresh_from_db()
    return incident


@transaction.atomic
def change_confidentiality(
    incident: Incident, *, to: str, reason: str, by: User, at: datetime
) -> Incident:
    """
    Open the room to the team, or restrict it to those assigned and invited.

    :raises MoveRefused: when it is so already.
    :raises ReasonMissing: when no reason is given.
    """
    locked = Incident.objects.lock(incident.pk)
    before = Incident.Confidentiality(locked.confidentiality)
    after = Incident.Confidentiality(to)
    if before == after:
        raise MoveRefused(_("Not changed: the access to this incident is like that already."))
    reason = _given(reason)
    locked.confidentiality = after
    locked.save(update_fields=["confidentiality"])
    record(
        locked,
        events.CONFIDENTIALITY_CHANGED,
        by=by,
        at=at,
        before=before,
        after=after,
        reason=reason,
    )
    incident.refresh_from_db()
    return incident


def _check_team(team: Team, *, by: User, at: datetime) -> None:
    if not queries.teams_to_open_in(by, at=at).filter(pk=team.pk).exists():
        raise NotInTheTeam(_("Not opened: you are not in this team. Choose one of your teams."))


def _given(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("Not changed: the reason is missing. Say why in one sentence."))
    return reason


def _first_seen(occurred: Occurred | None) -> dict[str, object]:
    if occurred is None:
        return {}
    return {
        "first_seen_from": occurred.earliest,
        "first_seen_until": occurred.latest,
        "first_seen_precision": occurred.precision,
        "first_seen_part_of_day": occurred.part_of_day,
        "first_seen_approximate": occurred.approximate,
    }
