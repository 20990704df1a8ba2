from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit import bell, chain
from crisisdesk.kit.refusals import Refused
from incidents import access
from incidents.models import (
    Entry,
    EventKind,
    Incident,
    Occurred,
    PrivilegedReader,
)
from incidents.models import timeline as events
from incidents.models.incident import Head
from incidents.timeline import pen, queries, rules
from teams.models import User


class OnlyCounsel(Refused):
    """Someone other than counsel classifies, or names who sees."""


class NothingSaid(Refused):
    """An entry without words."""


class AlreadyCorrected(Refused):
    """The entry was corrected before: the newest words are corrected, not the oldest."""


class AlreadyPrivileged(Refused):
    """The entry is privileged as it is."""


class NotPrivileged(Refused):
    """Readers are named for privileged entries only: everyone in the room sees the others."""


class NotInTheRoom(Refused):
    """Whoever is to read a privileged entry can first enter the room."""


def record(
    incident: Incident,
    kind: EventKind,
    *,
    by: User | None,
    at: datetime,
    occurred: Occurred | None = None,
    text: str = "",
    actor_name: str = "",
    on_behalf_of: str = "",
    privileged: bool = False,
    key_moment: bool = False,
    corrects: Entry | None = None,
    **facts: Any,
) -> Entry:
    """
    Append one entry: number, content, commitment, link, outbox row, bell.

    Call inside the verb's transaction, which commits act and entry together. `occurred` is when
    it happened (`at` if missing: an act that CrisisDesk saw); `facts` may hold people,
    catalogue rows, choices and times (see `rules.plain`). Returns the entry; brings the
    passed incident's counters up to date. Within `pen.together` it is saved with the others.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() is called inside the transaction of the act it records.")
    rules.check_words(text, on_behalf_of, actor_name, facts)
    head = Incident.objects.lock_head(incident.pk)
    occurred = occurred or Occurred.exactly(at)
    body = rules.content(
        kind,
        actor=rules.actor_fact(by, actor_name),
        on_behalf_of=on_behalf_of,
        occurred=occurred,
        text=text,
        privileged=privileged,
        key_moment=key_moment,
        corrects=corrects.number if corrects else None,
        facts=facts,
    )
    salt = chain.new_salt()
    entry = Entry(
        incident=incident,
        actor=by,
        corrects=corrects,
        **_link(head, commitment=chain.commit(body, salt), at=at),
        **rules.columns(kind, body, occurred),
    )
    incident.end_with(_grown(head, entry))
    pen.write(entry, salt=salt, body=body)
    transaction.on_commit(partial(bell.ring, str(incident.pk), entry.number, kind.subject))
    return entry


def _link(head: Head, *, commitment: str, at: datetime) -> dict[str, Any]:
    """Return the columns that put the next entry into the chain, bound to its head."""
    number, previous = head.last_entry_number + 1, rules.previous_hash(head)
    return {
        "number": number,
        "recorded_at": at,
        "previous_hash": previous,
        "commitment": commitment,
        "hash": chain.link_hash(
            previous=previous,
            number=number,
            recorded_at=chain.instant(at),
            commitment=commitment,
        ),
    }


def _grown(head: Head, entry: Entry) -> Head:
    return replace(
        head,
        last_entry_number=entry.number,
        last_entry_hash=entry.hash,
        entry_counts=rules.counted(head.entry_counts, entry),
    )


@transaction.atomic
def log_entry(
    incident: Incident,
    *,
    kind: str,
    text: str,
    occurred: Occurred | None,
    by: User,
    at: datetime,
    why: str = "",
    key_moment: bool = False,
    privileged: bool = False,
    readers: Sequence[User] = (),
    on_behalf_of: str = "",
    attached: Sequence[Mapping[str, Any]] = (),
) -> Entry:
    """
    Write what a person saw, decided, heard or sent; `kind` is a key of `rules.LOGGED`.

    `why` goes with a decision; `attached` tells the files that come with the entry. The same
    words of the same person within a minute are a double click: the entry is returned again.
    :raises OnlyCounsel: for a privileged entry of someone who may not classify.
    """
    locked = Incident.objects.lock(incident.pk)
    if not text.strip():
        raise NothingSaid(_("The entry has no words yet. Write what happened."))
    if privileged:
        _require_counsel(locked, by, at=at)
    said = _just_said(locked, rules.LOGGED[kind], text.strip(), occurred, by=by, at=at)
    if said is not None:
        return said
    facts: dict[str, Any] = {}
    if why.strip():
        facts["why"] = why.strip()
    if attached:
        facts["evidence"] = [dict(one) for one in attached]
    if privileged and readers:
        facts["readers"] = list(readers)
    entry = record(
        incident,
        rules.LOGGED[kind],
        by=by,
        at=at,
        occurred=occurred,
        text=text.strip(),
        on_behalf_of=on_behalf_of.strip(),
        privileged=privileged,
        key_moment=key_moment,
        **facts,
    )
    for reader in readers if privileged else ():
        _let_read(entry, reader, at=at)
    return entry


def _just_said(
    incident: Incident,
    kind: EventKind,
    text: str,
    occurred: Occurred | None,
    *,
    by: User,
    at: datetime,
) -> Entry | None:
    mine = Entry.objects.filter(incident=incident, actor=by, kind=kind.name)
    last = mine.select_related("content").order_by("-number").first()
    if last is None or at - last.recorded_at > rules.DOUBLE_CLICK:
        return None
    when = occurred.earliest if occurred else last.occurred_from
    same = (last.content.body["text"], last.occurred_from) == (text, when)
    return last if same else None


@transaction.atomic
def correct_entry(entry: Entry, *, text: str, by: User, at: datetime) -> Entry:
    """
    Write what should have been said: a new entry that points at the old one.

    It is as privileged as the one it corrects, and as readable.
    :raises AlreadyCorrected: naming the entry to correct instead.
    """
    incident = Incident.objects.lock(entry.incident_id)
    if not text.strip():
        raise NothingSaid(_("The correction has no words yet. Write what is right."))
    newer = entry.corrections.filter(kind=events.CORRECTED.name).first()
    if newer is not None:
        raise AlreadyCorrected(
            _("Entry %(number)s was already corrected by entry %(newer)s. Correct that one.")
            % {"number": entry.number, "newer": newer.number}
        )
    privileged = queries.is_privileged(entry)
    if privileged and not queries.may_read(entry, user=by, at=at):
        raise OnlyCounsel(_("Only those who may read a privileged entry can correct it."))
    correction = record(
        incident,
        events.CORRECTED,
        by=by,
        at=at,
        text=text.strip(),
        privileged=privileged,
        corrects=entry,
        corrected=entry.number,
    )
    PrivilegedReader.objects.bulk_create(
        PrivilegedReader(entry=correction, user_id=pk)
        for pk in entry.readers.values_list("user_id", flat=True)
    )
    return correction


@transaction.atomic
def reclassify_entry(entry: Entry, *, reason: str, by: User, at: datetime) -> Entry:
    """
    Make an entry privileged from now on, with its corrections and what tells its files.

    There is no way back.

    :raises AlreadyPrivileged: when it is.
    """
    incident = Incident.objects.lock(entry.incident_id)
    _require_counsel(incident, by, at=at)
    if not reason.strip():
        raise NothingSaid(_("The reason is missing. It stays with the entry."))
    if queries.is_privileged(entry):
        raise AlreadyPrivileged(
            _("Entry %(number)s is privileged already.") % {"number": entry.number}
        )
    told = record(
        incident,
        events.RECLASSIFIED,
        by=by,
        at=at,
        corrects=entry,
        entry=entry.number,
        reason=reason.strip(),
    )
    hidden = rules.hidden_too(incident.entry_counts, entry)
    incident.end_with(replace(Incident.objects.lock_head(incident.pk), entry_counts=hidden))
    incident.save(update_fields=["entry_counts"])
    for other in queries.saying_the_same(entry):
        if not queries.is_privileged(other):
            reclassify_entry(other, reason=reason, by=by, at=at)
    return told


@transaction.atomic
def name_reader(entry: Entry, *, reader: User, by: User, at: datetime) -> PrivilegedReader:
    """
    Let one person read one privileged entry.

    :raises NotInTheRoom: for a person who cannot enter the room.
    """
    incident = Incident.objects.lock(entry.incident_id)
    _require_counsel(incident, by, at=at)
    if not queries.is_privileged(entry):
        raise NotPrivileged(_("This entry is not privileged: everyone in the room can read it."))
    named = PrivilegedReader.objects.filter(entry=entry, user=reader).first()
    if named is not None:
        return named
    named = _let_read(entry, reader, at=at)
    record(incident, events.READER_NAMED, by=by, at=at, person=reader, entry=entry.number)
    return named


def _let_read(entry: Entry, reader: User, *, at: datetime) -> PrivilegedReader:
    if not access.may(reader, entry.incident, access.VIEW, at=at):
        raise NotInTheRoom(
            _("%(person)s cannot enter this room yet. Give a role or an invitation first.")
            % {"person": reader.name}
        )
    return PrivilegedReader.objects.create(entry=entry, user=reader)


def _require_counsel(incident: Incident, by: User, *, at: datetime) -> None:
    if not access.may(by, incident, "classify_privileged", at=at):
        raise OnlyCounsel(_("Only legal counsel classifies an entry as privileged."))
