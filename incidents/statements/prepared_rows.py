"""What pages show of prepared texts: the list, the words that are filled in, where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Prefetch, QuerySet

from incidents.models import Channel, Decision, Round, Statement, Version
from incidents.statements import prepared, rules, variables
from teams.models import Team

# After this time somebody reads a prepared text again: names, facts and law move on.
REVIEW_AFTER: Final = timedelta(days=365)


@dataclass(frozen=True)
class Part:
    """A stretch of text; `name` where it stands for a variable."""

    text: str
    name: str = ""

    @property
    def is_empty(self) -> bool:
        return self.text == f"{{{self.name}}}"


@dataclass(frozen=True)
class PreparedRow:
    """A prepared text that may be used: signed, the newest of its statement."""

    number: int
    version: int
    title: str
    kind: str
    kind_words: str
    audience: str
    language: str
    channels: tuple[str, ...]
    variables: tuple[str, ...]
    parts: tuple[Part, ...]
    own_texts: tuple[tuple[str, tuple[Part, ...]], ...]
    signed_by: tuple[str, ...]
    signed_at: datetime
    is_overdue: bool


@dataclass(frozen=True)
class Origin:
    """
    Where the words of a version come from, for whoever reads or signs it.

    `parts`: its text with the values marked, while it is untouched. `empty`: variables that
    still stand in it.
    """

    title: str
    reference: str
    number: int
    version: int
    signed_by: tuple[str, ...]
    signed_at: datetime | None
    is_untouched: bool
    is_good: bool
    parts: tuple[Part, ...]
    empty: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """What a page says about a prepared text itself, in the library."""

    variables: tuple[str, ...]
    is_usable: bool
    signed_at: datetime | None
    is_overdue: bool
    may_withdraw: bool


def under_way(team: Team) -> int:
    """Count the prepared texts that are being written or signed."""
    return Statement.objects.filter(
        incident__team=team,
        incident__is_library=True,
        status__in=[Statement.Status.DRAFT, Statement.Status.IN_SIGNOFF],
    ).count()


def is_overdue(signed_at: datetime, *, at: datetime) -> bool:
    return at - signed_at >= REVIEW_AFTER


def good_texts(team: Team, *, at: datetime) -> list[PreparedRow]:
    """Return the prepared texts that may be used, by kind and title; constant in queries."""
    found = [
        (version, approved)
        for statement in _approved(team)
        if (version := _newest(statement)) is not None
        and (approved := _approval(version)) is not None
    ]
    rows = [_row(version, approved, at=at) for version, approved in found]
    order = list(Statement.Kind.values)
    return sorted(rows, key=lambda row: (order.index(row.kind), row.language, row.title))


def row(version: Version, *, at: datetime) -> PreparedRow:
    """Return one good text as its page shows it."""
    signed = _signed_rounds().get(version=version)
    return _row(version, signed, at=at)


def _signed_rounds() -> QuerySet[Round]:
    signers = Decision.objects.select_related("signer").order_by("pk")
    return Round.objects.filter(outcome=Round.Outcome.APPROVED).prefetch_related(
        Prefetch("decisions", signers)
    )


def _approved(team: Team) -> list[Statement]:
    newest = Version.objects.order_by("-number").prefetch_related(
        Prefetch("rounds", _signed_rounds())
    )
    return list(
        Statement.objects.filter(
            incident__team=team, incident__is_library=True, status=Statement.Status.GOOD
        )
        .select_related("audience")
        .prefetch_related(Prefetch("versions", newest))
    )


def _newest(statement: Statement) -> Version | None:
    return next(iter(statement.versions.all()), None)


def _approval(version: Version) -> Round | None:
    return next(iter(version.rounds.all()), None)


def _row(version: Version, approved: Round, *, at: datetime) -> PreparedRow:
    statement = version.statement
    signed_at = approved.closed_at or approved.opened_at
    return PreparedRow(
        number=statement.number,
        version=version.number,
        title=statement.title,
        kind=version.kind,
        kind_words=str(Statement.Kind(version.kind).label),
        audience=statement.audience.name,
        language=version.language,
        channels=_channel_words(version),
        variables=prepared.names_of(version),
        parts=marked_open(version.text),
        own_texts=channel_parts(version),
        signed_by=_signers(approved),
        signed_at=signed_at,
        is_overdue=is_overdue(signed_at, at=at),
    )


def _channel_words(version: Version) -> tuple[str, ...]:
    return tuple(str(Channel(c).label) for c in rules.in_order(version.channel_texts))


def _signers(approved: Round) -> tuple[str, ...]:
    yes = Decision.Verdict.APPROVE
    return tuple(d.signer.name for d in approved.decisions.all() if d.verdict == yes)


@dataclass(frozen=True)
class OnPage:
    """What the page of a statement says about prepared texts: one it began with, or it is one."""

    origin: Origin | None
    template: Template | None


def on_page(
    statement: Statement, version: Version | None, *, rights: Iterable[str], at: datetime
) -> OnPage:
    """Return both; no query for a statement that has nothing to do with prepared texts."""
    if version is not None:
        version.statement = statement
    return OnPage(
        origin(version) if version is not None else None,
        template(statement, version, rights=rights, at=at),
    )


def origin(version: Version) -> Origin | None:
    """Return where the words of a version come from; None where they were written for it."""
    key = version.statement.prepared_from_id
    if key is None:
        return None
    began = Version.objects.select_related("statement__incident").get(pk=key)
    approved = _signed_rounds().filter(version=began).first()
    good = prepared.is_good(began, version.statement.incident.team_id)
    untouched = good and prepared.fits(began, version)
    return Origin(
        title=began.statement.title,
        reference=began.statement.incident.reference,
        number=began.statement.number,
        version=began.number,
        signed_by=_signers(approved) if approved else (),
        signed_at=approved.closed_at if approved else None,
        is_untouched=untouched,
        is_good=good,
        parts=marked(began.text, version.values) if untouched else (),
        empty=prepared.holes(version.statement, version.text, version.channel_texts),
    )


def template(
    statement: Statement, version: Version | None, *, rights: Iterable[str], at: datetime
) -> Template | None:
    """Return what the page of a prepared text says about it; None outside a library."""
    if not statement.incident.is_library:
        return None
    good = version is not None and prepared.is_good(version, statement.incident.team_id)
    approved = (
        version.rounds.filter(outcome=Round.Outcome.APPROVED).first() if version and good else None
    )
    signed_at = approved.closed_at if approved else None
    return Template(
        variables=prepared.names_of(version) if version else (),
        is_usable=good,
        signed_at=signed_at,
        is_overdue=bool(signed_at and is_overdue(signed_at, at=at)),
        may_withdraw="draft_statement" in rights
        and "withdraw" in rules.moves_from(statement.status),
    )


def marked(text: str, values: Mapping[str, str]) -> tuple[Part, ...]:
    """Return a prepared text filled in, with its values apart from the fixed text."""
    filled = variables.fill(text, values)
    return _parts(filled, variables.spans(text, values))


def channel_parts(
    text: Version, values: Mapping[str, str] | None = None
) -> tuple[tuple[str, tuple[Part, ...]], ...]:
    """Return the own texts of channels, filled in, with the channels' names."""
    return tuple(
        (str(Channel(c).label), marked_open(text.channel_texts[c], values))
        for c in rules.in_order(text.channel_texts)
        if text.channel_texts[c]
    )


def marked_open(text: str, values: Mapping[str, str] | None = None) -> tuple[Part, ...]:
    """Return a prepared text with its variables apart, filled or not."""
    blanks = {name: f"{{{name}}}" for name in variables.names(text)}
    return marked(text, {**blanks, **(values or {})})


def _parts(text: str, spans: Iterable[variables.Span]) -> tuple[Part, ...]:
    found: list[Part] = []
    at = 0
    for start, end, name in spans:
        found += [Part(text[at:start]), Part(text[start:end], name)]
        at = end
    return tuple(part for part in (*found, Part(text[at:])) if part.text)
