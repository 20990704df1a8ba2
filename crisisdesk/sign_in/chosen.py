"""
What was sent, in words: a field by its label, what was chosen in it by the name it had there.

The names of catalogues and choices are everybody's. A person is named only where the address is
of a team that the reader may see and the person is in it. What has no name here is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisisdesk.kit.fresh import Kept
from incidents.models import Channel, Policy, Severity, Statement
from teams.models import Audience, Membership, Role, User
from teams.queries import running, teams_for

Names = Mapping[str, Any]
# What a form sends beside words: codes, numbers, days. An address is read by people too.
_NO_WORDS: Final = re.compile(r"[^\s@]{0,40}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_STAGE: Final = re.compile(r"stage_([1-9])_(\w+)")


@dataclass(frozen=True)
class Row:
    label: str
    words: str


@dataclass(frozen=True)
class Sent:
    """`rows`: fields with their names; `texts`: whatever else was typed and reads as words."""

    rows: tuple[Row, ...]
    texts: tuple[str, ...]


def sent(waits: Kept, *, user: User, at: datetime) -> Sent:
    """Return what was sent as its reader would say it."""
    rows: list[Row] = []
    texts: list[str] = []
    people: Names | None = None
    space, slug = _where(waits.asked)
    for name in waits.typed:
        given = waits.every(name)
        stage, field = _of_stage(name)
        label = _LABELS.get(field) if space else None
        if label is None:
            texts += [one for one in given if not _NO_WORDS.fullmatch(one)]
            continue
        if field in _PEOPLE and people is None and any(map(_UUID.fullmatch, given)):
            people = _people(slug, user=user, at=at)
        words = ", ".join(_in_words(field, given, people or {}))
        if words:
            rows.append(Row(f"{stage} · {label}" if stage else str(label), words))
    return Sent(tuple(rows), tuple(texts))


def _where(address: str) -> tuple[str, str]:
    """Return whose address it is, and of which team; nothing of the administration's own forms."""
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return "", ""
    space = "" if "admin" in found.namespaces else found.namespace
    return space, str(found.kwargs.get("slug", ""))


def _of_stage(name: str) -> tuple[str, str]:
    found = _STAGE.fullmatch(name)
    return (_("Stage %(n)s") % {"n": found[1]}, f"stage_{found[2]}") if found else ("", name)


def _in_words(field: str, given: Iterable[str], people: Names) -> list[str]:
    values = [one for one in given if one.strip()]
    if field in _CHOICES:
        names = _CHOICES[field]()
        return [str(names[one]) for one in values if one in names]
    named = [str(people[one]) if one in people else one for one in values]
    return [one for one in named if not _UUID.fullmatch(one)]


def _people(slug: str, *, user: User, at: datetime) -> Names:
    team = teams_for(user, at=at).filter(slug=slug).values("pk")
    there = Membership.objects.filter(running(at), team__in=team).select_related("user")
    return {str(one.user.uuid): one.user.name for one in there}


def _catalogue(rows: type[Role] | type[Audience]) -> Callable[[], Names]:
    return lambda: {one.slug: one.name for one in rows.objects.all()}


def _choices(choices: Any) -> Callable[[], Names]:
    return lambda: {str(value): label for value, label in choices.choices if value != ""}


_ROLES: Final = _catalogue(Role)
# Fields in which one chooses, and what each choice is called.
_CHOICES: Final[Mapping[str, Callable[[], Names]]] = {
    "role": _ROLES,
    "always": _ROLES,
    "stage_roles": _ROLES,
    "stage_told": _ROLES,
    "stage_rule": lambda: {
        "all": _("all of them"),
        "any": _("any one"),
        "some": _("some of them"),
    },
    "severity": _choices(Severity),
    "statement_kind": _choices(Statement.Kind),
    "channel": _choices(Channel),
    "language": _choices(User.Language),
    "audience": _catalogue(Audience),
    "source": _choices(Policy.Source),
    "purpose": lambda: {"sign": _("To sign it"), "read": _("Only to read it")},
    "allows_typo": lambda: {"on": _("yes")},
    "allows_break_glass": lambda: {"on": _("yes")},
}
_PEOPLE: Final = {"user", "stage_people"}
_LABELS: Final[Mapping[str, Promise]] = {
    "role": gettext_lazy("Role"),
    "user": gettext_lazy("Person"),
    "deputy": gettext_lazy("Deputy"),
    "email": gettext_lazy("E-mail address"),
    "name": gettext_lazy("Name"),
    "purpose": gettext_lazy("For what"),
    "starts_at": gettext_lazy("From"),
    "ends_at": gettext_lazy("Until"),
    "name_en": gettext_lazy("Name in English"),
    "name_fr": gettext_lazy("Name in French"),
    "source": gettext_lazy("Which texts"),
    "severity": gettext_lazy("Severity"),
    "statement_kind": gettext_lazy("Kind"),
    "channel": gettext_lazy("Channel"),
    "language": gettext_lazy("Language"),
    "audience": gettext_lazy("Audience"),
    "always": gettext_lazy("Asked again after a typo"),
    "allows_typo": gettext_lazy("Sign-offs stand when only a typo is mended"),
    "allows_break_glass": gettext_lazy("A break-glass release is possible"),
    "stage_roles": gettext_lazy("Roles that sign"),
    "stage_people": gettext_lazy("People who sign by name"),
    "stage_rule": gettext_lazy("Whose sign-off is enough"),
    "stage_needed": gettext_lazy("How many, where some are enough"),
    "stage_minutes": gettext_lazy("Minutes"),
    "stage_told": gettext_lazy("Roles that are told, without signing"),
}
