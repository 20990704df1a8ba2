"""
One text as somebody from outside sees it: the words, what changed, the circuit, the attachments.

No title, neither the incident's nor the statement's own; no comments, facts, names of stand-ins
or other statements. The rows hold nothing else, so that no template can show it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from incidents import access
from incidents.models import Evidence, ExternalApprover, Statement, Version
from incidents.signoff import seat_words
from incidents.signoff.rows import RoundRow, SeatRow, StageRow
from incidents.statements import company, queries
from incidents.statements.bases import BaseRow, Unsigned
from incidents.statements.company import AttachmentRow
from incidents.statements.difference import Piece
from incidents.statements.languages import AttestationRow
from incidents.statements.rows import ChannelRow, StatementPage, Turn, VersionRow
from teams.models import User


@dataclass(frozen=True)
class ShownRow:
    """A text in the list of somebody from outside."""

    uuid: UUID
    reference: str
    is_drill: bool
    kind: str
    language: str
    version: int
    waits: bool
    due_at: datetime | None
    signs: bool
    ends_at: datetime


@dataclass(frozen=True)
class SharedText:
    """One version of one text for one person from outside. Named as `StatementPage` names it."""

    uuid: UUID
    reference: str
    is_drill: bool
    kind: str
    audience: str
    channel_words: tuple[str, ...]
    language: str
    language_name: str
    version: VersionRow | None
    text: str
    base: BaseRow | None
    unsigned: Unsigned | None
    pieces: tuple[Piece, ...]
    passages: int
    length: int
    length_before: int | None
    channels: tuple[ChannelRow, ...]
    attachments: tuple[AttachmentRow, ...]
    round: RoundRow | None
    turn: Turn | None
    decision: str
    signs: bool
    ends_at: datetime
    asked_by: str
    reads: bool
    needs_reader: bool
    attestations: tuple[AttestationRow, ...]
    is_withdrawn: bool

    @property
    def too_long(self) -> int:
        return sum(1 for channel in self.channels if channel.count.over)


def rows(shown: Iterable[Statement], *, user: User, at: datetime) -> list[ShownRow]:
    """Return the texts that a person from outside may see now; what waits for them first."""
    found = []
    for statement in shown:
        held = access.statement_rights(user, statement, at=at)
        text = page(statement, user=user, rights=held, at=at)
        found.append(
            ShownRow(
                uuid=text.uuid,
                reference=text.reference,
                is_drill=text.is_drill,
                kind=text.kind,
                language=text.language,
                version=text.version.number if text.version else 0,
                waits=text.turn is not None,
                due_at=text.turn.due_at if text.turn else None,
                signs=text.signs,
                ends_at=text.ends_at,
            )
        )
    return sorted(found, key=lambda row: not row.waits)


def page(
    statement: Statement,
    *,
    user: User,
    rights: frozenset[str],
    at: datetime,
    seen: int | None = None,
) -> SharedText:
    """
    Return the newest version for a person from outside.

    The difference is against the version that they decided about last, or `seen` where that
    stood on their screen; what was written before they were shown the text is not theirs to read.
    """
    approver = _approver(statement, user)
    base = _base(statement, user, approver, seen)
    whole = queries.page(statement, user=user, rights=(), at=at, base=base)
    compares = base is not None and whole.base is not None and whole.base.number == base
    spoken = whole.spoken
    signs = "sign_statement" in rights
    turn = whole.turn if signs else None
    return SharedText(
        uuid=statement.uuid,
        reference=statement.incident.reference,
        is_drill=statement.incident.is_drill,
        kind=whole.kind,
        audience=whole.audience,
        channel_words=whole.channel_words,
        language=whole.language,
        language_name=spoken.language_name,
        version=whole.version,
        text=whole.text,
        base=whole.base if compares else None,
        unsigned=_unsigned(whole, statement, approver) if turn else None,
        pieces=whole.pieces if compares else (),
        passages=whole.passages if compares else 0,
        length=whole.length,
        length_before=whole.length_before if compares else None,
        channels=_channels(whole, compares=compares),
        attachments=whole.attachments,
        round=_circuit(whole.round, user),
        turn=turn,
        decision=_decision(whole.round, user),
        signs=signs,
        ends_at=approver.ends_at,
        asked_by=approver.invited_by.name,
        reads=spoken.reads,
        needs_reader=signs and spoken.needs_reader,
        attestations=spoken.attestations,
        is_withdrawn=statement.status == Statement.Status.WITHDRAWN,
    )


def attached(statement: Statement, sha256: str) -> Evidence | None:
    """Return a file that the newest version carries; none of the draft, none of before."""
    newest = statement.versions.order_by("-number").first()
    if newest is None or sha256 not in {one["sha256"] for one in newest.attachments}:
        return None
    return company.attached(statement, sha256)


def _approver(statement: Statement, user: User) -> ExternalApprover:
    return statement.externals.filter(user=user, ended_at=None).latest("pk")


def _base(
    statement: Statement, user: User, approver: ExternalApprover, seen: int | None
) -> int | None:
    """Return the number of the version to compare with, of those that they have seen."""
    decided = Version.objects.filter(statement=statement, decisions__signer=user)
    if seen is None:
        last: int | None = decided.aggregate(last=Max("number"))["last"]
        return last
    first = _first(statement, approver)
    theirs = statement.versions.filter(Q(number__gte=first) | Q(pk__in=decided.values("pk")))
    return seen if theirs.filter(number=seen).exists() else None


def _first(statement: Statement, approver: ExternalApprover) -> int:
    """Return the number of the version that stood when they were shown the text."""
    before = statement.versions.filter(saved_at__lte=approver.invited_at)
    return before.aggregate(last=Max("number"))["last"] or 1


def _unsigned(
    whole: StatementPage, statement: Statement, approver: ExternalApprover
) -> Unsigned | None:
    """Offer whoever has signed none no comparison with words of before they were shown the text."""
    found = whole.unsigned
    if found is None or found.before >= _first(statement, approver):
        return found
    return Unsigned(before=0)


def _channels(whole: StatementPage, *, compares: bool) -> tuple[ChannelRow, ...]:
    return tuple(
        replace(row, publication=None, pieces=row.pieces if compares else ())
        for row in whole.channels
    )


def _circuit(found: RoundRow | None, user: User) -> RoundRow | None:
    """Return roles, states and signers; nobody's words but the reader's own, no stand-ins."""
    if found is None:
        return None
    return replace(found, policy="", stages=tuple(_stage(one, user) for one in found.stages))


def _stage(stage: StageRow, user: User) -> StageRow:
    return replace(
        stage,
        seats=tuple(
            replace(
                seat,
                comment=seat.comment if seat.slug == str(user.uuid) else "",
                others=(),
                away_until="",
                excluded_at=None,
                text=_said(seat),
            )
            for seat in stage.seats
        ),
    )


def _said(seat: SeatRow) -> str:
    """Say of a free seat whose it is: who stands in for them is nobody's business outside."""
    if seat.given_by or not seat.holder or seat.state == "skipped":
        return seat.text
    return seat_words.waits(seat.state, seat.holder)


def _decision(found: RoundRow | None, user: User) -> str:
    """Say what they decided about this version; empty where they did not."""
    for seat in found.seats if found else []:
        if seat.slug == str(user.uuid) and seat.signer:
            return seat.text
    return ""
