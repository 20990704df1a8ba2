"""Times to come, as people type them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crisisdesk.kit.ahead import NotAhead, read

PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")
# A Friday, 14:00 in Paris.
NOW = datetime(2030, 3, 1, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("15:00", "2030-03-01T15:00"),
        ("15h", "2030-03-01T15:00"),
        ("15 h 30", "2030-03-01T15:30"),
        ("15\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30", "2030-03-01T15:30"),
        ("15.30", "2030-03-01T15:30"),
        ("9:00", "2030-03-02T09:00"),
        ("14:00", "2030-03-02T14:00"),
        ("tomorrow 9:00", "2030-03-02T09:00"),
        ("demain à 9 h", "2030-03-02T09:00"),
        ("today at 18:15", "2030-03-01T18:15"),
        ("12/03 08:00", "2030-03-12T08:00"),
        ("1/2 08:00", "2031-02-01T08:00"),
        ("2030-03-04 08:00", "2030-03-04T08:00"),
        ("2030-03-04T08:00", "2030-03-04T08:00"),
        ("in 45 min", "2030-03-01T14:45"),
        ("dans 2 h", "2030-03-01T16:00"),
        ("+30", None),
        ("+30 min", "2030-03-01T14:30"),
        ("2 h 15 min", "2030-03-01T16:15"),
        ("90 min", "2030-03-01T15:30"),
    ],
)
def test_what_people_type_is_read_in_the_incidents_zone(typed, expected):
    if expected is None:
        with pytest.raises(NotAhead):
            read(typed, zone=PARIS, at=NOW)
        return
    found = read(typed, zone=PARIS, at=NOW).astimezone(PARIS)
    assert found.replace(tzinfo=None).isoformat(timespec="minutes") == expected


@pytest.mark.parametrize(
    "typed", ["soon", "25:00", "12:60", "31/02 08:00", "in 0 min", "::", "15:00 pm", "at"]
)
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(NotAhead):
        read(typed, zone=PARIS, at=NOW)


def test_an_hour_that_summer_time_skips_is_refused():
    with pytest.raises(NotAhead):
        read("31/03 02:30", zone=PARIS, at=NOW)
    with pytest.raises(NotAhead):
        read("10/03 02:30", zone=NEW_YORK, at=NOW)


def test_of_an_hour_that_comes_twice_the_first_is_owed():
    found = read("27/10 02:30", zone=PARIS, at=NOW)
    assert found.astimezone(UTC) == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)


def test_a_span_runs_on_over_the_change_of_clocks():
    before = datetime(2030, 3, 31, 0, 30, tzinfo=UTC)
    assert read("in 60 min", zone=PARIS, at=before) == datetime(2030, 3, 31, 1, 30, tzinfo=UTC)
