"""The pen of a team's journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from crisisdesk.kit import chain
from teams import rules
from teams.models import JournalContent, JournalEntry, Team, User


def write_journal(
    team: Team, kind: str, *, by: User | None, at: datetime, **facts: Any
) -> JournalEntry:
    """Append one entry to a team's journal. Call inside the verb's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("write_journal() is called inside the transaction of the act.")
    locked = Team.objects.lock(team.pk)
    number = locked.last_entry_number + 1
    body = {"kind": kind, "actor": rules.plain(by), "facts": rules.plain(facts)}
    salt = chain.new_salt()
    commitment = chain.commit(body, salt)
    previous = locked.last_entry_hash or chain.genesis(str(locked.uuid))
    entry = JournalEntry.objects.create(
        team=locked,
        number=number,
        kind=kind,
        actor=by,
        recorded_at=at,
        previous_hash=previous,
        commitment=commitment,
        hash=chain.link_hash(
            previous=previous, number=number, recorded_at=chain.instant(at), commitment=commitment
        ),
    )
    JournalContent.objects.create(entry=entry, salt=salt, body=body)
    Team.objects.filter(pk=locked.pk).update(last_entry_number=number, last_entry_hash=entry.hash)
    team.last_entry_number, team.last_entry_hash = number, entry.hash
    return entry
