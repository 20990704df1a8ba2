"""
One message in several languages: which texts belong together, which of them the original has left
behind, and who says that a translation says the same. Read, never written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from crisisdesk.kit.names import by_name
from crisisdesk.kit.refusals import Refused
from crisisdesk.kit.times import moment
from incidents.access import people_of
from incidents.models import Attestation, Entry, Statement, Version
from incidents.models.approver import READER_ASKED
from incidents.signoff.rules import status_words
from incidents.statements import rules
from incidents.statements.difference import Piece, difference
from incidents.statements.versions import newest_among
from teams.models import User


class OriginalChanged(Refused):
    """A translation goes out although its original has gone on, and nobody said that they know."""


class AlreadyAsked(Refused):
    """A reader is told once that a version waits for their word."""


@dataclass(frozen=True)
class LinkedRow:
    """The same message in another language."""

    number: int
    title: str
    language: str
    language_name: str
    status_words: str
    version: int
    is_original: bool
    is_stale: bool


@dataclass(frozen=True)
class Stale:
    """The original has gone on since this translation was made: from `made_from` to `now`."""

    number: int
    title: str
    language: str
    made_from: int
    now: int
    pieces: tuple[Piece, ...]
    passages: int


@dataclass(frozen=True)
class AttestationRow:
    """A named reader says what a version says. `original` is 0 where nothing was translated."""

    name: str
    version: int
    original: int
    original_language: str
    note: str
    at: datetime


@dataclass(frozen=True)
class ReaderRow:
    """Somebody in the room who reads the language, and could be asked."""

    uuid: str
    name: str


@dataclass(frozen=True)
class AskedRow:
    """Somebody who was asked to read a version for those who do not, and who asked them last."""

    uuid: str
    name: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Languages:
    """
    What the page of a text says about its languages.

    `needs_reader`: the reader of the page is asked to sign what they do not read, and nobody has
    attested it; `asked`: who was asked to, and has not answered; `original`, `original_language`:
    the version and language it would be held against.
    """

    language_name: str
    linked: tuple[LinkedRow, ...]
    stale: Stale | None
    attestations: tuple[AttestationRow, ...]
    reads: bool
    needs_reader: bool
    may_attest: bool
    may_ask: bool
    may_translate: bool
    free: tuple[tuple[str, str], ...]
    readers: tuple[ReaderRow, ...]
    asked: tuple[AskedRow, ...]
    is_translation: bool
    original: int
    original_language: str


def name_of(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def read(
    statement: Statement,
    shown: Version | None,
    *,
    authors: Iterable[User],
    turn: object,
    user: User,
    rights: Iterable[str],
    at: datetime,
) -> Languages:
    """
    Return it for one reader; `turn`: their own sign-off that is asked now, if it is.

    The number of queries does not grow with languages, versions or people.
    """
    rights = frozenset(rights)
    inside = "view_incident" in rights
    family = _family(statement)
    newest = newest_of(family)
    master = next((one for one in family if one.pk == statement.master_id), None)
    original = newest.get(master.pk) if master else None
    attested = _attestations(shown)
    known = user.reads_language(statement.language)
    barred = {one.pk for one in authors}
    both = known and (master is None or user.reads_language(master.language))
    done = any(one.reader_id == user.pk for one in attested)
    vouched = any(one.reader_id != user.pk for one in attested)
    needs = turn is not None and not known and not vouched
    asked = _asked(statement, shown) if needs and inside else ()
    behind = stale_among(family, newest) if inside else frozenset()
    used = {one.language for one in family if one.status not in rules.GONE} | {statement.language}
    return Languages(
        language_name=name_of(statement.language),
        linked=tuple(_linked(one, newest, behind) for one in family if one.pk != statement.pk)
        if inside
        else (),
        stale=stale(statement, shown) if statement.pk in behind or not inside else None,
        attestations=tuple(_attested(one) for one in attested),
        reads=known,
        needs_reader=needs,
        may_attest=shown is not None
        and both
        and not done
        and "comment" in rights
        and user.pk not in barred,
        may_ask=needs and "comment" in rights,
        may_translate="draft_statement" in rights and statement.kind != Statement.Kind.LINE,
        free=tuple((code, name_of(code)) for code, _n in settings.LANGUAGES if code not in used),
        readers=_readers(statement, barred | {user.pk}, asked, at=at) if needs and inside else (),
        asked=asked,
        is_translation=statement.master_id is not None,
        original=original.number if original else 0,
        original_language=name_of(master.language) if master else "",
    )


def stale(statement: Statement, version: Version | None = None) -> Stale | None:
    """Return how far the original has gone on since the newest version of a translation, if it has."""
    if statement.master_id is None:
        return None
    newest = newest_of([statement, _master(statement)])
    mine, original = newest.get(statement.pk), newest.get(statement.master_id)
    if version is not None and mine is not None and version.pk != mine.pk:
        return None
    if not (mine and original) or not _left_behind(mine, original):
        return None
    if Attestation.objects.filter(version=mine, master_version=original).exists():
        return None
    texts = Version.objects.in_bulk([original.pk, mine.master_version_id or original.pk])
    before = texts.get(mine.master_version_id or 0)
    now = texts[original.pk]
    found = difference(before.text if before else "", now.text)
    master = _master(statement)
    return Stale(
        number=master.number,
        title=master.title,
        language=master.language,
        made_from=before.number if before else 0,
        now=now.number,
        pieces=found.pieces,
        passages=found.passages,
    )


def known_stale(statement: Statement, version: Version, *, seen: int | None) -> Stale | None:
    """
    Return how far the original has gone on, where whoever publishes has said that they know.

    `seen`: the original's version that they were shown.

    :raises OriginalChanged: where they have not, or it has changed again
    """
    found = stale(statement, version)
    if found is not None and found.now != seen:
        raise OriginalChanged(
            _(
                "The original has changed: this text was made from v%(before)s, the original is"
                " v%(now)s. Nothing was recorded. Compare, then confirm that it goes out as it is."
            )
            % {"before": found.made_from, "now": found.now}
        )
    return found


def noted(behind: Stale | None) -> str:
    """Say for the record what whoever published knew."""
    if behind is None:
        return ""
    return _("Made from v%(before)s of the original, which was v%(now)s by then.") % {
        "before": behind.made_from,
        "now": behind.now,
    }


def facts(behind: Stale | None) -> dict[str, Any]:
    if behind is None:
        return {}
    return {"made_from": behind.made_from, "original_version": behind.now}


def stale_among(statements: Sequence[Statement], newest: Mapping[int, Version]) -> frozenset[int]:
    """
    Return which of these statements are translations that their original has left behind.

    `newest`: the newest versions of them and of their originals, by statement. A reader's word
    that a translation says what the newest original says settles it.
    """
    behind = {}
    for one in statements:
        mine, original = newest.get(one.pk), newest.get(one.master_id or 0)
        if mine and original and one.status not in rules.GONE and _left_behind(mine, original):
            behind[one.pk] = (mine.pk, original.pk)
    if not behind:
        return frozenset()
    vouched = set(
        Attestation.objects.filter(version__in=[mine for mine, _o in behind.values()]).values_list(
            "version", "master_version"
        )
    )
    return frozenset(pk for pk, pair in behind.items() if pair not in vouched)


def newest_of(statements: Iterable[Statement]) -> dict[int, Version]:
    """Return the newest version of each, without its words."""
    among = Version.objects.filter(statement__in=[one.pk for one in statements])
    found = newest_among(among).defer("text", "channel_texts")
    return {one.statement_id: one for one in found}


def readers_of(statement: Statement, *, at: datetime) -> list[User]:
    """Return who in the room reads a statement's language, and that of its original."""
    codes = {statement.language, _master(statement).language}
    found = by_name(people_of(statement.incident, at=at))
    return [one for one in found if all(one.reads_language(code) for code in codes)]


