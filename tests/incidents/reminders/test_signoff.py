"""A stage of a sign-off warns at half and three quarters, then calls the lead."""

from __future__ import annotations

from datetime import datetime

from incidents.models import Delivery, Statement
from incidents.reminders.actions import take_due_steps
from incidents.statements.actions import save_version, submit_statement
from tests.incidents.reminders.test_tick import minutes
from tests.incidents.signoff.conftest import approve, draft


def reached(at: datetime) -> set[tuple[str, str]]:
    found = Delivery.objects.filter(reason__startswith="step:", channel="desk", created_at=at)
    return {(one.facts["step"], one.person.name.split()[0]) for one in found}


def in_signoff(incident, author, at) -> Statement:
    statement = draft(incident, author, at)
    save_version(statement, reason="", by=author, at=at)
    submit_statement(statement, by=author, at=at)
    return statement


def test_those_who_may_sign_are_warned_and_whoever_has_signed_is_not(
    staffed, ines, karim, thomas, nine
):
    statement = in_signoff(staffed, ines, nine)
    take_due_steps(at=nine + minutes(10))
    assert reached(nine + minutes(10)) == {
        ("half", "Thomas"),
        ("half", "Karim"),
        ("half", "Helene"),
    }
    approve(statement, karim, nine + minutes(11))
    take_due_steps(at=nine + minutes(15))
    assert reached(nine + minutes(15)) == {
        ("three_quarters", "Thomas"),
        ("three_quarters", "Helene"),
    }


def test_a_sign_off_that_is_overdue_calls_the_lead_on_the_record(staffed, ines, nine):
    in_signoff(staffed, ines, nine)
    take_due_steps(at=nine + minutes(25))
    assert ("lead", "Claire") in reached(nine + minutes(25))
    entry = staffed.entries.get(kind="reminder.escalated")
    assert entry.content.body["facts"]["what"] == "Holding statement"


def test_a_complete_sign_off_calls_nobody(staffed, ines, karim, thomas, helene, nine):
    statement = in_signoff(staffed, ines, nine)
    for signer in (thomas, karim, helene):
        approve(statement, signer, nine + minutes(5))
    assert take_due_steps(at=nine + minutes(60)) == 0
    assert reached(nine + minutes(60)) == set()
