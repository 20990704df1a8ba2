"""Statements with their versions, sign-offs and publications, and what appeared unsigned."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from incidents.models import (
    Channel,
    Decision,
    Incident,
    Publication,
    Release,
    Round,
    Seat,
    Stage,
    Statement,
    Version,
)
from incidents.review.queries.captured import capture_row
from incidents.review.queries.rows import (
    Asked,
    CarriedRow,
    DecisionRow,
    NamedRow,
    PublicationRow,
    ReleaseRow,
    RoundRow,
    StatementRow,
    VersionRow,
)
from incidents.signoff import seat_words, voided
from incidents.statements.captures import Kept
from incidents.statements.standing import how
from incidents.timeline.wording import worded


def statements(incident: Incident) -> list[Statement]:
    """Return the statements with everything that hangs on them, in a fixed number of queries."""
    decisions = Decision.objects.select_related(
        "signer", "deputy_of", "seat__role", "seat__person"
    ).order_by("decided_at", "pk")
    stands = (
        Seat.objects.exclude(carried_from=None)
        .select_related("role", "person", "carried_from__version")
        .select_related("carried_from__signer", "carried_from__deputy_of")
        .order_by("pk")
    )
    stages = Stage.objects.order_by("order").prefetch_related(Prefetch("seats", stands))
    rounds = (
        voided.with_reason(Round.objects.select_related("policy"))
        .prefetch_related(Prefetch("decisions", decisions), Prefetch("stages", stages))
        .order_by("opened_at", "pk")
    )
    versions = (
        Version.objects.select_related("saved_by")
        .prefetch_related(Prefetch("rounds", rounds))
        .order_by("number")
    )
    return list(
        incident.statements.select_related("audience")
        .prefetch_related(Prefetch("versions", versions), Prefetch("publications", _published()))
        .prefetch_related("externals")
        .order_by("number")
    )


def unsigned(incident: Incident, captures: Kept) -> list[PublicationRow]:
    """Return what appeared outside without sign-off, whether or not a statement is behind it."""
    found = _published().filter(incident=incident, basis=Publication.Basis.UNSIGNED)
    return [publication_row(one, captures) for one in found]


def rows(found: Iterable[Statement], captures: Kept) -> list[StatementRow]:
    return [_statement(one, captures) for one in found]


def _published() -> QuerySet[Publication]:
    related = ("version", "audience", "recorded_by", "round", "release__released_by")
    found = Publication.objects.select_related(*related).order_by("published_at", "pk")
    return found.prefetch_related("round__releases__approver")


def releases(incident: Incident) -> list[ReleaseRow]:
    """Return every text that was let out without all its sign-offs, in one query."""
    found = Release.objects.filter(round__version__statement__incident=incident).select_related(
        *("version__statement", "round", "released_by", "approver", "owed_by", "settled_by")
    )
    found = voided.with_reason(found, "round__")
    return [_release(one) for one in found.order_by("released_at", "pk")]


def _release(one: Release) -> ReleaseRow:
    statement = one.version.statement
    void = not one.outcome and one.round.outcome == Round.Outcome.VOID
    return ReleaseRow(
        number=statement.number,
        title=statement.title,
        version=one.version.number,
        fingerprint=one.fingerprint,
        form=NamedRow(one.form, str(one.get_form_display())),
        over_refusal=one.over_refusal,
        missing=worded(one.missing),
        reason=one.reason,
        by=one.released_by.name,
        at=one.released_at,
        approver=one.approver.name if one.approver else "",
        outcome=NamedRow("void" if void else one.outcome, _became(one, void=void)),
        owed_by=one.owed_by.name if one.owed_by else "",
        owed_at=one.owed_at,
        settled_by=one.settled_by.name if one.settled_by else "",
        settled_at=one.settled_at,
        settled_words=one.settled_words,
    )


def _became(one: Release, *, void: bool) -> str:
    if void:
        return voided.words(one)
    if one.outcome:
        return str(one.get_outcome_display())
    return _("to be confirmed") if one.form == Release.Form.ORAL else _("to be reviewed")


def _statement(statement: Statement, captures: Kept) -> StatementRow:
    publications = [publication_row(one, captures) for one in statement.publications.all()]
    published = {one.version for one in publications if not one.is_unsigned}
    outside = {one.user_id for one in statement.externals.all()}
    return StatementRow(
        number=statement.number,
        title=statement.title,
        kind=NamedRow(statement.kind, str(statement.get_kind_display())),
        audience=NamedRow(statement.audience.slug, statement.audience.name),
        language=statement.language,
        status=NamedRow(statement.status, str(statement.get_status_display())),
        versions=tuple(
            _version(one, is_published=one.number in published, outside=outside)
            for one in statement.versions.all()
        ),
        publications=tuple(publications),
    )


def _version(version: Version, *, is_published: bool, outside: Collection[int]) -> VersionRow:
    return VersionRow(
        number=version.number,
        fingerprint=version.fingerprint,
        text=version.text,
        channel_texts={
            str(Channel(channel).label) if channel in Channel.values else channel: text
            for channel, text in version.channel_texts.items()
        },
        reason=version.reason,
        saved_by=version.saved_by.name,
        saved_at=version.saved_at,
        is_published=is_published,
        rounds=tuple(_round(one, outside) for one in version.rounds.all()),
    )


def _round(one: Round, outside: Collection[int]) -> RoundRow:
    return RoundRow(
        outcome=NamedRow(one.outcome, voided.outcome(one)),
        policy=one.policy.name,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        decisions=tuple(_decision(decision, outside) for decision in one.decisions.all()),
        carried=tuple(
            _carried(seat, seat.carried_from, outside)
            for stage in one.stages.all()
            for seat in stage.seats.all()
            if seat.carried_from is not None
        ),
    )


def _decision(decision: Decision, outside: Collection[int]) -> DecisionRow:
    return DecisionRow(
        asked=_asked(decision.seat, outside),
        role=NamedRow(decision.seat.key, seat_words.called(decision.seat, outside)),
        capacity=NamedRow(decision.capacity, seat_words.stood_as(decision)),
        deputy_of=decision.deputy_of.name if decision.deputy_of else "",
        signer=decision.signer.name,
        verdict=NamedRow(decision.verdict, str(decision.get_verdict_display())),
        comment=decision.comment,
        at=decision.decided_at,
        fingerprint=decision.fingerprint,
    )


def _carried(seat: Seat, given: Decision, outside: Collection[int]) -> CarriedRow:
    return CarriedRow(
        asked=_asked(seat, outside),
        role=NamedRow(seat.key, seat_words.called(seat, outside)),
        capacity=NamedRow(given.capacity, seat_words.stood_as(given)),
        deputy_of=given.deputy_of.name if given.deputy_of else "",
        signer=given.signer.name,
        version=given.version.number,
        fingerprint=given.fingerprint,
        at=given.decided_at,
    )


def _asked(seat: Seat, outside: Collection[int]) -> Asked:
    if seat.person is None:
        return Asked.ROLE
    return Asked.EXTERNAL if seat.person_id in outside else Asked.PERSON


def publication_row(one: Publication, captures: Kept) -> PublicationRow:
    return PublicationRow(
        channel=NamedRow(one.channel, str(one.get_channel_display())),
        audience=NamedRow(one.audience.slug, one.audience.name),
        published_at=one.published_at,
        link=one.link,
        version=one.version.number if one.version else None,
        fingerprint=one.fingerprint,
        basis=NamedRow(one.basis, str(one.get_basis_display())),
        is_signed=one.basis == Publication.Basis.SIGNED,
        is_unsigned=one.basis == Publication.Basis.UNSIGNED,
        how=how(one),
        is_internal=one.is_internal,
        differs=one.differs,
        posted_text=one.posted_text,
        note=one.note,
        recorded_by=one.recorded_by.name,
        captures=tuple(capture_row(piece) for piece in captures.get(one.pk, ())),
    )
