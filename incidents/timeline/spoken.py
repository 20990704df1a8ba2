"""
Times as people say them, in English and French: "14:05", "yesterday around noon", « hier vers
midi », "9 April 2017", "12/03 14h", "this morning", "20 min ago".

What is not said is not made up: an hour without minutes stays an hour, a day stays a day. Pure:
the moment and the zone come with the call.

    text --_strip--> words known, taken out one by one --_Said--> day, time, part of the day
         --calendar--> Occurred, checked against the clock changes of the zone and the present
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from incidents.models import Occurred, PartOfDay
from incidents.timeline import calendar
from incidents.timeline.calendar import NotATime
from incidents.timeline.words import (
    ABOUT,
    AGO,
    DAY_OFFSETS,
    FILLERS,
    MONTHS,
    NIGHTS,
    NOW,
    PARTS,
    WEEKDAYS,
)

LONGEST: Final = 80
# Where only a time is said, it is today's; of the evening before, shortly after midnight.
JUST_BEFORE: Final = timedelta(hours=12)

_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATES: Final = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:t(?=\d))?"),
    re.compile(r"\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4}|\d{2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})\b(?!/)"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\b\.?,?"
        r"(?:\s+(?P<y>\d{4})\b(?!\s*[:h]))?"
    ),
    re.compile(
        rf"\b(?P<m>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[:h])"
        r",?(?:\s+(?P<y>\d{4})\b(?!\s*[:h]))?"
    ),
)
_TIMES: Final = (
    re.compile(
        r"(?<![\d:])(?P<h>\d{1,2}):(?P<i>\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?P<ap>[ap]\.?m\b\.?)?"
    ),
    re.compile(r"\b(?P<h>\d{1,2})\s*(?:h|heures?|hours?)\s*(?P<i>\d{2})\b"),
    re.compile(r"\b(?P<h>\d{1,2})\.(?P<i>\d{2})\s*(?P<ap>[ap]\.?m\b\.?)"),
    re.compile(r"\b(?P<h>\d{1,2})\s*(?P<ap>[ap]\.?m\b\.?)"),
    re.compile(r"\b(?P<h>\d{1,2})\s*(?:h|heures?|o'?clock)\b"),
)
_BARE_HOUR: Final = re.compile(r"(?:^|\bat |\ba )(?P<h>\d{1,2})(?=\s|$)")
_FOUR_DIGITS: Final = re.compile(r"^(?P<h>[01]\d|2[0-3])(?P<i>[0-5]\d)$")
_OFFSET: Final = re.compile(
    r"(?:\b(?P<z>utc|gmt)\b|(?<=\d)(?P<zz>z)\b)?\s*(?P<o>[+-]\d{2}:?\d{2})?$"
)
_NOON: Final = re.compile(r"\b(noon|midday|midi)\b")
_MIDNIGHT: Final = re.compile(r"\b(midnight|minuit)\b")


@dataclass
class _Said:
    """What a text says, piece by piece; what is missing was not said."""

    rest: str
    about: bool = False
    day: date | None = None
    day_said: bool = False
    hour: int | None = None
    minute: int | None = None
    part: str = ""
    offset: timedelta | None = None

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Find a pattern in what is left and take it out."""
        found = pattern.search(self.rest)
        if found:
            self.rest = f"{self.rest[: found.start()]} {self.rest[found.end() :]}".strip()
        return found


def parse(text: str, *, zone: ZoneInfo, at: datetime) -> Occurred:
    """
    Read when something happened; `zone` is the writer's, `at` the present.

    :raises NotATime: with a sentence for the writer, when it cannot be read, never was on the
        clock, or is still to come.
    """
    said = _Said(_plainly(text))
    if not said.rest or len(text) > LONGEST:
        raise NotATime(_examples())
    if said.rest in NOW:
        return calendar.minute(at.astimezone(zone).replace(second=0, microsecond=0), said=None)
    said.about = bool(said.take(ABOUT))
    if ago := said.take(AGO):
        return _ago(ago, said, zone=zone, at=at)
    here = at.astimezone(zone)
    _read_offset(said)
    _read_day(said, today=here.date())
    _read_time(said)
    if any(word not in FILLERS for word in re.split(r"[\s,.;]+", said.rest) if word):
        raise NotATime(_examples())
    return _placed(said, zone=zone, at=at)


