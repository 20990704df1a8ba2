"""Targets, moves and steps as tables. Pure: no query, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from crisisdesk.kit.times import in_french
from incidents.models import Channel, Due, Incident, Promise, Severity, StepName


@dataclass(frozen=True)
class Targets:
    """What a level asks for, in minutes. Targets of the house: no authority fixes them."""

    first_response: int
    cadence: int
    internal_report: int


TARGETS: Final[dict[int, Targets]] = {
    Severity.CRITICAL: Targets(first_response=15, cadence=60, internal_report=30),
    Severity.MAJOR: Targets(first_response=30, cadence=120, internal_report=60),
    Severity.MODERATE: Targets(first_response=60, cadence=240, internal_report=240),
    Severity.MINOR: Targets(first_response=240, cadence=1440, internal_report=1440),
}

State = Promise.State
MOVES: Final[dict[str, dict[str, State]]] = {
    "keep": {State.OPEN: State.KEPT, State.MISSED: State.KEPT},
    "miss": {State.OPEN: State.MISSED},
    "move": {State.OPEN: State.MOVED},
    "cancel": {State.OPEN: State.CANCELLED},
}

# While an incident is in one of these, the public is owed word at the level's cadence.
SPEAKING: Final = (Incident.Status.TRIAGE, Incident.Status.ACTIVE, Incident.Status.MONITORING)
PUBLIC: Final = "public"
PUBLIC_CHANNELS: Final = (
    Channel.WEBSITE,
    Channel.PRESS_RELEASE,
    Channel.X,
    Channel.FACEBOOK,
    Channel.INSTAGRAM,
    Channel.LINKEDIN,
    Channel.TIKTOK,
    Channel.VIDEO,
)
# Who speaks, and so owns the cadence, in this order.
SPEAKERS: Final = ("communications_lead", "spokesperson", "crisis_lead")
ROLE_ANSWER: Final = timedelta(minutes=15)
# What went out without all its sign-offs is looked at again by the next day; an agreement given
# on the telephone is confirmed in writing by the person who gave it, within half a day.
REVIEW_WITHIN: Final = timedelta(hours=24)
CONFIRM_WITHIN: Final = timedelta(hours=12)


class Addressee(Enum):
    """Whom a step calls; who that is, is asked when the step is taken."""

    OWNER = "owner"
    DEPUTY = "deputy"
    LEAD = "lead"
    SPONSOR = "sponsor"


@dataclass(frozen=True)
class StepRule:
    """
    One reminder of a kind of due.

    `minutes` after (before: negative) the time; or `share` of the way from planning to the time.
    `calls` says whom; an escalation is an act and goes on the record.
    """

    name: StepName
    calls: Addressee
    minutes: int = 0
    share: float | None = None
    escalates: bool = False


OWNER = Addressee.OWNER
STEPS: Final[dict[str, tuple[StepRule, ...]]] = {
    Due.Kind.PROMISE: (
        StepRule(StepName.BEFORE, OWNER, minutes=-10),
        StepRule(StepName.DUE, OWNER),
        StepRule(StepName.DEPUTY, Addressee.DEPUTY, minutes=5, escalates=True),
        StepRule(StepName.LEAD, Addressee.LEAD, minutes=10, escalates=True),
        StepRule(StepName.SPONSOR, Addressee.SPONSOR, minutes=20, escalates=True),
    ),
    Due.Kind.STAGE: (
        # Who may sign is asked at that moment: from half time on the deputies may too.
        StepRule(StepName.HALF, OWNER, share=0.5),
        StepRule(StepName.THREE_QUARTERS, OWNER, share=0.75),
        StepRule(StepName.DUE, OWNER),
        StepRule(StepName.LEAD, Addressee.LEAD, minutes=5, escalates=True),
        StepRule(StepName.SPONSOR, Addressee.SPONSOR, minutes=15, escalates=True),
    ),
    Due.Kind.ROLE: (
        StepRule(StepName.DUE, OWNER),
        StepRule(StepName.LEAD, Addressee.LEAD, minutes=5, escalates=True),
    ),
    Due.Kind.RELEASE: (
        # Told at once by the entry itself; then called while there is time, and after.
        StepRule(StepName.HALF, OWNER, share=0.5),
        StepRule(StepName.BEFORE, OWNER, minutes=-60),
        StepRule(StepName.DUE, OWNER),
        StepRule(StepName.LEAD, Addressee.LEAD, minutes=15, escalates=True),
        StepRule(StepName.SPONSOR, Addressee.SPONSOR, minutes=60, escalates=True),
    ),
}
ESCALATIONS: Final = {rule.name for rules in STEPS.values() for rule in rules if rule.escalates}
AFTER_A_SNOOZE: Final = (StepName.DUE, StepName.DEPUTY, StepName.LEAD, StepName.SPONSOR)
HOUR: Final = timedelta(hours=1)
WIDEST: Final = 6


def can(verb: str, state: str) -> bool:
    return state in MOVES[verb]


def speaks_to_public(*, audience: str, is_internal: bool, channel: str) -> bool:
    """Say whether words for this audience on this channel count as speaking to the public."""
    return not is_internal and (audience == PUBLIC or channel in PUBLIC_CHANNELS)


def end_of_minute(time: datetime) -> datetime:
    """Return the last instant of a minute: times that people give are exact to the minute."""
    return time.replace(second=59, microsecond=999999)


def cadence(severity: int | None) -> timedelta | None:
    return timedelta(minutes=TARGETS[severity].cadence) if severity else None


def first_response_due(opened_at: datetime, severity: int | None) -> datetime | None:
    if not severity:
        return None
    return opened_at + timedelta(minutes=TARGETS[severity].first_response)


def next_word_due(severity: int, *, last_word: datetime, at: datetime) -> datetime:
    """
    Return when the public is owed word next: one cadence after the last.

    Where that has passed (the level was raised), within the time of a first response from now.
    """
    targets = TARGETS[severity]
    soonest = at + timedelta(minutes=targets.first_response)
    return max(last_word + timedelta(minutes=targets.cadence), soonest)


def latest_slot(due_at: datetime, every: timedelta, *, at: datetime) -> datetime:
    """Return the last time of the cadence, counted from `due_at`, that is not after `at`."""
    return due_at + every * ((at - due_at) // every)


def slot_passed(promise: Promise, incident: Incident, *, at: datetime) -> bool:
    """Say whether the next slot after this promise of the cadence has fallen due."""
    every = cadence(incident.severity)
    return every is not None and incident.status in SPEAKING and promise.due_at + every <= at


def stretch(planned_at: datetime, due_at: datetime) -> float:
    """Return how much wider the steps stand for something owed in more than an hour."""
    return min(max((due_at - planned_at) / HOUR, 1.0), WIDEST)


def planned_steps(kind: str, *, due_at: datetime, planned_at: datetime) -> dict[StepName, datetime]:
    """Return the steps of something owed, by name; a warning whose time has passed falls away."""
    wider = stretch(planned_at, due_at) if kind == Due.Kind.PROMISE else 1.0
    steps = {}
    for rule in STEPS[kind]:
        if rule.share is not None:
            when = planned_at + (due_at - planned_at) * rule.share
        else:
            when = due_at + timedelta(minutes=rule.minutes) * wider
        if when >= due_at or when > planned_at:
            steps[rule.name] = when
    return steps


def snoozed_steps(kind: str, *, until: datetime) -> dict[StepName, datetime]:
    """Return the steps that begin again when a reminder was put off."""
    return {
        rule.name: until + timedelta(minutes=rule.minutes)
        for rule in STEPS[kind]
        if rule.name in AFTER_A_SNOOZE
    }


def step_rule(kind: str, name: str) -> StepRule:
    return next(rule for rule in STEPS[kind] if rule.name == name)


# Words that CrisisDesk itself promises; entries keep both languages.
CADENCE_WORDS: Final = {
    "en": "speak to the public, or record why not",
    "fr": "s’exprimer publiquement, ou noter pourquoi non",
}
RAISED_WORDS: Final = {
    "en": "the severity asks for a shorter interval, and the earlier time holds",
    "fr": "la gravité demande un intervalle plus court, et l’heure la plus proche l’emporte",
}

STAND_DOWN_WORDS: Final = {
    "en": "the incident stands down",
    "fr": "sortie de crise",
}

ANNOUNCED_WORDS: Final = {
    "en": "next update, as announced",
    "fr": "prochain point, comme annoncé",
}
OWN_WORDS: Final = (CADENCE_WORDS, ANNOUNCED_WORDS, RAISED_WORDS, STAND_DOWN_WORDS)


def subject_fact(promise: Promise) -> str | dict[str, str]:
    """Return what is promised, as an entry keeps it: in both languages if the words are ours."""
    return _both(promise.subject)


def subject(promise: Promise) -> str:
    """Return what is promised, in the reader's language where the words are the desk's own."""
    return _read(promise.subject)


def reason(promise: Promise) -> str:
    """Return why a promise was moved or cancelled, worded like `subject`."""
    return _read(promise.reason)


def _both(kept: str) -> str | dict[str, str]:
    return next((words for words in OWN_WORDS if kept in words.values()), kept)


def _read(kept: str) -> str:
    words = _both(kept)
    return words if isinstance(words, str) else words["fr" if in_french() else "en"]
