"""The figures of the report as people read them, in the active language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from crisisdesk.kit import times
from incidents.review.rules import NOTHING, Delay

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
IN_HOURS_BELOW = timedelta(days=3)


def say_delay(delay: Delay | None) -> str:
    """Write a delay: 56 min, 44 to 56 min, about 1 to 4 h, up to 30 min; nothing of None."""
    if delay is None:
        return ""
    text = _interval(delay.low, delay.high)
    return _("about %(span)s") % {"span": text} if delay.approximate else text


def say_date(day: date) -> str:
    """Write a day that belongs to no zone: 12 March 2026."""
    return times.day(datetime.combine(day, time(12), tzinfo=get_current_timezone()))


def in_both(day: date) -> dict[str, str]:
    """Write a day in both languages, for the facts of an entry."""
    words = {}
    for language in ("en", "fr"):
        with override(language):
            words[language] = say_date(day)
    return words


def _interval(low: timedelta, high: timedelta) -> str:
    if low == high:
        return times.duration(low)
    if low == NOTHING:
        return _("up to %(span)s") % {"span": _length(high)}
    if low >= DAY and not (low % DAY or high % DAY) and high >= IN_HOURS_BELOW:
        return times.tight(
            ngettext("%(low)s to %(n)s day", "%(low)s to %(n)s days", high // DAY)
            % {"low": low // DAY, "n": high // DAY}
        )
    if low >= HOUR and not (low % HOUR or high % HOUR) and high < IN_HOURS_BELOW:
        return times.tight(_("%(low)s to %(high)s h") % {"low": low // HOUR, "high": high // HOUR})
    return times.duration_between(low, high)


def _length(length: timedelta) -> str:
    if length >= HOUR and not length % HOUR and length < IN_HOURS_BELOW:
        return times.tight(f"{length // HOUR} h")
    return times.duration(length)
