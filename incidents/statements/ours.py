"""
"Is this ours?": whether a pasted text was ever published by us, as far as this desk knows.

Of incidents that the reader may see, everything is told. Of others, only what their own team said
to the outside, and of that only channel and time: it was public. Whether it was signed is not told.
Internal words and drills of unseen incidents are not looked at, and nothing of them is counted; to
whoever is excluded from an incident, nothing of it exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from incidents import access
from incidents.models import Channel, Publication, Statement
from incidents.statements import resemblance, rules
from incidents.statements.difference import Piece, difference
from incidents.statements.resemblance import Found, Match
from teams.models import Membership, User
from teams.queries import running


@dataclass(frozen=True)
class OursRow:
    """
    A publication that the pasted text is, or resembles.

    Without `reference` the reader may not see its incident: only channel and time are told, not
    whether it was signed.
    `share`: percent of the words. `is_drill`: it was never really published. `now`: withdrawn,
    superseded, corrected since.
    """

    match: Match
    share: int
    channel: str
    published_at: datetime
    is_drill: bool
    is_signed: bool
    is_unsigned: bool
    is_internal: bool
    reference: str
    number: int
    title: str
    version: int
    now: str
    corrected_by: int
    link: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Answer:
    """
    `rows`: what was found in real publications, best first; `drills`: in drills alone.

    `searched`: how many publications the reader may see were looked at.
    """

    rows: tuple[OursRow, ...]
    drills: tuple[OursRow, ...]
    searched: int
    is_short: bool

    @property
    def is_ours(self) -> bool:
        return any(row.reference and not row.is_unsigned for row in self._exact)

    @property
    def is_unsigned(self) -> bool:
        return not self.is_ours and any(row.is_unsigned for row in self._exact)

    @property
    def is_elsewhere(self) -> bool:
        """It appeared in our name; how, only the room of that incident knows."""
        return bool(self._exact) and not self.is_ours and not self.is_unsigned

    @property
    def _exact(self) -> list[OursRow]:
        return [row for row in self.rows if row.match != Match.NEARLY]


SHOWN: Final = 5
Hit = tuple[Found, str, Publication]


def ask(text: str, *, user: User, at: datetime) -> Answer:
    """Look for a pasted text among everything published that this reader may be told of."""
    pasted = resemblance.prepare(text)
    mine = set(access.visible_to(user, at=at).values_list("pk", flat=True))
    found: list[Hit] = []
    known: dict[str, Found | None] = {}
    searched = 0
    for one in _published(user, at=at).iterator(chunk_size=500):
        searched += one.incident_id in mine
        if best := _best(pasted, one, known):
            found.append((*best, one))
    found.sort(key=lambda hit: (resemblance.RANK[hit[0].match], -hit[0].share, -hit[2].pk))
    real = [hit for hit in found if not hit[2].incident.is_drill][:SHOWN]
    drills = [hit for hit in found if hit[2].incident.is_drill][:SHOWN]
    corrected = _corrected(hit[2].statement_id for hit in [*real, *drills])
    rows = [_row(text, *hit, corrected, seen=hit[2].incident_id in mine) for hit in real]
    return Answer(
        rows=tuple(rows),
        drills=tuple(_row(text, *hit, corrected, seen=True) for hit in drills),
        searched=searched,
        is_short=pasted.words < resemblance.FEWEST,
    )


def _published(user: User, *, at: datetime) -> QuerySet[Publication]:
    teams = Membership.objects.filter(running(at), user=user).values("team")
    public = Q(is_internal=False, incident__is_drill=False, incident__team__in=teams)
    found: QuerySet[Publication] = (
        Publication.objects.filter(
            Q(incident__in=access.visible_to(user, at=at)) | public,
            incident__is_library=False,
        )
        .exclude(incident__in=access.closed_to(user))
        .select_related("incident", "statement", "version")
        .order_by("pk")
    )
    return found


def _texts(one: Publication) -> Iterator[str]:
    """Return what stood there, and what was to stand there."""
    if one.posted_text.strip():
        yield one.posted_text
    if one.version is not None:
        yield rules.text_for(one.version.text, one.version.channel_texts, one.channel)


def _best(
    pasted: resemblance.Pasted, one: Publication, known: dict[str, Found | None]
) -> tuple[Found, str] | None:
    """Return the better of its texts; `known` keeps what was compared: channels share a text."""
    best: tuple[Found, str] | None = None
    for ours in _texts(one):
        if ours not in known:
            known[ours] = resemblance.resemblance(pasted, ours)
        found = known[ours]
        if found and (best is None or resemblance.better(found, best[0])):
            best = (found, ours)
    return best


def _row(
    text: str,
    found: Found,
    ours: str,
    one: Publication,
    corrected: Mapping[int, int],
    *,
    seen: bool,
) -> OursRow:
    told = found.match == Match.NEARLY and seen
    statement = one.statement if seen else None
    return OursRow(
        match=found.match,
        share=int(100 * found.share),
        channel=str(Channel(one.channel).label),
        published_at=one.published_at,
        is_drill=one.incident.is_drill,
        is_signed=seen and one.basis == Publication.Basis.SIGNED,
        is_unsigned=seen and one.basis == Publication.Basis.UNSIGNED,
        is_internal=one.is_internal,
        reference=one.incident.reference if seen else "",
        number=statement.number if statement else 0,
        title=statement.title if statement else "",
        version=one.version.number if seen and one.version else 0,
        now=_now(statement),
        corrected_by=corrected.get(statement.pk, 0) if statement else 0,
        link=one.link if seen else "",
        pieces=difference(ours, rules.as_typed(text)).pieces if told else (),
    )


def _now(statement: Statement | None) -> str:
    """Say what became of it since: withdrawn or superseded."""
    if statement is None or statement.status not in rules.GONE:
        return ""
    return str(statement.get_status_display())


def _corrected(statements: Iterable[int | None]) -> dict[int, int]:
    """Return by which published correction each of them was set right, in one query."""
    found = Statement.objects.filter(
        corrects__in=[pk for pk in statements if pk], status__in=rules.OUT
    )
    return {
        wrong: number
        for wrong, number in found.order_by("-number").values_list("corrects", "number")
        if wrong is not None
    }
