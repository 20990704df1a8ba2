"""
The proof of one version: what was signed, by whom, and what was on their screens. Reads only.

`bound` are the very bytes whose SHA-256 is the fingerprint: docs/verify/FINGERPRINT.md says how
anyone computes it anew, without CrisisDesk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from crisisdesk.kit import chain
from incidents.evidence.rows import Piece
from incidents.models import (
    Channel,
    Decision,
    Fact,
    Publication,
    Round,
    Seat,
    Stage,
    Statement,
    Version,
)
from incidents.signoff import seat_words, voided
from incidents.signoff.progress import VERDICT_STATES
from incidents.statements import rules, versions
from incidents.statements.captures import captures_of
from incidents.statements.standing import ReleaseRow, release_row, with_parts
from teams.models import User


@dataclass(frozen=True)
class SeenFact:
    """A fact that stood beside the text on the signer's screen, in the state it had then."""

    number: int
    state: str
    words: str


@dataclass(frozen=True)
class Screen:
    """
    What was before the signer's eyes; without `base_version` the whole text, no difference.

    `made_from`, `original`: of a translation that its original had left behind by then, the
    original's version that it was made from and the newest; 0 where it had not.
    """

    base_version: int | None
    base_fingerprint: str
    language: str
    reason: str
    attested_by: str
    made_from: int
    original: int
    facts: tuple[SeenFact, ...]


@dataclass(frozen=True)
class SignOffRow:
    """
    One decision; `fits`: its fingerprint is that of the version, computed anew.

    `seat`: the role that was asked, of a person how they came to be asked; `capacity_words`: how
    the signer came to it, and for whom.

    `excluded_at`: since when its signer is excluded from the incident; None where they are not.
    """

    stage: int
    seat: str
    mark: str
    verdict: str
    words: str
    signer: str
    capacity: str
    capacity_words: str
    deputy_of: str
    version: int
    fingerprint: str
    fits: bool
    comment: str
    decided_at: datetime
    screen: Screen
    excluded_at: datetime | None

    @property
    def instant(self) -> str:
        """When, as the record writes it: UTC with microseconds."""
        return chain.instant(self.decided_at)


@dataclass(frozen=True)
class StandsRow:
    """A sign-off that stands although a typo was mended since: not asked again."""

    stage: int
    seat: str
    signer: str
    capacity: str
    capacity_words: str
    deputy_of: str
    version: int
    fingerprint: str
    decided_at: datetime
    excluded_at: datetime | None

    @property
    def instant(self) -> str:
        return chain.instant(self.decided_at)


@dataclass(frozen=True)
class RoundProof:
    outcome: str
    words: str
    policy: str
    policy_version: int
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    sign_offs: tuple[SignOffRow, ...]
    stands: tuple[StandsRow, ...]
    releases: tuple[ReleaseRow, ...]


@dataclass(frozen=True)
class OutRow:
    """
    A publication of this version; `by`: who released it, where it was not signed.

    `captures`: the files that show how it stood there, as far as the reader may open them.
    """

    channel: str
    words: str
    basis: str
    basis_words: str
    by: str
    fingerprint: str
    differs: bool
    link: str
    published_at: datetime
    recorded_by: str
    recorded_at: datetime
    captures: tuple[Piece, ...]


@dataclass(frozen=True)
class Proof:
    """One version and everything that vouches for it. `fits`: its fingerprint was computed anew."""

    reference: str
    statement: str
    number: int
    title: str
    version: int
    versions: tuple[int, ...]
    saved_by: str
    saved_at: datetime
    fingerprint: str
    fits: bool
    bound: str
    rounds: tuple[RoundProof, ...]
    publications: tuple[OutRow, ...]

    @property
    def name(self) -> str:
        """How files of it are called, without their ending."""
        return f"{self.reference}-{self.number}-v{self.version}"

    @property
    def captured(self) -> list[tuple[OutRow, Piece]]:
        """Return every capture, each with the publication that it shows."""
        return [(row, piece) for row in self.publications for piece in row.captures]


def read(
    statement: Statement, *, version: int | None, user: User, rights: Iterable[str]
) -> Proof | None:
    """Return the proof of a version, the newest unless told; None where there is no such one."""
    numbers = list(statement.versions.order_by("-number").values_list("number", flat=True))
    wanted = version if version is not None else next(iter(numbers), None)
    if wanted not in numbers:
        return None
    shown = statement.versions.select_related("saved_by").get(number=wanted)
    bound = bytes_of(statement, shown)
    gone = statement.incident.exclusions.filter(ended_at=None)
    out = dict(gone.values_list("user", "excluded_at"))
    shown_to = frozenset(statement.externals.values_list("user", flat=True))
    people = _People(out, shown_to, user, frozenset(rights))
    digest = chain.digest(bound)
    kept = captures_of(statement.incident, user=user, rights=rights)
    return Proof(
        reference=statement.incident.reference,
        statement=str(statement.uuid),
        number=statement.number,
        title=statement.title,
        version=shown.number,
        versions=tuple(numbers),
        saved_by=shown.saved_by.name,
        saved_at=shown.saved_at,
        fingerprint=shown.fingerprint,
        fits=shown.fingerprint == digest,
        bound=bound.decode("utf-8"),
        rounds=tuple(_round(one, digest, people) for one in _rounds(shown)),
        publications=tuple(_out(one, kept.get(one.pk, ())) for one in _publications(shown)),
    )


