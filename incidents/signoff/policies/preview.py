"""A question and its answer: what would a statement like this ask, and of whom?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crisisdesk.kit.lists import all_of
from crisisdesk.kit.times import duration
from incidents.models import Incident, Policy, Seat, Statement
from incidents.signoff import people, rules
from incidents.signoff.circuits import Circuit, by_channel, choose, in_order
from incidents.signoff.policies import words
from incidents.signoff.policies.terms import Terms, terms_of
from teams.models import Role


@dataclass(frozen=True)
class Question:
    """The statement that is imagined."""

    severity: int | None = 1
    kind: str = Statement.Kind.APOLOGY
    channels: tuple[str, ...] = ("website", "x")
    language: str = "en"
    audience: str = "public"
    source: str = ""


@dataclass(frozen=True)
class SeatRow:
    """Whose sign-off a seat asks, and who that is in the incident asked about."""

    asks: str
    holder: str
    is_away: bool
    behind: str


@dataclass(frozen=True)
class StageRow:
    asks: str
    within: str
    told: str
    seats: tuple[SeatRow, ...]


@dataclass(frozen=True)
class PartRow:
    """
    One of several policies that count together: for which channels, and what it brings.

    `adds` is what it asks beyond those before it; the first, which `leads`, brings all it asks.
    """

    channels: str
    name: str
    conditions: str
    adds: str
    leads: bool
    is_unsaved: bool


@dataclass(frozen=True)
class Answer:
    """What the statement would ask; `policy` is empty where nobody could sign it."""

    sentence: str
    stages: tuple[StageRow, ...] = ()
    parts: tuple[PartRow, ...] = ()
    in_words: str = ""
    always: str = ""
    policy: str = ""
    is_own: bool = False
    is_unsaved: bool = False
    typo: str = ""
    break_glass: str = ""
    reference: str = ""


def about(terms: Terms) -> Question:
    """Return a question that this policy answers, to begin with."""
    asked = Question()
    return replace(
        asked,
        severity=terms.severity,
        kind=terms.statement_kind or Statement.Kind.UPDATE,
        channels=(terms.channel,) if terms.channel else asked.channels,
        language=terms.language or asked.language,
        audience=terms.audience or asked.audience,
        source=terms.source,
    )


def following(asked: Question, terms: Terms) -> Question:
    """Return the question as this policy answers it: what it leaves open stays as it was asked."""
    fits = not terms.channel or terms.channel in asked.channels
    return replace(
        asked,
        severity=terms.severity or asked.severity,
        kind=terms.statement_kind or asked.kind,
        channels=asked.channels if fits else (terms.channel,),
        language=terms.language or asked.language,
        audience=terms.audience or asked.audience,
        source=terms.source,
    )


def answer(
    asked: Question,
    policies: Sequence[Policy],
    names: words.Names,
    *,
    incident: Incident | None = None,
    at: datetime,
) -> Answer:
    """Say what a statement would ask under these policies, saved or not."""
    found = choose(policies, **vars(asked))
    if found is None:
        return Answer(
            _("%(statement)s meets no policy: nobody could sign it.")
            % {"statement": _said(asked, names)}
        )
    terms = replace(terms_of(found.policy), allows_typo=found.carries, always=found.always)
    return Answer(
        sentence=_("%(statement)s will ask:") % {"statement": _said(asked, names)},
        stages=_stages(found, names, incident, at=at),
        parts=_parts(asked, policies, names),
        in_words=words.stages(found.stages, names),
        always=_always(asked.kind, names),
        policy=words.name(terms),
        is_own=found.policy.team_id is not None,
        is_unsaved=found.policy.pk is None,
        typo=words.typo(terms, names),
        break_glass=words.break_glass(terms),
        reference=incident.reference if incident else "",
    )


def _parts(asked: Question, policies: Sequence[Policy], names: words.Names) -> tuple[PartRow, ...]:
    """Say which policy counts for which channel, where several do."""
    found = by_channel(policies, **vars(asked)) or {}
    chosen = in_order(found)
    if len(chosen) < 2:
        return ()
    rows, has = [], rules.plan([])
    for policy in chosen:
        terms = terms_of(policy)
        added = rules.missing(has, rules.plan(policy.stages))
        has = (*has, *added)
        rows.append(
            PartRow(
                channels=all_of([words.channel(c) for c, p in found.items() if p is policy]),
                name=words.name(terms),
                conditions=words.conditions(terms, names),
                adds=words.stages(added, names) if added else "",
                leads=policy is chosen[0],
                is_unsaved=policy.pk is None,
            )
        )
    return tuple(rows)


def _said(asked: Question, names: words.Names) -> str:
    """Say the question: A critical apology on X in French, for: general public."""
    channels = all_of([words.channel(c) for c in asked.channels])
    facts = {
        "kind": words.kind(asked.kind),
        "severity": words.severity(asked.severity),
        "channels": channels,
        "language": words.language(asked.language),
        "audience": names.audiences.get(asked.audience, asked.audience),
    }
    if asked.severity is None:
        return (
            _(
                "In an incident not assessed yet: %(kind)s on %(channels)s %(language)s (%(audience)s)"
            )
            % facts
        )
    return _("A %(severity)s %(kind)s on %(channels)s %(language)s (%(audience)s)") % facts


def _always(kind: str, names: words.Names) -> str:
    roles = rules.ALWAYS.get(kind, ())
    if not roles:
        return ""
    return _("%(kind)s: always %(roles)s too.") % {
        "kind": capfirst(words.kind(kind)),
        "roles": all_of([names.of(role) for role in roles]),
    }


def _stages(
    circuit: Circuit, names: words.Names, incident: Incident | None, *, at: datetime
) -> tuple[StageRow, ...]:
    here = people.room(incident, at=at) if incident else None
    roles = {one.slug: one for one in Role.objects.all()} if here else {}
    return tuple(
        StageRow(
            asks=words.who(stage, names),
            within=duration(timedelta(minutes=stage.minutes)),
            told=all_of([names.of(key) for key in stage.told]),
            seats=tuple(
                _seat(key, names, here, roles[key]) for key in stage.roles if key in roles and here
            ),
        )
        for stage in circuit.stages
    )


def _seat(key: str, names: words.Names, here: people.Room, role: Role) -> SeatRow:
    found = people.people_of_seat(Seat(role=role), here)
    behind = [*found.delegates, *([found.deputy] if found.deputy else []), *found.listed]
    return SeatRow(
        asks=names.of(key),
        holder=found.holder.name if found.holder else "",
        is_away=bool(found.holder and found.holder.pk in here.away),
        behind=", ".join(one.name for one in dict.fromkeys(behind)),
    )