def _left_behind(mine: Version, original: Version) -> bool:
    return mine.master_version_id != original.pk


def _master(statement: Statement) -> Statement:
    return statement.master or statement


def _family(statement: Statement) -> list[Statement]:
    """Return the original and everything made from it, the original first."""
    root = statement.master_id or statement.pk
    found = Statement.objects.filter(incident=statement.incident_id).select_related("incident")
    return sorted(
        (one for one in found.filter(pk=root) | found.filter(master=root)),
        key=lambda one: (one.pk != root, one.number),
    )


def _linked(one: Statement, newest: Mapping[int, Version], behind: frozenset[int]) -> LinkedRow:
    version = newest.get(one.pk)
    return LinkedRow(
        number=one.number,
        title=one.title,
        language=one.language,
        language_name=name_of(one.language),
        status_words=status_words(one),
        version=version.number if version else 0,
        is_original=one.master_id is None,
        is_stale=one.pk in behind,
    )


def _attestations(shown: Version | None) -> list[Attestation]:
    if shown is None:
        return []
    found = Attestation.objects.filter(version=shown, fingerprint=shown.fingerprint)
    return list(
        found.select_related("reader", "version", "master_version").order_by("attested_at", "pk")
    )


def _attested(one: Attestation) -> AttestationRow:
    original = one.master_version
    return AttestationRow(
        name=one.reader.name,
        version=one.version.number,
        original=original.number if original else 0,
        original_language=name_of(original.language) if original else "",
        note=one.note,
        at=one.attested_at,
    )


def _asked(statement: Statement, shown: Version | None) -> tuple[AskedRow, ...]:
    """Return whom the room asked to read this version, the last asked first."""
    found = Entry.objects.filter(
        incident=statement.incident_id,
        kind=READER_ASKED.name,
        content__body__facts__statement=statement.pk,
        content__body__facts__version=shown.number if shown else 0,
    ).select_related("content")
    rows: dict[str, AskedRow] = {}
    for one in found.order_by("-number"):
        who, by = one.content.body["facts"]["person"], one.content.body["actor"]["name"]
        rows.setdefault(who["id"], AskedRow(who["id"], who["name"], by, one.recorded_at))
    return tuple(rows.values())


def check_not_asked(statement: Statement, version: Version, reader: User, *, at: datetime) -> None:
    """
    Refuse to tell a reader twice that this version waits for their word.

    Who has answered since may be asked again: the original may have gone on.

    :raises AlreadyAsked: while they have not
    """
    rows = _asked(statement, version)
    last = next((one for one in rows if one.uuid == str(reader.uuid)), None)
    if last is None:
        return
    if version.attestations.filter(reader=reader, attested_at__gte=last.at).exists():
        return
    words = {"name": reader.name, "by": last.by, "time": moment(last.at, now=at)}
    raise AlreadyAsked(
        _(
            "%(by)s asked %(name)s to read this version, %(time)s. They were not told again: call"
            " them, or ask somebody else."
        )
        % words
    )


def _readers(
    statement: Statement, barred: set[int], asked: Sequence[AskedRow], *, at: datetime
) -> tuple[ReaderRow, ...]:
    """Return who could be asked, and has not been."""
    before = {one.uuid for one in asked}
    return tuple(
        ReaderRow(str(one.uuid), one.name)
        for one in readers_of(statement, at=at)
        if one.pk not in barred and str(one.uuid) not in before
    )
