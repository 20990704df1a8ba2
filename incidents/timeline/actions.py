from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from crisisdesk.kit import bell, chain
from incidents.models import Entry, EntryContent, EventKind, Incident, Occurred, Outbox
from incidents.timeline import rules
from teams.models import User


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
    passed incident's counters up to date.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() is called inside the transaction of the act it records.")
    locked = Incident.objects.lock(incident.pk)
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
    number = locked.last_entry_number + 1
    previous = rules.previous_hash(locked)
    commitment = chain.commit(body, salt)
    entry = Entry.objects.create(
        incident=locked,
        number=number,
        recorded_at=at,
        previous_hash=previous,
        commitment=commitment,
        hash=chain.link_hash(
            previous=previous,
            number=number,
            recorded_at=chain.instant(at),
            commitment=commitment,
        ),
        actor=by,
        corrects=corrects,
        **rules.columns(kind, body, occurred),
    )
    EntryContent.objects.create(entry=entry, salt=salt, body=body)
    Outbox.objects.create(entry=entry)
    locked.last_entry_number = number
    locked.last_entry_hash = entry.hash
    locked.entry_counts = rules.counted(locked.entry_counts, entry)
    locked.save(update_fields=["last_entry_number", "last_entry_hash", "entry_counts"])
    for name in ("last_entry_number", "last_entry_hash", "entry_counts"):
        setattr(incident, name, getattr(locked, name))
    transaction.on_commit(partial(bell.ring, str(locked.pk), number, kind.subject))
    return entry
