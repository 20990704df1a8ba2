"""Frames and forms: the part of `desk` that holds other content. Loaded with {% load desk %}."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.templatetags.icons import icon

register = template.Library()


# Frames: {% card %}...{% endcard %}, {% dialog %}...{% enddialog %}


@register.simple_block_tag
def card(
    content: str, key: str, title: str, count: Any = None, meta: str = "", css: str = ""
) -> SafeString:
    """Frame a section: {% card "roles" _("Roles") count=rows|length %}...{% endcard %}."""
    return render_to_string(
        "components/card.html",
        {"content": content, "key": key, "title": title, "count": count, "meta": meta, "css": css},
    )


@register.simple_block_tag
def dialog(content: str, key: str, title: str, *, opened: bool = False) -> SafeString:
    """
    Frame a dialog; opened by a button with popovertarget="KEY" data-dialog="KEY".

    With script it is modal; without script the browser shows it as a popover.
    """
    return render_to_string(
        "components/dialog.html",
        {"content": content, "key": key, "title": title, "opened": opened},
    )


@register.simple_block_tag
def nothing(content: str) -> SafeString:
    """Frame what is said where nothing is: one sentence, and the action if there is one."""
    return format_html('<div class="cd-empty">{}</div>', content)


@register.simple_block_tag
def alert(content: str, title: str = "", icon_name: str = "alert-circle") -> SafeString:
    """Frame a banner that asks for attention; it does not interrupt a screen reader."""
    return render_to_string(
        "components/alert.html", {"content": content, "title": title, "icon": icon_name}
    )


@register.simple_block_tag
def note(content: str, icon_name: str = "info-circle") -> SafeString:
    """Frame a quiet remark with an icon."""
    return format_html('<div class="cd-note">{}<div>{}</div></div>', icon(icon_name), content)


# Forms


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    look: str = "",
    label: str = "",
    *,
    rows: int = 0,
    hide_label: bool = False,
    placeholder: str = "",
    size: int = 0,
) -> dict[str, Any]:
    """
    Draw a form field with label, help and error.

    `look` for radios: "seg" (choose one, side by side), "scale" (anchored choices), "many" (a list
    in columns), else a list.
    """
    kind = _widget_kind(bound)
    described = [f"{bound.auto_id}_{part}" for part, there in _described(bound) if there]
    attrs: dict[str, Any] = {}
    if kind not in ("radio", "checks"):
        base = {"check": "form-check-input", "select": "form-select"}.get(kind, "form-control")
        given = bound.field.widget.attrs.get("class", "")
        attrs["class"] = " ".join(
            c for c in (base, given, "is-invalid" if bound.errors else "", _width(size)) if c
        )
        attrs |= {k: v for k, v in (("rows", rows), ("placeholder", placeholder)) if v}
        if size:
            attrs["size"] = size
        if described:
            attrs["aria-describedby"] = " ".join(described)
    elif look in ("", "many"):
        # A list of boxes looks like the single ones, in both themes.
        bound.field.widget.attrs.setdefault("class", "form-check-input")
    return {
        "field": bound,
        "kind": kind,
        "look": look,
        "label": label or bound.label,
        "hide_label": hide_label,
        "widget": bound.as_widget(attrs=attrs) if kind not in ("radio", "checks") else "",
        "described": " ".join(described),
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """Say above a form what is to be corrected, with links to the fields."""
    rows = [
        {"id": form[name].id_for_label or form[name].auto_id, "of": form[name].label, "text": error}
        for name, errors in form.errors.items()
        if name != "__all__"
        for error in errors
    ]
    rows += [{"id": "", "of": "", "text": error} for error in form.non_field_errors()]
    return {"rows": rows}


def _widget_kind(bound: BoundField) -> str:
    name = type(bound.field.widget).__name__
    if "CheckboxSelectMultiple" in name:
        return "checks"
    if "Radio" in name:
        return "radio"
    if "Checkbox" in name:
        return "check"
    if "Select" in name:
        return "select"
    return "input"


def _described(bound: BoundField) -> list[tuple[str, bool]]:
    return [("helptext", bool(bound.help_text)), ("error", bool(bound.errors))]


def _width(size: int) -> str:
    return "w-auto" if size else ""
