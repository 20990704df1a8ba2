"""What the journal of a team says, and who may take over whose sign-off. Pure: no query, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from django.db.models import Model

from crisisdesk.kit import chain
from teams.models import Audience, Function, Membership, Role, Team, User
from teams.models.catalogue import Catalogued

TEAM_FOUNDED: Final = "team.founded"
TEAM_CHANGED: Final = "team.changed"
PERSON_CHANGED: Final = "person.changed"
PASSWORD_SET: Final = "person.password_set"  # noqa: S105 - a kind of entry
ADMINISTRATOR_ADDED: Final = "administrator.added"
MEMBER_JOINED: Final = "member.joined"
MEMBER_CHANGED: Final = "member.changed"
MEMBER_LEFT: Final = "member.left"
CATALOGUE_ADDED: Final = "catalogue.added"
CATALOGUE_CHANGED: Final = "catalogue.changed"
CATALOGUE_REMOVED: Final = "catalogue.removed"
ABSENCE_RECORDED: Final = "absence.recorded"
ABSENCE_CANCELLED: Final = "absence.cancelled"
DELEGATION_GIVEN: Final = "delegation.given"
DELEGATION_REVOKED: Final = "delegation.revoked"
STAND_IN_LISTED: Final = "stand_in.listed"
STAND_IN_RAISED: Final = "stand_in.raised"
STAND_IN_UNLISTED: Final = "stand_in.unlisted"
POLICY_ADDED: Final = "policy.added"
POLICY_CHANGED: Final = "policy.changed"
POLICY_RETIRED: Final = "policy.retired"

# What of a row the journal follows. Zone and theme are a person's own; which languages they read
# says what they may sign.
FOLLOWED: Final[dict[type[Model], tuple[str, ...]]] = {
    User: ("name", "email", "title", "function", "telephone", "reads", "is_staff", "is_active"),
    Team: ("slug", "name", "prefix", "zone", "language"),
    Membership: ("is_admin", "ends_at"),
    Function: ("slug", "name_en", "name_fr", "order"),
    Role: ("slug", "name_en", "name_fr", "duties_en", "duties_fr", "function", "order"),
    Audience: ("slug", "name_en", "name_fr", "is_internal", "order"),
}
# The journal can forget nothing, so it does not learn these: only that they changed.
UNTOLD: Final = frozenset({"email", "telephone"})

CATALOGUES: Final[dict[type[Catalogued], str]] = {
    Function: "function",
    Role: "role",
    Audience: "audience",
}


# (giver, role or None for all of theirs) -> who holds that sign-off now
Delegates: TypeAlias = Mapping[tuple[int, int | None], list[User]]


def same_function(person: User, role: Role | None, holder: User | None) -> bool:
    """
    Say whether a person may take over a role's sign-off from its holder: never outside the function.

    The role's function decides; where it has none (or `role` is None, all of the holder's), the
    holder's. A role of no function that nobody holds is open to whom the team lists for it.
    """
    if role is not None and role.function_id is not None:
        return person.function_id == role.function_id
    if holder is None:
        return role is not None
    return holder.function_id is not None and person.function_id == holder.function_id


def receivers(delegates: Delegates, *, role: Role, giver: User) -> list[User]:
    """Return who holds a person's sign-off for a role: handed over for it, or for all roles."""
    found = [*delegates.get((giver.pk, role.pk), ()), *delegates.get((giver.pk, None), ())]
    return [one for one in dict.fromkeys(found) if same_function(one, role, giver)]


def plain(value: Any) -> Any:
    """Turn a fact into JSON that reads the same in another installation."""
    if isinstance(value, User):
        return {"id": str(value.uuid), "name": value.name}
    if isinstance(value, Catalogued):
        return {"slug": value.slug, "en": value.name_en, "fr": value.name_fr}
    if isinstance(value, datetime):
        return {"time": chain.instant(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def state_of(row: Model) -> dict[str, Any]:
    """Return the followed fields of a row as plain facts."""
    return {name: plain(getattr(row, name)) for name in FOLLOWED[type(row)]}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what changed: field, from, to; personal details without their values."""
    return [
        {"field": name} if name in UNTOLD else {"field": name, "from": before[name], "to": value}
        for name, value in after.items()
        if before[name] != value
    ]
