"""Recording what stands outside, signed or not, and withdrawing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.clocks import actions as clocks
from incidents.evidence import actions as evidence
from incidents.evidence.storing import Kept, keep_capture
from incidents.models import (
    Channel,
    Entry,
    Incident,
    Occurred,
    Publication,
    Round,
    Statement,
    Version,
)
from incidents.models import statement as events
from incidents.signoff import actions as signoff
from incidents.signoff import queries as rounds
from incidents.signoff import releases
from incidents.statements import languages, outside, reduced, rules
from incidents.statements.actions import in_full
from incidents.statements.moves import about, facts, locked, next_status
from incidents.statements.outside import NotSigned, OtherWords
from incidents.timeline import pen
from incidents.timeline.actions import record
from teams.models import Audience, User

PUBLISHABLE: Final = (Round.Outcome.APPROVED, Round.Outcome.RELEASED)
# By whether a named person released it, and whether other words stand outside.
EVENTS: Final = {
    (False, False): events.PUBLISHED,
    (False, True): events.PUBLISHED_DIFFERENTLY,
    (True, False): events.PUBLISHED_RELEASED,
    (True, True): events.PUBLISHED_RELEASED_DIFFERENTLY,
}


@transaction.atomic
def record_publication(
    statement: Statement,
    *,
    channel: str,
    published_at: datetime,
    link: str = "",
    posted_text: str = "",
    next_update_at: datetime | None = None,
    original_seen: int | None = None,
    shown: str | None = None,
    capture: File[bytes] | None = None,
    by: User,
    at: datetime,
) -> Publication:
    """
    Record that the signed text, or the one that was released, stands outside, on one channel.

    `posted_text` is what stands there, pasted back; a difference is kept and said. Keeps the
    promise it fulfils; `next_update_at` is the time of the next update that it announces. What
    this statement supersedes is superseded now. `original_seen`: the version of the original of
    a translation, which has gone on, that whoever publishes was shown; it is noted. `shown`, if
    given, is the mark of the difference that was on the screen: other words are seen first and
    recorded second. `capture` shows how it stood there: evidence of the entry.

    :raises NotFromHere: if it is not good to publish
    :raises NotSigned: if this channel, or that time, is not covered by sign-off or release
    :raises OtherWords: if the words pasted back are not those signed, nor those `shown`
    :raises NotKept: if the capture cannot be kept; then nothing is recorded
    """
    kept = keep_capture(capture) if capture is not None else None
    publication, entry = _record(
        statement,
        channel=channel,
        published_at=published_at,
        link=link,
        posted_text=posted_text,
        next_update_at=next_update_at,
        original_seen=original_seen,
        shown=shown,
        kept=kept,
        by=by,
        at=at,
    )
    if kept is not None:
        evidence.tie(entry, kept, by=by, at=at)
    return publication


@pen.together()
def _record(
    statement: Statement,
    *,
    channel: str,
    published_at: datetime,
    link: str,
    posted_text: str,
    next_update_at: datetime | None,
    original_seen: int | None,
    shown: str | None,
    kept: Kept | None,
    by: User,
    at: datetime,
) -> tuple[Publication, Entry]:
    incident, statement = locked(statement)
    status = next_status(statement, "publish")
    round_ = _signed(statement)
    version = round_.version
    outside.check(round_, statement, channel=channel, published_at=published_at, at=at)
    _check_seen(version, channel=channel, posted_text=posted_text, shown=shown)
    publication = outside.build(
        statement,
        round_,
        release=outside.release_of(round_),
        channel=channel,
        published_at=published_at,
        link=link,
        posted_text=posted_text,
        by=by,
        at=at,
    )
    known = {**_known(publication, seen=original_seen), **_told(kept)}
    publication.save()
    statement.status = status
    statement.save(update_fields=["status"])
    entry = record(
        incident,
        EVENTS[publication.release is not None, publication.differs],
        by=by,
        at=at,
        occurred=Occurred.exactly(published_at),
        channel=Channel(channel),
        link=link,
        fingerprint=version.fingerprint,
        publication=publication.pk,
        **_released(publication),
        **known,
        **facts(version),
    )
    _supersede(incident, statement, by=by, at=at)
    clocks.keep_promises(publication, next_update_at=next_update_at, by=by, at=at)
    return publication, entry


def _signed(statement: Statement) -> Round:
    found = rounds.living_round(statement.pk)
    if found is None or found.outcome not in PUBLISHABLE:
        raise NotSigned(_("This text has not been signed. Nothing was recorded."))
    found.version.statement = statement
    return found


def _check_seen(version: Version, *, channel: str, posted_text: str, shown: str | None) -> None:
    """Demand that other words were on the screen before they are on record, where it is known."""
    if shown is None:
        return
    other = outside.compare(version, channel=channel, posted_text=posted_text)
    if other is not None and other.mark != shown:
        raise OtherWords(other)


def _told(kept: Kept | None) -> dict[str, Any]:
    """Return the file that comes with an entry as its facts, hash included; see `log_entry`."""
    return {"evidence": [kept.told()]} if kept is not None else {}


def _known(publication: Publication, *, seen: int | None) -> dict[str, Any]:
    """Note that a translation goes out although its original has gone on; return it as facts."""
    if publication.statement is None or publication.version is None:
        return {}
    behind = languages.known_stale(publication.statement, publication.version, seen=seen)
    publication.note = languages.noted(behind)
    return languages.facts(behind)


def _released(publication: Publication) -> dict[str, Any]:
    """Return by whose word it went out and who had not signed; nothing of what was signed."""
    release = publication.release
    if release is None:
        return {}
    return {
        "basis": Publication.Basis(publication.basis),
        "released_by": release.released_by,
        "missing": releases.went_without(release),
        "reason": release.reason,
        "release": release.pk,
    }


def _supersede(incident: Incident, statement: Statement, *, by: User, at: datetime) -> None:
    """Say of the statement whose place this one takes that it is superseded; it stays on record."""
    before = statement.supersedes
    status = rules.next_status(before.status, "supersede") if before else None
    if before is None or status is None:
        return
    _ask_no_more(before, by=by, at=at)
    before.status = status
    before.save(update_fields=["status"])
    record(
        incident,
        events.SUPERSEDED,
        by=by,
        at=at,
        after=statement.title,
        after_number=statement.number,
        **about(before),
    )


def _ask_no_more(statement: Statement, *, by: User, at: datetime) -> None:
    """
    Void what waits for sign-off; what was signed and went out stays signed.

    A text that is out asks again too: a raised severity asks it for the channels it waits for.
    """
    living = rounds.living_round(statement.pk)
    if living is None:
        return
    if living.outcome == Round.Outcome.OPEN or statement.status not in rules.OUT:
        signoff.void_round(living, by=by, at=at, say_so=False)


@transaction.atomic
def record_unsigned(
    incident: Incident,
    *,
    channel: str,
    audience: Audience,
    published_at: datetime,
    link: str = "",
    text: str,
    statement: Statement | None = None,
    capture: File[bytes] | None = None,
    by: User,
    at: datetime,
) -> Publication:
    """
    Record what appeared in our name without sign-off: never refused, never dressed up.

    :raises NotSigned: only if the time given is still to come
    :raises NotKept: if the capture cannot be kept; then nothing is recorded
    """
    kept = keep_capture(capture) if capture is not None else None
    incident = Incident.objects.lock(incident.pk)
    outside.check_time(published_at, at=at)
    publication = Publication.objects.create(
        incident=incident,
        statement=statement,
        basis=Publication.Basis.UNSIGNED,
        channel=channel,
        audience=audience,
        is_internal=audience.is_internal,
        published_at=published_at,
        link=link,
        posted_text=rules.as_typed(text),
        recorded_by=by,
        recorded_at=at,
    )
    entry = record(
        incident,
        events.PUBLISHED_UNSIGNED,
        by=by,
        at=at,
        occurred=Occurred.exactly(published_at),
        text=publication.posted_text,
        channel=Channel(channel),
        audience=audience,
        link=link,
        publication=publication.pk,
        statement=statement.pk if statement else None,
        **_told(kept),
    )
    if kept is not None:
        evidence.tie(entry, kept, by=by, at=at)
    return publication


@transaction.atomic
def withdraw_statement(statement: Statement, *, reason: str, by: User, at: datetime) -> Statement:
    """
    Withdraw a statement, published or not. Text, sign-offs and publications stay on record.

    What was made of a prepared text and is not published asks for the whole circuit from now on.
    """
    rooms = reduced.lock_rooms(statement)
    incident, statement = locked(statement)
    status = next_status(statement, "withdraw")
    _ask_no_more(statement, by=by, at=at)
    statement.status = status
    statement.save(update_fields=["status"])
    record(
        incident,
        events.WITHDRAWN,
        by=by,
        at=at,
        reason=reason.strip(),
        **about(statement),
    )
    in_full.ask_in_full(statement, rooms, by=by, at=at)
    return statement
