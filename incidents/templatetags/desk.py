"""
The look, as template tags: every time, badge, clock, field and frame that a page shows.

Rows arrive finished; nothing here asks the database. Times are written in the reader's zone and
language. The markup lies in templates/components/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from crisisdesk.kit import rich_text, times
from crisisdesk.kit.refusals import typed
from incidents.models.occurred import Occurred
from incidents.templatetags import frames
from incidents.templatetags.icons import icon
from incidents.templatetags.looks import LEVEL_SHAPES, STATUS_ICONS, level_name, status_name

register = template.Library()
register.tags.update(frames.register.tags)

STATE_ICONS = {
    "running": "clock",
    "soon": "hourglass-high",
    "overdue": "alarm-filled",
    "met": "check",
    "late": "check",
    "none": "clock-x",
}
STAGE_ICONS = {
    "approved": "circle-check-filled",
    "carried": "circle-check",
    "oral": "phone",
    "confirmed": "phone",
    "denied": "alert-circle",
    "void": "ban",
    "refused": "circle-x",
    "changes": "arrow-back-up",
    "waiting": "hourglass-high",
    "skipped": "minus",
    "todo": "circle-dashed",
}


def read_at(context: Context) -> datetime:
    """Return the one instant a page is rendered for."""
    at = context.get("server_now")
    if not isinstance(at, datetime):
        raise TypeError("Give the template `server_now`: mails and documents know no request.")
    return at


# Times

for _name in ("clock_time", "day", "day_long", "day_short", "day_time", "weekday_time"):
    register.filter(_name, getattr(times, _name))


@register.filter
def iso(at: datetime | None) -> str:
    """Write a time for a `datetime` attribute: with its offset, in the reader's zone."""
    return localtime(at).isoformat(timespec="seconds") if at else ""


@register.filter
def duration(length: timedelta | float | None) -> str:
    return "" if length is None else times.duration(length)


@register.filter
def duration_to(low: timedelta, high: timedelta) -> str:
    """Write an interval: {{ row.shortest|duration_to:row.longest }}."""
    return times.duration_between(low, high)


@register.filter
def occurred(known: Occurred | None, zone: str = "") -> str:
    """
    Write when something happened, as exactly as it is known: 14:05, about 14:05, morning.

    `zone` is the incident's: a day, or part of one, is a day there.
    """
    return _inexact(known, zone, dated=False)


@register.filter
def occurred_on(known: Occurred | None, zone: str = "") -> str:
    """Write the same with its day: 12 March 2026, about 14:05."""
    return _inexact(known, zone, dated=True)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None) -> str:
    """Write a time as briefly as says it: 14:05 today, Thu 12 March, 14:05 before."""
    return times.moment(at, now=read_at(context)) if at else ""


@register.simple_tag(takes_context=True)
def when(
    context: Context,
    at: datetime | None,
    style: str = "moment",
    zone: ZoneInfo | str | None = None,
    css: str = "",
) -> str:
    """
    Write a time as a <time> element; `style` is clock_time, day, day_long, day_short, day_time or moment.

    With `zone` (the incident's) the time there follows where it differs from the reader's.
    """
    if at is None:
        return ""
    text = (
        times.moment(at, now=read_at(context))
        if style == "moment"
        else str(getattr(times, style)(at))
    )
    other = times.elsewhere(at, ZoneInfo(zone) if isinstance(zone, str) else zone) if zone else ""
    shown = format_html(
        '<time{} datetime="{}" title="{}">{}</time>',
        format_html(' class="{}"', css) if css else "",
        iso(at),
        times.day_time(at),
        text,
    )
    if not other:
        return shown
    return format_html('{} <span class="cd-elsewhere">{}</span>', shown, other)


# Icons, badges, labels


register.simple_tag(icon)


@register.simple_tag
def sev(level: Any, size: str = "") -> SafeString:
    """Draw a severity badge, number and name: {% sev incident.severity %}, size="lg"."""
    slug, shape = LEVEL_SHAPES.get(_plain(level), ("", "circle-dashed"))
    if not slug:
        return format_html(
            '<span class="cd-tag">{}{}</span>', icon("circle-dashed"), _("Not assessed")
        )
    return format_html(
        '<span class="badge cd-sev{}" data-level="{}">{}{}</span>',
        " cd-sev-lg" if size == "lg" else "",
        slug,
        icon(shape),
        level_name(slug),
    )


@register.simple_tag
def status_tag(status: Any) -> SafeString:
    """Draw the status of an incident."""
    slug = str(_plain(status))
    return format_html(
        '<span class="cd-tag" data-status="{}">{}{}</span>',
        slug,
        icon(STATUS_ICONS.get(slug, "circle-dashed")),
        status_name(slug),
    )