def _plainly(text: str) -> str:
    """Return the text in lower case without accents, with plain spaces and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.strip().lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", bare.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).strip()


def _examples() -> str:
    return _(
        "This time could not be read. Write for example 14:05, yesterday 14:05, around noon, "
        "9 April 2026 or this morning."
    )


def _read_offset(said: _Said) -> None:
    found = _OFFSET.search(said.rest)
    if not found or not found[0].strip():
        return
    said.rest = said.rest[: found.start()].strip()
    said.offset = timedelta(0)
    if sign := found["o"]:
        hours, minutes = int(sign[1:3]), int(sign[-2:])
        if hours > 14 or minutes > 59:
            raise NotATime(_examples())
        said.offset = timedelta(hours=hours, minutes=minutes) * (-1 if sign[0] == "-" else 1)


def _read_day(said: _Said, *, today: date) -> None:
    for pattern, shift, part in DAY_OFFSETS:
        if said.take(pattern):
            said.day, said.day_said, said.part = today + shift, True, part
            return
    for pattern in _DATES:
        if found := said.take(pattern):
            said.day, said.day_said = _date(found, today=today), True
            if (named := said.take(WEEKDAYS)) and _weekday(named) != said.day.weekday():
                raise NotATime(
                    _("The day of the week and the date do not go together. Write one of them.")
                )
            return
    if found := said.take(WEEKDAYS):
        back = (today.weekday() - _weekday(found)) % 7
        said.day = today - timedelta(days=back or (7 if found["last"] or found["dernier"] else 0))
        said.day_said = True


def _weekday(found: re.Match[str]) -> int:
    return calendar.weekday(found["w"])


def _date(found: re.Match[str], *, today: date) -> date:
    month = found["m"]
    number = int(month) if month.isdigit() else MONTHS[month]
    year = found.groupdict().get("y")
    if year:
        return calendar.day(_century(year, today), number, int(found["d"]))
    return calendar.last(number, int(found["d"]), today=today)


def _century(written: str, today: date) -> int:
    if len(written) > 2:
        return int(written)
    near = today.year // 100 * 100 + int(written)
    return near if near <= today.year else near - 100


def _read_time(said: _Said) -> None:
    if said.take(NIGHTS):
        raise NotATime(
            _(
                "A night belongs to two days. Write an hour, such as 02:00, or late evening or "
                "early morning with its day."
            )
        )
    for name, pattern in PARTS:
        if said.take(pattern):
            said.part = said.part or name
            break
    if _read_noon(said):
        return
    patterns = _TIMES if said.day_said else (*_TIMES, _FOUR_DIGITS)
    for pattern in (*patterns, _BARE_HOUR):
        if found := said.take(pattern):
            groups = found.groupdict()
            said.hour = _on_24_hours(int(found["h"]), groups.get("ap") or "", said.part)
            said.minute = int(groups["i"]) if groups.get("i") else None
            if said.hour > 23 or (said.minute or 0) > 59:
                raise NotATime(_("There is no such hour: hours go from 00:00 to 23:59."))
            return


def _read_noon(said: _Said) -> bool:
    if said.take(_NOON):
        said.hour, said.minute = 12, 0
        return True
    if said.take(_MIDNIGHT):
        if said.day_said:
            raise NotATime(
                _("Midnight lies between two days. Write 00:00 with the day that begins then.")
            )
        said.hour, said.minute = 0, 0
        return True
    return False


def _on_24_hours(hour: int, half: str, part: str) -> int:
    if half:
        if not 1 <= hour <= 12:
            return 99
        return hour % 12 + (12 if half.startswith("p") else 0)
    late = part in {PartOfDay.AFTERNOON, PartOfDay.EVENING, PartOfDay.LATE_EVENING}
    return hour + 12 if late and 1 <= hour <= 11 else hour


def _placed(said: _Said, *, zone: ZoneInfo, at: datetime) -> Occurred:
    """Put what was said on the calendar; the present is the limit."""
    here = at.astimezone(timezone(said.offset) if said.offset is not None else zone)
    day = said.day or here.date()
    if (day - here.date()).days > 1:  # the calendar itself ends with the year 9999
        raise NotATime(_("This is still to come. An entry says what has happened."))
    if said.hour is None:
        if said.offset is not None or not (said.day_said or said.part):
            raise NotATime(_examples())
        found = calendar.part(day, said.part, zone=zone, about=said.about)
    else:
        found = _at_hour(said, day, zone=zone, at=at)
        if not said.day_said and found.earliest > at:
            before = _at_hour(said, day - timedelta(days=1), zone=zone, at=at)
            if at - before.earliest > JUST_BEFORE:
                raise NotATime(
                    _("%(time)s is still to come. If it was yesterday, write the day too.")
                    % {"time": found.written[11:]}
                )
            found = before
    if found.earliest > at:
        raise NotATime(_("This is still to come. An entry says what has happened."))
    return found


def _at_hour(said: _Said, day: date, *, zone: ZoneInfo, at: datetime) -> Occurred:
    exact = said.minute is not None
    wall = datetime.combine(day, time(said.hour or 0, said.minute or 0))
    if said.offset is not None:
        fixed = wall.replace(tzinfo=timezone(said.offset))
        if exact:
            return calendar.minute(fixed, said=wall, about=said.about)
        return calendar.hour(fixed, fixed + timedelta(hours=1), said=wall, about=said.about)
    if exact:
        found = calendar.on_the_clock(wall, zone=zone, at=at)
        return calendar.minute(found, said=wall, about=said.about)
    first, last = calendar.hour_on_the_clock(wall, zone=zone)
    return calendar.hour(first, last, said=wall, about=said.about)


def _ago(found: re.Match[str], said: _Said, *, zone: ZoneInfo, at: datetime) -> Occurred:
    """Read "20 min ago": what people count back from is never exact."""
    if any(word not in FILLERS for word in said.rest.split()):
        raise NotATime(_examples())
    groups = {k: v for k, v in found.groupdict().items() if v}
    amount = next((v for k, v in groups.items() if k.startswith("n")), "1")
    unit = next(v for k, v in groups.items() if k.startswith("u"))
    number = int(amount) if amount.isdigit() else 1
    here = at.astimezone(zone)
    if unit.startswith(("d", "j")):
        return calendar.part(
            here.date() - timedelta(days=min(number, 36_500)), "", zone=zone, about=said.about
        )
    if unit.startswith("h"):
        back = (at - timedelta(hours=min(number, 100_000))).astimezone(zone)
        start = back.replace(minute=0, second=0, microsecond=0)
        return calendar.hour(start, start + timedelta(hours=1), said=start, about=True)
    back = (at - timedelta(minutes=min(number, 1_000_000))).astimezone(zone)
    return calendar.minute(back.replace(second=0, microsecond=0), said=None, about=True)
