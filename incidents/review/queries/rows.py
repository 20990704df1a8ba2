"""The report as finished rows, worded in the language and zone that were active when read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from incidents.models import Decision, Occurred, Severity
from incidents.review.queries.captured import CaptureRow
from incidents.review.rules import Delay


class Audience(StrEnum):
    """Whom a report is for; `public` holds only what was public already."""

    INTERNAL = "internal"
    PUBLIC = "public"


@dataclass(frozen=True)
class NamedRow:
    """A choice or a row of a catalogue: its code, and its name in the active language."""

    slug: str
    name: str


@dataclass(frozen=True)
class Measured:
    """A delay with its target, if one was set; `within` is None where nobody can say."""

    delay: Delay | None
    target: timedelta | None = None
    within: bool | None = None


@dataclass(frozen=True)
class RoleWait:
    role: NamedRow
    decisions: int
    median: timedelta


@dataclass(frozen=True)
class PromiseCount:
    kept: int
    late: int
    missed: int
    moved: int
    cancelled: int
    open: int
    overdue: int  # of the open ones
    lateness: tuple[timedelta, ...]

    @property
    def owed(self) -> int:
        """Those whose time came: kept in time, late, missed, or overdue and still open."""
        return self.kept + self.late + self.missed + self.overdue


@dataclass(frozen=True)
class Figures:
    """
    The key figures. `to_first` runs from the opening, `to_first_from_signal` from the first sign.

    `to_adequate` is a judgement made afterwards: None where nobody made it.
    """

    to_open: Delay | None
    to_first: Measured
    to_first_from_signal: Delay | None
    to_adequate: Delay | None
    signoff_median: timedelta | None
    signoff_by_role: tuple[RoleWait, ...]
    promises: PromiseCount
    first_signal: str
    first_response: str
    hour_unknown: tuple[StatedRow, ...]
    disputed: tuple[DisputedRow, ...]


@dataclass(frozen=True)
class StatedRow:
    """A statement known only to its day."""

    number: int
    who: str
    when: str


@dataclass(frozen=True)
class DisputedRow:
    """A time on which sources disagree, with every time that a source gives."""

    number: int
    times: tuple[str, ...]


@dataclass(frozen=True)
class SeverityRow:
    at: datetime
    level: Severity
    computed: Severity
    score: str
    reason: str
    override_reason: str
    by: str


@dataclass(frozen=True)
class EntryRow:
    """
    One entry of the chronology.

    `when` writes `occurred` as exactly as it is known; `why` is the reason of a decision,
    `notes` what a past crisis tells besides: channel, other times, judgement.
    """

    number: int
    kind: str
    category: NamedRow
    occurred: Occurred
    when: str
    recorded_at: datetime
    actor: str
    on_behalf_of: str
    sentence: str
    why: str
    source: str
    notes: tuple[str, ...]
    is_key_moment: bool
    is_privileged: bool
    corrects: int | None
    corrected_by: tuple[int, ...]


class Asked(StrEnum):
    """Whom a circuit asked: a role, a person by name, or a person from outside."""

    ROLE = "role"
    PERSON = "person"
    EXTERNAL = "external"


@dataclass(frozen=True)
class SignedAs:
    """
    As what somebody signed: the seat, and how they came to it.

    `role` is the role's name, or says that the person was asked by name or from outside (its slug
    is their id then). `capacity` names in words for whom somebody stood in.
    """

    asked: Asked
    role: NamedRow
    capacity: NamedRow
    deputy_of: str

    @property
    def words(self) -> str:
        """Say it in full; of who signed for themselves, nothing but the role."""
        if self.capacity.slug == Decision.Capacity.HOLDER:
            return self.role.name
        return f"{self.role.name}, {self.capacity.name}"


@dataclass(frozen=True)
class DecisionRow(SignedAs):
    """One sign-off decision: who, in which capacity, what about exactly which text."""

    signer: str
    verdict: NamedRow
    comment: str
    at: datetime
    fingerprint: str


@dataclass(frozen=True)
class CarriedRow(SignedAs):
    """
    A sign-off of an earlier version that was not asked again: only a typo was mended since.

    `version` and `fingerprint` are those of the text that was signed.
    """

    signer: str
    version: int
    fingerprint: str
    at: datetime


@dataclass(frozen=True)
class RoundRow:
    outcome: NamedRow
    policy: str
    opened_at: datetime
    closed_at: datetime | None
    decisions: tuple[DecisionRow, ...]
    carried: tuple[CarriedRow, ...]


@dataclass(frozen=True)
class VersionRow:
    number: int
    fingerprint: str
    text: str
    channel_texts: dict[str, str]
    reason: str
    saved_by: str
    saved_at: datetime
    is_published: bool
    rounds: tuple[RoundRow, ...]


@dataclass(frozen=True)
class PublicationRow:
    """
    Words of ours outside. `version` is None where no version was signed for it.

    `basis`: signed, released by a named person (`how` says by whom and without whom), or unsigned.
    """

    channel: NamedRow
    audience: NamedRow
    published_at: datetime
    link: str
    version: int | None
    fingerprint: str
    basis: NamedRow
    is_signed: bool
    is_unsigned: bool
    how: str
    is_internal: bool
    differs: bool
    posted_text: str
    note: str
    recorded_by: str
    captures: tuple[CaptureRow, ...]


@dataclass(frozen=True)
class StatementRow:
    number: int
    title: str
    kind: NamedRow
    audience: NamedRow
    language: str
    status: NamedRow
    versions: tuple[VersionRow, ...]
    publications: tuple[PublicationRow, ...]

    @property
    def signed(self) -> VersionRow | None:
        """The newest version that was published, signed or released by a named person."""
        return next((v for v in reversed(self.versions) if v.is_published), None)


@dataclass(frozen=True)
class ReleaseRow:
    """
    A text let out without all its sign-offs: by whom, why, who was missing, what became of it.

    `outcome` is empty while the review or confirmation is owed, `void` where the text changed
    before it was published.
    """

    number: int
    title: str
    version: int
    fingerprint: str
    form: NamedRow
    over_refusal: bool
    missing: str
    reason: str
    by: str
    at: datetime
    approver: str
    outcome: NamedRow
    owed_by: str
    owed_at: datetime
    settled_by: str
    settled_at: datetime | None
    settled_words: str


@dataclass(frozen=True)
class PromiseRow:
    """A promise; `outcome` is kept, late, missed, moved, cancelled or open."""

    audience: NamedRow
    is_internal: bool
    subject: str
    due_at: datetime
    outcome: str
    settled_at: datetime | None
    late_by: timedelta | None
    moved_to: datetime | None
    owner: str
    reason: str


@dataclass(frozen=True)
class LessonRow:
    pk: int
    kind: NamedRow
    text: str
    revision: int
    by: str


@dataclass(frozen=True)
class ActionRow:
    pk: int
    text: str
    owner: str
    owner_pk: int
    due_on: date
    state: NamedRow
    is_done: bool
    settled_at: datetime | None
    overdue_days: int
    revision: int


@dataclass(frozen=True)
class Proof:
    """What the reader needs to check the record: length and head of the chain."""

    entries: int
    head: str
    subject: str
    sealed_number: int
    sealed_head: str
    fingerprints: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class About:
    """Which incident this is. `outcome` and `open_conflicts` come with an imported crisis."""

    reference: str
    title: str
    organisation: str
    kind: NamedRow
    status: NamedRow
    severity: Severity | None
    is_drill: bool
    is_imported: bool
    is_restored: bool
    language: str
    zone: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    outcome: str
    open_conflicts: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """What people wrote; `revision` is that of the summary."""

    summary: str
    revision: int
    edited_by: str
    edited_at: datetime | None
    accepted_by: str
    accepted_at: datetime | None
    lessons: tuple[LessonRow, ...]
    actions: tuple[ActionRow, ...]


@dataclass(frozen=True)
class Report:
    """One post-mortem, for one audience; the same figures for page, PDF and JSON."""

    about: About
    made_at: datetime
    audience: Audience
    with_privileged: bool
    privileged_left_out: int
    figures: Figures
    severity_history: tuple[SeverityRow, ...]
    moments: tuple[EntryRow, ...]
    decisions: tuple[EntryRow, ...]
    statements: tuple[StatementRow, ...]
    unsigned: tuple[PublicationRow, ...]
    releases: tuple[ReleaseRow, ...]
    promises: tuple[PromiseRow, ...]
    analysis: Analysis
    chronology: tuple[EntryRow, ...]
    proof: Proof

    @property
    def is_public(self) -> bool:
        return self.audience == Audience.PUBLIC
