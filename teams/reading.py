"""How a person's pages look: language, zone and theme are their own; keeping them is no act."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from teams.models import User

PREFERENCES = ("language", "zone", "theme")


@transaction.atomic
def keep_preferences(person: User, **preferences: Any) -> User:
    """Keep any of language, zone and theme with the account."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    for name in PREFERENCES:
        setattr(locked, name, preferences.get(name, getattr(locked, name)))
    locked.full_clean()
    locked.save(update_fields=PREFERENCES)
    return locked
