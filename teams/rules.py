"""What the journal of a team says. Pure: no query, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

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

# What of a row the journal follows. Language, zone and theme are a person's own.
FOLLOWED: Final[dict[type[Model], tuple[str, ...]]] = {
    User: ("name", "email", "title", "function", "telephone", "is_staff", "is_active"),
    Team: ("slug", "name", "prefix", "zone", "language"),
    Membership: ("is_admin", "ends_at"),
    Function: ("slug", "name_en", "name_fr", "order"),
    Role: ("slug", "name_en", "name_fr", "duties_en", "duties_fr", "order"),
    Audience: ("slug", "name_en", "name_fr", "is_internal", "order"),
}
# The journal can forget nothing, so it does not learn these: only that they changed.
UNTOLD: Final = frozenset({"email", "telephone"})

CATALOGUES: Final[dict[type[Catalogued], str]] = {
    Function: "function",
    Role: "role",
    Audience: "audience",
}


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
