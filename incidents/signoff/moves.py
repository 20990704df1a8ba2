"""What every verb of sign-off needs: the facts of a round, and the statement's status after it."""

from __future__ import annotations

from typing import Any

from incidents.models import Round, Seat, Statement
from incidents.signoff import rules
from incidents.timeline.rules import plain


def set_status(round_: Round) -> None:
    """Bring the statement's status in line; what is published stays so while it is asked anew."""
    statement = round_.version.statement
    if statement.status in (Statement.Status.PUBLISHED, Statement.Status.SUPERSEDED):
        return
    statement.status = rules.STATUS_AFTER[round_.outcome]
    statement.save(update_fields=["status"])


def facts(round_: Round) -> dict[str, Any]:
    version = round_.version
    return {
        "title": version.statement.title,
        "version": version.number,
        "statement": version.statement_id,
        "number": version.statement.number,
        "round": round_.pk,
    }


def from_outside(seat: Seat, statement: Statement) -> dict[str, Any]:
    """Say of a seat that asks a person whether they are from outside: their name does not tell."""
    invited = statement.externals.filter(user=seat.person_id)
    return {"external": True} if seat.person_id is not None and invited.exists() else {}


def whom(seat: Seat, statement: Statement) -> dict[str, Any]:
    """Return whom a seat asks, where it is named among others."""
    return {**plain(seat.role or seat.person), **from_outside(seat, statement)}


def owed(asked: list[dict[str, Any]], needed: int) -> list[dict[str, Any]]:
    """Say whose sign-off is owed: all of theirs, or of some where that is enough."""
    return asked if needed >= len(asked) else [{"some": needed, "of": asked}]
