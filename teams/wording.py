"""The journal's sentences, made at reading time in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from crisisdesk.kit.times import day_time, in_french
from teams import rules

SENTENCES: Final = {
    rules.TEAM_FOUNDED: lazy(
        "The team %(name)s was founded; its references begin with %(prefix)s."
    ),
    rules.TEAM_CHANGED: lazy("The team's settings changed."),
    rules.PERSON_CHANGED: lazy("The details of %(person)s changed."),
    rules.PASSWORD_SET: lazy("An administrator set a new password for %(person)s."),
    rules.ADMINISTRATOR_ADDED: lazy("%(person)s may open the administration."),
    rules.MEMBER_JOINED: lazy("%(person)s joined the team."),
    rules.MEMBER_CHANGED: lazy("The membership of %(person)s changed."),
    rules.MEMBER_LEFT: lazy("%(person)s left the team."),
    rules.CATALOGUE_ADDED: lazy("Added to the catalogue: %(row)s."),
    rules.CATALOGUE_CHANGED: lazy("Changed in the catalogue: %(row)s."),
    rules.CATALOGUE_REMOVED: lazy("Removed from the catalogue: %(row)s."),
}

FIELDS: Final = {
    "name": lazy("name"),
    "email": lazy("e-mail address"),
    "title": lazy("job title"),
    "function": lazy("function"),
    "telephone": lazy("telephone"),
    "is_staff": lazy("may open the administration"),
    "is_active": lazy("may sign in"),
    "slug": lazy("code"),
    "prefix": lazy("prefix of references"),
    "zone": lazy("time zone"),
    "language": lazy("language"),
    "is_admin": lazy("administrator of the team"),
    "ends_at": lazy("ends"),
    "name_en": lazy("name in English"),
    "name_fr": lazy("name in French"),
    "duties_en": lazy("duties in English"),
    "duties_fr": lazy("duties in French"),
    "order": lazy("order"),
    "is_internal": lazy("inside the organisation"),
}


def sentence(kind: str, facts: dict[str, Any]) -> str:
    """Say what an entry says; a kind from elsewhere brings `summary`, its words by language."""
    words = SENTENCES.get(kind)
    if words is None:
        return str(facts.get("summary", {}).get("fr" if in_french() else "en", kind))
    return str(words) % {name: shown(value) for name, value in facts.items()}


def change(difference: dict[str, Any]) -> str:
    field = str(FIELDS.get(difference["field"], difference["field"]))
    if "to" not in difference:
        return _("%(field)s: changed") % {"field": field}
    return _("%(field)s: from %(before)s to %(after)s") % {
        "field": field,
        "before": shown(difference["from"]),
        "after": shown(difference["to"]),
    }


def shown(value: Any) -> str:
    """Write a plain fact for people."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _named(value)
    return _("nothing") if value in (None, "") else str(value)


def _named(value: dict[str, Any]) -> str:
    if "time" in value:
        return day_time(datetime.fromisoformat(value["time"]))
    if "slug" in value:
        return str(value["fr" if in_french() else "en"])
    return str(value.get("name", value))
