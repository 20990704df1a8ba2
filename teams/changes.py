"""Steps that the verbs share: lock the teams, change a row, say what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from teams import rules
from teams.models import Team


def lock_teams(teams: models.QuerySet[Team]) -> list[Team]:
    """Lock teams, always in the same order."""
    return list(Team.objects.select_for_update().filter(pk__in=teams.values("pk")).order_by("pk"))


def apply(row: models.Model, changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Change a locked row; return the differences that the journal tells."""
    before = rules.state_of(row)
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return rules.differences(before, rules.state_of(row))
