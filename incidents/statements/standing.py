"""How a text came to be let out, what took its place, and what is owed about it: finished rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from incidents.models import Channel, Publication, Release, Round, Statement, Version
from incidents.signoff import releases
from incidents.signoff.rows import RoundRow
from incidents.statements import prepared, rules
from incidents.timeline.wording import asked_as, worded
from teams.models import User

Form = Release.Form
Outcome = Release.Outcome
RELEASABLE = (Round.Outcome.OPEN, Round.Outcome.CHANGES, Round.Outcome.REFUSED)


@dataclass(frozen=True)
class ReleaseRow:
    """
    A release: by whom, without whom, why; what is owed about it and what became of that.

    `missing` are names of roles and people; `void`: the text changed before it was published.
    """

    pk: int
    is_oral: bool
    is_over_refusal: bool
    is_void: bool
    version: int
    fingerprint: str
    reason: str
    missing: str
    by: str
    at: datetime
    approver: str
    outcome: str
    owed_by: str
    owed_at: datetime
    settled_by: str
    settled_at: datetime | None
    settled_words: str
    waits_for_me: bool

    @property
    def is_owed(self) -> bool:
        return not self.outcome and not self.is_void

    @property
    def is_denied(self) -> bool:
        return self.outcome == Outcome.DENIED


@dataclass(frozen=True)
class LinkRow:
    """Another statement: one that this one sets right or follows, or the other way round."""

    number: int
    title: str
    status_words: str
    was_published: bool


@dataclass(frozen=True)
class LiveRow:
    """Where a text still stands as far as people recorded it: what is to be taken down."""

    channel: str
    version: int
    link: str
    published_at: datetime


@dataclass(frozen=True)
class AfterRow:
    """What a new statement comes after: it sets it right (`corrects`), or takes its place."""

    statement: Statement
    corrects: bool
    out: tuple[LiveRow, ...]


@dataclass(frozen=True)
class Standing:
    """
    What the page of a statement says beside the text.

    `is_open`: its sign-off runs; `missing`: whose sign-off the version on the screen lacks, while it may be released without;
    `refused`: who refused it or asked for changes.
    """

    releases: tuple[ReleaseRow, ...]
    corrects: LinkRow | None
    supersedes: LinkRow | None
    corrected_by: tuple[LinkRow, ...]
    superseded_by: tuple[LinkRow, ...]
    live: tuple[LiveRow, ...]
    may_release: bool
    may_take_oral: bool
    is_open: bool
    missing: tuple[str, ...]
    refused: str

    @property
    def is_more(self) -> bool:
        """There is something to say beside the text."""
        links = (self.corrects, self.supersedes, *self.corrected_by, *self.superseded_by)
        return any(links) or bool(self.live or self.releases)

    @property
    def only_agreed(self) -> bool:
        """Somebody agreed by word of mouth, and nothing is released: others still sign."""
        return self.is_open and all(one.is_oral for one in self.releases)

    @property
    def denied(self) -> tuple[ReleaseRow, ...]:
        """The agreements that were denied although the text is out, or may go out, on them."""
        return tuple(one for one in self.releases if one.is_denied and not one.is_void)


def read(
    statement: Statement,
    shown: Version | None,
    round_: RoundRow | None,
    publications: Sequence[Publication],
    *,
    is_newest: bool,
    rights: Iterable[str],
    user: User,
    at: datetime,
) -> Standing:
    """Return how the statement stands, in two queries, some more for who may break the glass."""
    found = list(with_parts().filter(version=shown)) if shown else []
    asks = "break_glass" in rights and is_newest and shown is not None
    may = asks and _may_be_released(statement, shown, round_, at=at)
    waiting = round_ is not None and round_.outcome == Round.Outcome.OPEN
    return Standing(
        releases=tuple(release_row(one, viewer=user, rights=rights) for one in found),
        **_links(statement),
        live=_live(statement, publications),
        may_release=may,
        may_take_oral=may and waiting,
        is_open=waiting,
        missing=round_.missing if may and round_ else (),
        refused=_refused(statement) if may else "",
    )


def _may_be_released(
    statement: Statement, shown: Version | None, round_: RoundRow | None, *, at: datetime
) -> bool:
    """Say what the verbs would say: nobody is led to a release that is then refused."""
    if shown is None or statement.status in rules.GONE:
        return False
    if statement.incident.is_library:
        return False
    incident = statement.incident
    if round_ is None or round_.outcome == Round.Outcome.VOID:
        if statement.status != Statement.Status.DRAFT:
            return False
        shown.statement = statement
        source = prepared.source_of(shown)
        return releases.forbidding(shown, incident, under=None, source=source, at=at) is None
    if round_.outcome not in RELEASABLE:
        return False
    found = Round.objects.select_related("policy", "version__statement").get(pk=round_.pk)
    return releases.forbidden(found, incident, at=at) is None


def _refused(statement: Statement) -> str:
    return ", ".join(
        _("%(name)s (v%(number)s)") % {"name": one.signer.name, "number": one.version.number}
        for one in releases.refusals(statement.pk)
    )


def with_parts() -> QuerySet[Release]:
    """Return releases with all that a row shows, in their order."""
    return Release.objects.select_related(
        "round", "version", "released_by", "approver", "owed_by", "settled_by"
    ).order_by("pk")


def release_row(release: Release, *, viewer: User, rights: Iterable[str]) -> ReleaseRow:
    return ReleaseRow(
        pk=release.pk,
        is_oral=release.form == Form.ORAL,
        is_over_refusal=release.over_refusal,
        is_void=release.round.outcome == Round.Outcome.VOID,
        version=release.version.number,
        fingerprint=release.fingerprint,
        reason=release.reason,
        missing=worded(release.missing),
        by=release.released_by.name,
        at=release.released_at,
        approver=release.approver.name if release.approver else "",
        outcome=release.outcome,
        owed_by=release.owed_by.name if release.owed_by else "",
        owed_at=release.owed_at,
        settled_by=release.settled_by.name if release.settled_by else "",
        settled_at=release.settled_at,
        settled_words=release.settled_words,
        waits_for_me=not release.outcome and _is_for(release, viewer, rights),
    )


def _is_for(release: Release, viewer: User, rights: Iterable[str]) -> bool:
    if release.form == Form.ORAL:
        return viewer.pk == release.approver_id
    if viewer.pk == release.released_by_id:
        return False
    return viewer.pk == release.owed_by_id or "break_glass" in rights


def how(publication: Publication) -> str:
    """Say by whose word a text went out that not everyone had signed; empty where all had."""
    release = publication.release
    if release is None:
        return ""
    words = {
        "name": release.released_by.name,
        "missing": worded(release.missing),
        "reason": release.reason,
    }
    if release.form == Form.ORAL:
        words["agreed"] = ", ".join(_agreed(one) for one in _agreements(publication))
        return (
            _("released on the oral agreement of %(agreed)s, recorded by %(name)s: %(reason)s")
            % words
        )
    if release.over_refusal:
        return _("released by %(name)s over a refusal, without %(missing)s: %(reason)s") % words
    return _("released by %(name)s without %(missing)s: %(reason)s") % words


def _agreements(publication: Publication) -> list[Release]:
    """Return every agreement by word of mouth that a publication rests on, not the first alone."""
    round_ = publication.round
    found = round_.releases.all() if round_ else ()
    return sorted((one for one in found if one.form == Form.ORAL), key=lambda one: one.pk)


def _agreed(release: Release) -> str:
    words = {
        "name": release.approver.name if release.approver else "",
        "role": ", ".join(asked_as(one) for one in release.missing),
    }
    if release.outcome == Outcome.CONFIRMED:
        return _("%(name)s (%(role)s, confirmed since)") % words
    if release.outcome == Outcome.DENIED:
        return _("%(name)s (%(role)s, who denies it)") % words
    return _("%(name)s (%(role)s, not confirmed)") % words


def is_denied(publication: Publication) -> bool:
    """Tell whether a text is out on an agreement that an approver denies."""
    if publication.release is None or publication.round is None:
        return False
    return any(one.outcome == Outcome.DENIED for one in publication.round.releases.all())


def _links(statement: Statement) -> dict[str, Any]:
    near = [pk for pk in (statement.corrects_id, statement.supersedes_id) if pk]
    found = list(
        Statement.objects.filter(
            Q(pk__in=near) | Q(corrects=statement) | Q(supersedes=statement)
        ).order_by("number")
    )
    rows = {one.pk: _link(one) for one in found}
    return {
        "corrects": rows.get(statement.corrects_id) if statement.corrects_id else None,
        "supersedes": rows.get(statement.supersedes_id) if statement.supersedes_id else None,
        "corrected_by": tuple(rows[x.pk] for x in found if x.corrects_id == statement.pk),
        "superseded_by": tuple(rows[x.pk] for x in found if x.supersedes_id == statement.pk),
    }


def _link(one: Statement) -> LinkRow:
    words = str(one.get_status_display())
    return LinkRow(one.number, one.title, words, one.status in rules.OUT)


def after(statement: Statement, *, corrects: bool) -> AfterRow | None:
    """Return what a new statement comes after; None for what was never published."""
    found = statement.publications.select_related("version").order_by("published_at")
    out = _out(list(found))
    return AfterRow(statement, corrects, out) if out else None


def _live(statement: Statement, publications: Sequence[Publication]) -> tuple[LiveRow, ...]:
    """Return where the words of a withdrawn or superseded statement still stand."""
    if statement.status not in rules.GONE:
        return ()
    return _out(publications)


def _out(publications: Iterable[Publication]) -> tuple[LiveRow, ...]:
    return tuple(
        LiveRow(
            channel=str(Channel(one.channel).label),
            version=one.version.number if one.version else 0,
            link=one.link,
            published_at=one.published_at,
        )
        for one in publications
    )
