"""The correct-now list: what says something else than the facts it stands on, the loudest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from incidents.models import Channel, Citation, Incident, Publication, Statement
from incidents.signoff.rules import status_words
from incidents.statements import citing, rules
from incidents.statements.citing import CitedFact
from incidents.statements.rows import CHANNEL_ICONS

Status = Statement.Status


@dataclass(frozen=True)
class PostRow:
    """Where our words stand."""

    channel: str
    icon: str
    link: str
    published_at: datetime


@dataclass(frozen=True)
class OutdatedRow:
    """
    A statement whose facts changed; `correction`: number of one that is being written.

    `is_translation`: it stands on what its master cites.
    """

    number: int
    title: str
    kind: str
    audience: str
    language: str
    status: str
    status_words: str
    is_line: bool
    is_translation: bool
    facts: tuple[CitedFact, ...]
    posts: tuple[PostRow, ...]
    correction: int


@dataclass(frozen=True)
class CorrectNow:
    """Live posts, lines to take, what is good to publish, in sign-off, drafts: in this order."""

    live: tuple[OutdatedRow, ...]
    lines: tuple[OutdatedRow, ...]
    good: tuple[OutdatedRow, ...]
    in_signoff: tuple[OutdatedRow, ...]
    drafts: tuple[OutdatedRow, ...]
    may_draft: bool

    @property
    def total(self) -> int:
        groups = (self.live, self.lines, self.good, self.in_signoff, self.drafts)
        return sum(len(group) for group in groups)


def correct_now(incident: Incident, *, rights: Iterable[str]) -> CorrectNow:
    """Return what is to be corrected, or said to hold; the queries do not grow with it."""
    every = incident.statements.select_related("audience", "incident").order_by("-number")
    statements = [one for one in every if one.status not in rules.GONE]
    outdated = citing.outdated(statements)
    posts = _posts(outdated)
    underway = _underway(statements)
    groups: dict[str, list[OutdatedRow]] = defaultdict(list)
    for one in statements:
        if one.pk in outdated:
            row = _row(one, outdated[one.pk], posts.get(one.pk, ()), underway.get(one.pk, 0))
            groups[_group(one, row.posts)].append(row)
    return CorrectNow(
        live=tuple(groups["live"]),
        lines=tuple(groups["lines"]),
        good=tuple(groups["good"]),
        in_signoff=tuple(groups["in_signoff"]),
        drafts=tuple(groups["drafts"]),
        may_draft="draft_statement" in frozenset(rights),
    )


def live(incidents: Iterable[Incident]) -> list[Statement]:
    """
    Return what is out, in any of these incidents, and says something else than its facts.

    As `correct_now` has it under "live"; the queries do not grow with incidents or texts.
    """
    out = Statement.objects.filter(
        Q(status=Status.PUBLISHED) | Q(publications__isnull=False),
        Exists(Citation.objects.filter(ended_at=None, statement=OuterRef("pk")))
        | Exists(Citation.objects.filter(ended_at=None, statement=OuterRef("master"))),
        incident__in=[one.pk for one in incidents],
    ).exclude(status__in=rules.GONE)
    found = list(out.distinct().order_by("number"))
    outdated = citing.outdated(found)
    return [one for one in found if one.pk in outdated]


def counted(incident: Incident) -> tuple[int, int]:
    """Return how much is to be corrected now: live posts, and everything with them."""
    found = correct_now(incident, rights=())
    return len(found.live), found.total


def _group(statement: Statement, posts: Sequence[PostRow]) -> str:
    if statement.status == Status.PUBLISHED or posts:
        return "live"
    if statement.kind == Statement.Kind.LINE:
        return "lines"
    return {Status.GOOD: "good", Status.IN_SIGNOFF: "in_signoff"}.get(
        Status(statement.status), "drafts"
    )


def _posts(statements: Iterable[int]) -> Mapping[int, Sequence[PostRow]]:
    found: defaultdict[int, list[PostRow]] = defaultdict(list)
    published = Publication.objects.filter(statement__in=list(statements))
    for one in published.order_by("published_at", "pk"):
        channel = Channel(one.channel)
        row = PostRow(str(channel.label), CHANNEL_ICONS[channel], one.link, one.published_at)
        found[one.statement_id or 0].append(row)
    return found


def _underway(statements: Iterable[Statement]) -> dict[int, int]:
    """Return the number of the correction of each that is not out yet."""
    return {
        one.corrects_id: one.number
        for one in statements
        if one.corrects_id and one.status != Status.PUBLISHED
    }


def _row(
    statement: Statement,
    facts: tuple[CitedFact, ...],
    posts: Sequence[PostRow],
    correction: int,
) -> OutdatedRow:
    return OutdatedRow(
        number=statement.number,
        title=statement.title,
        kind=statement.get_kind_display(),
        audience=statement.audience.name,
        language=statement.language,
        status=statement.status,
        status_words=status_words(statement),
        is_line=statement.kind == Statement.Kind.LINE,
        is_translation=statement.master_id is not None,
        facts=facts,
        posts=tuple(posts),
        correction=correction,
    )
