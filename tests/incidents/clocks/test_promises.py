"""The life of a promise, told through its verbs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from incidents.clocks import rules
from incidents.clocks.actions import (
    NotTheirRoom,
    OwedByCadence,
    PastTime,
    ReasonMissing,
    Settled,
    cancel_promise,
    make_promise,
    miss_overtaken,
    move_promise,
    record_silence,
    replan_for_severity,
    settle_at_stand_down,
)
from incidents.clocks.queries import header_clocks, next_due, next_dues, promises
from incidents.models import Due, Incident, Promise, Step, StepName
from incidents.review.queries import owed
from teams.models import Audience, User

State = Promise.State


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def promised(
    incident: Incident, owner: User, at: datetime, *, within: float = 60, audience: str = "media"
) -> Promise:
    return make_promise(
        incident,
        audience=Audience.objects.get(slug=audience),
        channel="",
        subject="answer to Le Fil Info",
        due_at=at + minutes(within),
        owner=owner,
        source=Promise.Source.HAND,
        by=owner,
        at=at,
    )


def assessed(incident: Incident, level: int) -> Incident:
    incident.severity = level
    incident.save(update_fields=["severity"])
    return incident


def kinds(incident: Incident) -> list[str]:
    return list(incident.entries.order_by("number").values_list("kind", flat=True))


def waiting(promise: Promise) -> dict[str, datetime]:
    steps = Step.objects.filter(due__promise=promise, taken_at=None, dropped_at=None)
    return dict(steps.values_list("name", "at"))


def test_a_promise_plans_its_reminders_and_is_on_the_record(incident, claire, nine):
    promise = promised(incident, claire, nine)

    due = Due.objects.get(promise=promise)
    assert due.due_at == nine + minutes(60)
    assert waiting(promise) == {
        "before": nine + minutes(50),
        "due": nine + minutes(60),
        "deputy": nine + minutes(65),
        "lead": nine + minutes(70),
        "sponsor": nine + minutes(80),
    }
    entry = incident.entries.get(kind="promise.made")
    assert entry.content.body["facts"]["what"] == "answer to Le Fil Info"
    assert entry.content.body["facts"]["person"]["name"] == "Claire Morvan"


def test_the_steps_of_a_longer_promise_stand_wider_apart_but_never_endlessly(nine):
    two_hours = rules.planned_steps("promise", due_at=nine + minutes(120), planned_at=nine)
    a_day = rules.planned_steps("promise", due_at=nine + minutes(1440), planned_at=nine)

    assert two_hours[StepName.BEFORE] == nine + minutes(100)
    assert two_hours[StepName.SPONSOR] == nine + minutes(160)
    assert a_day[StepName.BEFORE] == nine + minutes(1380)
    assert a_day[StepName.SPONSOR] == nine + minutes(1560)


def test_a_warning_whose_time_has_passed_is_not_planned(incident, claire, nine):
    promise = promised(incident, claire, nine, within=4)

    assert "before" not in waiting(promise)
    assert waiting(promise)["due"] == nine + minutes(4)


def test_a_promise_for_the_past_is_refused_and_leaves_nothing(incident, claire, nine):
    promised(incident, claire, nine)
    with pytest.raises(PastTime):
        promised(incident, claire, nine, within=-1)

    assert incident.promises.count() == 1
    assert kinds(incident).count("promise.made") == 1


def test_only_someone_who_sees_the_room_can_own_a_promise(incident, claire, zoe, nine):
    promised(incident, claire, nine)
    with pytest.raises(NotTheirRoom):
        promised(incident, zoe, nine)
    assert incident.promises.count() == 1


def test_the_same_promise_asked_twice_is_made_once(incident, claire, nine):
    first, again = promised(incident, claire, nine), promised(incident, claire, nine)

    assert first == again
    assert kinds(incident).count("promise.made") == 1


def test_moving_a_promise_keeps_the_old_one_and_plans_the_new(incident, claire, nine):
    old = promised(incident, claire, nine)
    new = move_promise(
        old, due_at=nine + minutes(90), reason="The lab is late.", by=claire, at=nine + minutes(5)
    )

    old.refresh_from_db()
    assert (old.state, old.moved_to) == (State.MOVED, new)
    assert waiting(old) == {}
    assert waiting(new)["due"] == nine + minutes(90)
    facts = incident.entries.get(kind="promise.moved").content.body["facts"]
    assert facts["reason"] == "The lab is late."


def test_moving_and_cancelling_ask_for_the_reason(incident, claire, nine):
    promise = promised(incident, claire, nine)
    with pytest.raises(ReasonMissing):
        cancel_promise(promise, reason="  ", by=claire, at=nine)
    with pytest.raises(ReasonMissing):
        move_promise(promise, due_at=nine + minutes(90), reason="", by=claire, at=nine)

    promise.refresh_from_db()
    assert promise.state == State.OPEN
    cancel_promise(promise, reason="Asked and answered by telephone.", by=claire, at=nine)
    promise.refresh_from_db()
    assert promise.state == State.CANCELLED
    assert incident.entries.filter(kind="promise.cancelled").exists()
    assert waiting(promise) == {}


@pytest.mark.parametrize("ended", [State.KEPT, State.MISSED, State.MOVED, State.CANCELLED])
def test_a_promise_that_has_ended_is_neither_moved_nor_cancelled(ended, incident, claire, nine):
    promise = promised(incident, claire, nine)
    Promise.objects.filter(pk=promise.pk).update(state=ended, settled_at=nine)

    with pytest.raises(Settled):
        cancel_promise(promise, reason="why", by=claire, at=nine)
    with pytest.raises(Settled):
        move_promise(promise, due_at=nine + minutes(90), reason="why", by=claire, at=nine)
    assert kinds(incident).count("promise.made") == 1
    assert "promise.moved" not in kinds(incident)


def test_the_table_of_moves_names_every_state_and_every_end():
    reached = {state for moves in rules.MOVES.values() for state in moves.values()}

    assert reached == set(State) - {State.OPEN}
    assert all(set(moves) <= {State.OPEN, State.MISSED} for moves in rules.MOVES.values())


def test_a_promise_is_missed_when_the_next_to_the_same_audience_falls_due(incident, claire, nine):
    first = promised(incident, claire, nine, within=30)
    second = promised(incident, claire, nine, within=60)
    other = promised(incident, claire, nine, within=20, audience="retailers")

    miss_overtaken(incident, at=nine + minutes(59))
    first.refresh_from_db()
    assert first.state == State.OPEN

    miss_overtaken(incident, at=nine + minutes(60))
    for promise in (first, second, other):
        promise.refresh_from_db()
    assert [p.state for p in (first, second, other)] == [State.MISSED, State.OPEN, State.OPEN]
    assert waiting(first) == {}
    assert kinds(incident).count("promise.missed") == 1


def test_the_level_makes_the_house_owe_the_public_word(staffed, claire, thomas, nine):
    replan_for_severity(assessed(staffed, 2), by=claire, at=nine + minutes(10))

    promise = staffed.promises.get()
    assert promise.source == Promise.Source.CADENCE
    assert (promise.due_at, promise.owner) == (nine + minutes(120), thomas)
    assert "promise.made" in kinds(staffed)


def test_a_worse_level_shortens_the_clock_and_a_lighter_one_never_lengthens_it(
    staffed, claire, nine
):
    replan_for_severity(assessed(staffed, 2), by=claire, at=nine)
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine + minutes(10))
    promise = staffed.promises.get(state=State.OPEN)
    assert promise.due_at == nine + minutes(60)
    assert kinds(staffed).count("promise.moved") == 1

    replan_for_severity(assessed(staffed, 4), by=claire, at=nine + minutes(20))
    promise = staffed.promises.get(state=State.OPEN)
    assert promise.due_at == nine + minutes(60)
    assert kinds(staffed).count("promise.moved") == 1


def test_a_level_raised_late_leaves_the_time_of_a_first_response(staffed, claire, nine):
    replan_for_severity(assessed(staffed, 4), by=claire, at=nine)
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine + minutes(200))

    assert staffed.promises.get(state=State.OPEN).due_at == nine + minutes(215)


def test_a_promise_to_the_public_that_is_due_sooner_stands_for_the_cadence(staffed, claire, nine):
    promised(staffed, claire, nine, within=45, audience="public")
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine)

    assert staffed.promises.count() == 1


def test_why_nobody_speaks_is_recorded_and_the_next_time_is_owed(staffed, claire, nine):
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine)
    record_silence(staffed, reason="The family is told first.", by=claire, at=nine + minutes(50))

    said, owed = staffed.promises.order_by("pk")
    assert (said.state, said.reason) == (State.CANCELLED, "The family is told first.")
    assert (owed.state, owed.due_at) == (State.OPEN, nine + minutes(110))
    entry = staffed.entries.get(kind="promise.silence_recorded")
    assert entry.content.body["facts"]["reason"] == "The family is told first."


def test_what_the_severity_asks_for_is_not_cancelled_nor_put_later(staffed, claire, nine):
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine)
    promise = staffed.promises.get()
    with pytest.raises(OwedByCadence):
        cancel_promise(promise, reason="no time", by=claire, at=nine)
    with pytest.raises(OwedByCadence):
        move_promise(promise, due_at=nine + minutes(61), reason="no time", by=claire, at=nine)

    sooner = move_promise(
        promise, due_at=nine + minutes(30), reason="News at one.", by=claire, at=nine
    )
    assert sooner.due_at == nine + minutes(30)


def test_a_cadence_that_nobody_answers_is_missed_once_per_slot_and_goes_on(staffed, claire, nine):
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine)

    miss_overtaken(staffed, at=nine + minutes(119))
    assert staffed.promises.count() == 1
    miss_overtaken(staffed, at=nine + minutes(120))
    miss_overtaken(staffed, at=nine + minutes(121))

    missed, owed = staffed.promises.order_by("pk")
    assert (missed.state, owed.state) == (State.MISSED, State.OPEN)
    assert owed.due_at == nine + minutes(120)
    assert set(waiting(owed)) == {"due", "deputy", "lead", "sponsor"}


def test_after_a_long_night_only_the_last_slot_is_owed(staffed, claire, nine):
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine)
    miss_overtaken(staffed, at=nine + minutes(60 * 8 + 20))

    assert staffed.promises.get(state=State.OPEN).due_at == nine + minutes(60 * 8)
    assert kinds(staffed).count("promise.missed") == 1


def test_stand_down_misses_what_is_overdue_stops_the_cadence_and_keeps_what_is_owed(
    staffed, claire, nine
):
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine)
    overdue = promised(staffed, claire, nine, within=10)
    later = promised(staffed, claire, nine, within=300)
    settle_at_stand_down(staffed, by=claire, at=nine + minutes(30))

    states = {p.pk: p.state for p in staffed.promises.all()}
    assert states[overdue.pk] == State.MISSED
    assert states[later.pk] == State.OPEN
    assert sorted(states.values()) == ["cancelled", "missed", "open"]


def test_why_the_desk_itself_ended_a_promise_is_worded_for_each_reader(staffed, claire, nine):
    replan_for_severity(assessed(staffed, 1), by=claire, at=nine)
    settle_at_stand_down(staffed, by=claire, at=nine + minutes(30))
    cancelled = staffed.promises.get(state=State.CANCELLED)

    for language, words in rules.STAND_DOWN_WORDS.items():
        with translation.override(language):
            [row] = promises(staffed, viewer=claire, rights=frozenset(), at=nine).ended
            [reported] = owed.promises(staffed)
        assert row.reason == words
        assert (reported.reason, reported.subject) == (words, rules.CADENCE_WORDS[language])
    assert cancelled.reason in rules.STAND_DOWN_WORDS.values()


def test_the_header_shows_overdue_first_then_soon_then_running(staffed, claire, nine):
    replan_for_severity(assessed(staffed, 2), by=claire, at=nine)
    promised(staffed, claire, nine, within=95)
    promised(staffed, claire, nine, within=80)

    rows = header_clocks(staffed, at=nine + minutes(88))
    assert [row.state for row in rows] == ["overdue", "overdue", "soon", "running"]
    assert rows[0].kind == "first_response"
    assert next_due(staffed, at=nine + minutes(88)) == rows[0]


def test_the_panel_counts_what_is_kept_missed_and_overdue(staffed, claire, bruno, nine):
    promised(staffed, claire, nine, within=10)
    rows = promises(
        staffed, viewer=claire, rights=frozenset({"draft_statement"}), at=nine + minutes(20)
    )
    assert rows.summary == "1 overdue"
    assert rows.may_promise
    assert rows.owed[0].is_mine
    seen = promises(staffed, viewer=bruno, rights=frozenset(), at=nine + minutes(20))
    assert not seen.may_promise
    assert not seen.owed[0].is_mine


def test_clocks_of_many_cost_no_more_queries_than_of_one(staffed, claire, nine, count_queries):
    replan_for_severity(assessed(staffed, 2), by=claire, at=nine)
    promised(staffed, claire, nine)
    few = count_queries(lambda: next_dues([staffed], at=nine))
    panel = count_queries(lambda: promises(staffed, viewer=claire, rights=frozenset(), at=nine))
    for number in range(20):
        promised(staffed, claire, nine, within=61 + number)

    assert count_queries(lambda: next_dues([staffed], at=nine)) == few
    assert (
        count_queries(lambda: promises(staffed, viewer=claire, rights=frozenset(), at=nine))
        == panel
    )
