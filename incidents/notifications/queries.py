"""Who hears of an entry; a person's messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from incidents import access
from incidents.facts.queries import authors_citing
from incidents.models import (
    EVENTS,
    Delivery,
    Due,
    Entry,
    Hearing,
    Incident,
    Message,
    Outbox,
    Round,
    Seat,
    Statement,
    StoredMail,
    VersionAuthor,
)
from incidents.models.signoff import NOT_ASKED_AGAIN, VOIDED
from incidents.models.timeline import RECLASSIFIED
from incidents.notifications import outside as from_outside
from incidents.notifications import rules, standing_in, wording
from incidents.notifications.wording import Line
from incidents.roles.queries import holders, leads, people
from incidents.signoff import in_place
from incidents.signoff.queries import circuit_people, signers
from incidents.timeline.queries import may_read
from teams.models import User

PAGE: Final = 50


@dataclass(frozen=True)
class MessageRow:
    """One message of the inbox; a line that needs an answer asks."""

    pk: int
    reference: str
    is_drill: bool
    lines: Sequence[Line]
    at: datetime
    is_unread: bool


@dataclass(frozen=True)
class TroubleRow:
    """A mail that did not arrive, or perhaps did, for those who look after the desk."""

    pk: int
    person: str
    reference: str
    state: str
    attempts: int
    doubts: int
    error: str
    created_at: datetime


# Who hears


def waiting_entries() -> QuerySet[Outbox]:
    return Outbox.objects.filter(taken_at=None, entry__kind__in=rules.HEARD).order_by("pk")


def unheard_entries() -> QuerySet[Outbox]:
    """Return waiting rows of kinds that nobody hears of outside the room."""
    return Outbox.objects.filter(taken_at=None).exclude(entry__kind__in=rules.HEARD)


def hearers(entry: Entry, *, at: datetime) -> list[User]:
    """
    Return who hears of an entry: never who acted, only who may read it now.

    Somebody from outside reads no entry; they are called to the text that waits for them.
    """
    kind = EVENTS[entry.kind]
    who = INSTEAD.get(entry.kind) or WHO[kind.heard_by]
    found = {one.pk: one for one in who(entry, at)}
    return [
        one
        for pk, one in found.items()
        if pk != entry.actor_id
        and one.is_active
        and (may_read(entry, user=one, at=at) or from_outside.hears(entry, one, at=at))
    ]


def _room(entry: Entry, _at: datetime) -> Iterable[User]:
    return people(entry.incident)


def _lead(entry: Entry, _at: datetime) -> Iterable[User]:
    return leads(entry.incident)


def _person(entry: Entry, _at: datetime) -> Iterable[User]:
    known = _facts(entry).get("person") or {}
    named = known if isinstance(known, list) else [known]
    return User.objects.filter(uuid__in=[one["id"] for one in named if one.get("id")])


def _signers(entry: Entry, at: datetime) -> Iterable[User]:
    """Return who may sign the round now; once it has ended, who had decided."""
    round_ = Round.objects.filter(pk=_key(entry, "round")).select_related("version").first()
    if round_ is None:
        return []
    if round_.outcome == Round.Outcome.OPEN:
        return signers(round_, at=at)
    return User.objects.filter(pk__in=round_.decisions.values("signer"))


def _asked_anew(entry: Entry, at: datetime) -> Iterable[User]:
    """
    Return who signed what is void now, but for those whose sign-off stands over a typo.

    They read one thing: that they are not asked again.
    """
    stands = Seat.objects.filter(carried_from__round=_key(entry, "round"))
    kept = set(stands.values_list("carried_from__signer", flat=True))
    return [one for one in _signers(entry, at) if one.pk not in kept]


def _not_asked(entry: Entry, _at: datetime) -> Iterable[User]:
    """Return whose sign-off stands; whoever is asked hears that, the others neither signed."""
    named = _facts(entry).get("signers") or ()
    return User.objects.filter(uuid__in=[one["id"] for one in named if one.get("id")])


def _authors(entry: Entry, _at: datetime) -> Iterable[User]:
    """Return whoever wrote the statement, and who began it."""
    statement = _key(entry, "statement")
    wrote = VersionAuthor.objects.filter(version__statement=statement).values("user")
    began = Statement.objects.filter(pk=statement).values("created_by")
    return User.objects.filter(Q(pk__in=wrote) | Q(pk__in=began))


def _circuit(entry: Entry, at: datetime) -> Iterable[User]:
    """Return everyone in the circuit of a round, whom its policy tells, and whom the entry names."""
    round_ = (
        Round.objects.filter(pk=_key(entry, "round"))
        .select_related("policy", "version__statement__incident")
        .first()
    )
    if round_ is None:
        return _person(entry, at)
    held = holders(entry.incident)
    told = [slug for stage in round_.policy.stages for slug in stage.get("told") or ()]
    behind = [held[slug].user for slug in told if slug in held]
    return [*circuit_people(round_, at=at), *behind, *_person(entry, at)]


def _citing(entry: Entry, _at: datetime) -> Iterable[User]:
    return authors_citing(_key(entry, "fact"))


def _nobody(_entry: Entry, _at: datetime) -> Iterable[User]:
    return []


WHO: Final[dict[Hearing, Callable[[Entry, datetime], Iterable[User]]]] = {
    Hearing.NOBODY: _nobody,
    Hearing.ROOM: _room,
    Hearing.LEAD: _lead,
    Hearing.PERSON: _person,
    Hearing.SIGNERS: _signers,
    Hearing.AUTHORS: _authors,
    Hearing.CIRCUIT: _circuit,
    Hearing.CITING: _citing,
}


INSTEAD: Final[dict[str, Callable[[Entry, datetime], Iterable[User]]]] = {
    VOIDED.name: _asked_anew,
    NOT_ASKED_AGAIN.name: _not_asked,
}


def _facts(entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = entry.content.body["facts"]
    return facts


def _key(entry: Entry, name: str) -> int:
    """Return the row that a fact names; 0, which no row has, if it names none."""
    value = _facts(entry).get(name)
    return value if isinstance(value, int) else 0


# What a person reads


def own_messages(user: User, *, at: datetime) -> QuerySet[Message]:
    """Return a person's messages in the product, of incidents they may still see."""
    return Message.objects.filter(
        person=user,
        channel=Message.Channel.DESK,
        incident__in=access.open_to(user, at=at),
    )


