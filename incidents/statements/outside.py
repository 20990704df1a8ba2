"""What may be called published, and how it compares with what was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crisisdesk.kit import chain
from crisisdesk.kit.refusals import Refused
from incidents.models import Publication, Release, Round, Statement, Version
from incidents.statements import rules
from incidents.statements.difference import Piece, difference
from teams.models import User


class NotSigned(Refused):
    """What is to be recorded as published is not what was signed, or not yet."""


def check(
    round_: Round, statement: Statement, *, channel: str, published_at: datetime, at: datetime
) -> None:
    """
    Demand that channel and time are covered by the sign-off, or by the release.

    Times that people give are exact to the minute, so the minute of the last sign-off counts.
    What was superseded since may still be recorded for the time before.

    :raises NotSigned: otherwise, or if it is recorded already
    """
    version = round_.version
    check_time(published_at, at=at)
    if round_.outcome == Round.Outcome.RELEASED:
        _check_agreements(round_)
    if channel not in version.channel_texts:
        raise NotSigned(
            _(
                "v%(number)s was not signed for this channel. Nothing was recorded. If it"
                " appeared there all the same, record it as published without sign-off."
            )
            % {"number": version.number}
        )
    signed_at = round_.closed_at
    if signed_at and published_at < signed_at.replace(second=0, microsecond=0):
        raise NotSigned(
            _(
                "v%(number)s was not yet signed at that time. Nothing was recorded. What"
                " appeared before is recorded as published without sign-off."
            )
            % {"number": version.number}
        )
    _check_successor(statement, published_at)
    if version.publications.filter(channel=channel).exists():
        raise NotSigned(
            _("The publication of v%(number)s on this channel is on record already.")
            % {"number": version.number}
        )


def _check_agreements(round_: Round) -> None:
    """Refuse what rests on an agreement that its approver has denied."""
    releases = list(round_.releases.all())
    denied = any(one.outcome == Release.Outcome.DENIED for one in releases)
    if denied and not any(one.form == Release.Form.BREAK_GLASS for one in releases):
        raise NotSigned(
            _(
                "An approver denies the oral agreement that this text rests on. Nothing was"
                " recorded. What appeared all the same is recorded as published without sign-off."
            )
        )


def _check_successor(statement: Statement, published_at: datetime) -> None:
    if statement.status != Statement.Status.SUPERSEDED:
        return
    since = (
        Publication.objects.filter(statement__supersedes=statement)
        .exclude(basis=Publication.Basis.UNSIGNED)
        .order_by("published_at", "pk")
        .select_related("statement")
        .first()
    )
    if since and since.statement and published_at >= since.published_at:
        raise NotSigned(
            _(
                "Statement %(number)s had taken the place of this one at that time. Nothing was"
                " recorded. If it appeared all the same, record it as published without sign-off."
            )
            % {"number": since.statement.number}
        )


def release_of(round_: Round) -> Release | None:
    """Return by which release a text goes out: break-glass before an oral agreement."""
    if round_.outcome != Round.Outcome.RELEASED:
        return None
    found = list(round_.releases.select_related("released_by").order_by("pk"))
    glass = [one for one in found if one.form == Release.Form.BREAK_GLASS]
    return next(iter([*glass, *found]), None)


@dataclass(frozen=True)
class Comparison:
    """
    What stands outside beside the text that may go out, to be looked at before it is recorded.

    `same_as`: the older version whose very words they are, 0 for none; `was_signed`: that one had
    all its sign-offs. `share`: percent of what was pasted that is ours. `mark` names exactly
    this comparison.
    """

    pieces: tuple[Piece, ...]
    passages: int
    share: int
    same_as: int
    was_signed: bool
    mark: str


class OtherWords(Refused):
    """Other words than ours were pasted back, and nobody has looked at the difference yet."""

    def __init__(self, other: Comparison) -> None:
        super().__init__(
            _("Other words than ours stand there. Nothing was recorded. Look at the difference.")
        )
        self.other = other


def compare(version: Version, *, channel: str, posted_text: str) -> Comparison | None:
    """Compare what was pasted back; None where it is our text, or where nothing was pasted."""
    posted = rules.as_typed(posted_text)
    if not posted.strip():
        return None
    ours = rules.text_for(version.text, version.channel_texts, channel)
    if rules.same_words(posted, ours):
        return None
    older = _same_words_before(version, channel, posted)
    found = difference(ours, posted)
    kept = sum(_letters(text) for op, text in found.pieces if op == "=")
    return Comparison(
        pieces=found.pieces,
        passages=found.passages,
        share=min(99, 100 * kept // max(1, _letters(posted))),
        same_as=older.number if older else 0,
        was_signed=older is not None and _was_signed(older),
        mark=chain.digest(chain.canonical([version.fingerprint, channel, posted])),
    )


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _was_signed(version: Version) -> bool:
    """Tell whether a version once had all its sign-offs; a newer one voids them, and says so."""
    complete = version.rounds.filter(releases=None, stages__isnull=False)
    return complete.exclude(stages__completed_at=None).exists()


def _same_words_before(version: Version, channel: str, posted: str) -> Version | None:
    before: QuerySet[Version] = Version.objects.filter(
        statement=version.statement_id, number__lt=version.number
    )
    for one in before.order_by("-number").iterator(chunk_size=50):
        if rules.same_words(posted, rules.text_for(one.text, one.channel_texts, channel)):
            return one
    return None


def check_time(published_at: datetime, *, at: datetime) -> None:
    if published_at > at:
        raise NotSigned(
            _("This time is still to come. Nothing was recorded. Record it once it is published.")
        )


def build(
    statement: Statement,
    round_: Round,
    *,
    release: Release | None,
    channel: str,
    published_at: datetime,
    link: str,
    posted_text: str,
    by: User,
    at: datetime,
) -> Publication:
    """Return the publication of a version that may go out, and whether other words stand there."""
    version = round_.version
    posted = rules.as_typed(posted_text)
    signed = rules.text_for(version.text, version.channel_texts, channel)
    return Publication(
        incident=statement.incident,
        statement=statement,
        version=version,
        round=round_,
        release=release,
        basis=Publication.Basis(release.form) if release else Publication.Basis.SIGNED,
        fingerprint=version.fingerprint,
        channel=channel,
        audience=statement.audience,
        is_internal=statement.audience.is_internal,
        published_at=published_at,
        link=link,
        posted_text=posted,
        differs=bool(posted.strip()) and not rules.same_words(posted, signed),
        recorded_by=by,
        recorded_at=at,
    )
