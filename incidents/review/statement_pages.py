"""The part of the report on statements: texts, versions, sign-offs, publications."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from crisisdesk.kit import times
from incidents.review import blocks
from incidents.review.blocks import Block, Blocks
from incidents.review.queries.captured import CaptureRow
from incidents.review.queries.rows import (
    CarriedRow,
    DecisionRow,
    PublicationRow,
    ReleaseRow,
    Report,
    RoundRow,
    StatementRow,
    VersionRow,
)


def statements(report: Report) -> Blocks:
    found: Blocks = []
    for row in report.statements:
        found += _statement(row, report)
    if report.releases:
        found += _releases(report)
    if report.unsigned:
        found.append(blocks.heading(_("Without sign-off"), 2))
        found.append(
            blocks.paragraph(_("What appeared outside and had not been signed in CrisisDesk."))
        )
        found += _publications(report.unsigned)
        found += _captures(report.unsigned)
        found += [
            blocks.quote(row.posted_text, report.about.language)
            for row in report.unsigned
            if row.posted_text
        ]
    if not found:
        return []
    return [blocks.heading(_("Statements and sign-off")), *_how_texts_stand(report), *found]


def _how_texts_stand(report: Report) -> Blocks:
    """Say where the exact signs are, if a text is shown with its formatting."""
    if not report.statements:
        return []
    words = _(
        "Texts stand here as their readers see them, with bold words and lists. A fingerprint"
        " covers every sign as it was typed: the JSON of this report holds the text that way."
    )
    return [blocks.paragraph(words)]


def _statement(row: StatementRow, report: Report) -> Blocks:
    about = " · ".join((row.kind.name, row.audience.name, row.language, row.status.name))
    found: Blocks = [
        blocks.heading(f"{row.number}. {row.title}", 2),
        blocks.paragraph(about),
    ]
    for version in row.versions:
        found += _version(version, row, public=report.is_public)
    ours = [one for one in row.publications if not one.is_unsigned]
    found += _publications(ours)
    found += _captures(ours)
    for one in ours:
        if one.differs:
            found.append(blocks.paragraph(_other_words(one) % {"channel": one.channel.name}))
            found.append(blocks.quote(one.posted_text, row.language))
    return found


def _other_words(row: PublicationRow) -> str:
    if row.is_signed:
        return _("The text on %(channel)s is not the signed text. It reads:")
    return _("The text on %(channel)s is not the text that was released. It reads:")


def _releases(report: Report) -> Blocks:
    """Every release with its reason, who was missing, and what became of it."""
    head = [_("Statement"), _("Released"), _("Without"), _("Why"), _("Afterwards")]
    cells = [
        (
            _("%(title)s, version %(number)s") % {"title": row.title, "number": row.version},
            "\n".join((row.form.name, row.by, times.day_time(row.at))),
            "\n".join(x for x in (row.missing, _agreed(row)) if x),
            row.reason,
            _afterwards(row),
        )
        for row in report.releases
    ]
    return [
        blocks.heading(_("Released without all sign-offs"), 2),
        blocks.table(head, cells, [3, 3, 3, 4, 3]),
    ]


def _agreed(row: ReleaseRow) -> str:
    if row.over_refusal:
        return _("over a refusal")
    if row.approver:
        return _("oral agreement of %(name)s") % {"name": row.approver}
    return ""


def _afterwards(row: ReleaseRow) -> str:
    if row.settled_at is None:
        owed = _("by %(name)s, %(time)s") % {
            "name": row.owed_by or _("nobody yet"),
            "time": times.day_time(row.owed_at),
        }
        return row.outcome.name if row.outcome.slug else f"{row.outcome.name} {owed}"
    said = (row.outcome.name, row.settled_by, times.day_time(row.settled_at), row.settled_words)
    return "\n".join(x for x in said if x)


def _version(version: VersionRow, row: StatementRow, *, public: bool) -> Blocks:
    title = _("Version %(number)s") % {"number": version.number}
    if version.is_published:
        title = _("Version %(number)s, published") % {"number": version.number}
    found: Blocks = [blocks.fingerprint(title, version.fingerprint)]
    if not public:
        saved = _("Saved %(time)s by %(name)s.") % {
            "time": times.day_time(version.saved_at),
            "name": version.saved_by,
        }
        found.append(blocks.paragraph(f"{saved} {version.reason}".strip()))
    if version.is_published or version == row.versions[-1]:
        found.append(blocks.signed_text(version.text, row.language))
        for channel, text in version.channel_texts.items():
            if text:
                found.append(blocks.paragraph(_("Text for %(channel)s:") % {"channel": channel}))
                found.append(blocks.quote(text, row.language))
    for one in version.rounds:
        found += _round(one)
    return found


def _round(one: RoundRow) -> Blocks:
    told = _("Sign-off by the circuit “%(policy)s”, opened %(time)s: %(outcome)s.") % {
        "policy": one.policy,
        "time": times.day_time(one.opened_at),
        "outcome": one.outcome.name,
    }
    found: Blocks = [blocks.paragraph(told)]
    cells = [*map(_carried, one.carried), *map(_decision, one.decisions)]
    if cells:
        head = [_("Who"), _("As"), _("Decision"), _("When"), _("Fingerprint seen")]
        found.append(blocks.table(head, cells, [6, 7, 7, 10, 5]))
    return found


def _decision(row: DecisionRow) -> tuple[str, ...]:
    return (
        row.signer,
        row.words,
        "\n".join(x for x in (row.verdict.name, row.comment) if x),
        times.day_time(row.at),
        short(row.fingerprint),
    )


def _carried(row: CarriedRow) -> tuple[str, ...]:
    return (
        row.signer,
        row.words,
        "\n".join((not_asked_again(row), _("only a typo was mended since"))),
        times.day_time(row.at),
        short(row.fingerprint),
    )


def not_asked_again(row: CarriedRow) -> str:
    words = {"number": row.version, "fingerprint": short(row.fingerprint)}
    return _("not asked again (signed v%(number)s %(fingerprint)s)") % words


def short(fingerprint: str) -> str:
    return f"{fingerprint[:4]} {fingerprint[4:8]}"


def _publications(rows: Iterable[PublicationRow]) -> Blocks:
    cells = [
        (
            row.channel.name,
            times.day_time(row.published_at),
            row.audience.name,
            "\n".join(x for x in (_standing(row), row.link, row.note) if x),
        )
        for row in rows
    ]
    if not cells:
        return []
    head = [_("Channel"), _("Published"), _("Audience"), _("What stood there")]
    return [blocks.table(head, cells, [4, 8, 4, 11])]


def _captures(rows: Iterable[PublicationRow]) -> Blocks:
    """Name the files that show how it stood there, each with its hash in full."""
    return [_capture(one, row.channel.name) for row in rows for one in row.captures]


def _capture(one: CaptureRow, channel: str) -> Block:
    words = {"time": times.day_time(one.added_at), "name": one.added_by}
    told = [filesizeformat(one.size), _("added %(time)s by %(name)s") % words]
    if one.is_privileged:
        told.append(_("privileged"))
    label = _("Capture, %(channel)s: %(name)s") % {"channel": channel, "name": one.name}
    return blocks.fingerprint(label, one.sha256, " · ".join(told))


def _standing(row: PublicationRow) -> str:
    if row.is_unsigned:
        return _("not signed")
    if not row.is_signed:
        words = _("version %(number)s") % {"number": row.version}
        return "\n".join(x for x in (words, row.how) if x)
    if row.differs:
        return _("not the signed text of version %(number)s") % {"number": row.version}
    return _("signed, version %(number)s") % {"number": row.version}