def unread_count(user: User, *, at: datetime) -> int:
    return own_messages(user, at=at).filter(read_at=None).count()


def inbox(user: User, *, at: datetime, before: int | None = None) -> list[MessageRow]:
    """Return a page of a person's messages, the newest first; `before` is the last one's key."""
    found = own_messages(user, at=at)
    if before is not None:
        found = found.filter(pk__lt=before)
    messages = list(found.select_related("incident").order_by("-pk")[:PAGE])
    lines = lines_of(messages, user, at=at)
    return [
        MessageRow(
            pk=one.pk,
            reference=one.incident.reference,
            is_drill=one.incident.is_drill,
            lines=lines[one.pk],
            at=one.created_at,
            is_unread=one.read_at is None,
        )
        for one in messages
        if one.incident is not None
    ]


def lines_of(
    messages: Sequence[Message], reader: User, *, at: datetime, outside: bool = False
) -> dict[int, list[Line]]:
    """
    Return what each message says to its reader now, in a fixed number of queries.

    Of a text that waits for them in somebody's place they say why. `outside`: the words leave
    the product (see `wording.entry_line`).
    """
    deliveries = list(
        Delivery.objects.filter(message__in=messages).order_by("pk").select_related("message")
    )
    incidents = {one.incident_id: one.incident for one in messages if one.incident is not None}
    entries = (
        Entry.objects.filter(pk__in=[d.facts["entry"] for d in deliveries if "entry" in d.facts])
        .select_related("content", "incident")
        .in_bulk()
    )
    hidden = _hidden(entries.values(), reader, at=at)
    told = [(one, i) for one in deliveries if (i := incidents.get(one.message.incident_id))]
    asked = {one.pk: (_asks_for(one, entries), i) for one, i in told}
    whys = _whys(asked.values(), reader, at=at, outside=outside)
    lines: dict[int, list[Line]] = defaultdict(list)
    for one, incident in told:
        if one.facts["about"] == "step":
            line = wording.step_line(one.facts, incident, at=at)
        else:
            entry = entries[one.facts["entry"]]
            line = wording.entry_line(entry, is_readable=entry.pk not in hidden, outside=outside)
        statement, _incident = asked[one.pk]
        lines[one.message_id].append(replace(line, why=whys.get(statement, "")))
    if outside:
        _add_what_waits(lines, deliveries, entries, reader, at=at)
    return lines


