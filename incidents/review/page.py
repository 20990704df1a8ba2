"""The report as the page shows it: finished rows, in the reader's language and zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from incidents.models import Lesson, Round
from incidents.review import statement_pages
from incidents.review.paper import outcome_detail, outcome_label
from incidents.review.queries.captured import CaptureRow
from incidents.review.queries.rows import (
    ActionRow,
    EntryRow,
    LessonRow,
    PromiseRow,
    Report,
    RoleWait,
    SeverityRow,
    StatementRow,
    VersionRow,
)
from incidents.review.tiles import Tile, left_out, remarks, tiles
from incidents.review.wording import say_date

# The parts that refresh themselves, and the fragments of the page that draw them.
PANELS: Final = {"short": "short-panel", "lessons": "lessons-panel", "actions": "actions-panel"}
MOST_ENTRIES: Final = 200


@dataclass(frozen=True)
class SignRow:
    """One sign-off of the version that counts: who, in which capacity, what, when."""

    who: str
    capacity: str
    verdict: str
    state: str
    at: datetime
    comment: str


@dataclass(frozen=True)
class PublishedLine:
    """Where and when it stood outside, and the files that show how."""

    channel: str
    at: datetime
    captures: tuple[CaptureRow, ...]


@dataclass(frozen=True)
class StatementLine:
    """A statement with its last word: the published version, else the newest."""

    number: int
    title: str
    version: int | None
    versions: int
    about: str
    published: tuple[PublishedLine, ...]
    differs: bool
    how: tuple[str, ...]
    signs: tuple[SignRow, ...]
    fingerprint: str


@dataclass(frozen=True)
class PromiseLine:
    audience: str
    subject: str
    due_at: datetime
    owner: str
    state: str
    label: str
    detail: str


@dataclass(frozen=True)
class ActionLine:
    pk: int
    text: str
    owner: str
    due_on: date
    due: str
    state: str
    label: str
    overdue_days: int
    settled_at: datetime | None


@dataclass(frozen=True)
class LessonGroup:
    kind: str
    label: str
    rows: tuple[LessonRow, ...]


@dataclass(frozen=True)
class SeverityLine:
    at: datetime
    level: int
    reason: str
    by: str


@dataclass(frozen=True)
class Shown:
    tiles: tuple[Tile, ...]
    remarks: tuple[str, ...]
    left_out: tuple[str, ...]
    waits: tuple[RoleWait, ...]
    severity: tuple[SeverityLine, ...]
    severity_told: str
    until: datetime
    moments: tuple[EntryRow, ...]
    decisions: tuple[EntryRow, ...]
    statements: tuple[StatementLine, ...]
    promises: tuple[PromiseLine, ...]
    groups: tuple[LessonGroup, ...]
    actions: tuple[ActionLine, ...]
    done: int
    overdue: int
    chronology: tuple[EntryRow, ...]
    is_cut: bool


def shown(report: Report) -> Shown:
    """Return everything that the page shows, worded."""
    analysis = report.analysis
    return Shown(
        tiles=tuple(tiles(report)),
        remarks=tuple(remarks(report)),
        left_out=tuple(left_out(report)),
        waits=report.figures.signoff_by_role,
        severity=tuple(_severity(row) for row in report.severity_history),
        severity_told=" · ".join(
            f"{row.level.value} {row.level.label}" for row in report.severity_history
        ),
        until=report.about.resolved_at or report.made_at,
        moments=report.moments,
        decisions=tuple(row for row in report.decisions if not row.is_key_moment),
        statements=tuple(_statement(row) for row in report.statements),
        promises=tuple(_promise(row) for row in report.promises),
        groups=_groups(analysis.lessons),
        actions=tuple(_action(row) for row in analysis.actions),
        done=sum(row.is_done for row in analysis.actions),
        overdue=sum(row.overdue_days > 0 for row in analysis.actions),
        chronology=report.chronology[:MOST_ENTRIES],
        is_cut=len(report.chronology) > MOST_ENTRIES,
    )


def _severity(row: SeverityRow) -> SeverityLine:
    return SeverityLine(
        at=row.at, level=row.level.value, reason=row.override_reason or row.reason, by=row.by
    )


def _statement(row: StatementRow) -> StatementLine:
    version: VersionRow | None = row.signed or (row.versions[-1] if row.versions else None)
    ours = [one for one in row.publications if not one.is_unsigned]
    return StatementLine(
        number=row.number,
        title=row.title,
        version=version.number if version else None,
        versions=len(row.versions),
        about=" · ".join((row.kind.name, row.audience.name, row.status.name)),
        published=tuple(
            PublishedLine(one.channel.name, one.published_at, one.captures) for one in ours
        ),
        differs=any(one.differs for one in ours),
        how=tuple(dict.fromkeys(one.how for one in ours if one.how)),
        signs=_signs(version) if version else (),
        fingerprint=version.fingerprint if version else "",
    )


def _signs(version: VersionRow) -> tuple[SignRow, ...]:
    stands = (
        SignRow(
            who=one.signer,
            capacity=one.words,
            verdict=statement_pages.not_asked_again(one),
            state="carried",
            at=one.at,
            comment="",
        )
        for passage in version.rounds
        # What was carried into a round that was asked anew since stands no more.
        if passage.outcome.slug != Round.Outcome.VOID
        for one in passage.carried
    )
    given = (
        SignRow(
            who=one.signer,
            capacity=one.words,
            verdict=one.verdict.name,
            state=one.verdict.slug,
            at=one.at,
            comment=one.comment,
        )
        for passage in version.rounds
        for one in passage.decisions
    )
    return (*stands, *given)


def _promise(row: PromiseRow) -> PromiseLine:
    return PromiseLine(
        audience=row.audience.name,
        subject=row.subject,
        due_at=row.due_at,
        owner=row.owner,
        state=row.outcome,
        label=outcome_label(row.outcome),
        detail=outcome_detail(row),
    )


def _groups(lessons: tuple[LessonRow, ...]) -> tuple[LessonGroup, ...]:
    return tuple(
        LessonGroup(kind.value, str(kind.label), rows)
        for kind in Lesson.Kind
        if (rows := tuple(row for row in lessons if row.kind.slug == kind.value))
    )


def _action(row: ActionRow) -> ActionLine:
    return ActionLine(
        pk=row.pk,
        text=row.text,
        owner=row.owner,
        due_on=row.due_on,
        due=say_date(row.due_on),
        state=row.state.slug,
        label=row.state.name,
        overdue_days=row.overdue_days,
        settled_at=row.settled_at,
    )
