"""Reads of statements. The number of queries does not grow with versions, seats or statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Prefetch, QuerySet

from incidents.models import (
    Channel,
    Decision,
    Draft,
    Incident,
    Publication,
    Round,
    Statement,
    Version,
    VersionAuthor,
)
from incidents.signoff.people import Room, room
from incidents.signoff.progress import last_approvals, progress, with_everything
from incidents.signoff.rows import RoundRow
from incidents.signoff.rules import is_for_use, status_words
from incidents.statements import bases, beside, citing, counts, languages, rules, standing, versions
from incidents.statements.bases import BaseRow, Unsigned
from incidents.statements.captures import Kept, captures_of
from incidents.statements.difference import Difference, difference
from incidents.statements.rows import (
    CHANNEL_ICONS,
    ChannelRow,
    DraftRow,
    LengthRow,
    PublicationRow,
    StatementPage,
    StatementPanel,
    StatementRow,
    Turn,
    VersionRow,
)
from teams.models import User

SIGNED, UNSIGNED = Publication.Basis.SIGNED, Publication.Basis.UNSIGNED
LINE = Statement.Kind.LINE


def panel(
    incident: Incident, *, user: User, rights: Iterable[str], at: datetime, lines: bool = False
) -> StatementPanel:
    """
    Return the statements of an incident, newest first, and what appeared without sign-off.

    Lines to take have their own page: with `lines` they are returned instead.
    """
    here = room(incident, at=at)
    newest = {v.statement_id: v for v in _newest_versions(incident)}
    rounds = {r.version_id: r for r in with_everything(_last_rounds(incident))}
    published = _publications(incident.publications.all())
    rows = []
    found = incident.statements.select_related("audience", "incident").order_by("-number")
    every = list(found.filter(kind=LINE) if lines else found.exclude(kind=LINE))
    outdated, behind = citing.outdated(every), languages.stale_among(every, newest)
    for one in every:
        version = newest.get(one.pk)
        asked = rounds.get(version.pk) if version else None
        shown = progress(asked, here=here, viewer=user, at=at) if asked else None
        mine = [p for p in published if p.statement_id == one.pk and p.basis != UNSIGNED]
        rows.append(_row(one, version, shown, mine, len(outdated.get(one.pk, ())), behind))
    rights = frozenset(rights)
    kept = captures_of(incident, user=user, rights=rights)
    return StatementPanel(
        rows=tuple(rows),
        unsigned=tuple(_publication(p, kept) for p in published if p.basis == UNSIGNED),
        may_draft="draft_statement" in rights,
        may_record="record_publication" in rights,
    )


def _newest_versions(incident: Incident) -> QuerySet[Version]:
    among = Version.objects.filter(statement__incident=incident)
    return versions.newest_among(among).defer("text", "channel_texts")


def _last_rounds(incident: Incident) -> QuerySet[Round]:
    last = (
        Round.objects.filter(version__statement__incident=incident)
        .order_by()
        .values("version__statement")
        .annotate(last=Max("pk"))
        .values("last")
    )
    return Round.objects.filter(pk__in=last)


def _publications(found: QuerySet[Publication]) -> list[Publication]:
    return list(
        found.select_related(
            "audience",
            "recorded_by",
            "version",
            "round",
            "release__released_by",
            "release__approver",
        )
        .prefetch_related("round__releases__approver")
        .order_by("-published_at", "-pk")
    )


def _row(
    statement: Statement,
    version: Version | None,
    round_: RoundRow | None,
    published: Sequence[Publication],
    outdated: int,
    behind: frozenset[int],
) -> StatementRow:
    return StatementRow(
        number=statement.number,
        title=statement.title,
        kind=statement.get_kind_display(),
        audience=statement.audience.name,
        channels=tuple(str(Channel(c).label) for c in statement.channels),
        language=statement.language,
        status=statement.status,
        status_words=status_words(statement),
        version=version.number if version else 0,
        round=round_,
        published_at=published[-1].published_at if published else None,
        differs=any(p.differs for p in published),
        outdated=outdated,
        is_stale=statement.pk in behind,
    )


def _publication(one: Publication, kept: Kept, *, compared: bool = False) -> PublicationRow:
    pieces: Difference | None = None
    if compared and one.differs and one.version:
        signed = rules.text_for(one.version.text, one.version.channel_texts, one.channel)
        pieces = difference(signed, one.posted_text)
    return PublicationRow(
        channel=str(Channel(one.channel).label),
        icon=CHANNEL_ICONS[Channel(one.channel)],
        audience=one.audience.name,
        version=one.version.number if one.version else 0,
        is_signed=one.basis == SIGNED,
        how=standing.how(one),
        is_denied=standing.is_denied(one),
        differs=one.differs,
        pieces=pieces.pieces if pieces else (),
        posted_text=one.posted_text,
        link=one.link,
        published_at=one.published_at,
        recorded_by=one.recorded_by.name,
        recorded_at=one.recorded_at,
        captures=kept.get(one.pk, ()),
    )


def page(
    statement: Statement,
    *,
    user: User,
    rights: Iterable[str],
    at: datetime,
    version: int | None = None,
    base: int | None = None,
) -> StatementPage:
    """
    Return one version of a statement, the newest unless told, as this reader sees it.

    What the difference is against: see `bases.base_of`.
    """
    rights = frozenset(rights)
    every = list(_versions(statement))
    shown = next((v for v in every if v.number == version), every[0] if every else None)
    decisions = [d for v in every for d in v.decisions.all()]
    round_ = _round(shown, decisions, room(statement.incident, at=at), user, at) if shown else None
    turn = _turn(round_)
    found = bases.base_of(every, shown, user, wanted=base, signs=turn is not None)
    against = found if isinstance(found, BaseRow) else None
    texts = _texts(every[:1], shown, every, against)
    before = texts.get(against.number) if against else None
    whole = texts[shown.number] if shown else None
    newest = texts[every[0].number] if every else None
    latest = shown is not None and shown is every[0]
    authors = [a.user for a in _authors(shown)] if shown else []
    published = _publications(statement.publications.all())
    kept = captures_of(statement.incident, user=user, rights=rights)
    return StatementPage(
        **_brief(statement, rights),
        **_compared(whole, before),
        version=_version(shown, every) if shown else None,
        versions=tuple(_version(v, every) for v in every),
        base=against,
        unsigned=found if isinstance(found, Unsigned) else None,
        channels=_channels(whole, before, published) if whole else (),
        round=round_,
        authors=tuple(a.name for a in authors),
        is_author=any(a.pk == user.pk for a in authors),
        turn=turn,
        draft=_draft(statement, newest),
        publications=tuple(_publication(p, kept, compared=True) for p in published),
        standing=standing.read(
            statement, shown, round_, published, is_newest=latest, rights=rights, user=user, at=at
        ),
        **beside.read(
            statement, whole, newest, authors=authors, turn=turn, user=user, rights=rights, at=at
        ),
    )


def _brief(statement: Statement, rights: frozenset[str]) -> dict[str, Any]:
    return {
        "number": statement.number,
        "title": statement.title,
        "kind": statement.get_kind_display(),
        "is_line": statement.kind == LINE,
        "is_for_use": is_for_use(statement),
        "audience": statement.audience.name,
        "audience_slug": statement.audience.slug,
        "channel_words": tuple(str(Channel(c).label) for c in statement.channels),
        "language": statement.language,
        "status": statement.status,
        "status_words": status_words(statement),
        "may_draft": "draft_statement" in rights,
        "may_record": "record_publication" in rights,
        "may_share": "assign_role" in rights,
    }


def _texts(
    newest: Sequence[Version],
    shown: Version | None,
    every: Sequence[Version],
    against: BaseRow | None,
) -> dict[int, Version]:
    """Fetch the words of the two or three versions that the page needs, by number."""
    wanted = {v.pk for v in newest} | ({shown.pk} if shown else set())
    wanted |= {v.pk for v in every if against and v.number == against.number}
    return {v.number: v for v in Version.objects.filter(pk__in=wanted)}


def _compared(whole: Version | None, before: Version | None) -> dict[str, Any]:
    found = difference(before.text, whole.text) if before and whole else Difference(())
    return {
        "text": whole.text if whole else "",
        "pieces": found.pieces,
        "passages": found.passages,
        "length": len(whole.text.split()) if whole else 0,
        "length_before": len(before.text.split()) if before else None,
    }


def _draft(statement: Statement, newest: Version | None) -> DraftRow:
    draft = Draft.objects.select_related("edited_by").get(pk=statement.pk)
    draft.statement = statement
    return DraftRow(
        is_saved=newest is not None and versions.is_saved(draft, newest),
        edited_by=draft.edited_by.name,
        edited_at=draft.edited_at,
    )


def _versions(statement: Statement) -> QuerySet[Version]:
    """Return the versions without their words: there may be hundreds."""
    decisions = Decision.objects.select_related("signer", "seat__role", "seat__person").order_by(
        "pk"
    )
    found: QuerySet[Version] = (
        Version.objects.filter(statement=statement)
        .annotate(saver=F("saved_by__name"))
        .prefetch_related(Prefetch("decisions", decisions))
        .defer("text", "channel_texts", "attachments", "values")
        .order_by("-number")
    )
    return found


def _authors(version: Version) -> QuerySet[VersionAuthor]:
    return version.authors.select_related("user").order_by("user__name")


def _version(version: Version, every: Sequence[Version]) -> VersionRow:
    approve = Decision.Verdict.APPROVE
    return VersionRow(
        number=version.number,
        saved_by=getattr(version, "saver"),  # noqa: B009 - annotated
        saved_at=version.saved_at,
        reason=version.reason,
        is_typo=version.change == Version.Change.TYPO,
        fingerprint=version.fingerprint,
        signed_by=tuple(d.seat.name for d in version.decisions.all() if d.verdict == approve),
        is_newest=version.pk == every[0].pk,
    )


def _round(
    shown: Version,
    decisions: Sequence[Decision],
    here: Room,
    user: User,
    at: datetime,
) -> RoundRow | None:
    found = with_everything(Round.objects.filter(version=shown)).order_by("-pk").first()
    if found is None:
        return None
    before = last_approvals(decisions, before=shown.number)
    return progress(found, here=here, viewer=user, at=at, before=before)


def _turn(round_: RoundRow | None) -> Turn | None:
    """Return the seat that this reader may take; their own before one they stand in for."""
    mine = [seat for seat in round_.seats if seat.is_mine] if round_ else []
    own = sorted(mine, key=lambda seat: seat.stands_in)
    if not own:
        return None
    seat = own[0]
    return Turn(
        role=seat.role,
        slug=seat.slug,
        deputy_of=seat.holder if seat.stands_in else "",
        due_at=seat.due_at,
        capacity=seat.my_capacity,
    )


def _channels(
    shown: Version, before: Version | None, published: Sequence[Publication]
) -> tuple[ChannelRow, ...]:
    here = {p.channel: p for p in published if p.version_id == shown.pk and p.basis != UNSIGNED}
    rows = []
    for channel in rules.in_order(shown.channel_texts):
        own = shown.channel_texts[channel]
        text = rules.text_for(shown.text, shown.channel_texts, channel)
        was = rules.text_for(before.text, before.channel_texts, channel) if before else text
        changed = own and was != text
        rows.append(
            ChannelRow(
                channel=channel,
                words=str(Channel(channel).label),
                icon=CHANNEL_ICONS[Channel(channel)],
                text=text,
                is_own=bool(own),
                count=counts.count(channel, text),
                pieces=difference(was, text).pieces if changed else (),
                publication=_publication(here[channel], {}) if channel in here else None,
            )
        )
    return tuple(rows)


def lengths(statement: Statement, draft: Draft) -> list[LengthRow]:
    """Return how long the draft is on each channel, as the channel counts."""
    own = draft.channel_texts
    return [
        LengthRow(
            words=str(Channel(channel).label),
            icon=CHANNEL_ICONS[Channel(channel)],
            count=counts.count(channel, rules.normalise(own.get(channel, "") or draft.text)),
        )
        for channel in rules.in_order(statement.channels)
    ]


def newest_number(statement: Statement) -> int:
    found = statement.versions.aggregate(last=Max("number"))
    return int(found["last"] or 0)
