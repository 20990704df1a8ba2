"""Shapes and words of severity and status: one table each, for every page."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LEVEL_SHAPES: Final[dict[Any, tuple[str, str]]] = {
    key: (slug, shape)
    for number, slug, shape in (
        (1, "critical", "alert-octagon-filled"),
        (2, "major", "alert-triangle-filled"),
        (3, "moderate", "square-rotated-filled"),
        (4, "minor", "circle"),
    )
    for key in (number, str(number), slug)
}

LEVEL_NAMES: Final = {
    "critical": _("1 Critical"),
    "major": _("2 Major"),
    "moderate": _("3 Moderate"),
    "minor": _("4 Minor"),
}

STATUS_ICONS: Final = {
    "triage": "stethoscope",
    "active": "activity-heartbeat",
    "monitoring": "radar-2",
    "resolved": "circle-check",
    "closed": "archive",
}

STATUS_NAMES: Final = {
    "triage": pgettext_lazy("status", "Triage"),
    "active": pgettext_lazy("status", "Active"),
    "monitoring": pgettext_lazy("status", "Monitoring"),
    "resolved": pgettext_lazy("status", "Resolved"),
    "closed": pgettext_lazy("status", "Closed"),
}


def level_name(slug: str) -> str:
    """Name a level, number and name together: 1 Critical."""
    return str(LEVEL_NAMES[slug])


def status_name(slug: str) -> str:
    return str(STATUS_NAMES.get(slug, slug))
