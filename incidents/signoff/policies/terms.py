"""Everything about a policy that an administrator decides, as one value. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, TypedDict

from incidents.models import Policy
from teams.models import Team

# What makes a policy fit a statement; two of one team with the same are one too many.
CONDITIONS: Final = ("source", "severity", "statement_kind", "channel", "language", "audience")


class StageBody(TypedDict):
    """One stage as `Policy.stages` keeps it; `needed` is None where everybody signs."""

    roles: list[str]
    people: list[str]
    needed: int | None
    minutes: int
    told: list[str]


@dataclass(frozen=True)
class Terms:
    """The conditions, stages and rights of a policy."""

    name_en: str
    name_fr: str
    stages: tuple[StageBody, ...]
    source: str = ""
    severity: int | None = None
    statement_kind: str = ""
    channel: str = ""
    language: str = ""
    audience: str = ""
    always: tuple[str, ...] = ()
    allows_typo: bool = True
    allows_break_glass: bool = True

    @property
    def conditions(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in CONDITIONS)


def stage_body(given: Any) -> StageBody:
    """Return a stage with every key, whoever wrote it."""
    return {
        "roles": list(given.get("roles") or []),
        "people": list(given.get("people") or []),
        "needed": given.get("needed"),
        "minutes": int(given.get("minutes") or 0),
        "told": list(given.get("told") or []),
    }


def terms_of(policy: Policy) -> Terms:
    given = {f.name: getattr(policy, f.name) for f in fields(Terms)}
    return Terms(
        **given
        | {
            "stages": tuple(stage_body(stage) for stage in policy.stages),
            "always": tuple(policy.always),
        }
    )


def unsaved(terms: Terms, team: Team) -> Policy:
    """Return the policy as it would be, for a preview and for the verb that saves it."""
    body = asdict(terms)
    return Policy(
        team=team, **body | {"stages": list(body["stages"]), "always": list(body["always"])}
    )


def changed(before: Terms, after: Terms) -> tuple[str, ...]:
    """Return the names of what differs; in which order people are named makes no difference."""
    was, now = _in_order(before), _in_order(after)
    return tuple(f.name for f in fields(Terms) if getattr(was, f.name) != getattr(now, f.name))


def _in_order(terms: Terms) -> Terms:
    stages = tuple(
        stage_body(
            {key: sorted(given) if isinstance(given, list) else given for key, given in one.items()}
        )
        for one in terms.stages
    )
    return replace(terms, stages=stages, always=tuple(sorted(terms.always)))
