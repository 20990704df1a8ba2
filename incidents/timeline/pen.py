"""
How entries reach the paper: one by one, or those of one act together.

Numbers, hashes and order are settled when `record` is called; here the rows are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from incidents.models import Entry, EntryContent, Incident, Outbox


@dataclass(frozen=True)
class Sheet:
    """An entry that has its number and hash, and what it says."""

    entry: Entry
    salt: str
    body: Mapping[str, Any]


_waiting: ContextVar[list[Sheet] | None] = ContextVar("entries of one act", default=None)


@contextmanager
def together() -> Iterator[None]:
    """
    Save the entries that are recorded within, at the end: four queries for all of them.

    For a verb that records several; it stands inside the verb's transaction, and no reader of
    the timeline stands inside it. Whatever goes wrong takes the transaction with it: an entry is
    never lost from an act that stays.
    """
    if _waiting.get() is not None:
        yield
        return
    waiting: list[Sheet] = []
    before = _waiting.set(waiting)
    try:
        yield
        _save(waiting)
    except BaseException:
        transaction.set_rollback(True)
        raise
    finally:
        _waiting.reset(before)


def write(entry: Entry, *, salt: str, body: Mapping[str, Any]) -> None:
    """Save an entry, its content and its place in the outbox; or keep it for the others."""
    sheet, waiting = Sheet(entry, salt, body), _waiting.get()
    if waiting is None:
        _save([sheet])
    else:
        waiting.append(sheet)


def _save(sheets: Sequence[Sheet]) -> None:
    if not sheets:
        return
    entries = [one.entry for one in sheets]
    Entry.objects.bulk_create(entries)
    EntryContent.objects.bulk_create(
        EntryContent(entry=one.entry, salt=one.salt, body=one.body) for one in sheets
    )
    Outbox.objects.bulk_create(Outbox(entry=one) for one in entries)
    for pk in {one.incident_id for one in entries}:
        Incident.objects.write_head(pk)
