"""How a draft becomes a version, and whose words it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import (
    Decision,
    Draft,
    DraftAuthor,
    Round,
    Seat,
    Statement,
    Version,
    VersionAuthor,
)
from incidents.signoff.rules import is_of_today
from incidents.statements import material, rules
from teams.models import User


class NothingChanged(Refused):
    """The content is that of the newest version, so that no version is made."""


class NothingToSign(Refused):
    """There is no version yet, or no text in it."""


def is_saved(draft: Draft, newest: Version) -> bool:
    """Tell whether the newest version holds everything that the draft says."""
    text = rules.normalise(draft.text)
    texts = rules.channel_texts(newest.channel_texts, draft.channel_texts, text)
    same_files = files(draft.attachments) == files(newest.attachments)
    same_words = (text, texts) == (newest.text, newest.channel_texts)
    return same_words and same_files and is_of_today(newest, draft.statement)


def files(attachments: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the digests that the fingerprint binds."""
    return sorted({str(one["sha256"]) for one in attachments})


def wording(version: Version) -> material.Wording:
    """Return what the signer of a version had before them, to tell a typo from a change."""
    return material.Wording(
        text=version.text,
        channel_texts=version.channel_texts,
        audience=version.audience,
        kind=version.kind,
        language=version.language,
        attachments=files(version.attachments),
    )


def newest_among(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Return the newest version of each statement that these versions are of."""
    last = versions.order_by().values("statement").annotate(last=Max("pk")).values("last")
    found: QuerySet[Version] = Version.objects.filter(pk__in=last)
    return found


def standing(version: Version, living: Round | None) -> list[Decision]:
    """
    Return the approvals that this version leaves standing: those of texts it only mends.

    It is compared with what each of them signed, so that many small steps are no change unseen.
    """
    if living is None or version.change != Version.Change.TYPO:
        return []
    seats = Seat.objects.filter(stage__round=living).exclude(carried_from=None)
    carried = seats.values("carried_from")
    given = Decision.objects.filter(
        Q(round=living, verdict=Decision.Verdict.APPROVE) | Q(pk__in=carried)
    ).select_related("seat__role", "seat__person", "signer", "version")
    names = names_of(version.statement)
    mended = wording(version)
    seen: dict[int, bool] = {}
    for decision in given:
        if decision.version_id not in seen:
            was = wording(decision.version)
            seen[decision.version_id] = not material.reasons(was, mended, names=names)
    return [decision for decision in given if seen[decision.version_id]]


def is_typo(version: Version, newest: Version | None) -> bool:
    """Tell whether the author may call this change a typo."""
    if newest is None:
        return False
    names = names_of(version.statement)
    return not material.reasons(wording(newest), wording(version), names=names)


def names_of(statement: Statement) -> list[str]:
    incident = statement.incident
    return [name for name in (incident.organisation, incident.team.name) if name]


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
        attachments=files(draft.attachments),
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
        attachments=list(draft.attachments),
        values=dict(draft.values),
        master_version=_master(statement),
        fingerprint=digest,
        reason=reason.strip(),
        change=change,
        saved_by=by,
        saved_at=at,
    )


def _master(statement: Statement) -> Version | None:
    """Return the text that a translation saved now is taken to translate: the newest."""
    if statement.master_id is None:
        return None
    found: Version | None = (
        Version.objects.filter(statement=statement.master_id).order_by("-number").first()
    )
    return found


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
