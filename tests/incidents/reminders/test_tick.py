"""The tick: what is due is taken once, reaches whom it calls now, and climbs when nobody answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from incidents.clocks.actions import cancel_promise, make_promise
from incidents.lifecycle.actions import change_confidentiality
from incidents.models import Delivery, Due, Incident, Message, Promise, Step
from incidents.reminders.actions import (
    CannotSnooze,
    NotCalled,
    NothingDue,
    acknowledge_due,
    snooze_due,
    take_due_steps,
)
from incidents.roles.actions import assign_role, name_deputy, relieve_role
from teams.models import Audience, Role, User


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def owed(staffed: Incident, thomas: User, nine: datetime) -> Promise:
    """Thomas owes the press an answer at ten; Inès stands behind him."""
    return promise_of(staffed, thomas, nine)


def promise_of(incident: Incident, owner: User, at: datetime, *, within: float = 60) -> Promise:
    return make_promise(
        incident,
        audience=Audience.objects.get(slug="media"),
        channel="",
        subject="answer to Le Fil Info",
        due_at=at + minutes(within),
        owner=owner,
        source=Promise.Source.HAND,
        by=owner,
        at=at,
    )


def reached(step: str = "") -> list[tuple[str, str]]:
    """Return who was reached by which step, in the product."""
    found = Delivery.objects.filter(reason__startswith="step:", channel="desk").order_by("pk")
    rows = [(one.facts["step"], one.person.name.split()[0]) for one in found]
    return [row for row in rows if not step or row[0] == step]


def stand_behind(incident: Incident, slug: str, deputy: User, *, by: User, at: datetime) -> None:
    name_deputy(incident.assignments.get(role__slug=slug), deputy=deputy, by=by, at=at)


def test_nothing_is_taken_before_its_time(owed, nine):
    assert take_due_steps(at=nine + minutes(49)) == 0
    assert not Message.objects.exists()


def test_a_promise_walks_from_its_owner_to_the_executive(
    owed, staffed, ines, thomas, claire, helene, nine
):
    stand_behind(staffed, "communications_lead", ines, by=claire, at=nine)
    for minute in (50, 60, 65, 70, 80, 81):
        take_due_steps(at=nine + minutes(minute))

    assert reached() == [
        ("before", "Thomas"),
        ("due", "Thomas"),
        ("deputy", "Ines"),
        ("lead", "Claire"),
        ("sponsor", "Helene"),
    ]
    entries = staffed.entries.filter(kind="reminder.escalated").order_by("number")
    named = [one.content.body["facts"]["person"][0]["name"] for one in entries]
    assert named == ["Ines Carvalho", "Claire Morvan", "Helene Verdier"]
    assert Step.objects.filter(due__promise=owed, taken_at=None).count() == 0


def test_a_step_reaches_a_person_once_however_often_the_clock_ticks(owed, nine):
    for second in range(5):
        take_due_steps(at=nine + minutes(50) + timedelta(seconds=second))

    assert reached() == [("before", "Thomas")]
    assert Delivery.objects.filter(channel="email").count() == 1


def test_what_is_due_together_for_a_person_is_one_message(staffed, thomas, nine):
    for number in range(3):
        promise_of(staffed, thomas, nine, within=60 + number / 60)
    take_due_steps(at=nine + minutes(51))

    assert len(reached("before")) == 3
    assert Message.objects.filter(person=thomas, channel="email").count() == 1
    assert Message.objects.filter(person=thomas, channel="desk").count() == 1


def test_whoever_holds_the_role_when_the_step_is_due_is_called(owed, staffed, claire, sophie, nine):
    lead = staffed.assignments.get(role__slug="executive_sponsor")
    assign_role(staffed, role=lead.role, user=sophie, replaces=lead, by=claire, at=nine)
    take_due_steps(at=nine + minutes(80))

    assert reached("sponsor") == [("sponsor", "Sophie")]


def test_without_a_deputy_the_step_climbs_to_the_lead(owed, nine):
    take_due_steps(at=nine + minutes(65))
    assert reached("deputy") == [("deputy", "Claire")]


def test_someone_who_may_not_see_the_room_any_more_is_not_told(owed, staffed, claire, thomas, nine):
    change_confidentiality(staffed, to="restricted", reason="Leaks.", by=claire, at=nine)
    relieve_role(
        staffed.assignments.get(role__slug="communications_lead"),
        reason="Ill.",
        by=claire,
        at=nine,
    )
    take_due_steps(at=nine + minutes(50))

    assert reached() == [("before", "Claire")]
    assert not Message.objects.filter(person=thomas, channel="email", delivered_at=None).filter(
        deliveries__reason__startswith="step:"
    )


def test_a_settled_promise_calls_nobody(owed, claire, nine):
    cancel_promise(owed, reason="Answered by telephone.", by=claire, at=nine + minutes(40))
    take_due_steps(at=nine + minutes(90))
    assert reached() == []


def test_acknowledging_stops_the_steps_and_is_on_the_record(owed, staffed, thomas, nine):
    take_due_steps(at=nine + minutes(60))
    acknowledge_due(owed.due, by=thomas, at=nine + minutes(61))
    take_due_steps(at=nine + minutes(90))

    assert {step for step, _who in reached()} == {"before", "due"}
    due = Due.objects.get(promise=owed)
    assert (due.acknowledged_by, due.settled_at) == (thomas, None)
    entry = staffed.entries.get(kind="reminder.acknowledged")
    assert entry.actor == thomas


def test_only_those_whom_it_calls_may_acknowledge(owed, staffed, bruno, helene, nine):
    with pytest.raises(NotCalled):
        acknowledge_due(owed.due, by=bruno, at=nine)
    assert not staffed.entries.filter(kind="reminder.acknowledged").exists()

    acknowledge_due(owed.due, by=helene, at=nine)
    assert Due.objects.get(promise=owed).acknowledged_by == helene


def test_what_somebody_takes_care_of_is_not_taken_by_another(owed, thomas, claire, nine):
    acknowledge_due(owed.due, by=thomas, at=nine)
    acknowledge_due(owed.due, by=thomas, at=nine + minutes(1))
    with pytest.raises(NothingDue):
        acknowledge_due(owed.due, by=claire, at=nine + minutes(2))
    assert Due.objects.get(promise=owed).acknowledged_at == nine


def test_a_snooze_begins_the_steps_again_at_its_time(owed, staffed, thomas, nine):
    take_due_steps(at=nine + minutes(60))
    snooze_due(
        owed.due,
        until=nine + minutes(75),
        reason="The lab answers at ten past.",
        by=thomas,
        at=nine + minutes(61),
    )
    take_due_steps(at=nine + minutes(74))
    assert reached("due") == [("due", "Thomas")]

    for minute in (75, 80, 85):
        take_due_steps(at=nine + minutes(minute))
    assert reached("due") == [("due", "Thomas"), ("due", "Thomas")]
    assert [who for _step, who in reached("lead")] == ["Claire"]
    facts = staffed.entries.get(kind="reminder.snoozed").content.body["facts"]
    assert facts["reason"] == "The lab answers at ten past."


@pytest.mark.parametrize(
    ("after", "reason"), [(0, "late"), (-5, "late"), (60 * 25, "late"), (10, "  ")]
)
def test_a_snooze_wants_a_reason_and_a_time_within_the_day(owed, thomas, nine, after, reason):
    with pytest.raises(CannotSnooze):
        snooze_due(owed.due, until=nine + minutes(after), reason=reason, by=thomas, at=nine)
    assert owed.due.steps.filter(series=1).count() == 0


def test_what_is_no_longer_owed_cannot_be_snoozed(owed, thomas, nine):
    cancel_promise(owed, reason="Answered.", by=thomas, at=nine)
    with pytest.raises(NothingDue):
        snooze_due(owed.due, until=nine + minutes(5), reason="x", by=thomas, at=nine)


def test_a_role_on_offer_calls_its_person_then_the_lead(staffed, claire, sophie, nine):
    assign_role(
        staffed, role=Role.objects.get(slug="spokesperson"), user=sophie, by=claire, at=nine
    )
    assert Due.objects.filter(kind="role", settled_at=None).count() == 1
    take_due_steps(at=nine + minutes(15))
    take_due_steps(at=nine + minutes(20))
    assert reached() == [("due", "Sophie"), ("lead", "Claire")]


def test_trouble_in_one_incident_leaves_the_others_alone(
    owed, staffed, team, claire, nine, monkeypatch, caplog
):
    other = Incident.objects.get(pk=staffed.pk)
    from incidents.reminders import actions

    broken = actions._take_in

    def fails_once(pk: int, *, at: datetime) -> int:
        raise RuntimeError("disk full")

    monkeypatch.setattr(actions, "_take_in", fails_once)
    assert take_due_steps(at=nine + minutes(50)) == 0
    assert "stay due" in caplog.text

    monkeypatch.setattr(actions, "_take_in", broken)
    assert take_due_steps(at=nine + minutes(50)) == 1
    assert other.dues.count() >= 1


def test_a_tick_costs_no_more_queries_per_step_for_a_longer_list(
    staffed, thomas, nine, count_queries
):
    promise_of(staffed, thomas, nine)
    one = count_queries(lambda: take_due_steps(at=nine + minutes(59)))
    assert one > 0
    idle = count_queries(lambda: take_due_steps(at=nine + minutes(59)))
    for number in range(30):
        promise_of(staffed, thomas, nine, within=120 + number)
    assert count_queries(lambda: take_due_steps(at=nine + minutes(59))) == idle
