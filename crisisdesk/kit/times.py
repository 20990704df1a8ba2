"""
Times and durations as people read them, in the active time zone and language.

Pure but for the zone and language that are active. English writes 14:05 and "1 h 06"; French
writes 14 h 05, with no-break spaces, and leaves out full minutes: 22 h.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

NBSP: Final = "\N{NO-BREAK SPACE}"
SOON: Final = timedelta(minutes=10)
FAR: Final = timedelta(hours=6)
DAYS_FROM: Final = timedelta(hours=48)

State = Literal["running", "soon", "overdue", "met", "late", "none"]


def in_french() -> bool:
    return (get_language() or "en").startswith("fr")


def tight(text: str) -> str:
    """Keep a number and its unit on one line, as French typography asks."""
    return text.replace(" ", NBSP) if in_french() else text


def clock_time(at: datetime, *, zone: ZoneInfo | None = None) -> str:
    """Write the hour and minute: 14:05, 14 h 05."""
    local = localtime(at, zone)
    if not in_french():
        return f"{local:%H:%M}"
    minutes = f" {local:%M}" if local.minute else ""
    return tight(f"{local.hour} h{minutes}")


def day(at: datetime, *, zone: ZoneInfo | None = None) -> str:
    """Write a date: 12 March 2026, 12 mars 2026."""
    return _dated(localtime(at, zone), "%s F Y")


def day_long(at: datetime, *, zone: ZoneInfo | None = None) -> str:
    """Write a date with its weekday: Thursday 12 March 2026, jeudi 12 mars 2026."""
    return _dated(localtime(at, zone), "l %s F Y")


def day_short(at: datetime, *, zone: ZoneInfo | None = None) -> str:
    """Write a date without its year: Thu 12 March, jeu. 12 mars."""
    return _dated(localtime(at, zone), "D %s F")


def day_time(at: datetime, *, zone: ZoneInfo | None = None) -> str:
    """Write date and time: 12 March 2026, 14:05; 12 mars 2026 à 14 h 05."""
    return _joined(day(at, zone=zone), clock_time(at, zone=zone))


def weekday_time(at: datetime, *, zone: ZoneInfo | None = None) -> str:
    """Write a time of the coming days: Fri 13, 09:00; ven. 13 à 9 h."""
    return _joined(_dated(localtime(at, zone), "D %s"), clock_time(at, zone=zone))


def moment(at: datetime, *, now: datetime, zone: ZoneInfo | None = None) -> str:
    """Write as little as says it: the time today, the day too before, the year too long before."""
    if localtime(at, zone).date() == localtime(now, zone).date():
        return clock_time(at, zone=zone)
    if abs(at - now) < timedelta(days=300):
        return _joined(day_short(at, zone=zone), clock_time(at, zone=zone))
    return day_time(at, zone=zone)


PARTS_OF_DAY: Final = {
    "early_morning": pgettext_lazy("part of day", "early morning"),
    "morning": pgettext_lazy("part of day", "morning"),
    "afternoon": pgettext_lazy("part of day", "afternoon"),
    "evening": pgettext_lazy("part of day", "evening"),
    "late_evening": pgettext_lazy("part of day", "late evening"),
}


def inexact(
    earliest: datetime,
    latest: datetime,
    *,
    precision: str,
    part_of_day: str = "",
    approximate: bool = False,
    dated: bool = False,
    zone: ZoneInfo | None = None,
) -> str:
    """
    Write a time as exactly as it is known: 14:05, about 14:05, 14:00 to 15:00, morning.

    `dated` puts the day before it. A day, or part of one, is that of the place where it
    happened: `zone`; hours are the reader's.
    """
    if precision == "day":
        date = day(earliest, zone=zone)
        if dated:
            return _("about %(time)s") % {"time": date} if approximate else date
        return _("time unknown")
    if precision == "part_of_day":
        text = str(PARTS_OF_DAY.get(part_of_day, part_of_day))
        return _beside(day(earliest, zone=zone), text) if dated else text
    text = clock_time(earliest)
    if precision == "hour" and not approximate:
        text = _("%(low)s to %(high)s") % {"low": text, "high": clock_time(latest)}
    if approximate:
        text = _("about %(time)s") % {"time": text}
    if not dated:
        return text
    is_exact = precision != "hour" and not approximate
    return _joined(day(earliest), text) if is_exact else _beside(day(earliest), text)


def elsewhere(at: datetime, zone: ZoneInfo) -> str:
    """Write the time at another place, with the day if it is another; nothing where they agree."""
    here, there = localtime(at), localtime(at, zone)
    if here.utcoffset() == there.utcoffset():
        return ""
    text = clock_time(at, zone=zone)
    if here.date() != there.date():
        text = weekday_time(at, zone=zone)
    return _("%(time)s (%(place)s)") % {"time": text, "place": place(zone)}


def place(zone: ZoneInfo) -> str:
    """Name the city of a time zone in the active language: London, Londres."""
    if zone.key == "UTC":
        return "UTC"
    locale = "fr" if in_french() else "en_GB"
    return str(get_timezone_location(zone, locale=locale, return_city=True))


def duration(length: timedelta | float) -> str:
    """Write a length (timedelta, or seconds): 40 s, 56 min, 1 h 06, 3 days 4 h."""
    seconds = abs(length.total_seconds() if isinstance(length, timedelta) else float(length))
    if seconds < 59.5:
        return tight(f"{round(seconds)} s")
    return _minutes(round(seconds / 60))


def duration_between(low: timedelta, high: timedelta) -> str:
    """Write an interval of lengths: 44 to 56 min, 56 min to 1 h 06."""
    first, last = duration(low), duration(high)
    if first == last:
        return first
    if first.endswith("min") and last.endswith("min"):
        first = first.removesuffix("min").rstrip(f" {NBSP}")
    return tight(_("%(low)s to %(high)s") % {"low": first, "high": last})


def countdown(left: timedelta) -> str:
    """Write the time left; the last ten minutes by the second: 1 h 06, 21 min, 5:48."""
    seconds = max(0, int(left.total_seconds()))
    if seconds < SOON.total_seconds():
        return f"{seconds // 60}:{seconds % 60:02}"
    return _minutes(round(left.total_seconds() / 60))


def overdue_by(late: timedelta) -> str:
    """Write by how much something is late, in whole minutes: 0 min, 11 min."""
    return _minutes(int(late.total_seconds() // 60))


@dataclass(frozen=True)
class Due:
    """A deadline as it reads now; `ticks`: the page keeps it fresh."""

    state: State
    text: str
    at: datetime | None
    ticks: bool = False


def due_state(due_at: datetime, *, now: datetime) -> State:
    if now > due_at:
        return "overdue"
    return "soon" if due_at - now < SOON else "running"


def due(due_at: datetime | None, *, now: datetime, met_at: datetime | None = None) -> Due:
    """Say how a deadline stands: in 51 min, Fri 13, 09:00, Overdue 11 min, Kept 20:28."""
    if met_at is not None:
        late = due_at is not None and met_at > due_at
        text = _("Late, %(time)s") if late else _("Kept %(time)s")
        return Due("late" if late else "met", text % {"time": _lately(met_at, now=now)}, met_at)
    if due_at is None:
        return Due("none", _("None promised"), None)
    state = due_state(due_at, now=now)
    if state == "overdue":
        text = _("Overdue %(span)s") % {"span": overdue_by(now - due_at)}
        return Due(state, text, due_at, ticks=True)
    if due_at - now > FAR and localtime(due_at).date() != localtime(now).date():
        return Due(state, weekday_time(due_at), due_at)
    text = _("in %(span)s") % {"span": _minutes(max(1, round((due_at - now).total_seconds() / 60)))}
    return Due(state, text, due_at, ticks=True)


def _lately(at: datetime, *, now: datetime) -> str:
    """Write a settled time for a narrow column: 20:28, Fri 13, 09:00, 2 March 2026."""
    if localtime(at).date() == localtime(now).date():
        return clock_time(at)
    return weekday_time(at) if abs(now - at) < timedelta(days=6) else day(at)


def _minutes(total: int) -> str:
    if total < 60:
        return tight(f"{total} min")
    hours, minutes = divmod(total, 60)
    if total < DAYS_FROM.total_seconds() / 60:
        return tight(f"{hours} h {minutes:02}")
    days, hours = divmod(hours, 24)
    text = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return tight(f"{text} {hours} h" if hours else text)


def _joined(date: str, time: str) -> str:
    return pgettext("date and time", "%(day)s, %(time)s") % {"day": date, "time": time}


def _beside(date: str, time: str) -> str:
    return pgettext("date and inexact time", "%(day)s, %(time)s") % {"day": date, "time": time}


def _dated(local: datetime, form: str) -> str:
    number = "1er" if in_french() and local.day == 1 else str(local.day)
    text = date_format(local, form % "".join(f"\\{c}" for c in number), use_l10n=False)
    if not in_french():
        return text
    # Django's catalogue writes "jeu" for Thu: French wants the point.
    first, space, rest = text.partition(" ")
    short = len(first) == 3 and first.isalpha()
    return f"{first}.{space}{rest}" if short else text
