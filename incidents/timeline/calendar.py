"""Days, parts of days and hours on a zone's clock, its changes included. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crisisdesk.kit import times
from incidents.models import Occurred, PartOfDay, Precision
from incidents.timeline.words import WEEKDAY_NUMBERS

# First hour and the hour after the last; see PartOfDay.
HOURS: Final[dict[str, tuple[int, int]]] = {
    PartOfDay.EARLY_MORNING: (4, 8),
    PartOfDay.MORNING: (8, 12),
    PartOfDay.AFTERNOON: (12, 18),
    PartOfDay.EVENING: (18, 22),
    PartOfDay.LATE_EVENING: (22, 24),
}
OLDEST_YEAR: Final = 1900


class NotATime(ValueError):
    """What was written says no moment that has been; the message is for the writer."""


def weekday(name: str) -> int:
    return WEEKDAY_NUMBERS[name]


def day(year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError:
        raise NotATime(
            _("There is no such day. Days are written day first: 12/03 is 12 March.")
        ) from None
    if year < OLDEST_YEAR:
        raise NotATime(_("This is too long ago: the year starts at 1900."))
    return found


def last(month: int, number: int, *, today: date) -> date:
    """Return the latest such day that is not still to come."""
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        if found <= today:
            return found
    return day(today.year, month, number)


def offset_of(moment: datetime) -> str:
    """Write the UTC offset of an aware time: "-04:00"."""
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def minute(moment: datetime, *, said: datetime | None, about: bool = False) -> Occurred:
    wall = said or moment
    return Occurred(
        earliest=moment.astimezone(UTC),
        latest=moment.astimezone(UTC),
        precision=Precision.MINUTE,
        approximate=about,
        written=wall.strftime("%Y-%m-%dT%H:%M"),
        offset=offset_of(moment),
    )


def hour(first: datetime, after: datetime, *, said: datetime, about: bool = False) -> Occurred:
    return Occurred(
        earliest=first.astimezone(UTC),
        latest=after.astimezone(UTC),
        precision=Precision.HOUR,
        approximate=about,
        written=said.strftime("%Y-%m-%dT%H"),
        offset=offset_of(first),
    )


def part(on: date, name: str, *, zone: ZoneInfo, about: bool = False) -> Occurred:
    """Return a whole day, or one of its parts when `name` is given."""
    first, after = HOURS[name] if name else (0, 24)
    start, end = _wall(on, first, zone), _wall(on, after, zone)
    return Occurred(
        earliest=start.astimezone(UTC),
        latest=end.astimezone(UTC),
        precision=Precision.PART_OF_DAY if name else Precision.DAY,
        part_of_day=str(name),
        approximate=about,
        written=on.isoformat(),
        offset=offset_of(start),
    )


def _wall(on: date, at_hour: int, zone: ZoneInfo) -> datetime:
    if at_hour == 24:
        on, at_hour = on + timedelta(days=1), 0
    return datetime.combine(on, time(at_hour), tzinfo=zone)


def readings(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """
    Return the instants at which the clock of a zone showed this time: none, one or two.

    None in spring, when the clock leaps; two in autumn, when it goes back.
    """
    found = []
    for fold in (0, 1):
        local = wall.replace(tzinfo=zone, fold=fold)
        instant = local.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall and instant not in found:
            found.append(instant)
    return found


def on_the_clock(wall: datetime, *, zone: ZoneInfo, at: datetime) -> datetime:
    """
    Return the one instant at which a zone's clock showed this time.

    :raises NotATime: when it never did, or did twice and both have passed.
    """
    found = readings(wall, zone)
    words = {"time": wall.strftime("%H:%M"), "place": times.place(zone)}
    if not found:
        raise NotATime(
            _("The clock never showed %(time)s in %(place)s that day: it was put forward.") % words
        )
    past = [instant for instant in found if instant <= at] or found[:1]
    if len(past) > 1:
        first, second = (offset_of(instant.astimezone(zone)) for instant in past)
        raise NotATime(
            _(
                "The clock showed %(time)s twice in %(place)s that day: it was put back. "
                "Write %(time)s%(first)s for the first or %(time)s%(second)s for the second."
            )
            % (words | {"first": first, "second": second})
        )
    return past[0].astimezone(zone)


def hour_on_the_clock(wall: datetime, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the stretch of time during which a zone's clock showed this hour."""
    found = readings(wall, zone)
    if not found:
        return on_the_clock(wall, zone=zone, at=datetime.max.replace(tzinfo=UTC)), wall
    return found[0].astimezone(zone), (found[-1] + timedelta(hours=1)).astimezone(zone)
