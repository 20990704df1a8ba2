"""Sentences made from kind and facts, at reading time, in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from crisisdesk.kit.times import day_time, in_french
from incidents.models import (
    EVENTS,
    Action,
    Channel,
    Decision,
    Incident,
    Lesson,
    Promise,
    Severity,
    Statement,
    StepName,
)

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
        Lesson.Kind,
        Action.State,
    )
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
    if text:
        words["text"] = text
    return str(known.says).format_map(words).strip()


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
    if "slug" in value:
        return str(value["fr" if in_french() else "en"])
    if "en" in value and "fr" in value:
        return str(value["fr" if in_french() else "en"])
    return str(value.get("name", ""))


def _choice(value: Mapping[str, Any]) -> str:
    choices = CHOICES.get(value["one_of"])
    if choices is None:
        return str(value["value"])
    label = dict(choices.choices).get(value["value"], value["value"])
    return f"{value['value']} {label}" if choices is Severity else str(label)
