"""Rows of any table as JSON, for the full record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Model
from django.db.models.fields.files import FieldFile

from crisisdesk.kit import chain
from incidents.timeline.rules import plain
from teams.models import User
from teams.models.catalogue import Catalogued

# Columns that the chain or the file itself says, or that mean something here alone.
LOCAL: Final = frozenset(
    {"id", "incident", "team", "last_entry_number", "last_entry_hash", "entry_counts"}
    | {"origin_uuid", "sealed_number", "sealed_head"}
)


def row(instance: Model, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the columns of a row as JSON; rows of other tables that are no person, role or
    audience are left to whoever nests them."""
    found: dict[str, Any] = {}
    for column in instance._meta.concrete_fields:
        if column.name in LOCAL or column.name in without:
            continue
        if column.is_relation:
            related = getattr(instance, column.name)
            if related is None or isinstance(related, (User, Catalogued)):
                found[column.name] = plain(related)
            continue
        found[column.name] = value(getattr(instance, column.name))
    return found


def value(given: Any) -> Any:
    """Return one column as JSON."""
    if isinstance(given, datetime):
        return chain.instant(given)
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, (Decimal, UUID)):
        return str(given)
    return str(given.name) if isinstance(given, FieldFile) else given


def rows(found: Any, *related: str) -> list[dict[str, Any]]:
    return [row(one) for one in found.select_related(*related)]
