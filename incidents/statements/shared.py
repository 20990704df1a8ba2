"""Who from outside is shown a text, as the room sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.models import Decision, ExternalApprover, Round, Seat, Statement


@dataclass(frozen=True)
class ApproverRow:
    """
    Somebody from outside.

    `state`: running, over; `holds_up`: a round waits for them although they can no longer answer.
    """

    pk: int
    name: str
    email: str
    signs: bool
    invited_by: str
    ends_at: datetime
    is_running: bool
    has_signed: bool
    holds_up: bool


def approvers(statement: Statement, *, at: datetime) -> tuple[ApproverRow, ...]:
    """Return everyone whom a text was ever shown to, who may still see it first."""
    found = list(
        ExternalApprover.objects.filter(statement=statement)
        .select_related("user", "invited_by")
        .order_by("-pk")
    )
    if not found:
        return ()
    waited, signed = _waited_for(statement), _signed(statement)
    newest = {one.user_id: one.pk for one in reversed(found)}
    rows = [
        ApproverRow(
            pk=one.pk,
            name=one.user.name,
            email=one.user.email,
            signs=one.signs,
            invited_by=one.invited_by.name,
            ends_at=one.ended_at or one.ends_at,
            is_running=(running := one.ended_at is None and one.ends_at > at),
            has_signed=one.user_id in signed,
            holds_up=not running and one.user_id in waited and newest[one.user_id] == one.pk,
        )
        for one in found
    ]
    return tuple(sorted(rows, key=lambda row: not row.is_running))


def _waited_for(statement: Statement) -> set[int | None]:
    seats = Seat.objects.filter(
        stage__round__version__statement=statement,
        stage__round__outcome=Round.Outcome.OPEN,
        stage__completed_at=None,
        person__isnull=False,
        decisions=None,
        releases=None,
    )
    return set(seats.values_list("person", flat=True))


def _signed(statement: Statement) -> set[int]:
    newest = statement.versions.order_by("-number").first()
    given = Decision.objects.filter(version=newest, verdict=Decision.Verdict.APPROVE)
    return set(given.values_list("signer", flat=True))
