"""The journal's sentences, made at reading time in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisisdesk.kit.times import day_time, in_french
from teams import rules

SENTENCES: Final = {
    rules.TEAM_FOUNDED: gettext_lazy(
        "The team %(name)s was founded; its references begin with %(prefix)s."
    ),
    rules.TEAM_CHANGED: gettext_lazy("The team's settings changed."),
    rules.PERSON_CHANGED: gettext_lazy("The details of %(person)s changed."),
    rules.PASSWORD_SET: gettext_lazy("An administrator set a new password for %(person)s."),
    rules.ADMINISTRATOR_ADDED: gettext_lazy("%(person)s may open the administration."),
    rules.MEMBER_JOINED: gettext_lazy("%(person)s joined the team."),
    rules.MEMBER_CHANGED: gettext_lazy("The membership of %(person)s changed."),
    rules.MEMBER_LEFT: gettext_lazy("%(person)s left the team."),
    rules.CATALOGUE_ADDED: gettext_lazy("Added to the catalogue: %(row)s."),
    rules.CATALOGUE_CHANGED: gettext_lazy("Changed in the catalogue: %(row)s."),
    rules.CATALOGUE_REMOVED: gettext_lazy("Removed from the catalogue: %(row)s."),
}

FIELDS: Final = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail address"),
    "title": gettext_lazy("job title"),
    "function": gettext_lazy("function"),
    "telephone": gettext_lazy("telephone"),
    "is_staff": gettext_lazy("may open the administration"),
    "is_active": gettext_lazy("may sign in"),
    "slug": gettext_lazy("code"),
    "prefix": gettext_lazy("prefix of references"),
    "zone": gettext_lazy("time zone"),
    "language": gettext_lazy("language"),
    "is_admin": gettext_lazy("administrator of the team"),
    "ends_at": gettext_lazy("ends"),
    "name_en": gettext_lazy("name in English"),
    "name_fr": gettext_lazy("name in French"),
    "duties_en": gettext_lazy("duties in English"),
    "duties_fr": gettext_lazy("duties in French"),
    "order": gettext_lazy("order"),
    "is_internal": gettext_lazy("inside the organisation"),
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
