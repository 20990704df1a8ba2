"""Sentences made from kind and facts, at reading time, in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crisisdesk.kit import times
from crisisdesk.kit.lists import some_of
from crisisdesk.kit.times import day_time, in_french
from incidents.models import (
    EVENTS,
    Action,
    Category,
    Channel,
    Decision,
    Fact,
    Incident,
    Lesson,
    Occurred,
    Precision,
    Promise,
    Severity,
    Statement,
    StepName,
)
from incidents.timeline import rules

CHOICES: Final[dict[str, type[models.Choices]]] = {
    cls.__qualname__: cls
    for cls in (
        Severity,
        Incident.Status,
        Incident.Kind,
        Incident.Confidentiality,
        Channel,
        Statement.Kind,
        Statement.Status,
        Promise.State,
        Promise.Source,
        StepName,
        Decision.Verdict,
        Fact.State,
        Lesson.Kind,
        Action.State,
    )
}


# What stands before an entry; a kind that is not here is called by its category.
KINDS: Final = {
    "entry.noted": gettext_lazy("Fact"),
    "entry.decided": gettext_lazy("Decision"),
    "entry.message_in": gettext_lazy("Message in"),
    "entry.message_out": gettext_lazy("Message out"),
    "entry.corrected": gettext_lazy("Correction"),
    "entry.reclassified": gettext_lazy("Privilege"),
    "entry.reader_named": gettext_lazy("Privilege"),
    "evidence.added": gettext_lazy("Evidence"),
    "evidence.added_to_entry": gettext_lazy("Evidence"),
    "event.signal": gettext_lazy("Signal"),
    "event.media": gettext_lazy("Media"),
    "event.action": gettext_lazy("Action"),
    "event.outcome": gettext_lazy("Outcome"),
}
CATEGORIES: Final = {
    Category.FACT: gettext_lazy("Fact"),
    Category.DECISION: gettext_lazy("Decision"),
    Category.MESSAGE: gettext_lazy("Message"),
    Category.STATEMENT: gettext_lazy("Statement"),
    Category.SEVERITY: gettext_lazy("Severity"),
    Category.ROLE: gettext_lazy("Role"),
    Category.PROMISE: gettext_lazy("Promise"),
    Category.INCIDENT: gettext_lazy("Incident"),
    Category.REPORT: gettext_lazy("Report"),
}
FILTERS: Final = {
    "": pgettext_lazy("entries", "All"),
    "key_moment": gettext_lazy("Key moments"),
    "privileged": pgettext_lazy("entries", "Privileged"),
}


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def say(kind: str, text: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence of an entry; a kind this installation does not know shows its text."""
    known = EVENTS.get(kind)
    if known is None:
        return text or kind
    words = _Facts({key: worded(value) for key, value in facts.items()})
    if "role" in facts:
        words["role"] = asked_as(facts["role"], external=bool(facts.get("external")))
    if text:
        words["text"] = text
    return str(known.says).format_map(words).strip()


def asked_as(role: Any, *, external: bool = False) -> str:
    """
    Say as what somebody was asked to sign: the role.

    Of a seat that asks a person, how they came to be asked: never their own name again.
    """
    if not isinstance(role, Mapping) or "id" not in role or "slug" in role:
        return worded(role)
    if external or role.get("external"):
        return _("external approver")
    return _("approver asked by name")


