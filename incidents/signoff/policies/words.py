"""A policy in words, in the reader's language. Pure: the names are handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crisisdesk.kit.lists import all_of, any_of
from crisisdesk.kit.times import duration, in_french
from incidents.models import Channel, Policy, Severity, Statement
from incidents.signoff import rules
from incidents.signoff.policies.terms import Terms
from teams.models import User

LONGEST_NAME: Final = 120


@dataclass(frozen=True)
class Names:
    """What roles, people and audiences are called, by slug, uuid and slug."""

    roles: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    audiences: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str) -> str:
        """Name a seat by its key; what nobody knows any more keeps its key."""
        if key in self.people:
            return self.people[key]
        return small(self.roles[key]) if key in self.roles else key


def small(name: str) -> str:
    """Write a role's name inside a sentence: no capital, unless it is an acronym."""
    first = name.split(" ")[0].split("-")[0]
    return name if first.isupper() else name[:1].lower() + name[1:]


def who(stage: rules.StagePlan, names: Names) -> str:
    """Say whose sign-off a stage asks: all together, any of them, or some of them."""
    keys = [names.of(key) for key in stage.roles]
    if stage.needed >= len(keys):
        everybody = all_of(keys)
        return everybody if len(keys) == 1 else _("%(names)s together") % {"names": everybody}
    if stage.needed == 1:
        return any_of(keys)
    return _("%(n)s of %(names)s") % {"n": stage.needed, "names": all_of(keys)}


def stage(stage: rules.StagePlan, names: Names) -> str:
    """Say a stage in one line: who, in how long, who is told."""
    line = _("%(who)s, %(time)s") % {
        "who": who(stage, names),
        "time": duration(timedelta(minutes=stage.minutes)),
    }
    if not stage.told:
        return line
    told = all_of([names.of(key) for key in stage.told])
    return _("%(stage)s (told: %(names)s)") % {"stage": line, "names": told}


def stages(plan: rules.Plan, names: Names) -> str:
    """Say a whole circuit: A and B together, 20 min; then C, 30 min."""
    lines = [stage(one, names) for one in plan]
    return _("; then ").join(lines) if lines else _("nobody")


def conditions(terms: Terms, names: Names) -> str:
    """Say when a policy counts: Critical, apology, on X, in French, for employees."""
    found = [severity(terms.severity)] if terms.severity else []
    found += [text for text in _narrower(terms, names) if text]
    if not found:
        return _("Everything that no other policy names")
    return capfirst(", ".join(found))


def _narrower(terms: Terms, names: Names) -> list[str]:
    return [
        kind(terms.statement_kind) if terms.statement_kind else "",
        _("on %(channel)s") % {"channel": channel(terms.channel)} if terms.channel else "",
        language(terms.language) if terms.language else "",
        _("for: %(audience)s") % {"audience": names.audiences.get(terms.audience, terms.audience)}
        if terms.audience
        else "",
    ]


def severity(value: int | None) -> str:
    return str(Severity(value).label) if value else _("not assessed")


def kind(value: str) -> str:
    return str(Statement.Kind(value).label) if value in Statement.Kind.values else value


def channel(value: str) -> str:
    return str(Channel(value).label) if value in Channel.values else value


def language(value: str) -> str:
    known = {"en": _("in English"), "fr": _("in French")}
    return known.get(value, User.Language(value).label if value in User.Language.values else value)


def source(value: str) -> str:
    return str(capfirst(Policy.Source(value).label))


def name(terms: Terms) -> str:
    return terms.name_fr if in_french() else terms.name_en


def proposed(terms: Terms, names: Names) -> str:
    """Name a policy after what it says, in at most 120 characters."""
    asked = _("; ").join(who(one, names) for one in rules.plan(terms.stages))
    whole = _("%(conditions)s: %(stages)s") % {
        "conditions": conditions(terms, names),
        "stages": asked,
    }
    return whole if len(whole) <= LONGEST_NAME else f"{whole[: LONGEST_NAME - 1]}…"


def typo(terms: Terms, names: Names) -> str:
    """Say what a typo costs under this policy."""
    if not terms.allows_typo:
        return _("After a typo everybody signs again.")
    if not terms.always:
        return _("After a typo the sign-offs stand.")
    asked = all_of([names.of(key) for key in terms.always])
    return _("After a typo the sign-offs stand, but for: %(names)s.") % {"names": asked}


def break_glass(terms: Terms) -> str:
    if terms.allows_break_glass:
        return _("A break-glass release is possible.")
    return _("No break-glass release.")


def value(terms: Terms, of: str, names: Names) -> str:
    """Write what a policy says in one field, for a list of differences."""
    given = getattr(terms, of)
    if of == "stages":
        return stages(rules.plan(terms.stages), names)
    if of == "always":
        return all_of([names.of(key) for key in given]) or _("nobody")
    if of == "source":
        return source(given)
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    return _condition(of, given, names) if given else _("any")


def _condition(of: str, given: Any, names: Names) -> str:
    if of == "severity":
        return severity(given)
    if of == "audience":
        return names.audiences.get(given, given)
    written = {"statement_kind": kind, "channel": channel, "language": language}.get(of)
    return written(given) if written else str(given)


def field_name(name: str) -> str:
    """Name a field of a policy, for a list of differences."""
    return {
        "name_en": _("name in English"),
        "name_fr": _("name in French"),
        "stages": _("stages"),
        "source": _("which texts"),
        "severity": _("severity"),
        "statement_kind": _("kind"),
        "channel": _("channel"),
        "language": _("language"),
        "audience": _("audience"),
        "always": _("asked again after a typo"),
        "allows_typo": _("sign-offs stand after a typo"),
        "allows_break_glass": _("break-glass release"),
    }.get(name, name)
