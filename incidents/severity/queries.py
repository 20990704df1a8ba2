"""Reads of severity: the rubric that counts, and every assessment so far."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisisdesk.kit.times import duration, in_french
from incidents.clocks.rules import TARGETS
from incidents.models import Assessment, Channel, Incident, Rubric, Statement
from incidents.roles import queries as roles
from incidents.roles.rules import required
from incidents.severity import rules
from incidents.signoff.circuits import policy_for
from teams.models import Role, Team


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment in the history; `computed` differs from `level` where overridden."""

    number: int
    at: datetime
    level: int
    computed: int
    score: int
    by: str
    reason: str
    override_reason: str
    why: str
    rubric: int

    @property
    def is_overridden(self) -> bool:
        return self.level != self.computed


def current_rubric(team: Team | None) -> Rubric:
    """Return the rubric that counts: the team's newest, else the newest shipped one."""
    found = Rubric.objects.filter(Q(team=team) | Q(team=None))
    own_first: list[Rubric] = sorted(found, key=lambda one: (one.team_id is None, -one.version))
    if not own_first:
        raise Rubric.DoesNotExist("No rubric: run the migrations.")
    return own_first[0]


def latest(incident: Incident) -> Assessment | None:
    return incident.assessments.select_related("rubric", "assessed_by").order_by("number").last()


def history(incident: Incident) -> list[AssessmentRow]:
    """Return every assessment, the oldest first."""
    found = incident.assessments.select_related("rubric", "assessed_by").order_by("number")
    return [_row(one) for one in found]


def why(assessment: Assessment) -> str:
    """Say in the reader's language why the rule gave what it gave."""
    outcome = rules.evaluate(assessment.rubric.body, assessment.facts)
    return outcome.why_fr if in_french() else outcome.why_en


def _row(one: Assessment) -> AssessmentRow:
    return AssessmentRow(
        number=one.number,
        at=one.assessed_at,
        level=one.level,
        computed=one.computed_level,
        score=int(one.score),
        by=one.assessed_by.name,
        reason=one.reason,
        override_reason=one.override_reason,
        why=why(one),
        rubric=one.rubric.version,
    )


@dataclass(frozen=True)
class ChoiceRow:
    """One choice of a fact: `token` is what the form sends; `was` marks the last answer."""

    token: str
    label: str
    checked: bool
    was: bool


@dataclass(frozen=True)
class QuestionRow:
    """One fact on the assessment page."""

    key: str
    label: str
    ask: str
    choices: list[ChoiceRow]
    was: str


@dataclass(frozen=True)
class OpenRow:
    """A fact left open, and the levels its answers could give."""

    label: str
    mildest: int
    worst: int

    @property
    def changes_nothing(self) -> bool:
        return self.mildest == self.worst


@dataclass(frozen=True)
class BandRow:
    level: int
    scores: str
    is_here: bool


@dataclass(frozen=True)
class MotionRow:
    """Something that a level sets in motion; `was` is empty where it stays as it is."""

    icon: str
    label: str
    value: str
    was: str = ""
    attention: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the ticked facts give, why, and what follows; nothing of it is recorded."""

    level: int
    computed: int
    before: int | None
    score: int
    most: int
    why: str
    open: list[OpenRow]
    bands: list[BandRow]
    motion: list[MotionRow]

    @property
    def moves(self) -> str:
        """Say which way the level goes: "set", "raise", "lower" or "keep"."""
        if self.before is None:
            return "set"
        if self.level == self.before:
            return "keep"
        return "raise" if self.level < self.before else "lower"


def token(value: Any) -> str:
    """Write a choice as a form sends it: true and false as JSON does."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def fitting(body: rules.Body, facts: rules.Facts) -> dict[str, Any]:
    """Return those facts that this rubric still has; an older one may have asked others."""
    has = {
        (fact["key"], token(choice["value"]))
        for fact in body["facts"]
        for choice in fact["choices"]
    }
    return {key: value for key, value in facts.items() if (key, token(value)) in has}


def tokens(body: rules.Body, facts: rules.Facts) -> dict[str, str]:
    """Return facts as a form would send them."""
    return {key: token(value) for key, value in fitting(body, facts).items()}


def questions(
    body: rules.Body, *, ticked: Mapping[str, str], before: rules.Facts | None
) -> list[QuestionRow]:
    """
    Return the facts to tick, in the reader's language.

    `ticked`: tokens by fact; a fact without one shows "not known yet". `before`: the facts of
    the last assessment, to be marked.
    """
    return [_question(fact, ticked.get(fact["key"], ""), before) for fact in body["facts"]]


