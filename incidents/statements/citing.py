"""
What statements stand on: the facts they cite, and which of them changed since.

That a fact has changed is worked out here, at reading; nothing is marked when it happens. A
translation stands on what its master cites, as long as it cites that fact in no own right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Citation, Fact, FactChange, Statement
from incidents.statements import rules
from incidents.statements.set_right import Outside, outside

State = Fact.State


class FactsChanged(Refused):
    """What the text stands on is not what was on the signer's screen; nothing was signed."""


@dataclass(frozen=True)
class CitedFact:
    """
    A fact under a statement: what it says now, and what it said when it was cited.

    `changed_by`, `reason`: of its last change; `is_inherited`: cited by the master. `done`,
    `left`: the channels on which what went out was set right since, and those still to do; known
    of what is outdated.
    """

    number: int
    text: str
    state: str
    state_words: str
    source: str
    change: int
    changed_at: datetime
    changed_by: str
    reason: str
    seen: int
    said: str
    said_state_words: str
    is_inherited: bool
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def is_stale(self) -> bool:
        return self.change > self.seen

    @property
    def is_confirmed(self) -> bool:
        return self.state == State.CONFIRMED

    @property
    def other_words(self) -> bool:
        return self.said != self.text


@dataclass(frozen=True)
class Cited:
    """
    The facts under one statement, what needs a look first.

    `is_shown`: to this reader; someone from outside the room sees none.
    """

    rows: tuple[CitedFact, ...] = ()
    is_shown: bool = True

    @property
    def stamp(self) -> str:
        """Name the facts and their changes, to tell whether they are still as they were read."""
        return " ".join(sorted(f"{row.number}.{row.change}" for row in self.rows))

    @property
    def doubtful(self) -> tuple[CitedFact, ...]:
        """What a signer and whoever publishes has to know: not confirmed, or changed since."""
        return tuple(row for row in self.rows if row.is_stale or not row.is_confirmed)

    @property
    def stale(self) -> tuple[CitedFact, ...]:
        return tuple(row for row in self.rows if row.is_stale)

    @property
    def unconfirmed(self) -> int:
        return sum(row.state == State.UNCONFIRMED for row in self.rows)

    @property
    def refuted(self) -> int:
        return sum(row.state == State.REFUTED for row in self.rows)

    @property
    def confirmed(self) -> int:
        return sum(row.is_confirmed for row in self.rows)


def cited(statement: Statement, *, rights: Iterable[str]) -> Cited:
    """Return the facts of one statement; someone from outside the room sees none."""
    if "view_incident" not in frozenset(rights):
        return Cited(is_shown=False)
    return standing([statement])[statement.pk]


def standing(statements: Sequence[Statement]) -> dict[int, Cited]:
    """Return what each statement stands on, by its key; two queries for any number of them."""
    masters = {one.master_id for one in statements if one.master_id}
    found: defaultdict[int, dict[int, Citation]] = defaultdict(dict)
    wanted = {one.pk for one in statements} | masters
    cited = Citation.objects.filter(statement__in=wanted, ended_at=None).select_related("fact")
    for one in cited.order_by("fact__number"):
        found[one.statement_id][one.fact_id] = one
    history = _history({fact for cites in found.values() for fact in cites})
    return {one.pk: _standing(one, found, history) for one in statements}


def outdated(statements: Sequence[Statement]) -> dict[int, tuple[CitedFact, ...]]:
    """
    Return the facts that changed under each statement and are not settled, by its key.

    Settled is what was set right after the change on every channel on which it went out, by a
    correction or a successor. Withdrawn or superseded here, it still stands there until then, as
    far as the desk knows; what was never out asks for nothing once it is withdrawn.
    """
    here = standing(statements)
    stale = [one for one in statements if here[one.pk].stale]
    if not stale:
        return {}
    known = outside({one.incident_id for one in stale})
    unsettled = ((one.pk, _unsettled(one, here[one.pk].stale, known)) for one in stale)
    return {pk: left for pk, left in unsettled if left}


def on_screen(statement: Statement, *, stamp: str | None) -> list[dict[str, Any]]:
    """
    Return what a signer was shown of the facts, for the record of the decision.

    `stamp` is that of the page they read; None for someone who is shown no facts.

    :raises FactsChanged: if a fact under the text has changed, come or gone since
    """
    if stamp is None:
        return []
    found = standing([statement])[statement.pk]
    if stamp != found.stamp:
        raise FactsChanged(
            _(
                "A fact under this text has changed while you read. Nothing was signed. Read"
                " what it says now, then decide."
            )
        )
    return [
        {"fact": one.number, "state": one.state, "change": one.change, "seen": one.seen}
        for one in found.rows
    ]


def _history(facts: set[int]) -> dict[tuple[int, int], FactChange]:
    if not facts:
        return {}
    changes = FactChange.objects.filter(fact__in=facts).select_related("changed_by")
    return {(one.fact_id, one.number): one for one in changes}


def _standing(
    statement: Statement,
    found: dict[int, dict[int, Citation]],
    history: dict[tuple[int, int], FactChange],
) -> Cited:
    own = found.get(statement.pk, {})
    inherited = found.get(statement.master_id, {}) if statement.master_id else {}
    rows = [
        _row(one, history, is_inherited=fact not in own)
        for fact, one in sorted({**inherited, **own}.items(), key=lambda it: it[1].fact.number)
    ]
    return Cited(tuple(sorted(rows, key=lambda row: (not row.is_stale, row.is_confirmed))))


def _row(
    citation: Citation, history: dict[tuple[int, int], FactChange], *, is_inherited: bool
) -> CitedFact:
    fact = citation.fact
    last, then = history[fact.pk, fact.changes], history[fact.pk, citation.seen_change]
    return CitedFact(
        number=fact.number,
        text=fact.text,
        state=fact.state,
        state_words=fact.get_state_display(),
        source=fact.source,
        change=fact.changes,
        changed_at=fact.changed_at,
        changed_by=last.changed_by.name,
        reason=last.reason,
        seen=citation.seen_change,
        said=then.text,
        said_state_words=then.get_state_display(),
        is_inherited=is_inherited,
    )


def _unsettled(
    statement: Statement, facts: Iterable[CitedFact], known: Outside
) -> tuple[CitedFact, ...]:
    """Return what is to be set right yet, with the channels on which it is and is not."""
    key = statement.pk
    if key not in known.channels and statement.status in rules.GONE:
        return ()
    found = (
        replace(
            one,
            done=known.done(key, since=one.changed_at),
            left=known.left(key, since=one.changed_at),
        )
        for one in facts
    )
    # What never went out as signed may have a correction all the same: it leaked.
    return tuple(one for one in found if one.left or not (key in known.channels or one.done))
