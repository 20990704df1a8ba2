"""A publication keeps the right promise, and leads to the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.clocks.actions import (
    make_promise,
    miss_overtaken,
    replan_for_severity,
    settle_at_stand_down,
)
from incidents.clocks.queries import FirstResponse, first_response, header_clocks
from incidents.models import Due, Incident, Promise, Publication, Statement
from incidents.severity.actions import assess_severity
from incidents.statements.actions import (
    record_publication,
    record_unsigned,
    save_version,
    submit_statement,
)
from teams.models import Audience, User
from tests.incidents.signoff.conftest import approve, draft

State = Promise.State


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def room(staffed: Incident, claire: User, nine: datetime) -> Incident:
    """A critical incident: word to the public is owed every hour."""
    staffed.severity = 1
    staffed.save(update_fields=["severity"])
    replan_for_severity(staffed, by=claire, at=nine)
    return staffed


def owe(incident: Incident, owner: User, at: datetime, within: float, **facts: Any) -> Promise:
    return make_promise(
        incident,
        audience=Audience.objects.get(slug=facts.get("audience", "public")),
        channel=facts.get("channel", ""),
        subject=facts.get("subject", "what the recall covers"),
        due_at=at + minutes(within),
        owner=owner,
        source=Promise.Source.HAND,
        by=owner,
        at=at,
    )


@pytest.fixture
def say(room: Incident, ines: User, thomas: User, karim: User, helene: User):
    """Write, sign and publish; return the publication."""

    def publish(
        at: datetime,
        *,
        audience: str = "public",
        kind: str = "update",
        channels: tuple[str, ...] = ("website",),
        **facts: Any,
    ) -> Publication:
        signed = facts.get("published_at", at)
        statement = draft(
            room, ines, signed, audience=audience, kind=kind, channels=list(channels), text=f"{at}"
        )
        save_version(statement, reason="", by=ines, at=signed)
        submit_statement(statement, by=ines, at=signed)
        for signer in (thomas, karim, helene):
            statement.refresh_from_db()
            if statement.status != Statement.Status.GOOD:
                approve(statement, signer, signed)
        return record_publication(
            Statement.objects.get(pk=statement.pk),
            channel=channels[0],
            published_at=facts.pop("published_at", at),
            by=thomas,
            at=at,
            **facts,
        )

    return publish


def states(incident: Incident) -> list[str]:
    return list(incident.promises.order_by("pk").values_list("state", flat=True))


def test_speaking_keeps_the_cadence_and_owes_the_next_word(room, say, nine):
    publication = say(nine + minutes(40))

    kept, owed = room.promises.order_by("pk")
    assert (kept.state, kept.kept_by, kept.settled_at) == (
        State.KEPT,
        publication,
        nine + minutes(40),
    )
    assert (owed.state, owed.due_at) == (State.OPEN, nine + minutes(100))
    assert room.entries.filter(kind="promise.kept").count() == 1
    assert Due.objects.get(promise=kept).settled_at is not None


def test_the_earliest_promise_to_the_same_audience_is_kept_and_no_other(room, say, claire, nine):
    press = owe(room, claire, nine, 30, audience="media")
    later = owe(room, claire, nine, 50, audience="retailers")
    sooner = owe(room, claire, nine, 45, audience="retailers")
    say(nine + minutes(20), audience="retailers", channels=("email",))

    for promise in (press, later, sooner):
        promise.refresh_from_db()
    assert [press.state, later.state, sooner.state] == [State.OPEN, State.OPEN, State.KEPT]


def test_words_published_after_the_time_are_late(room, say, nine):
    say(nine + minutes(62))
    kept = room.promises.order_by("pk").first()
    assert kept is not None
    assert kept.is_late
    assert room.entries.filter(kind="promise.kept_late").count() == 1


def test_words_inside_the_house_keep_no_promise_to_the_outside(room, say, claire, nine):
    inside = owe(room, claire, nine, 30, audience="employees")
    say(nine + minutes(20), audience="employees", kind="internal", channels=("intranet",))

    inside.refresh_from_db()
    assert inside.state == State.KEPT
    assert room.promises.get(source="cadence").state == State.OPEN
    assert first_response(room) == FirstResponse(nine + minutes(15), None)


def test_the_same_version_on_another_channel_keeps_nothing_twice(room, say, thomas, nine):
    publication = say(nine + minutes(40), channels=("website", "x"))
    assert publication.statement is not None
    record_publication(
        publication.statement,
        channel="x",
        published_at=nine + minutes(42),
        by=thomas,
        at=nine + minutes(42),
    )
    assert states(room) == [State.KEPT, State.OPEN]
    assert room.entries.filter(kind="promise.kept").count() == 1


def test_a_promise_that_names_a_channel_wants_that_channel(room, say, claire, nine):
    on_x = owe(room, claire, nine, 45, audience="customers", channel="x")
    say(nine + minutes(20), audience="customers", channels=("email",))
    on_x.refresh_from_db()
    assert on_x.state == State.OPEN

    say(nine + minutes(30), audience="customers", channels=("x",))
    on_x.refresh_from_db()
    assert on_x.state == State.KEPT


def test_what_appeared_unsigned_keeps_no_promise(room, thomas, nine):
    record_unsigned(
        room,
        channel="x",
        audience=Audience.objects.get(slug="public"),
        published_at=nine + minutes(20),
        text="We are looking into it.",
        by=thomas,
        at=nine + minutes(21),
    )
    assert states(room) == [State.OPEN]
    assert first_response(room).met_at is None


def test_the_time_that_the_words_announce_is_promised(room, say, thomas, nine):
    publication = say(nine + minutes(40), next_update_at=nine + minutes(80))

    kept, owed = room.promises.order_by("pk")
    assert kept.state == State.KEPT
    assert (owed.source, owed.announced_in, owed.owner) == ("statement", publication, thomas)
    assert owed.due_at == nine + minutes(80)


def test_an_announcement_later_than_the_cadence_leaves_both_owed(room, say, nine):
    say(nine + minutes(40), next_update_at=nine + minutes(300))
    owed = room.promises.filter(state=State.OPEN).order_by("due_at")
    assert [(one.source, one.due_at) for one in owed] == [
        ("cadence", nine + minutes(100)),
        ("statement", nine + minutes(300)),
    ]


def test_words_that_were_out_in_time_keep_a_promise_given_up_meanwhile(room, say, claire, nine):
    first = owe(room, claire, nine, 30, audience="retailers")
    second = owe(room, claire, nine, 60, audience="retailers", subject="the second")
    miss_overtaken(room, at=nine + minutes(61))
    first.refresh_from_db()
    assert first.state == State.MISSED

    # Published at 9:25, recorded at 10:05 only.
    said = {"audience": "retailers", "channels": ("email",)}
    say(nine + minutes(65), **said, published_at=nine + minutes(25))
    for promise in (first, second):
        promise.refresh_from_db()
    assert [first.state, second.state] == [State.KEPT, State.OPEN]
    assert not first.is_late


def test_a_promise_given_up_before_the_words_stays_missed(room, say, claire, nine):
    first = owe(room, claire, nine, 30, audience="retailers")
    second = owe(room, claire, nine, 60, audience="retailers", subject="the second")
    miss_overtaken(room, at=nine + minutes(61))

    say(nine + minutes(65), audience="retailers", channels=("email",))
    for promise in (first, second):
        promise.refresh_from_db()
    assert [first.state, second.state] == [State.MISSED, State.KEPT]
    assert second.is_late


def test_words_said_before_a_promise_do_not_keep_it(room, say, claire, nine):
    promise = owe(room, claire, nine + minutes(30), 60, audience="retailers")
    said = {"audience": "retailers", "channels": ("email",)}
    say(nine + minutes(40), **said, published_at=nine + minutes(20))
    promise.refresh_from_db()
    assert promise.state == State.OPEN

    say(nine + minutes(45), **said)
    promise.refresh_from_db()
    assert promise.state == State.KEPT


def test_the_first_response_runs_from_opening_to_the_first_signed_words(room, say, nine):
    assert first_response(room) == FirstResponse(nine + minutes(15), None)
    say(nine + minutes(12))
    assert first_response(room) == FirstResponse(nine + minutes(15), nine + minutes(12))
    met = [row for row in header_clocks(room, at=nine + minutes(13)) if row.state == "met"]
    assert [row.kind for row in met] == ["first_response"]


def test_a_first_response_that_was_in_time_stays_so_when_the_level_is_raised(
    room, say, claire, nine
):
    harmless = {"people_harmed": "none", "reach": "<1k", "velocity": "<2x", "origin": "isolated"}
    Incident.objects.filter(pk=room.pk).update(severity=None)
    assess_severity(room, facts=harmless, reason="A joke account.", by=claire, at=nine)
    say(nine + minutes(50))
    in_time = first_response(room)
    assert in_time == FirstResponse(nine + minutes(240), nine + minutes(50))

    hurt = {"people_harmed": "confirmed", "vulnerable_people": True}
    assess_severity(room, facts=hurt, reason="A child is hurt.", by=claire, at=nine + minutes(60))

    room.refresh_from_db()
    assert room.severity == 1
    assert first_response(room) == in_time


def test_after_stand_down_speaking_owes_nothing_more(room, say, claire, nine):
    Incident.objects.filter(pk=room.pk).update(status="resolved")
    settle_at_stand_down(room, by=claire, at=nine + minutes(10))
    say(nine + minutes(20), kind="closing")
    assert State.OPEN not in states(room)
