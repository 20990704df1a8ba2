"""The icon sprite: static/icons/sprite.svg."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon of the sprite; with `label` it speaks, without it is decoration."""
    return format_html(
        '<svg class="icon{}" {}><use href="{}#i-{}"/></svg>',
        f" {css}" if css else "",
        format_html('role="img" aria-label="{}"', label)
        if label
        else format_html('aria-hidden="{}"', "true"),
        static("icons/sprite.svg"),
        name,
    )
