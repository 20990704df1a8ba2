"""Note a fact, and change its state or its words. Each change keeps its source and reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.facts import queries, rules
from incidents.models import EventKind, Fact, FactChange, Incident
from incidents.models import fact as events
from incidents.timeline.actions import record
from teams.models import User

State = Fact.State


class NothingNoted(Refused):
    """A fact without words."""


class NoSource(Refused):
    """Something is called confirmed, and nobody says by what."""


class NoReason(Refused):
    """A fact is refuted or opened again without saying why."""


class NotFromHere(Refused):
    """The state of the fact does not allow this."""


class FactChanged(Refused):
    """Someone changed the fact while it stood on the screen."""


@transaction.atomic
def note_fact(
    incident: Incident,
    *,
    text: str,
    state: str = State.UNCONFIRMED,
    source: str = "",
    link: str = "",
    by: User,
    at: datetime,
) -> Fact:
    """
    Put a fact into the ledger: to be confirmed, unless it comes with its source.

    The same words of the same person within a minute are a double click: the fact is returned.

    :raises NothingNoted: without words
    :raises NoSource: for a confirmed fact without a source
    """
    incident = Incident.objects.lock(incident.pk)
    text, source = text.strip(), source.strip()
    _require_words(text)
    if state == State.CONFIRMED:
        _require_source(source)
    if (same := queries.just_noted(incident, text, by=by, at=at)) is not None:
        return same
    last = incident.facts.aggregate(last=Max("number"))["last"] or 0
    fact: Fact = Fact.objects.create(
        incident=incident,
        number=last + 1,
        text=text,
        state=state,
        source=source,
        link=link,
        changes=1,
        noted_by=by,
        noted_at=at,
        changed_at=at,
    )
    _remember(fact, by=by, at=at)
    record(incident, events.NOTED, by=by, at=at, **_told(fact))
    return fact


@transaction.atomic
def confirm_fact(
    fact: Fact,
    *,
    source: str,
    link: str = "",
    reason: str = "",
    seen: int | None = None,
    by: User,
    at: datetime,
) -> Fact:
    """
    Say that a fact is so, and by what we know it. `seen` is the change that was on the screen.

    :raises NoSource: without a source
    """
    fact = _locked(fact, "confirm", seen)
    _require_source(source)
    fact.source, fact.link = source.strip(), link
    return _change(fact, "confirm", events.CONFIRMED, reason=reason, by=by, at=at)


@transaction.atomic
def refute_fact(
    fact: Fact,
    *,
    reason: str,
    source: str = "",
    link: str = "",
    seen: int | None = None,
    by: User,
    at: datetime,
) -> Fact:
    """
    Say that it is not so, and why.

    :raises NoReason: without a reason
    """
    fact = _locked(fact, "refute", seen)
    _require_reason(reason)
    fact.source, fact.link = source.strip(), link
    return _change(fact, "refute", events.REFUTED, reason=reason, by=by, at=at)


@transaction.atomic
def reopen_fact(
    fact: Fact, *, reason: str, seen: int | None = None, by: User, at: datetime
) -> Fact:
    """
    Call a fact unconfirmed again, and say why; its last source stays with it.

    :raises NoReason: without a reason
    """
    fact = _locked(fact, "reopen", seen)
    _require_reason(reason)
    return _change(fact, "reopen", events.REOPENED, reason=reason, by=by, at=at)


@transaction.atomic
def reword_fact(
    fact: Fact,
    *,
    text: str,
    source: str = "",
    link: str = "",
    reason: str = "",
    seen: int | None = None,
    by: User,
    at: datetime,
) -> Fact:
    """
    Say it better or more exactly. A confirmed fact in other words needs its source again.

    The same words change nothing: the fact is returned as it is.

    :raises NoSource: for a confirmed fact without a source for the new words
    """
    fact = _locked(fact, "reword", seen)
    _require_words(text)
    if text.strip() == fact.text:
        return fact
    if fact.state == State.CONFIRMED:
        _require_source(source)
    before, fact.text = fact.text, text.strip()
    if source.strip():
        fact.source, fact.link = source.strip(), link
    return _change(fact, "reword", events.REWORDED, reason=reason, by=by, at=at, before=before)


def _locked(fact: Fact, move: str, seen: int | None) -> Fact:
    """Lock the incident, read the fact again, and demand that it may go where it is to go."""
    Incident.objects.lock(fact.incident_id)
    found: Fact = Fact.objects.select_related("incident").get(pk=fact.pk)
    if seen is not None and seen != found.changes:
        raise FactChanged(
            _(
                "Somebody updated fact %(number)s while you were on it: it now reads “%(text)s”"
                " (%(state)s). Your change was not made. Read it, then decide again."
            )
            % {"number": found.number, "state": found.get_state_display(), "text": found.text}
        )
    if rules.next_state(found.state, move) is None:
        raise NotFromHere(
            _(
                "This does not apply to fact %(number)s as it stands: %(state)s. Nothing was changed."
            )
            % {"number": found.number, "state": found.get_state_display()}
        )
    return found


def _change(
    fact: Fact, move: str, kind: EventKind, *, reason: str, by: User, at: datetime, **told: Any
) -> Fact:
    fact.state = rules.next_state(fact.state, move) or fact.state
    fact.changes += 1
    fact.changed_at = at
    fact.save(update_fields=["text", "state", "source", "link", "changes", "changed_at"])
    _remember(fact, reason=reason.strip(), by=by, at=at)
    record(fact.incident, kind, by=by, at=at, reason=reason.strip(), **_told(fact), **told)
    return fact


def _remember(fact: Fact, *, reason: str = "", by: User, at: datetime) -> None:
    FactChange.objects.create(
        fact=fact,
        number=fact.changes,
        text=fact.text,
        state=fact.state,
        source=fact.source,
        link=fact.link,
        reason=reason,
        changed_by=by,
        changed_at=at,
    )


def _told(fact: Fact) -> dict[str, Any]:
    return {
        "text": fact.text,
        "fact": fact.pk,
        "number": fact.number,
        "state": State(fact.state),
        "source": fact.source,
        "link": fact.link,
        "change": fact.changes,
    }


def _require_words(text: str) -> None:
    if not text.strip():
        raise NothingNoted(_("The fact has no words yet. Write what is known, or asked."))


def _require_source(source: str) -> None:
    if not source.strip():
        raise NoSource(
            _("Say by what it is confirmed: who said so, or which document. Nothing was changed.")
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise NoReason(_("Say why in one sentence; it stays with the fact. Nothing was changed."))