@register.simple_tag
def tag(text: Any, icon_name: str = "", *, attention: bool = False) -> SafeString:
    """Draw a fact about a thing: {% tag "v3" %}, {% tag _("2 unfilled") "user-question" attention=True %}."""
    return format_html(
        '<span class="cd-tag{}">{}{}</span>',
        " cd-tag-attn" if attention else "",
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag(takes_context=True)
def due(
    context: Context,
    due_at: datetime | None,
    met_at: datetime | None = None,
    text: str = "",
) -> SafeString:
    """Draw a deadline as a label that ticks; `text` replaces the words of a settled one."""
    label = times.due(due_at, now=read_at(context), met_at=met_at)
    shown: str = text if text and not label.ticks else label.text
    if label.at is None:
        body = format_html("{}", shown)
    else:
        body = format_html(
            '<time datetime="{}"{} title="{}">{}</time>',
            iso(label.at),
            format_html(' data-clock="{}"', "due") if label.ticks else "",
            times.day_time(label.at),
            shown,
        )
    return format_html(
        '<span class="cd-due" data-state="{}">{}{}</span>',
        label.state,
        icon(STATE_ICONS[label.state]),
        body,
    )


@register.inclusion_tag("components/clock_tile.html", takes_context=True)
def clock_tile(
    context: Context,
    label: str,
    due_at: datetime | None = None,
    met_at: datetime | None = None,
    started_at: datetime | None = None,
    note: str = "",
    empty: str = "",
) -> dict[str, Any]:
    """
    Draw a clock of the incident's header, as an <li> of <ul class="cd-clocks">.

    `started_at` lets a settled clock say "Met in 56 min"; `empty` is what stands where nothing
    is owed.
    """
    at = read_at(context)
    state: times.State = "none"
    value = empty or _("None promised")
    if met_at is not None:
        state = "late" if due_at is not None and met_at > due_at else "met"
        value = times.duration(met_at - started_at) if started_at else times.clock_time(met_at)
    elif due_at is not None:
        state = times.due_state(due_at, now=at)
        left = due_at - at
        value = times.overdue_by(-left) if state == "overdue" else times.countdown(left)
    return {
        "label": label,
        "state": state,
        "icon": STATE_ICONS[state],
        "at": met_at or due_at,
        "tick": met_at is None and due_at is not None,
        "value": value,
        "spanned": started_at is not None,
        "note": note,
    }


@register.inclusion_tag("components/words.html")
def words() -> dict[str, Any]:
    """Give the scripts their words; once a page, in base.html."""
    slugs = ("critical", "major", "moderate", "minor")
    return {"levels": [(n, level_name(slug)) for n, slug in enumerate(slugs, 1)]}


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Draw a person's initials; decoration, the name stands beside it."""
    return format_html(
        '<span class="avatar avatar-xs" aria-hidden="true">{}</span>', initials(name)
    )


@register.simple_tag
def person(name: str, detail: str = "") -> SafeString:
    """Draw a person with a second line: {% person row.name row.role_and_deputy %}."""
    return format_html(
        '<span class="cd-who">{}<span>{}{}</span></span>',
        avatar(name),
        name,
        format_html("<small>{}</small>", detail) if detail else "",
    )


@register.filter
def initials(name: str) -> str:
    parts = [p for p in name.replace("-", " ").split() if p[0].isalnum()]
    ends = [parts[0], parts[-1]] if len(parts) > 1 else parts
    return "".join(p[0] for p in ends).upper() or "?"


@register.inclusion_tag("components/stages.html")
def stages(rows: Iterable[Any]) -> dict[str, Any]:
    """
    List the stages of a sign-off.

    A row has `state` (approved, void, refused, changes, waiting, skipped, todo), `who` (role or
    name), `struck` (what no longer counts) and `text`; objects or dicts.
    """
    return {"rows": [{"row": r, "icon": STAGE_ICONS[_get(r, "state")]} for r in rows]}


# Texts


@register.filter
def rich(text: str | None) -> SafeString:
    """Render a text with light formatting: paragraphs, bold, italics, lists, links."""
    return rich_text.rich(text or "")


@register.filter
def rich_line(text: str | None) -> SafeString:
    return rich_text.rich_line(text or "")


@register.filter
def word_changes(pieces: Iterable[Any], prefix: str = "c") -> SafeString:
    """
    Render a word-level difference: pairs (op, text), op one of "=", "+", "-" (or words for it).

    Neighbouring removed and added pieces form one change with an id (c1, c2 ...) to jump to;
    {{ row.pieces|word_changes:"" }} for one that stands beside the text.
    """
    return rich_text.changes(pieces, removed=_("removed:"), added=_("added:"), prefix=prefix)


@register.filter
def fingerprint(digest: str, groups: int = 4) -> str:
    """Shorten a fingerprint to groups of four: 7f3a 91c2 d04e b8a6; 0 shows the whole."""
    shown = digest[: groups * 4] if groups else digest
    return " ".join(shown[i : i + 4] for i in range(0, len(shown), 4))


@register.simple_tag(takes_context=True)
def current(context: Context, url: str, *, within: bool = False) -> SafeString | str:
    """Mark the link of the page one is on: <a href="{{ u }}" {% current u %}>."""
    path = context["request"].path if "request" in context else ""
    here = path == url or (within and bool(url) and path.startswith(url))
    return format_html('aria-current="{}"', "page") if here else ""


@register.simple_tag(takes_context=True)
def typed_words(context: Context) -> list[str]:
    """Return what the refused request carried, to be shown again."""
    return typed(context["request"])


def _inexact(known: Occurred | None, zone: str, *, dated: bool) -> str:
    if known is None:
        return ""
    return times.inexact(
        known.earliest,
        known.latest,
        precision=str(known.precision),
        part_of_day=str(known.part_of_day),
        approximate=known.approximate,
        dated=dated,
        zone=ZoneInfo(zone) if zone else None,
    )


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _get(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)
