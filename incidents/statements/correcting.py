"""The correct-now list: what says something else than the facts it stands on, the loudest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from crisisdesk.kit.lists import all_of
from incidents.models import Channel, Citation, Incident, Publication, Statement
from incidents.signoff.rules import status_words
from incidents.statements import citing, rules
from incidents.statements.citing import CitedFact
from incidents.statements.rows import CHANNEL_ICONS

Status = Statement.Status


@dataclass(frozen=True)
class PostRow:
    """Where our words stand; `key`: of the channel."""

    key: str
    channel: str
    icon: str
    link: str
    published_at: datetime


@dataclass(frozen=True)
class OutdatedRow:
    """
    A statement whose facts changed.

    `is_translation`: it stands on what its master cites; `is_gone`: withdrawn or superseded here,
    and out all the same. `done`, `left`: the channels on which it was set right, and those still
    to do. `correction`, `successor`: number of one that is still to go out.
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
    is_gone: bool
    facts: tuple[CitedFact, ...]
    posts: tuple[PostRow, ...]
    done: str
    left: str
    correction: int
    successor: int


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
    statements = list(every)
    outdated = citing.outdated(statements)
    after = [one for one in statements if outdated.keys() & {one.corrects_id, one.supersedes_id}]
    posts = _posts({*outdated, *(one.pk for one in after)})
    underway = _underway(after, outdated, posts)
    groups: dict[str, list[OutdatedRow]] = defaultdict(list)
    for one in statements:
        if one.pk in outdated:
            row = _row(one, outdated[one.pk], posts.get(one.pk, ()), underway)
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
    )
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
        label, icon = str(channel.label), CHANNEL_ICONS[channel]
        row = PostRow(channel, label, icon, one.link, one.published_at)
        found[one.statement_id or 0].append(row)
    return found


def _underway(
    after: Iterable[Statement],
    outdated: Mapping[int, Sequence[CitedFact]],
    posts: Mapping[int, Sequence[PostRow]],
) -> dict[tuple[str, int], int]:
    """Return the number of the correction, and the successor, of each that is still to go out."""
    found: dict[tuple[str, int], int] = {}
    for one in after:
        links = (("corrects", one.corrects_id), ("supersedes", one.supersedes_id))
        for link, wrong in links:
            facts = outdated.get(wrong or 0)
            if wrong and facts and _is_awaited(one, facts, posts.get(one.pk, ())):
                found[link, wrong] = one.number
    return found


def _is_awaited(statement: Statement, facts: Sequence[CitedFact], posts: Sequence[PostRow]) -> bool:
    """Tell whether this text, once it goes out, or goes on to other channels, sets these right."""
    if statement.status in rules.GONE:
        return False
    if statement.status != Status.PUBLISHED:
        return True
    changed = max(one.changed_at for one in facts)
    if not any(post.published_at >= changed for post in posts):
        return False
    left = {channel for one in facts for channel in one.left}
    return bool(left.intersection(statement.channels) - {post.key for post in posts})


def _row(
    statement: Statement,
    facts: tuple[CitedFact, ...],
    posts: Sequence[PostRow],
    underway: Mapping[tuple[str, int], int],
) -> OutdatedRow:
    left = {channel for one in facts for channel in one.left}
    done = {channel for one in facts for channel in one.done}
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
        is_gone=statement.status in rules.GONE,
        facts=facts,
        posts=tuple(posts),
        done=_named(done.intersection(post.key for post in posts) - left),
        left=_named(left),
        correction=underway.get(("corrects", statement.pk), 0),
        successor=underway.get(("supersedes", statement.pk), 0),
    )


def _named(channels: Iterable[str]) -> str:
    return all_of([str(Channel(one).label) for one in rules.in_order(channels)])
