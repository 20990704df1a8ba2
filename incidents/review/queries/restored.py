"""What a restored record said beside its chain: the first response, promises, assessments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crisisdesk.kit.times import in_french
from incidents.models import Incident, Promise, Publication, RestoredRecord, Severity
from incidents.review.queries.rows import NamedRow, PromiseRow, SeverityRow


@dataclass(frozen=True)
class Restored:
    """`answered_at` is the first signed publication that was not internal."""

    answered_at: datetime | None = None
    promises: tuple[PromiseRow, ...] = ()
    severity: tuple[SeverityRow, ...] = ()


def restored(incident: Incident) -> Restored:
    """Read what came with a restored record; of one that cannot be read, nothing."""
    found = RestoredRecord.objects.filter(incident=incident).first()
    if found is None:
        return Restored()
    try:
        return _read(found.body)
    except (AttributeError, KeyError, TypeError, ValueError):
        # A record from elsewhere: the chain vouches for its entries, nobody for its other parts.
        return Restored()


def _read(body: dict[str, Any]) -> Restored:
    outside = [
        _time(one["published_at"])
        for one in body.get("publications") or ()
        if one["basis"] != Publication.Basis.UNSIGNED and not one["is_internal"]
    ]
    given = body.get("promises") or ()
    due = {one["key"]: _time(one["due_at"]) for one in given}
    return Restored(
        answered_at=min(outside, default=None),
        promises=tuple(_promise(one, due) for one in given),
        severity=tuple(_assessment(one) for one in body.get("assessments") or ()),
    )


def _promise(one: dict[str, Any], due: dict[Any, datetime]) -> PromiseRow:
    state = Promise.State(one["state"])
    due_at, settled_at = due[one["key"]], _time(one["settled_at"]) if one["settled_at"] else None
    late = state == Promise.State.KEPT and settled_at is not None and settled_at > due_at
    audience = one["audience"]
    return PromiseRow(
        audience=NamedRow(audience["slug"], audience["fr" if in_french() else "en"]),
        # Whether the audience is internal, a record does not say: then it is not for the public.
        is_internal=True,
        subject=str(one["subject"]),
        due_at=due_at,
        outcome="late" if late else state.value,
        settled_at=settled_at,
        late_by=settled_at - due_at if late and settled_at else None,
        moved_to=due.get(one["moved_to"]),
        owner=str(one["owner"]["name"]),
        reason=str(one["reason"]),
    )


def _assessment(one: dict[str, Any]) -> SeverityRow:
    return SeverityRow(
        at=_time(one["assessed_at"]),
        level=Severity(one["level"]),
        computed=Severity(one["computed_level"]),
        score=str(one["score"]),
        reason=str(one["reason"]),
        override_reason=str(one["override_reason"]),
        by=str(one["assessed_by"]["name"]),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
