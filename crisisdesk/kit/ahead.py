"""
Read a time to come as people type it: 15:00, 15 h 30, tomorrow 9:00, 12/03 08:00, in 45 min. Pure.

An hour without a day is the next such hour. At the end of summer time an hour that comes twice is
taken as the first: of two times the earlier is owed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOUR: Final = re.compile(r"^(\d{1,2})(?: ?(?:[:.]|h(?:ours?|eures?)?) ?(\d{2})?)?$")
SPAN: Final = re.compile(
    r"^(?:in |dans |\+ ?)?(?:(\d{1,3}) ?(?:h|hours?|heures?))? ?(?:(\d{1,4}) ?(?:m|min|minutes?))?$"
)
DAY: Final = re.compile(r"^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?$")
ISO: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
TODAY: Final = ("today", "aujourd'hui", "aujourd’hui")
TOMORROW: Final = ("tomorrow", "demain")


class NotAhead(ValueError):
    """These words are no time to come."""


def read(text: str, *, zone: ZoneInfo, at: datetime) -> datetime:
    """:raises NotAhead: the words are no time, or no such time comes."""
    words = " ".join(text.lower().replace("\N{NO-BREAK SPACE}", " ").replace(",", " ").split())
    words = words.replace("t", " ") if re.match(r"^\d{4}-\d{2}-\d{2}t", words) else words
    span = _span(words)
    if span is not None:
        return at + span
    here = at.astimezone(zone)
    day, clock = _split(words, today=here.date())
    when = _clock(clock)
    if day is not None:
        return _on(day, when, zone)
    soon = _on(here.date(), when, zone)
    return soon if soon > at else _on(here.date() + timedelta(days=1), when, zone)


def _span(words: str) -> timedelta | None:
    """Read "in 45 min", "+30 min", "2 h 15 min"; a bare "15 h" is an hour of the day."""
    found = SPAN.match(words)
    if found is None or not any(found.groups()):
        return None
    is_said = words.startswith(("in ", "dans ", "+"))
    if not is_said and found[2] is None:
        return None
    length = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    if not length:
        raise NotAhead(words)
    return length


def _split(words: str, *, today: date) -> tuple[date | None, str]:
    first, _space, rest = words.partition(" ")
    rest = rest.removeprefix("at ").removeprefix("à ")
    if first in TODAY:
        return today, rest
    if first in TOMORROW:
        return today + timedelta(days=1), rest
    try:
        if found := ISO.match(first):
            return date(int(found[1]), int(found[2]), int(found[3])), rest
        if rest and (found := DAY.match(first)):
            return _next_day(int(found[1]), int(found[2]), found[3], today=today), rest
    except ValueError as wrong:
        raise NotAhead(words) from wrong
    return None, words.removeprefix("at ").removeprefix("à ")


def _next_day(day: int, month: int, year: str | None, *, today: date) -> date:
    if year:
        return date(int(year), month, day)
    found = date(today.year, month, day)
    return found if found >= today else date(today.year + 1, month, day)


def _clock(words: str) -> time:
    found = HOUR.match(words)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise NotAhead(words)
    return time(int(found[1]), int(found[2] or 0))


def _on(day: date, when: time, zone: ZoneInfo) -> datetime:
    """:raises NotAhead: the clocks skip this time (summer time begins)."""
    local = datetime.combine(day, when, tzinfo=zone)
    back = local.astimezone(ZoneInfo("UTC")).astimezone(zone)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NotAhead(f"{day} {when}")
    return local
