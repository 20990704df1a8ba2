"""Writing in company: who is at a text, what was kept of it, the files that go with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from incidents.models import Evidence, KeptDraft, Presence, Statement
from incidents.timeline.rules import PICTURES
from teams.models import User

# Somebody is at a text while their page has said so within this time.
STALE_AFTER: Final = timedelta(seconds=45)
# Earlier states of a draft that one person left within this time are shown as one.
_ONE_GO: Final = timedelta(minutes=5)
_MOST_STATES: Final = 40


@dataclass(frozen=True)
class StateRow:
    """An earlier state of a draft, to take words back from."""

    revision: int
    name: str
    at: datetime


@dataclass(frozen=True)
class AttachmentRow:
    """A picture or video that goes with a text; its hash is in the fingerprint."""

    sha256: str
    name: str
    content_type: str
    size: int
    is_picture: bool


def present(statement: Statement, *, but: User, at: datetime) -> tuple[str, ...]:
    """Return who else is writing here now."""
    found = Presence.objects.filter(statement=statement, seen_at__gt=at - STALE_AFTER)
    names = found.exclude(user=but).order_by("user__name").values_list("user__name", flat=True)
    return tuple(names)


def earlier_states(statement: Statement) -> tuple[StateRow, ...]:
    """Return what was kept of the draft, newest first; of one person's go only the last state."""
    rows: list[StateRow] = []
    kept = KeptDraft.objects.filter(statement=statement).order_by("-revision")
    for revision, name, at in kept.values_list("revision", "edited_by__name", "edited_at"):
        last = rows[-1] if rows else None
        if last is not None and last.name == name and last.at - at < _ONE_GO:
            continue
        if len(rows) == _MOST_STATES:
            break
        rows.append(StateRow(revision, name, at))
    return tuple(rows)


def kept(statement: Statement, revision: int) -> KeptDraft | None:
    return (
        KeptDraft.objects.filter(statement=statement, revision=revision)
        .select_related("edited_by")
        .first()
    )


def attachments(given: Sequence[Mapping[str, Any]]) -> tuple[AttachmentRow, ...]:
    """Return what goes with a draft or a version, as it is kept."""
    if not given:
        return ()
    sizes = dict(
        Evidence.objects.filter(pk__in=[one["evidence"] for one in given]).values_list(
            "sha256", "size"
        )
    )
    return tuple(
        AttachmentRow(
            sha256=one["sha256"],
            name=one["name"],
            content_type=one["content_type"],
            size=sizes.get(one["sha256"], 0),
            is_picture=one["content_type"] in PICTURES,
        )
        for one in given
    )


def attached(statement: Statement, sha256: str) -> Evidence | None:
    """Return a file that a version of the statement, or its draft, carries."""
    carried = [*statement.versions.values_list("attachments", flat=True)]
    carried.append(statement.draft.attachments)
    for given in carried:
        for one in given:
            if one["sha256"] == sha256:
                return Evidence.objects.filter(
                    incident=statement.incident_id, sha256=sha256, pk=one["evidence"]
                ).first()
    return None


def carried(pieces: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return files as a draft carries them."""
    found = [
        {
            "sha256": piece.sha256,
            "evidence": piece.pk,
            "name": piece.name,
            "content_type": piece.content_type,
        }
        for piece in pieces
    ]
    return in_order(found)


def in_order(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(given, key=lambda one: (one["name"], one["sha256"]))
