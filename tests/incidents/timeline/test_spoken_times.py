"""People say when; nothing they did not say is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import Precision
from incidents.timeline.calendar import NotATime
from incidents.timeline.spoken import parse

PARIS = ZoneInfo("Europe/Paris")
# A Thursday in Paris, 21:54.
THEN = datetime(2026, 3, 12, 20, 54, 12, tzinfo=UTC)


def said(text: str, *, zone: ZoneInfo = PARIS, at: datetime = THEN) -> tuple[str, str]:
    """Return the wall time and the precision that were read."""
    found = parse(text, zone=zone, at=at)
    return ("~" if found.approximate else "") + found.written, str(found.precision)


@pytest.mark.parametrize(
    ("text", "written", "precision"),
    [
        ("14:05", "2026-03-12T14:05", "minute"),
        ("14h05", "2026-03-12T14:05", "minute"),
        ("14 h 05", "2026-03-12T14:05", "minute"),
        ("14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05", "2026-03-12T14:05", "minute"),
        ("1405", "2026-03-12T14:05", "minute"),
        ("2:05 pm", "2026-03-12T14:05", "minute"),
        ("14h", "2026-03-12T14", "hour"),
        ("2pm", "2026-03-12T14", "hour"),
        ("at 9", "2026-03-12T09", "hour"),
        ("8h du soir", "2026-03-12T20", "hour"),
        ("9 this evening", "2026-03-12T21", "hour"),
        ("yesterday around noon", "~2026-03-11T12:00", "minute"),
        ("hier vers midi", "~2026-03-11T12:00", "minute"),
        ("vers 14h", "~2026-03-12T14", "hour"),
        ("yesterday", "2026-03-11", "day"),
        ("avant-hier", "2026-03-10", "day"),
        ("9 April 2017", "2017-04-09", "day"),
        ("April 9, 2017", "2017-04-09", "day"),
        ("le 9 avril 2017 dans l’après-midi", "2017-04-09", "part_of_day"),
        ("1er mars", "2026-03-01", "day"),
        ("9 April", "2025-04-09", "day"),
        ("12/03 14:05", "2026-03-12T14:05", "minute"),
        ("12/03/2025 14h", "2025-03-12T14", "hour"),
        ("2017-04-09T17:21", "2017-04-09T17:21", "minute"),
        ("this morning", "2026-03-12", "part_of_day"),
        ("ce matin", "2026-03-12", "part_of_day"),
        ("hier en fin de soirée", "2026-03-11", "part_of_day"),
        ("monday morning", "2026-03-09", "part_of_day"),
        ("jeudi 14:05", "2026-03-12T14:05", "minute"),
        ("jeudi dernier", "2026-03-05", "day"),
        ("20 min ago", "~2026-03-12T21:34", "minute"),
        ("il y a 2 heures", "~2026-03-12T19", "hour"),
    ],
)
def test_a_time_is_read_as_exactly_as_it_was_said(text: str, written: str, precision: str) -> None:
    assert said(text) == (written, precision)


def test_an_hour_without_minutes_is_an_hour_long() -> None:
    found = parse("14h", zone=PARIS, at=THEN)
    assert found.latest - found.earliest == timedelta(hours=1)
    assert found.earliest == datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


def test_an_unknown_hour_is_not_midnight() -> None:
    found = parse("9 April 2017", zone=ZoneInfo("America/Chicago"), at=THEN)
    assert found.precision == Precision.DAY
    assert found.latest - found.earliest == timedelta(days=1)
    assert found.earliest == datetime(2017, 4, 9, 5, 0, tzinfo=UTC)


def test_a_time_is_the_writers_own_zone() -> None:
    montreal = parse("14:05", zone=ZoneInfo("America/Montreal"), at=THEN)
    assert montreal.earliest == datetime(2026, 3, 12, 18, 5, tzinfo=UTC)
    assert montreal.offset == "-04:00"


def test_shortly_after_midnight_ten_to_twelve_is_of_the_evening_before() -> None:
    assert said("23:50", at=datetime(2026, 3, 12, 23, 20, tzinfo=UTC))[0] == "2026-03-12T23:50"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("23:50", "still to come"),
        ("12 March 2027", "still to come"),
        ("tomorrow", "could not be read"),
        ("around", "could not be read"),
        ("14:05 or so I was told", "could not be read"),
        ("31/04", "no such day"),
        ("12/31/2025", "no such day"),
        ("25:00", "no such hour"),
        ("14:75", "no such hour"),
        ("last night", "two days"),
        ("yesterday at midnight", "between two days"),
        ("Friday 12 March 2026", "do not go together"),
        ("", "could not be read"),
        ("9" * 500, "could not be read"),
        ("\x00", "could not be read"),
    ],
)
def test_what_says_no_moment_is_refused_with_a_sentence(text: str, because: str) -> None:
    with pytest.raises(NotATime, match=because) as refused:
        parse(text, zone=PARIS, at=THEN)
    assert str(refused.value).endswith(".")


def test_an_hour_that_the_clock_left_out_is_refused() -> None:
    with pytest.raises(NotATime, match="never showed 02:30"):
        parse("29/03/2026 02:30", zone=PARIS, at=datetime(2026, 4, 1, tzinfo=UTC))
    with pytest.raises(NotATime, match="never showed 02:00"):
        parse("29/03/2026 2h", zone=PARIS, at=datetime(2026, 4, 1, tzinfo=UTC))


def test_an_hour_that_came_twice_asks_which() -> None:
    later = datetime(2026, 11, 1, tzinfo=UTC)
    with pytest.raises(NotATime, match=r"02:30\+02:00 for the first or 02:30\+01:00"):
        parse("25/10/2026 02:30", zone=PARIS, at=later)
    second = parse("25/10/2026 02:30+01:00", zone=PARIS, at=later)
    assert second.earliest == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_hour_that_came_twice_is_the_one_that_has_been() -> None:
    between = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
    assert parse("02:30", zone=PARIS, at=between).earliest == between - timedelta(minutes=10)


def test_two_o_clock_on_the_long_night_lasts_two_hours() -> None:
    found = parse("25/10/2026 2h", zone=PARIS, at=datetime(2026, 11, 1, tzinfo=UTC))
    assert found.latest - found.earliest == timedelta(hours=2)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = parse(text, zone=PARIS, at=THEN)
    except NotATime:
        return
    assert found.earliest <= found.latest
    assert found.earliest <= THEN


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2026, 3, 1)),  # noqa: DTZ001
    st.sampled_from(["{:%d/%m/%Y %H:%M}", "{:%Y-%m-%dT%H:%M}", "{:%d/%m/%Y %Hh%M}"]),
)
def test_a_written_time_comes_back_as_it_was_written(wall: datetime, form: str) -> None:
    try:
        found = parse(form.format(wall), zone=PARIS, at=THEN)
    except NotATime:
        # Only in the two hours of a year at which the clock is changed.
        assert (wall.month, wall.hour) in {(3, 2), (10, 2)}
    else:
        assert found.earliest.astimezone(PARIS).replace(tzinfo=None) == wall.replace(
            second=0, microsecond=0
        )
