"""How a draft becomes a version, and whose words it holds."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Draft, DraftAuthor, Round, Statement, Version, VersionAuthor
from incidents.statements import rules
from teams.models import User


class NothingChanged(Refused):
    """The content is that of the newest version, so that no version is made."""


class NothingToSign(Refused):
    """There is no version yet, or no text in it."""


def is_saved(draft: Draft, newest: Version) -> bool:
    """Tell whether the newest version holds everything that the draft says."""
    text = rules.normalise(draft.text)
    texts = rules.channel_texts(newest.channel_texts, draft.channel_texts, text)
    return (text, texts) == (newest.text, newest.channel_texts)


def build(
    statement: Statement,
    draft: Draft,
    newest: Version | None,
    *,
    reason: str,
    change: str,
    by: User,
    at: datetime,
) -> Version:
    text = rules.normalise(draft.text)
    if not text:
        raise NothingToSign(_("There is no text yet. Write something, then save it as a version."))
    texts = rules.channel_texts(statement.channels, draft.channel_texts, text)
    digest = rules.fingerprint(
        statement=statement.uuid,
        kind=statement.kind,
        language=statement.language,
        audience=statement.audience.slug,
        text=text,
        channel_texts=texts,
    )
    if newest is not None and newest.fingerprint == digest:
        raise NothingChanged(
            _("Nothing has changed since v%(number)s, so no version was made.")
            % {"number": newest.number}
        )
    return Version(
        statement=statement,
        number=newest.number + 1 if newest else 1,
        kind=statement.kind,
        language=statement.language,
        audience=statement.audience.slug,
        text=text,
        channel_texts=texts,
        fingerprint=digest,
        reason=reason.strip(),
        change=change,
        saved_by=by,
        saved_at=at,
    )


def unsigned_authors(version: Version) -> set[int]:
    """Return who wrote a version that was never fully approved: its words are still theirs."""
    if version.rounds.filter(outcome=Round.Outcome.APPROVED).exists():
        return set()
    return set(version.authors.values_list("user", flat=True))


def carry_authors(
    version: Version, newest: Version | None, living: Round | None, *, by: User
) -> None:
    """
    Name everyone who put words into this version since the last fully approved one.

    Whoever makes an older text the newest again brings back the authors of that text.
    """
    writers = DraftAuthor.objects.filter(statement=version.statement_id)
    authors = set(writers.values_list("user", flat=True)) or {by.pk}
    approved = living is not None and living.outcome == Round.Outcome.APPROVED
    if newest is not None and not approved:
        authors |= set(newest.authors.values_list("user", flat=True))
    same = Version.objects.filter(
        statement=version.statement_id, fingerprint=version.fingerprint
    ).exclude(pk=version.pk)
    authors |= set(VersionAuthor.objects.filter(version__in=same).values_list("user", flat=True))
    VersionAuthor.objects.bulk_create(
        VersionAuthor(version=version, user_id=user) for user in sorted(authors)
    )
    writers.delete()
