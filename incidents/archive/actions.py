"""Take whole incidents in, and give them out; both are acts that the timeline tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit import chain
from crisisdesk.kit.refusals import Refused
from incidents import access
from incidents.archive import queries, restoring, sealed
from incidents.archive.bad_file import BadFile
from incidents.archive.crises import Crisis, OtherTime, PastEvent
from incidents.lifecycle.actions import NotInTheTeam, next_reference
from incidents.lifecycle.queries import teams_to_open_in
from incidents.models import Entry, ImportedFile, Incident, RestoredRecord
from incidents.models import incident as events
from incidents.roles.actions import grant_opener
from incidents.timeline.actions import record
from incidents.timeline.rules import OPERATOR, occurred_fact
from teams.models import Team, User

WITHOUT_PRIVILEGED: Final = {
    "en": "the record without its privileged part",
    "fr": "le dossier sans sa partie confidentielle",
}
WHOLE: Final = {
    "en": "the record with its privileged part",
    "fr": "le dossier avec sa partie confidentielle",
}


class ImportedBefore(Refused):
    """The same file is an incident already."""


class NotYours(Refused):
    """An export by someone who may not make it."""


@transaction.atomic
def import_crisis(
    team: Team,
    crisis: Crisis,
    *,
    filename: str,
    fingerprint: str,
    again: bool = False,
    is_drill: bool = False,
    by: User | None,
    at: datetime,
) -> Incident:
    """
    Make a closed incident whose events are entries, recorded now and in their order.

    Its statements were signed by nobody here: they are entries, never statements. Without
    `by` the operator acts.
    :raises ImportedBefore: unless `again` says that a second copy is wanted.
    """
    _check_importer(team, by, at=at)
    _refuse_copies(team, fingerprint, again=again)
    incident = _incident_of(team, crisis, is_drill=is_drill, by=by, at=at)
    record(
        incident,
        events.IMPORTED,
        by=by,
        actor_name="" if by else OPERATOR,
        at=at,
        filename=filename,
        fingerprint=fingerprint,
        source=crisis.key,
        organisation=crisis.organisation,
        outcome=crisis.outcome,
        open_conflicts=list(crisis.open_conflicts),
        drill=is_drill,
    )
    _tell(incident, crisis, at=at)
    ImportedFile.objects.create(
        incident=incident,
        filename=filename[:200],
        sha256=fingerprint,
        outcome=crisis.outcome,
        open_conflicts=list(crisis.open_conflicts),
        imported_at=at,
        imported_by=by,
    )
    if by is not None:
        grant_opener(incident, by=by, at=at)
    return incident


@transaction.atomic
def restore_record(
    team: Team,
    found: sealed.SealedRecord,
    *,
    filename: str,
    fingerprint: str,
    again: bool = False,
    by: User | None,
    at: datetime,
) -> Incident:
    """
    Restore an exported record, sealed: what grows here is a second chain that binds its head.

    Its people are names; its statements, sign-offs and promises can be read and no more.
    :raises BadFile: when its chain does not hold; the first bad entry is named.
    :raises ImportedBefore: unless `again` says that a second copy is wanted.
    """
    _check_importer(team, by, at=at)
    if fault := sealed.fault(found):
        raise BadFile(_("chain, entry %(n)s: %(why)s") % {"n": fault.number, "why": fault.why})
    _refuse_copies(team, fingerprint, again=again)
    incident = restoring.incident_of(found, team, reference=next_reference(team, at=at))
    incident.save(force_insert=True)
    RestoredRecord.objects.create(incident=incident, body=dict(found.rest))
    incident.entry_counts = restoring.fill(incident, found)
    incident.save(update_fields=["entry_counts"])
    record(
        incident,
        events.RESTORED,
        by=by,
        actor_name="" if by else OPERATOR,
        at=at,
        filename=filename,
        fingerprint=fingerprint,
        number=found.last,
        head=found.head,
        origin=found.incident["uuid"],
        origin_reference=str(found.incident.get("reference", "")),
    )
    ImportedFile.objects.create(
        incident=incident,
        filename=filename[:200],
        sha256=fingerprint,
        imported_at=at,
        imported_by=by,
    )
    if by is not None:
        grant_opener(incident, by=by, at=at)
    return incident


@transaction.atomic
def export_record(
    incident: Incident, *, privileged: bool = False, by: User | None, at: datetime
) -> dict[str, Any]:
    """
    Give out the full record, its own export included as the last entry.

    :raises NotYours: for a person who may not export, or not export what is privileged.
    """
    locked = Incident.objects.lock(incident.pk)
    if by is not None:
        held = access.rights(by, locked, at=at)
        if "export_record" not in held:
            raise NotYours(_("Not exported: your roles here do not include the record."))
        if privileged and not {"export_privileged", "see_privileged"} <= held:
            raise NotYours(_("Not exported: only counsel takes out what is privileged."))
    record(
        incident,
        events.EXPORTED,
        by=by,
        actor_name="" if by else OPERATOR,
        at=at,
        what=WHOLE if privileged else WITHOUT_PRIVILEGED,
        format="JSON",
        with_privileged=privileged,
    )
    who = {"id": str(by.uuid), "name": by.name} if by else {"id": None, "name": OPERATOR}
    return queries.record(
        incident, privileged=privileged, exported={"at": chain.instant(at), "by": who}
    )


def _check_importer(team: Team, by: User | None, *, at: datetime) -> None:
    """
    Let the operator and the people of the team in.

    :raises NotInTheTeam: for anyone else.
    """
    if by is not None and not teams_to_open_in(by, at=at).filter(pk=team.pk).exists():
        raise NotInTheTeam(
            _("Not imported: this person is not in the team %(team)s.") % {"team": team}
        )


def _refuse_copies(team: Team, fingerprint: str, *, again: bool) -> None:
    """
    Lock the team; two imports of one file at the same time make one incident.

    :raises ImportedBefore: naming the incident that the file is.
    """
    Team.objects.lock(team.pk)
    before = ImportedFile.objects.filter(sha256=fingerprint, incident__team=team)
    known = before.select_related("incident").first()
    if known is not None and not again:
        raise ImportedBefore(
            _("Not imported: this file is %(reference)s already. Use --again for a second copy.")
            % {"reference": known.incident.reference}
        )


def _incident_of(
    team: Team, crisis: Crisis, *, is_drill: bool, by: User | None, at: datetime
) -> Incident:
    first = crisis.first_signal
    return Incident.objects.create(
        team=team,
        reference=next_reference(team, at=at),
        title=crisis.title,
        kind=Incident.Kind.OTHER,
        organisation=crisis.organisation,
        what_happened=first.text,
        language=crisis.language,
        zone=crisis.zone,
        status=Incident.Status.CLOSED,
        is_drill=is_drill,
        is_imported=True,
        first_seen_from=first.occurred.earliest,
        first_seen_until=first.occurred.latest,
        first_seen_precision=first.occurred.precision,
        first_seen_part_of_day=first.occurred.part_of_day,
        first_seen_approximate=first.occurred.approximate,
        first_seen_where=first.channel,
        opened_at=first.occurred.earliest,
        opened_by=by,
    )


def _tell(incident: Incident, crisis: Crisis, *, at: datetime) -> None:
    told: dict[str, Entry] = {}
    first, answer = crisis.first_signal, _first_answer(crisis)
    for event in crisis.events:
        told[event.key] = record(
            incident,
            event.kind,
            by=None,
            at=at,
            occurred=event.occurred,
            text=event.text,
            actor_name=event.actor,
            key_moment=event is first or event is answer or event.adequate,
            corrects=told.get(event.corrects),
            **_facts(event),
        )


def _first_answer(crisis: Crisis) -> PastEvent | None:
    ours = (e for e in crisis.events if e.kind.name == "event.statement" and _is_ours(e))
    return next(ours, None)


def _is_ours(event: PastEvent) -> bool:
    return event.actor_type == "organisation"


def _facts(event: PastEvent) -> dict[str, Any]:
    """Return what an event tells besides its text; what it does not tell is left out."""
    found: dict[str, Any] = {
        "event_id": event.key,
        "actor_type": event.actor_type,
        "channel": event.channel,
        "source": event.source,
        "time_note": event.time_note,
        "corrects_event": event.corrects,
        "adequate": event.adequate,
        "conflicting_times": [_other(other) for other in event.other_times],
        "more": dict(event.more),
    }
    return {name: value for name, value in found.items() if value}


def _other(other: OtherTime) -> dict[str, Any]:
    return {
        "occurred": occurred_fact(other.occurred),
        "source": other.source,
        "note": other.note,
    }
