"""Reads of the post-mortem: one report, for one audience, worded in the active language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from incidents.models import Entry, ImportedFile, Incident, Severity
from incidents.review.queries import figures, owed, signed
from incidents.review.queries import record as chronicle
from incidents.review.queries.past import past
from incidents.review.queries.restored import Restored, restored
from incidents.review.queries.rows import (
    About,
    Audience,
    Figures,
    NamedRow,
    PromiseCount,
    Proof,
    Report,
    SeverityRow,
    StatementRow,
)
from incidents.severity.queries import AssessmentRow, history
from incidents.statements.captures import captures_to_take_away


def report(
    incident: Incident,
    *,
    audience: Audience = Audience.INTERNAL,
    with_privileged: bool = False,
    whole: bool = True,
    at: datetime,
) -> Report:
    """
    Return the post-mortem as it stands.

    The caller decides whether privileged entries may be shown (`with_privileged`) and activates
    the language and zone that the words are for. Not `whole` leaves the chronology out of a
    crisis that was led here: the room shows it. The number of queries does not grow.
    """
    whole = whole or incident.is_imported
    found = chronicle.entries(incident, whole=whole)
    shown = chronicle.record(found, with_privileged=with_privileged)
    captures = captures_to_take_away(incident, with_privileged=with_privileged)
    statements = tuple(signed.rows(signed.statements(incident), captures))
    before = restored(incident) if incident.sealed_number else Restored()
    promises = (*before.promises, *owed.promises(incident))
    # What stood open in a sealed record may have been kept since, elsewhere.
    count = owed.count(promises, at=None if incident.sealed_number else at)
    full = Report(
        about=_about(incident),
        made_at=at,
        audience=Audience.INTERNAL,
        with_privileged=with_privileged,
        privileged_left_out=shown.left_out,
        figures=_figures(incident, shown.shown, count, before),
        severity_history=(*before.severity, *(_assessment(one) for one in history(incident))),
        moments=shown.moments,
        decisions=shown.decisions,
        statements=statements,
        unsigned=tuple(signed.unsigned(incident, captures)),
        releases=tuple(signed.releases(incident)),
        promises=promises,
        analysis=owed.analysis(incident, at=at),
        chronology=shown.rows if whole else (),
        proof=_proof(incident, statements),
    )
    return for_the_public(full) if audience == Audience.PUBLIC else full


def _about(incident: Incident) -> About:
    origin = ImportedFile.objects.filter(incident=incident).first()
    return About(
        reference=incident.reference,
        title=incident.title,
        organisation=incident.organisation,
        kind=NamedRow(incident.kind, str(incident.get_kind_display())),
        status=NamedRow(incident.status, str(incident.get_status_display())),
        severity=Severity(incident.severity) if incident.severity else None,
        is_drill=incident.is_drill,
        is_imported=incident.is_imported,
        is_restored=incident.sealed_number > 0,
        language=incident.language,
        zone=incident.zone,
        opened_at=incident.opened_at,
        resolved_at=incident.resolved_at,
        closed_at=incident.closed_at,
        outcome=origin.outcome if origin else "",
        open_conflicts=tuple(origin.open_conflicts) if origin else (),
    )


def _assessment(one: AssessmentRow) -> SeverityRow:
    return SeverityRow(
        at=one.at,
        level=Severity(one.level),
        computed=Severity(one.computed),
        score=str(one.score),
        reason=one.reason,
        override_reason=one.override_reason,
        by=one.by,
    )


def for_the_public(full: Report) -> Report:
    """
    Keep what was public already: what was said outside, and how promises to the outside went.

    Left out: people's names, internal and unpublished texts, sign-offs, captures, reasons,
    decisions, key moments, lessons, actions, and the chronology unless it came from public sources.
    """
    statements = tuple(_outside(row) for row in full.statements if _was_outside(row))
    return replace(
        full,
        audience=Audience.PUBLIC,
        severity_history=tuple(
            replace(row, reason="", override_reason="", by="", score="", computed=row.level)
            for row in full.severity_history
        ),
        moments=(),
        decisions=(),
        statements=statements,
        releases=(),
        unsigned=tuple(
            replace(row, recorded_by="", note="", captures=())
            for row in full.unsigned
            if not row.is_internal
        ),
        promises=tuple(
            replace(row, owner="", reason="") for row in full.promises if not row.is_internal
        ),
        analysis=replace(full.analysis, edited_by="", accepted_by="", lessons=(), actions=()),
        chronology=full.chronology if full.about.is_imported else (),
        proof=replace(full.proof, fingerprints=_fingerprints(statements)),
    )


def _figures(
    incident: Incident, found: Iterable[Entry], promises: PromiseCount, before: Restored
) -> Figures:
    if incident.is_imported:
        told = past(found)
        return figures.imported(told, promises=promises)
    return figures.lived(incident, promises=promises, answered_at=before.answered_at)


def _proof(incident: Incident, statements: Iterable[StatementRow]) -> Proof:
    return Proof(
        entries=incident.last_entry_number,
        head=incident.last_entry_hash,
        subject=str(incident.uuid),
        sealed_number=incident.sealed_number,
        sealed_head=incident.sealed_head,
        fingerprints=_fingerprints(statements),
    )


def _fingerprints(statements: Iterable[StatementRow]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{row.number}. {row.title}, v{version.number}", version.fingerprint)
        for row in statements
        for version in row.versions
    )


def _was_outside(row: StatementRow) -> bool:
    return any(not one.is_internal for one in row.publications)


def _outside(row: StatementRow) -> StatementRow:
    outside = {
        one.version for one in row.publications if not one.is_unsigned and not one.is_internal
    }
    return replace(
        row,
        versions=tuple(
            replace(version, reason="", saved_by="", rounds=())
            for version in row.versions
            if version.number in outside
        ),
        publications=tuple(
            replace(one, recorded_by="", note="", how="", basis=NamedRow("", ""), captures=())
            for one in row.publications
            if not one.is_internal
        ),
    )
