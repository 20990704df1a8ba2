"""Saying which facts a statement stands on, and that it still holds when one has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Citation, EventKind, Fact, Incident, Statement
from incidents.models import fact as events
from incidents.statements import rules
from incidents.statements.moves import NotFromHere, about, locked
from incidents.timeline.actions import record
from teams.models import User


class NotOurFact(Refused):
    """A fact of another incident."""


class NotCited(Refused):
    """The statement does not cite this fact."""


class FactMoved(Refused):
    """The fact changed once more while its change stood on the screen."""


class NoReason(Refused):
    """Someone says that a text holds, or stands on a fact no longer, and not why."""


@transaction.atomic
def cite_facts(
    statement: Statement, *, facts: Iterable[Fact], by: User, at: datetime
) -> list[Citation]:
    """
    Say that the statement stands on these facts, as they are now; what it cites stays as it was.

    :raises NotOurFact: for a fact of another incident; then nothing is cited
    :raises NotFromHere: if the statement is withdrawn or superseded
    """
    incident, statement = locked(statement)
    _require_in_use(statement)
    wanted = Fact.objects.filter(pk__in=[one.pk for one in facts]).order_by("number")
    if any(one.incident_id != incident.pk for one in wanted):
        raise NotOurFact(_("A statement cites facts of its own incident. Nothing was cited."))
    known = set(_cited(statement).values_list("fact", flat=True))
    made = [
        Citation.objects.create(
            statement=statement, fact=one, seen_change=one.changes, cited_by=by, cited_at=at
        )
        for one in wanted
        if one.pk not in known
    ]
    if made:
        record(
            incident,
            events.CITED,
            by=by,
            at=at,
            cites=[one.fact.number for one in made],
            **about(statement),
        )
    return made


@transaction.atomic
def drop_citation(
    statement: Statement, *, fact: Fact, reason: str = "", by: User, at: datetime
) -> Citation:
    """
    Say that the statement stands on a fact no longer; once sign-off was asked, say why.

    :raises NotCited: if it cites it not, or only its original does
    :raises NoReason: without a reason, for what is no draft any more
    """
    incident, statement = locked(statement)
    _require_in_use(statement)
    citation = _cited(statement).filter(fact=fact).first()
    if citation is None:
        raise NotCited(_not_cited(statement, fact))
    if statement.status != rules.Status.DRAFT:
        _require(reason)
    citation.ended_at = at
    citation.save(update_fields=["ended_at"])
    _record(incident, statement, citation, events.UNCITED, reason=reason, by=by, at=at)
    return citation


@transaction.atomic
def still_holds(
    statement: Statement, *, fact: Fact, change: int, reason: str, by: User, at: datetime
) -> Citation:
    """
    Say that the text holds as the fact now stands; `change` is its change on the screen.

    A translation that stood on its master's citation stands on its own from now on.

    :raises FactMoved: if the fact has changed once more
    :raises NoReason: without a reason
    """
    incident, statement = locked(statement)
    _require_in_use(statement)
    fact = Fact.objects.get(pk=fact.pk)
    own = _cited(statement).filter(fact=fact).first()
    if own is None and not _of_the_master(statement, fact):
        raise NotCited(_not_cited(statement, fact))
    if change != fact.changes:
        raise FactMoved(
            _(
                "Fact %(number)s has just been updated again: it now reads “%(text)s” (%(state)s)."
                " Nothing was recorded. Read it, then decide again."
            )
            % {"number": fact.number, "state": fact.get_state_display(), "text": fact.text}
        )
    if own is not None and own.seen_change == fact.changes:
        return own
    _require(reason)
    citation = own or Citation(statement=statement, fact=fact, cited_by=by, cited_at=at)
    citation.seen_change = fact.changes
    citation.save()
    _record(incident, statement, citation, events.STILL_HOLDS, reason=reason, by=by, at=at)
    return citation


def _cited(statement: Statement) -> models.QuerySet[Citation]:
    return Citation.objects.filter(statement=statement, ended_at=None).select_related("fact")


def _of_the_master(statement: Statement, fact: Fact) -> bool:
    return (
        statement.master_id is not None
        and Citation.objects.filter(
            statement=statement.master_id, fact=fact, ended_at=None
        ).exists()
    )


def _require_in_use(statement: Statement) -> None:
    if statement.status in rules.GONE:
        raise NotFromHere(
            _("This statement is %(status)s: what it stood on stays as it was.")
            % {"status": statement.get_status_display()}
        )


def _require(reason: str) -> None:
    if not reason.strip():
        raise NoReason(_("Say why in one sentence; it goes into the timeline."))


def _not_cited(statement: Statement, fact: Fact) -> str:
    if _of_the_master(statement, fact):
        return _("This translation stands on what its original cites. Change it there.")
    return _("This statement does not cite fact %(number)s (any more). Nothing was changed.") % {
        "number": fact.number
    }


def _record(
    incident: Incident,
    statement: Statement,
    citation: Citation,
    kind: EventKind,
    *,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    record(
        incident,
        kind,
        by=by,
        at=at,
        reason=reason.strip(),
        fact=citation.fact_id,
        fact_number=citation.fact.number,
        change=citation.seen_change,
        **about(statement),
    )
