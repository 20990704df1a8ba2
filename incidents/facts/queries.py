"""Reads of the ledger. The number of queries does not grow with facts, changes or citations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from incidents.facts import rules
from incidents.facts.rows import (
    STATE_ICONS,
    ChangeRow,
    CitingRow,
    FactPage,
    FactRow,
    Ledger,
)
from incidents.models import (
    Citation,
    Fact,
    FactChange,
    Incident,
    Publication,
    Statement,
    VersionAuthor,
)
from incidents.signoff.rules import status_words
from teams.models import User

EDIT = "edit_facts"


def ledger(incident: Incident, *, rights: Iterable[str]) -> Ledger:
    """Return the facts of an incident by state, the one that changed last first."""
    found = rows(Fact.objects.filter(incident=incident))
    state = Fact.State
    return Ledger(
        known=tuple(row for row in found if row.state == state.CONFIRMED),
        unknown=tuple(row for row in found if row.state == state.UNCONFIRMED),
        refuted=tuple(row for row in found if row.state == state.REFUTED),
        may_edit=EDIT in frozenset(rights),
    )


def rows(facts: QuerySet[Fact]) -> list[FactRow]:
    cited = Count("citations", filter=Q(citations__ended_at=None))
    found = list(
        facts.annotate(cited=cited).select_related("noted_by").order_by("-changed_at", "-number")
    )
    last = {
        change.fact_id: change
        for change in FactChange.objects.filter(
            fact__in=[one.pk for one in found], number=F("fact__changes")
        ).select_related("changed_by")
    }
    return [_row(one, last[one.pk]) for one in found]


def page(fact: Fact, *, rights: Iterable[str]) -> FactPage:
    """Return one fact with everything it said before, and what stands on it."""
    history = fact.history.select_related("changed_by").order_by("-number")
    return FactPage(
        row=rows(Fact.objects.filter(pk=fact.pk))[0],
        history=tuple(_change(one) for one in history),
        citing=tuple(_citing(fact)),
        may_edit=EDIT in frozenset(rights),
    )


def just_noted(incident: Incident, text: str, *, by: User, at: datetime) -> Fact | None:
    """Return the fact that this person noted in these words a moment ago."""
    return (
        Fact.objects.filter(
            incident=incident, noted_by=by, text=text, noted_at__gt=at - rules.DOUBLE_CLICK
        )
        .order_by("-number")
        .first()
    )


def authors_citing(fact: int) -> QuerySet[User]:
    """Return who wrote, or began, a statement in use or out that cites this fact or translates one."""
    cited = Citation.objects.filter(fact=fact, ended_at=None).values("statement")
    gone = [Statement.Status.WITHDRAWN, Statement.Status.SUPERSEDED]
    standing = Statement.objects.filter(
        ~Q(status__in=gone) | Q(pk__in=Publication.objects.values("statement")),
        Q(pk__in=cited) | Q(master__in=cited),
    )
    wrote = VersionAuthor.objects.filter(version__statement__in=standing).values("user")
    return User.objects.filter(Q(pk__in=wrote) | Q(pk__in=standing.values("created_by")))


def _row(fact: Fact, last: FactChange) -> FactRow:
    return FactRow(
        number=fact.number,
        text=fact.text,
        state=fact.state,
        state_words=fact.get_state_display(),
        icon=STATE_ICONS[Fact.State(fact.state)],
        source=fact.source,
        link=fact.link,
        reason=last.reason,
        change=fact.changes,
        noted_by=fact.noted_by.name,
        noted_at=fact.noted_at,
        changed_by=last.changed_by.name,
        changed_at=fact.changed_at,
        cited=getattr(fact, "cited", 0),
    )


def _change(change: FactChange) -> ChangeRow:
    return ChangeRow(
        number=change.number,
        text=change.text,
        state=change.state,
        state_words=change.get_state_display(),
        icon=STATE_ICONS[Fact.State(change.state)],
        source=change.source,
        link=change.link,
        reason=change.reason,
        by=change.changed_by.name,
        at=change.changed_at,
    )


def _citing(fact: Fact) -> Iterable[CitingRow]:
    cited = fact.citations.filter(ended_at=None).select_related("statement__incident")
    for one in cited.order_by("statement__number"):
        is_line = one.statement.kind == Statement.Kind.LINE
        is_stale = one.seen_change < fact.changes
        gone = is_line and is_stale
        yield CitingRow(
            number=one.statement.number,
            title=one.statement.title,
            kind=one.statement.get_kind_display(),
            status_words=_("not to be used any more") if gone else status_words(one.statement),
            is_line=is_line,
            is_stale=is_stale,
        )
