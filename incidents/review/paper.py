"""The report as a sequence of blocks: what PDF and later formats print, in the active language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from django.utils.translation import gettext as _

from crisisdesk.kit import times
from incidents.models import Lesson
from incidents.review import blocks, statement_pages
from incidents.review.blocks import Block, Blocks, Cell
from incidents.review.chart import severity_svg
from incidents.review.queries.rows import ActionRow, EntryRow, PromiseRow, Report, SeverityRow
from incidents.review.tiles import left_out, remarks, tiles
from incidents.review.wording import say_date


def document(report: Report) -> dict[str, object]:
    """Return title, running lines, language and blocks."""
    about = report.about
    return {
        "title": heading(report),
        "reference": about.reference,
        "lang": language(),
        "made": list(report.made_at.astimezone(UTC).timetuple()[:6]),
        "running": running_line(report),
        "pages": _("Page"),
        "drill": _("DRILL: this did not happen") if about.is_drill else "",
        "blocks": [
            *_front(report),
            *_key_figures(report),
            *_severity(report),
            *_entries(_("Key moments"), report.moments),
            *_entries(_("Decisions"), report.decisions),
            *statement_pages.statements(report),
            *_promises(report.promises),
            *_lessons(report),
            *_actions(report.analysis.actions),
            *_entries(_("Chronology"), report.chronology),
            *_proof(report),
        ],
    }


def heading(report: Report) -> str:
    if report.about.is_drill:
        return _("Post-mortem of a drill: %(title)s") % {"title": report.about.title}
    return _("Post-mortem: %(title)s") % {"title": report.about.title}


def running_line(report: Report) -> str:
    parts = [report.about.reference, _("Public version") if report.is_public else _("Internal")]
    if report.with_privileged:
        parts.append(_("contains privileged material"))
    return " · ".join(parts)


def language() -> str:
    return "fr" if times.in_french() else "en"


def _front(report: Report) -> Blocks:
    about = report.about
    found: list[tuple[str, str]] = [
        (_("Organisation"), about.organisation),
        (_("Kind"), about.kind.name),
        (_("Status"), about.status.name),
        (_("Severity"), _level(report)),
        (_("Opened"), "" if about.is_imported else times.day_time(about.opened_at)),
        (_("Resolved"), times.day_time(about.resolved_at) if about.resolved_at else ""),
        (_("Times"), _("in the zone %(zone)s") % {"zone": about.zone}),
        (_("Report made"), times.day_time(report.made_at)),
        (_("Accepted"), _accepted(report)),
    ]
    rows = [row for row in found if row[1]]
    short: Blocks = [blocks.heading(_("In short"))]
    if report.analysis.summary or not about.outcome:
        short.append(blocks.prose(report.analysis.summary or _("Not written yet.")))
    if about.outcome:
        short.append(blocks.paragraph(about.outcome))
    if about.open_conflicts:
        short.append(blocks.paragraph(_("On these points sources disagree:")))
        short.append(blocks.bullets(about.open_conflicts))
    return [
        blocks.table([_("About"), _("This incident")], rows, [1, 3]),
        *[blocks.paragraph(sentence) for sentence in left_out(report)],
        *short,
    ]


def _level(report: Report) -> str:
    level = report.about.severity
    return f"{level.value} {level.label}" if level else ""


def _accepted(report: Report) -> str:
    accepted = report.analysis.accepted_at
    if accepted is None:
        return ""
    if not report.analysis.accepted_by:
        return times.day_time(accepted)
    return _("%(time)s by %(name)s") % {
        "time": times.day_time(accepted),
        "name": report.analysis.accepted_by,
    }


def _key_figures(report: Report) -> Blocks:
    rows = [(tile.label, tile.value, tile.note) for tile in tiles(report)]
    found: Blocks = [
        blocks.heading(_("Key figures")),
        blocks.table([_("Figure"), _("Value"), _("Note")], rows, [3, 2, 4]),
    ]
    if notes := remarks(report):
        found.append(blocks.bullets(notes))
    waits = report.figures.signoff_by_role
    if waits:
        found.append(blocks.heading(_("Waiting time of sign-offs, by role"), 2))
        found.append(
            blocks.table(
                [_("Role"), _("Decisions"), _("Median wait")],
                [(w.role.name, str(w.decisions), times.duration(w.median)) for w in waits],
                [3, 1, 2],
            )
        )
    return found


def _severity(report: Report) -> Blocks:
    rows = report.severity_history
    if not rows:
        return []
    told = " · ".join(f"{times.day_time(r.at)}, {r.level.value} {r.level.label}" for r in rows)
    until = report.about.resolved_at or report.made_at
    return [
        blocks.heading(_("Severity")),
        blocks.drawing(severity_svg(rows, until=until), _("Severity over time. %s") % told),
        blocks.table(
            [_("When"), _("Level"), _("Reason")],
            [(times.day_time(r.at), f"{r.level.value} {r.level.label}", _reason(r)) for r in rows],
            [7, 4, 13],
        ),
    ]


def _reason(row: SeverityRow) -> str:
    parts = [row.reason]
    if row.override_reason:
        parts.append(
            _("The rule gives %(level)s. Set otherwise because: %(reason)s")
            % {
                "level": f"{row.computed.value} {row.computed.label}",
                "reason": row.override_reason,
            }
        )
    return "\n".join(part for part in (*parts, row.by) if part)


def _entries(title: str, rows: Iterable[EntryRow]) -> Blocks:
    cells = [(str(row.number), row.when, _said(row)) for row in rows]
    if not cells:
        return []
    head = [_("Entry"), _("When"), _("What")]
    return [blocks.heading(title), blocks.table(head, cells, [7, 29, 64])]


def _said(row: EntryRow) -> Cell:
    who = row.actor
    if row.on_behalf_of:
        who = _("%(actor)s, for %(name)s") % {"actor": row.actor, "name": row.on_behalf_of}
    lines = []
    if row.why:
        lines.append(_("Why: %(reason)s") % {"reason": row.why})
    if row.corrects:
        lines.append(_("Corrects entry %(number)s.") % {"number": row.corrects})
    if row.corrected_by:
        numbers = ", ".join(str(number) for number in row.corrected_by)
        lines.append(_("Corrected by entry %(number)s.") % {"number": numbers})
    lines += row.notes
    if row.is_privileged:
        lines.append(_("Privileged."))
    lines += [row.source, " · ".join(part for part in (row.category.name, who) if part)]
    return blocks.cell(row.sentence, [one for one in lines if one])


OUTCOMES = ("kept", "late", "missed", "moved", "cancelled", "open")


def outcome_label(outcome: str) -> str:
    """Name what became of a promise."""
    return {
        "kept": _("kept"),
        "late": _("kept late"),
        "missed": _("missed"),
        "moved": _("moved"),
        "cancelled": _("cancelled"),
        "open": _("open"),
    }[outcome]


def outcome_detail(row: PromiseRow) -> str:
    """Say when a promise was kept, by how much late, to when it moved, and why."""
    parts = []
    if row.late_by is not None:
        parts.append(_("%(span)s late") % {"span": times.duration(row.late_by)})
    elif row.outcome == "kept" and row.settled_at:
        parts.append(times.day_time(row.settled_at))
    if row.moved_to:
        parts.append(_("to %(time)s") % {"time": times.day_time(row.moved_to)})
    if row.reason:
        parts.append(row.reason)
    return ", ".join(parts)


def _promises(rows: Iterable[PromiseRow]) -> Blocks:
    cells = [
        (
            times.day_time(row.due_at),
            f"{row.audience.name}\n{row.owner}" if row.owner else row.audience.name,
            row.subject,
            "\n".join(x for x in (outcome_label(row.outcome), outcome_detail(row)) if x),
        )
        for row in rows
    ]
    if not cells:
        return []
    head = [_("Due"), _("Audience, owner"), _("Promise"), _("Outcome")]
    return [blocks.heading(_("Promises")), blocks.table(head, cells, [15, 11, 13, 13])]


def _lessons(report: Report) -> Blocks:
    found: Blocks = []
    for kind in Lesson.Kind:
        texts = [row.text for row in report.analysis.lessons if row.kind.slug == kind.value]
        if texts:
            found += [blocks.heading(str(kind.label).capitalize(), 2), blocks.bullets(texts)]
    return [blocks.heading(_("Lessons")), *found] if found else []


def _actions(rows: Iterable[ActionRow]) -> Blocks:
    cells = [(row.text, row.owner, say_date(row.due_on), state_of(row)) for row in rows]
    if not cells:
        return []
    head = [_("Action"), _("Owner"), _("Due"), _("State")]
    return [blocks.heading(_("Actions")), blocks.table(head, cells, [5, 3, 2, 2])]


def state_of(row: ActionRow) -> str:
    if row.is_done and row.settled_at:
        return f"{row.state.name}, {times.day(row.settled_at)}"
    return row.state.name


def _proof(report: Report) -> Blocks:
    proof = report.proof
    found: Blocks = [
        blocks.heading(_("Proof")),
        blocks.paragraph(
            _(
                "The record of this incident has %(entries)s entries when this report was made. "
                "They are numbered without gaps, and the hash of each entry depends on the one "
                "before it. Whoever holds the hash of the last entry, the head, can tell whether "
                "any entry before it was changed, removed or moved since."
            )
            % {"entries": proof.entries}
        ),
        _digest(_("Head of the chain, entry %(number)s") % {"number": proof.entries}, proof.head),
    ]
    if proof.sealed_number:
        found.append(
            _digest(
                _("Head of the restored record, entry %(number)s")
                % {"number": proof.sealed_number},
                proof.sealed_head,
            )
        )
    found += [_digest(label, digest) for label, digest in proof.fingerprints]
    return [*found, blocks.heading(_("How to verify"), 2), _how_to_verify(report)]


def _how_to_verify(report: Report) -> Block:
    return blocks.bullets(
        [
            _("On the installation: manage.py verify_timeline %(reference)s.")
            % {"reference": report.about.reference},
            _(
                "Elsewhere: export the record with manage.py export_incident, then run "
                "manage.py verify_timeline --file on it. The head it finds at entry "
                "%(number)s is the one above."
            )
            % {"number": report.proof.entries},
            _(
                "A fingerprint is the SHA-256 of the canonical form (RFC 8785) of a version: "
                "its statement, kind, language, audience, text, texts per channel and the "
                "hashes of its attachments."
            ),
        ]
    )


def _digest(label: str, digest: str) -> Block:
    return blocks.fingerprint(label, digest)