def worded(value: Any) -> str:
    """Return a fact as a reader sees it (see `rules.plain` for the shapes)."""
    if isinstance(value, Mapping):
        return _worded_mapping(value)
    if isinstance(value, list):
        return ", ".join(worded(v) for v in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _worded_mapping(value: Mapping[str, Any]) -> str:
    if "one_of" in value:
        return _choice(value)
    if "time" in value:
        return day_time(datetime.fromisoformat(value["time"]))
    if isinstance(value.get("of"), list) and isinstance(value.get("some"), int):
        return some_of([worded(one) for one in value["of"]], value["some"])
    if value.get("external"):
        return _("%(name)s (external approver)") % {"name": value.get("name", "")}
    if "slug" in value or ("en" in value and "fr" in value):
        return str(value["fr" if in_french() else "en"])
    return str(value.get("name", ""))


def _choice(value: Mapping[str, Any]) -> str:
    choices = CHOICES.get(value["one_of"])
    if choices is None:
        return str(value["value"])
    label = dict(choices.choices).get(value["value"], value["value"])
    return f"{value['value']} {label}" if choices is Severity else str(label)


def actor_name(body: Mapping[str, Any]) -> str:
    """Return who acted; the operator of the installation has no name of their own."""
    actor = body["actor"] or {}
    if actor.get("id") is None and actor.get("name") == rules.OPERATOR:
        return _("The operator of this installation")
    return str(actor.get("name", ""))


def kind_label(kind: str, category: str) -> str:
    return str(KINDS[kind] if kind in KINDS else CATEGORIES[Category(category)])


def filter_label(key: str) -> str:
    return str(FILTERS[key] if key in FILTERS else Category(key).label)


def occurred_of(body: Mapping[str, Any]) -> Occurred:
    """Return when the content of an entry says that it happened."""
    return read_occurred(body["occurred"])


def read_occurred(fact: Mapping[str, Any]) -> Occurred:
    """Return the time that `rules.occurred_fact` wrote."""
    return Occurred(
        earliest=datetime.fromisoformat(fact["earliest"]).astimezone(UTC),
        latest=datetime.fromisoformat(fact["latest"]).astimezone(UTC),
        precision=Precision(fact["precision"]),
        part_of_day=fact["part_of_day"],
        approximate=fact["approximate"],
        written=fact["written"],
        offset=fact["offset"],
    )


def when_short(occurred: Occurred) -> str:
    """Write the time within its day, never more exact than known: 14:05, about 14:00, morning."""
    return _inexact(occurred, dated=False)


def when_full(occurred: Occurred) -> str:
    """Write day and time, never more exact than known: 9 April 2017, late evening."""
    return _inexact(occurred, dated=True)


def day_of(occurred: Occurred, zone: ZoneInfo) -> str:
    """Write the day where it happened, so that days stay in their order for every reader."""
    vague = occurred.precision in (Precision.DAY, Precision.PART_OF_DAY)
    return times.day(_its_day(occurred), zone=None if vague else zone)


def there(occurred: Occurred, zone: ZoneInfo) -> str:
    """Write the time in the incident's zone, where an hour is known and the zones differ."""
    if occurred.precision in (Precision.DAY, Precision.PART_OF_DAY):
        return ""
    return times.elsewhere(occurred.earliest, zone)


def _inexact(occurred: Occurred, *, dated: bool) -> str:
    return times.inexact(
        _its_day(occurred),
        occurred.latest,
        precision=str(occurred.precision),
        part_of_day=str(occurred.part_of_day),
        approximate=occurred.approximate,
        dated=dated,
    )


def _its_day(occurred: Occurred) -> datetime:
    # A day in Chicago begins in the morning of Paris; it is called by its own date all the same.
    if occurred.precision in (Precision.DAY, Precision.PART_OF_DAY) and occurred.written:
        given = date.fromisoformat(occurred.written[:10])
        return datetime(given.year, given.month, given.day, 12, tzinfo=localtime().tzinfo)
    return occurred.earliest


def late(occurred: Occurred, recorded_at: datetime) -> str:
    """Say how long after the event an entry was written; nothing when it was soon."""
    gap = rules.late_by(occurred, recorded_at)
    if gap is None:
        return ""
    words = {"span": times.duration(gap)}
    if occurred.is_exact:
        return _("%(span)s late") % words
    return _("at least %(span)s late") % words


def notes(facts: Mapping[str, Any]) -> Iterator[str]:
    """Say what an imported event tells besides its text: channel, notes, other times, judgement."""
    if channel := facts.get("channel") if "actor_type" in facts else None:
        yield _("Channel: %(channel)s") % {"channel": channel}
    if note := facts.get("time_note"):
        yield _("About the time: %(note)s.") % {"note": str(note).rstrip(".")}
    for other in facts.get("conflicting_times", ()):
        yield _other_time(other)
    if facts.get("adequate"):
        yield _("Judged afterwards as the first adequate response.")


def _other_time(other: Mapping[str, Any]) -> str:
    words = {"time": when_full(read_occurred(other["occurred"]))}
    if source := other.get("source"):
        return _("Another source says %(time)s: %(source)s.") % (
            words | {"source": str(source).rstrip(".")}
        )
    return _("Another source says %(time)s.") % words
