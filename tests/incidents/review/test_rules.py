"""Delays between inexact times, and which statement was first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import Occurred, Precision
from incidents.review.rules import Delay, Said, Span, delay, firsts, is_within, middle
from incidents.review.wording import say_delay

MIDNIGHT = datetime(2030, 3, 1, tzinfo=UTC)


def at(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def minute(hour: float) -> Occurred:
    return Occurred.exactly(at(hour))


def within(first: float, last: float, precision: Precision, *, approximate: bool = False):
    return Occurred(
        earliest=at(first), latest=at(last), precision=precision, approximate=approximate
    )


def said(number: int, occurred: Occurred, *others: Occurred, adequate: bool = False) -> Said:
    return Said(number, occurred, Span.of(occurred, *others), adequate)


instants = st.integers(0, 10_000).map(lambda m: MIDNIGHT + timedelta(minutes=m))
spans = st.tuples(instants, instants, st.booleans()).map(
    lambda s: Span(min(s[0], s[1]), max(s[0], s[1]), approximate=s[2])
)


@given(spans, spans, st.floats(0, 1), st.floats(0, 1))
def test_the_true_delay_always_lies_in_the_interval(start, end, a, b):
    began = start.earliest + a * (start.latest - start.earliest)
    ended = end.earliest + b * (end.latest - end.earliest)
    found = delay(start, end)
    if ended >= began:
        assert found is not None
        assert found.low <= ended - began <= found.high


@given(spans, spans)
def test_a_delay_is_one_figure_only_when_both_ends_are_exact(start, end):
    found = delay(start, end)
    exact = start.earliest == start.latest and end.earliest == end.latest
    if found is not None and found.high > timedelta(0):
        assert found.is_one_figure == exact
        assert found.approximate == (start.approximate or end.approximate)


@given(spans, spans)
def test_what_ends_before_it_began_is_no_delay(start, end):
    assert (delay(start, end) is None) == (end.latest < start.earliest)


def test_sources_that_disagree_widen_the_interval():
    found = delay(Span.of(minute(16)), Span.of(minute(16.75), minute(17)))
    assert found == Delay(timedelta(minutes=45), timedelta(minutes=60))


def test_a_statement_known_only_to_the_day_does_not_displace_one_known_to_the_minute_that_day():
    vague = said(1, within(0, 24, Precision.DAY))
    exact = said(2, minute(16))
    found = firsts([vague, exact])
    assert found.first == exact
    assert found.hour_unknown == (vague,)


def test_a_statement_known_only_to_an_earlier_day_comes_first_and_its_hour_is_said_unknown():
    vague = said(1, within(0, 24, Precision.DAY))
    found = firsts([vague, said(2, minute(25))])
    assert found.first == vague
    assert found.hour_unknown == (vague,)


def test_a_statement_known_to_its_part_of_day_is_not_displaced_by_anything_vaguer():
    evening = said(1, within(18, 22, Precision.PART_OF_DAY))
    found = firsts([evening, said(2, minute(23))])
    assert found.first == evening
    assert found.hour_unknown == ()


def test_the_adequate_response_is_the_first_that_people_judged_so():
    found = firsts([said(1, minute(1)), said(2, minute(2), adequate=True), said(3, minute(3))])
    assert [one and one.number for one in (found.first, found.adequate)] == [1, 2]


def test_nothing_said_is_no_response():
    assert firsts([]) == firsts(iter(()))
    assert firsts([]).first is None


@pytest.mark.parametrize(
    ("low", "high", "approximate", "english", "french"),
    [
        (56, 56, False, "56 min", "56 min"),
        (44, 56, False, "44 to 56 min", "44 à 56 min"),
        (60, 240, True, "about 1 to 4 h", None),
        (120, 1800, False, "2 to 30 h", None),
        (0, 30, False, "up to 30 min", None),
        (0, 120, False, "up to 2 h", None),
        (1440, 2880, False, "24 to 48 h", None),
        (1440 * 3, 1440 * 5, False, "3 to 5 days", None),
        (2610, 2739, False, "43 h 30 to 45 h 39", None),
    ],
)
def test_a_delay_is_written_as_an_interval(low, high, approximate, english, french):
    found = Delay(timedelta(minutes=low), timedelta(minutes=high), approximate=approximate)
    with translation.override("en"):
        assert say_delay(found) == english
    if french and low == high:
        with translation.override("fr"):
            assert say_delay(found).replace("\u00a0", " ") == french


def test_no_delay_has_no_words():
    assert say_delay(None) == ""


def test_a_target_between_both_ends_is_neither_met_nor_missed():
    found = Delay(timedelta(minutes=44), timedelta(minutes=56))
    assert is_within(found, timedelta(minutes=60)) is True
    assert is_within(found, timedelta(minutes=50)) is None
    assert is_within(found, timedelta(minutes=40)) is False


def test_the_median_of_nothing_is_nothing():
    assert middle([]) is None
    assert middle([timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=2)]) == timedelta(
        minutes=2
    )
