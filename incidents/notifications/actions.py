"""Empty the outbox into deliveries; lease, send and mark messages; mark as read."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q

from incidents.deliveries.actions import deliver
from incidents.models import Message, Outbox
from incidents.notifications import letters, mail, queries, rules
from incidents.notifications.rules import Answer, Outcome
from teams.models import User

log = logging.getLogger(__name__)
State = Message.State
LEASE_RAN_OUT: Final = "The sender stopped before it could say whether this was sent."
MAY_NOT_SEE: Final = "Not sent: this person may not see the incident any more."


def empty_outbox(*, at: datetime, limit: int = 500) -> int:
    """
    Turn entries that wait into deliveries to those who hear of them; return how many.

    Each in its own transaction: one that fails stays in the outbox and holds up no other.
    """
    queries.unheard_entries().update(taken_at=at)
    announced = 0
    for pk in list(queries.waiting_entries().values_list("pk", flat=True)[:limit]):
        try:
            announced += _announce(pk, at=at)
        except Exception:
            log.exception("Entry %s could not be announced; it stays in the outbox.", pk)
    return announced


def send_messages(*, clock: Callable[[], datetime], limit: int = rules.AT_ONCE) -> int:
    """
    Send mails that wait, one lease at a time; return how many were accepted.

    `clock` tells the time: each lease begins when its own sending does.
    """
    connection = get_connection()
    sent = 0
    try:
        for _turn in range(limit):
            message = _lease(at=clock())
            if message is None:
                break
            outcome = _send(message, connection, at=clock())
            _mark(message, outcome, at=clock())
            sent += outcome.answer == Answer.ACCEPTED
            if outcome.server_away:
                break
            if outcome.answer != Answer.ACCEPTED:
                mail.close(connection)
    finally:
        mail.close(connection)
    return sent


def mark_read(user: User, *, messages: Iterable[int] | None = None, at: datetime) -> int:
    """Mark a person's own messages as read (all of them if none is named); return how many."""
    found = Message.objects.filter(person=user, channel=Message.Channel.DESK, read_at=None)
    if messages is not None:
        found = found.filter(pk__in=list(messages))
    return found.update(read_at=at)


@transaction.atomic
def _announce(pk: int, *, at: datetime) -> int:
    row = (
        Outbox.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("entry__incident__team", "entry__content")
        .filter(pk=pk, taken_at=None)
        .first()
    )
    if row is None:
        return 0
    entry = row.entry
    for person in queries.hearers(entry, at=at):
        deliver(
            person,
            reason=f"entry:{entry.pk}",
            incident=entry.incident,
            facts={"about": "entry", "entry": entry.pk},
            at=at,
            wait=rules.GATHER,
        )
    row.taken_at = at
    row.save(update_fields=["taken_at"])
    return 1


@transaction.atomic
def _lease(*, at: datetime) -> Message | None:
    """Take the mail that has waited longest, for a minute; nobody else can while that lasts."""
    due = Q(state=State.WAITING, not_before__lte=at) | Q(state=State.LEASED, leased_until__lte=at)
    message = (
        Message.objects.filter(due, channel=Message.Channel.EMAIL)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("not_before", "pk")
        .first()
    )
    if message is None:
        return None
    if message.state == State.LEASED:
        message.doubts += 1
        message.last_error = LEASE_RAN_OUT
    # A mail under which every sender dies must not hold up the others for ever.
    gone = message.doubts >= rules.DEAD_LEASES
    message.state = State.UNCERTAIN if gone else State.LEASED
    message.lease = uuid.uuid4()
    message.leased_until = at + rules.LEASE
    message.attempts += 1
    message.save(
        update_fields=["state", "lease", "leased_until", "attempts", "doubts", "last_error"]
    )
    return None if gone else message


def _send(message: Message, connection: Any, *, at: datetime) -> Outcome:
    try:
        letter = letters.write(message, at=at)
    except Exception as trouble:
        log.exception("The mail of message %s could not be written.", message.pk)
        return Outcome(Answer.LATER, f"{type(trouble).__name__}: {trouble}"[:500])
    if letter is None:
        return Outcome(Answer.NEVER, MAY_NOT_SEE)
    return mail.send(connection, letter)


def _mark(message: Message, outcome: Outcome, *, at: datetime) -> None:
    """Write down what became of an attempt, if the lease is still ours."""
    after = rules.after(
        outcome, attempts=message.attempts, doubts=message.doubts, age=at - message.created_at
    )
    ours = Message.objects.filter(pk=message.pk, lease=message.lease, state=State.LEASED)
    marked = ours.update(
        state=after.state,
        lease=None,
        leased_until=None,
        not_before=at + after.wait,
        doubts=message.doubts + after.doubt,
        last_error=outcome.words or message.last_error,
        delivered_at=at if after.state == State.DELIVERED else None,
    )
    if not marked:
        log.warning("Message %s was taken over by another sender meanwhile.", message.pk)
    if after.state in {State.FAILED, State.UNCERTAIN}:
        log.error("Message %s is %s: %s", message.pk, after.state, outcome.words)