def verdict(incident: Incident, facts: rules.Facts, *, override: int | None = None) -> Verdict:
    """:raises rules.UnknownFact: the facts do not fit the rubric."""
    body = current_rubric(incident.team).body
    outcome = rules.evaluate(body, facts)
    language = "fr" if in_french() else "en"
    labels = {fact["key"]: fact[language] for fact in body["facts"]}
    level = override or outcome.level
    return Verdict(
        level=level,
        computed=outcome.level,
        before=incident.severity,
        score=outcome.score,
        most=rules.most(body),
        why=outcome.why[language],
        open=[OpenRow(labels[one.key], one.mildest, one.worst) for one in outcome.open],
        bands=[
            BandRow(at, rules.band(body, at, language), at == outcome.by_score)
            for at in (4, 3, 2, 1)
        ],
        motion=motion(incident, level),
    )


def motion(incident: Incident, level: int) -> list[MotionRow]:
    """Return what a level sets in motion here, beside what holds now where that differs."""
    now = incident.severity
    return [
        *_target_rows(level, now),
        _signoff_row(incident, level),
        *_people_rows(incident, level),
    ]


def _target_rows(level: int, now: int | None) -> list[MotionRow]:
    new, old = TARGETS[level], TARGETS[now] if now and now != level else None
    wanted = (
        ("clock", _("First response within"), "first_response"),
        ("speakerphone", _("Word to the public at least every"), "cadence"),
        ("users", _("Internal situation report every"), "internal_report"),
    )
    return [
        MotionRow(
            icon,
            label,
            duration(timedelta(minutes=getattr(new, name))),
            duration(timedelta(minutes=getattr(old, name)))
            if old and getattr(old, name) != getattr(new, name)
            else "",
        )
        for icon, label, name in wanted
    ]


def _signoff_row(incident: Incident, level: int) -> MotionRow:
    """Show the circuit of an update for the public; an apology may ask for more."""
    new, old = _circuit(incident, level), _circuit(incident, incident.severity)
    was = old if incident.severity and old != new else ""
    return MotionRow("rubber-stamp", _("Sign-off of an update"), new, was)


def _circuit(incident: Incident, level: int | None) -> str:
    policy = policy_for(
        incident.team,
        severity=level,
        kind=Statement.Kind.UPDATE,
        channels=[Channel.WEBSITE],
        language=incident.language,
        audience="public",
    )
    if policy is None:
        return _("no policy fits")
    name = policy.name
    stages = name.partition(":")[2].strip() or name
    return stages[:1].upper() + stages[1:]


def _people_rows(incident: Incident, level: int) -> list[MotionRow]:
    held = roles.holders(incident)
    needed = required(level, incident.kind, inside_information=incident.has_inside_information)
    missing = [slug for slug in needed if slug not in held]
    named = Role.objects.in_bulk(missing, field_name="slug")
    names = ", ".join(named[slug].name for slug in missing if slug in named)
    told = roles.people(incident).count()
    return [
        MotionRow(
            "user-question",
            _("Required roles that nobody holds"),
            names or _("none"),
            attention=bool(names),
        ),
        MotionRow(
            "bell",
            _("Told at once"),
            ngettext("%(n)s person with a role here", "%(n)s people with a role here", told)
            % {"n": told},
        ),
    ]


def _question(fact: rules.Body, chosen: str, before: rules.Facts | None) -> QuestionRow:
    language = "fr" if in_french() else "en"
    had = None if before is None else before.get(fact["key"])
    was = "" if had is None else token(had)
    choices = [
        ChoiceRow(
            token(c["value"]), c[language], chosen == token(c["value"]), was == token(c["value"])
        )
        for c in fact["choices"]
    ]
    if not any(choice.get("open") for choice in fact["choices"]):
        choices.insert(0, ChoiceRow("", _("Not known yet"), checked=not chosen, was=False))
    elif not chosen:
        choices = [replace(c, checked=bool(is_open)) for c, is_open in _open_flags(fact, choices)]
    return QuestionRow(
        key=fact["key"],
        label=fact[language],
        ask=fact[f"ask_{language}"],
        choices=choices,
        was=next((c.label for c in choices if c.was), ""),
    )


def _open_flags(fact: rules.Body, choices: list[ChoiceRow]) -> Iterator[tuple[ChoiceRow, bool]]:
    for row, choice in zip(choices, fact["choices"], strict=True):
        yield row, bool(choice.get("open"))
