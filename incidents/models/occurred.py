"""When something happened, as exactly as people know it and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    PART_OF_DAY = "part_of_day", _("part of the day")
    DAY = "day", _("to the day")


class PartOfDay(models.TextChoices):
    """Parts of a day stand for hours: 4-8, 8-12, 12-18, 18-22, 22-24."""

    EARLY_MORNING = "early_morning", _("early morning")
    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")
    EVENING = "evening", _("evening")
    LATE_EVENING = "late_evening", _("late evening")


@dataclass(frozen=True)
class Occurred:
    """
    An instant known to the minute, or the stretch of time within which something happened.

    `earliest` and `latest` are aware; they are equal where the time is known to the minute,
    else `latest` is the end (exclusive) of the hour, part of day or day. `written` is the wall
    time as it was given, never more exact than known ("2017-04-11T15"), at `offset` ("-04:00").
    """

    earliest: datetime
    latest: datetime
    precision: Precision = Precision.MINUTE
    part_of_day: str = ""
    approximate: bool = False
    written: str = ""
    offset: str = ""

    @classmethod
    def exactly(cls, at: datetime) -> Occurred:
        """The time of an act that CrisisDesk itself saw."""
        return cls(earliest=at, latest=at)

    @property
    def is_exact(self) -> bool:
        return self.precision == Precision.MINUTE and not self.approximate