def _asks_for(delivery: Delivery, entries: Mapping[int, Entry]) -> int:
    """Return the statement that a line asks its reader to sign; 0, which no row has, for others."""
    if delivery.facts["about"] != "step":
        return standing_in.asks_for(entries[delivery.facts["entry"]])
    is_stage = delivery.facts["owes"] == Due.Kind.STAGE
    return int(delivery.facts.get("statement") or 0) if is_stage else 0


def _whys(
    asked: Iterable[tuple[int, Incident]], reader: User, *, at: datetime, outside: bool
) -> dict[int, str]:
    """Say by statement in whose place the reader is asked to sign it; a page asks once for all."""
    found = {statement: incident for statement, incident in asked if statement}
    if outside:
        return {pk: standing_in.why(pk, reader, there, at=at) for pk, there in found.items()}
    return in_place.reasons(reader, at=at) if found else {}


def _add_what_waits(
    lines: dict[int, list[Line]],
    deliveries: Iterable[Delivery],
    entries: Mapping[int, Entry],
    reader: User,
    *,
    at: datetime,
) -> None:
    """Say to whoever took over a role what waits for their signature since, each text once."""
    for one in deliveries:
        entry = entries.get(one.facts.get("entry", 0))
        if entry is not None:
            there = lines[one.message_id]
            said = {line.address for line in there}
            there += standing_in.waiting_since(entry, reader, said, at=at)


def _hidden(entries: Iterable[Entry], reader: User, *, at: datetime) -> set[int]:
    """Return the keys of entries that this reader may not read (any more)."""
    found = {one.pk: one for one in entries}
    stricter = Entry.objects.filter(kind=RECLASSIFIED.name, corrects__in=found)
    later = set(stricter.values_list("corrects", flat=True))
    privileged = [one for pk, one in found.items() if one.is_privileged or pk in later]
    return {one.pk for one in privileged if not may_read(one, user=reader, at=at)}


# What did not arrive


def troubled(viewer: User, *, at: datetime, limit: int = PAGE) -> list[TroubleRow]:
    """
    Return mails that failed or are in doubt: one's own, for administrators everyone's.

    Of an incident that the reader may not see nothing is told, its reference included.
    """
    found = Message.objects.filter(channel=Message.Channel.EMAIL).filter(
        Q(state__in=[Message.State.FAILED, Message.State.UNCERTAIN]) | Q(doubts__gt=0)
    )
    if not viewer.is_staff:
        found = found.filter(person=viewer)
    seen = set(access.open_to(viewer, at=at).values_list("pk", flat=True))
    return [
        TroubleRow(
            pk=one.pk,
            person=one.person.name,
            reference=one.incident.reference
            if one.incident is not None and one.incident_id in seen
            else "",
            state=str(Message.State(one.state).label),
            attempts=one.attempts,
            doubts=one.doubts,
            error=one.last_error,
            created_at=one.created_at,
        )
        for one in found.select_related("person", "incident").order_by("-pk")[:limit]
    ]


def own_mails(user: User, *, limit: int = PAGE) -> list[StoredMail]:
    """Return the stored mails to this person alone, the newest first."""
    return list(StoredMail.objects.filter(to=user.email).order_by("-pk")[:limit])
