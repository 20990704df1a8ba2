"""
Lines to take, as those who answer read them.

A line is usable while it is signed, or released by a named person, and nothing that it stands on
has changed: the change of a fact takes it away from everyone at once, for it is asked at every
reading.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incidents.models import Channel, Incident, Statement, Version
from incidents.signoff.rows import SeatRow
from incidents.statements import citing, queries, rules
from incidents.statements.citing import Cited
from incidents.statements.rows import StatementRow
from incidents.statements.versions import newest_among
from teams.models import User

Status = Statement.Status


@dataclass(frozen=True)
class LineRow:
    """
    A question and its answer.

    `others`: own words of a channel, as (channel, text). `cited`: what it stands on.
    `is_released`: a named person let it out without all sign-offs.
    """

    number: int
    question: str
    answer: str
    others: tuple[tuple[str, str], ...]
    audience: str
    language: str
    status: str
    version: int
    cited: Cited
    seats: tuple[SeatRow, ...]
    due_at: datetime | None
    my_turn: bool
    is_released: bool

    @property
    def is_usable(self) -> bool:
        return self.status == Status.GOOD and not self.cited.stale

    @property
    def words(self) -> str:
        """All that a search looks at."""
        own = (text for _channel, text in self.others)
        return plain(" ".join((self.question, self.answer, self.audience, *own)))


@dataclass(frozen=True)
class LinesPage:
    """`total` counts them all; the groups hold what the search found."""

    usable: tuple[LineRow, ...]
    in_signoff: tuple[LineRow, ...]
    others: tuple[LineRow, ...]
    total: int
    sought: str
    may_draft: bool

    @property
    def found(self) -> int:
        return len(self.usable) + len(self.in_signoff) + len(self.others)


def lines(
    incident: Incident, *, user: User, rights: Iterable[str], at: datetime, sought: str = ""
) -> LinesPage:
    """Return the lines that hold every word sought, in any order, accents and capitals aside."""
    listed = queries.panel(incident, user=user, rights=rights, at=at, lines=True)
    every = incident.statements.filter(kind=Statement.Kind.LINE)
    statements = {one.number: one for one in every}
    cited = citing.standing(list(statements.values()))
    texts = _texts(incident)
    rows = [
        _row(one, statements[one.number], texts.get(one.number), cited[statements[one.number].pk])
        for one in listed.rows
    ]
    wanted = plain(sought).split()
    found = [row for row in rows if all(word in row.words for word in wanted)]
    waits = Status.IN_SIGNOFF
    return LinesPage(
        usable=tuple(row for row in found if row.is_usable),
        in_signoff=tuple(row for row in found if row.status == waits),
        others=tuple(row for row in found if not row.is_usable and row.status != waits),
        total=len(rows),
        sought=sought.strip(),
        may_draft=listed.may_draft,
    )


def plain(text: str) -> str:
    """Return a text as a search compares it: small letters, no accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def _texts(incident: Incident) -> dict[int, Version]:
    """Return the newest version of each line, by the line's number."""
    lines = Version.objects.filter(
        statement__incident=incident, statement__kind=Statement.Kind.LINE
    )
    found = newest_among(lines).select_related("statement")
    return {one.statement.number: one for one in found}


def _row(listed: StatementRow, line: Statement, version: Version | None, cited: Cited) -> LineRow:
    own = version.channel_texts if version else {}
    return LineRow(
        number=listed.number,
        question=listed.title,
        answer=version.text if version else "",
        others=tuple((str(Channel(c).label), own[c]) for c in rules.in_order(own) if own.get(c)),
        audience=listed.audience,
        language=listed.language,
        status=line.status,
        version=listed.version,
        cited=cited,
        seats=tuple(listed.seats),
        due_at=listed.due_at,
        my_turn=listed.my_turn,
        is_released=listed.is_released,
    )
