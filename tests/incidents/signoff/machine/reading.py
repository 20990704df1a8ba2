"""
What the tables say, read without the engine: plain SQL, and sums of the machine's own.

Nothing here calls a query, a rule or a fingerprint of the product, so that a fault in one of
those cannot hide itself.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def first(sql: str, *values: Any) -> tuple[Any, ...] | None:
    found = rows(sql, *values)
    return found[0] if found else None


def moment(value: Any) -> datetime:
    """Return a time as the column keeps it: SQLite gives words."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Newest(NamedTuple):
    """A version; the newest of its statement where nothing else is said."""

    pk: int
    number: int
    fingerprint: str
    text: str
    change: str


def version_of(statement: int, number: int | None = None) -> Newest | None:
    found = first(
        "SELECT id, number, fingerprint, text, change FROM incidents_version"
        " WHERE statement_id = %s AND number = COALESCE(%s, number) ORDER BY number DESC LIMIT 1",
        statement,
        number,
    )
    return Newest(*found) if found else None


class SeatRow(NamedTuple):
    """A seat of a round, with what stands on it: a decision, an oral agreement, a carried one."""

    round: int
    outcome: str
    version: int
    statement: int
    stage: int
    needed: int
    minutes: int
    opened_at: Any
    seat: int
    role: str
    verdict: str | None
    signer: int | None
    fingerprint: str | None
    release: int | None
    approver: int | None
    carried: int | None

    @property
    def is_taken(self) -> bool:
        return self.verdict == "approve" or self.release is not None or self.carried is not None


SEATS = """SELECT r.id, r.outcome, v.id, v.statement_id, g.id, g.needed, g.minutes, g.opened_at,
  e.id, COALESCE(t.slug, p.email), d.verdict, d.signer_id, d.fingerprint, o.id, o.approver_id, e.carried_from_id
FROM incidents_round r JOIN incidents_version v ON v.id = r.version_id
JOIN incidents_stage g ON g.round_id = r.id JOIN incidents_seat e ON e.stage_id = g.id
LEFT JOIN teams_role t ON t.id = e.role_id LEFT JOIN teams_user p ON p.id = e.person_id
LEFT JOIN incidents_decision d ON d.seat_id = e.id
LEFT JOIN incidents_release o ON o.seat_id = e.id"""
ORDER = ' ORDER BY r.id, g."order", e.id'


def seats_of_version(version: int) -> list[SeatRow]:
    """Return the seats of the last round of a version, in the order of its stages."""
    last = "(SELECT MAX(id) FROM incidents_round WHERE version_id = %s)"
    return [SeatRow(*one) for one in rows(f"{SEATS} WHERE r.id = {last}{ORDER}", version)]


def seats_in_play(incident: int, after: int) -> list[SeatRow]:
    """Return the seats of all rounds that still count, or are newer than this one."""
    here = "v.statement_id IN (SELECT id FROM incidents_statement WHERE incident_id = %s)"
    wanted = f"{here} AND (r.outcome IN ('open', 'approved', 'released') OR r.id > %s)"
    return [SeatRow(*one) for one in rows(f"{SEATS} WHERE {wanted}{ORDER}", incident, after)]


def held(value: Any) -> Any:
    """Return what a JSON column holds."""
    return json.loads(value) if isinstance(value, str) else value


class Draft(NamedTuple):
    """What is being written."""

    revision: int
    text: str
    own: dict[str, str]
    files: frozenset[str]


def draft_of(statement: int) -> Draft:
    found = first(
        "SELECT revision, text, channel_texts, attachments FROM incidents_draft"
        " WHERE statement_id = %s",
        statement,
    )
    assert found is not None
    revision, text, own, files = found
    words = {channel: own_text for channel, own_text in held(own).items() if own_text}
    return Draft(revision, text, words, frozenset(one["sha256"] for one in held(files)))


def stages_of(seats: list[SeatRow]) -> list[list[SeatRow]]:
    found: dict[int, list[SeatRow]] = {}
    for one in seats:
        found.setdefault(one.stage, []).append(one)
    return list(found.values())


def whose_turn(seats: list[SeatRow]) -> list[SeatRow]:
    """Return the first stage of an open round that lacks somebody: the only one that is asked."""
    if not seats or seats[0].outcome != "open":
        return []
    lacking = (s for s in stages_of(seats) if sum(one.is_taken for one in s) < s[0].needed)
    return next(lacking, [])


def fingerprint(**bound: Any) -> str:
    """Return the fingerprint of everything that a sign-off binds, as PRODUCT states it."""
    body = {"format": "crisisdesk-statement/1", **bound}
    form = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(form.encode()).hexdigest()


def as_kept(text: str) -> str:
    """Return a typed text without what nobody can see."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def without_typos(text: str) -> str:
    """Return a text with the machine's two misspellings mended: equal means, only a typo parts."""
    return text.replace("cheking", "checking").replace("checkng", "checking")
