"""The report as JSON: the same rows that page and PDF show, for other programs."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Final

from django.utils.timezone import localtime

from incidents.models import Occurred
from incidents.review.queries.rows import Report
from incidents.review.rules import Delay
from incidents.review.tiles import left_out, remarks, tiles
from incidents.review.wording import say_delay
from incidents.timeline.wording import when_full

FORMAT: Final = "crisisdesk-postmortem/1"


def as_json(report: Report) -> bytes:
    """Return the report; times with their offset in the active zone, lengths in minutes."""
    body = {
        "format": FORMAT,
        **plain(report),
        "tiles": [plain(tile) for tile in tiles(report)],
        "remarks": remarks(report),
        "left_out": left_out(report),
    }
    return json.dumps(body, ensure_ascii=False, indent=2).encode()


def plain(value: Any) -> Any:
    """Turn rows into what JSON knows."""
    if isinstance(value, Delay):
        return {
            "low_minutes": minutes(value.low),
            "high_minutes": minutes(value.high),
            "approximate": value.approximate,
            "text": say_delay(value),
        }
    if isinstance(value, Occurred):
        return {
            "earliest": plain(value.earliest),
            "latest": plain(value.latest),
            "precision": str(value.precision),
            "part_of_day": str(value.part_of_day),
            "approximate": value.approximate,
            "text": when_full(value),
        }
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, timedelta):
        return minutes(value)
    return _scalar(value)


def minutes(length: timedelta) -> float | int:
    """Return a length in minutes, as a whole number where it is one."""
    exact = round(length.total_seconds() / 60, 3)
    return int(exact) if exact.is_integer() else exact


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value