def bytes_of(statement: Statement, version: Version) -> bytes:
    """Return the canonical form of what the fingerprint of a version covers."""
    return rules.bound(
        statement=statement.uuid,
        kind=version.kind,
        language=version.language,
        audience=version.audience,
        text=version.text,
        channel_texts=version.channel_texts,
        attachments=versions.files(version.attachments),
    )


def _rounds(version: Version) -> Iterable[Round]:
    decisions = Decision.objects.select_related(
        "signer", "deputy_of", "base_version", "seat__stage", "seat__role", "seat__person"
    ).order_by("decided_at", "pk")
    seats = (
        Seat.objects.exclude(carried_from=None)
        .select_related("role", "person", "carried_from__version")
        .select_related("carried_from__signer", "carried_from__deputy_of")
        .order_by("pk")
    )
    stages = Stage.objects.order_by("order").prefetch_related(Prefetch("seats", seats))
    return (
        voided.with_reason(version.rounds.select_related("policy", "opened_by"))
        .prefetch_related(
            Prefetch("decisions", decisions),
            Prefetch("stages", stages),
            Prefetch("releases", with_parts()),
        )
        .order_by("pk")
    )


def _publications(version: Version) -> Iterable[Publication]:
    related = ("recorded_by", "release__released_by")
    return version.publications.select_related(*related).order_by("published_at", "pk")


@dataclass(frozen=True)
class _People:
    """Who is excluded since when, who came from outside, and for whom the rows are."""

    excluded: Mapping[int, datetime]
    outside: frozenset[int]
    viewer: User
    rights: frozenset[str]


def _round(one: Round, digest: str, people: _People) -> RoundProof:
    policy = one.policy
    return RoundProof(
        outcome=one.outcome,
        words=voided.outcome(one),
        policy=policy.name,
        policy_version=policy.version,
        opened_by=one.opened_by.name,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        sign_offs=tuple(_sign_off(d, digest, people) for d in one.decisions.all()),
        stands=tuple(
            row
            for stage in one.stages.all()
            for seat in stage.seats.all()
            for row in _stands(seat, stage, people)
        ),
        releases=tuple(
            release_row(r, viewer=people.viewer, rights=people.rights) for r in one.releases.all()
        ),
    )


def _sign_off(decision: Decision, digest: str, people: _People) -> SignOffRow:
    return SignOffRow(
        stage=decision.seat.stage.order,
        seat=seat_words.called(decision.seat, people.outside),
        mark=VERDICT_STATES[Decision.Verdict(decision.verdict)],
        verdict=decision.verdict,
        words=decision.get_verdict_display(),
        signer=decision.signer.name,
        capacity=decision.capacity,
        capacity_words=seat_words.stood_as(decision),
        deputy_of=decision.deputy_of.name if decision.deputy_of else "",
        version=decision.round.version.number,
        fingerprint=decision.fingerprint,
        fits=decision.fingerprint == digest,
        comment=decision.comment,
        decided_at=decision.decided_at,
        screen=_screen(decision),
        excluded_at=people.excluded.get(decision.signer_id),
    )


def _screen(decision: Decision) -> Screen:
    base, seen = decision.base_version, decision.screen
    behind = seen.get("original") or {}
    return Screen(
        base_version=base.number if base else None,
        base_fingerprint=base.fingerprint if base else "",
        language=seen.get("language", ""),
        reason=seen.get("reason", ""),
        attested_by=seen.get("attested_by", ""),
        made_from=behind.get("made_from", 0),
        original=behind.get("newest", 0),
        facts=tuple(
            SeenFact(one["fact"], one["state"], str(Fact.State(one["state"]).label))
            for one in seen.get("facts", [])
        ),
    )


def _stands(seat: Seat, stage: Stage, people: _People) -> list[StandsRow]:
    given = seat.carried_from
    if given is None:
        return []
    return [
        StandsRow(
            stage=stage.order,
            seat=seat_words.called(seat, people.outside),
            signer=given.signer.name,
            capacity=given.capacity,
            capacity_words=seat_words.stood_as(given),
            deputy_of=given.deputy_of.name if given.deputy_of else "",
            version=given.version.number,
            fingerprint=given.fingerprint,
            decided_at=given.decided_at,
            excluded_at=people.excluded.get(given.signer_id),
        )
    ]


def _out(one: Publication, captures: Iterable[Piece]) -> OutRow:
    release = one.release
    return OutRow(
        channel=one.channel,
        words=str(Channel(one.channel).label),
        basis=one.basis,
        basis_words=one.get_basis_display(),
        by=release.released_by.name if release else "",
        fingerprint=one.fingerprint,
        differs=one.differs,
        link=one.link,
        published_at=one.published_at,
        recorded_by=one.recorded_by.name,
        recorded_at=one.recorded_at,
        captures=tuple(captures),
    )
