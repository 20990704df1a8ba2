"""What base.html needs of every reader."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from teams.models import User


def reader(request: HttpRequest) -> dict[str, Any]:
    """
    Return the instant the page is rendered for, and the theme.

    `request.at`, which the gate sets, wins: a page knows one instant.
    """
    user = getattr(request, "user", None)
    theme = user.theme if isinstance(user, User) else User.Theme.SYSTEM
    return {"server_now": getattr(request, "at", None) or now(), "theme": str(theme)}
