"""The journal's sentences, made at reading time in the reader's language."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisisdesk.kit.times import day_short, day_time, in_french, moment
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
    rules.ABSENCE_RECORDED: gettext_lazy("%(person)s is away: %(starts_at)s to %(ends_at)s."),
    rules.ABSENCE_CANCELLED: gettext_lazy("The absence of %(person)s is cancelled."),
    rules.DELEGATION_GIVEN: gettext_lazy(
        "%(giver)s hands the sign-off as %(role)s to %(receiver)s: "
        "%(starts_at)s to %(ends_at)s. Reason: %(reason)s"
    ),
    rules.DELEGATION_REVOKED: gettext_lazy(
        "The sign-off of %(giver)s as %(role)s is no longer with %(receiver)s."
    ),
    rules.STAND_IN_LISTED: gettext_lazy("%(person)s may stand in as %(role)s."),
    rules.STAND_IN_RAISED: gettext_lazy("%(person)s now stands in earlier as %(role)s."),
    rules.STAND_IN_UNLISTED: gettext_lazy("%(person)s no longer stands in as %(role)s."),
    rules.POLICY_ADDED: gettext_lazy("Approval policy added: %(policy)s."),
    rules.POLICY_CHANGED: gettext_lazy("Approval policy changed, version %(version)s: %(policy)s."),
    rules.POLICY_RETIRED: gettext_lazy("Approval policy retired: %(policy)s."),
}
# What is said instead where a fact is missing: no end, no single role.
WITHOUT: Final = {
    (rules.ABSENCE_RECORDED, "ends_at"): gettext_lazy(
        "%(person)s is away from %(starts_at)s until further notice."
    ),
    (rules.DELEGATION_GIVEN, "role"): gettext_lazy(
        "%(giver)s hands the sign-off in all their roles to %(receiver)s: "
        "%(starts_at)s to %(ends_at)s. Reason: %(reason)s"
    ),
    (rules.DELEGATION_REVOKED, "role"): gettext_lazy(
        "The sign-off of %(giver)s in all their roles is no longer with %(receiver)s."
    ),
}

FIELDS: Final = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail address"),
    "title": gettext_lazy("job title"),
    "function": gettext_lazy("function"),
    "telephone": gettext_lazy("telephone"),
    "reads": gettext_lazy("reads"),
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
    "source": gettext_lazy("which texts"),
    "severity": gettext_lazy("severity"),
    "statement_kind": gettext_lazy("kind"),
    "channel": gettext_lazy("channel"),
    "audience": gettext_lazy("audience"),
    "stages": gettext_lazy("stages"),
    "always": gettext_lazy("asked again after a typo"),
    "allows_typo": gettext_lazy("sign-offs stand after a typo"),
    "allows_break_glass": gettext_lazy("break-glass release"),
}


def sentence(kind: str, facts: dict[str, Any]) -> str:
    """Say what an entry says; a kind from elsewhere brings `summary`, its words by language."""
    short = (
        words for (of, fact), words in WITHOUT.items() if of == kind and facts.get(fact) is None
    )
    words = next(short, SENTENCES.get(kind))
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


def period(starts_at: datetime, ends_at: datetime | None, *, at: datetime) -> str:
    """Say how long something lasts, and from when if it has not begun; a day that ends is named."""
    whole = ends_at is not None and _is_midnight(ends_at)
    if ends_at is None:
        words = _("from %(start)s until further notice"), _("until further notice")
    elif whole:
        words = _("from %(start)s until the end of %(end)s"), _("until the end of %(end)s")
    else:
        words = _("from %(start)s until %(end)s"), _("until %(end)s")
    last = ends_at - timedelta(seconds=1) if ends_at and whole else ends_at
    return words[starts_at <= at] % {
        "start": day_short(starts_at) if _is_midnight(starts_at) else moment(starts_at, now=at),
        "end": day_short(last) if last and whole else moment(last or at, now=at),
    }


def _is_midnight(when: datetime) -> bool:
    return localtime(when).time() == time()


def shown(value: Any) -> str:
    """Write a plain fact for people."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _named(value)
    if isinstance(value, list):
        return ", ".join(shown(one) for one in value) or _("nothing")
    return _("nothing") if value in (None, "") else str(value)


def _named(value: dict[str, Any]) -> str:
    if "time" in value:
        return day_time(datetime.fromisoformat(value["time"]))
    if "slug" in value:
        return str(value["fr" if in_french() else "en"])
    return str(value.get("name", value))
