"""Mails to those who sign in somebody's place, and to those who need not sign again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Message, Statement
from incidents.notifications.actions import empty_outbox
from incidents.notifications.letters import write as write_letter
from incidents.notifications.queries import inbox
from incidents.notifications.wording import Line
from incidents.reminders.actions import take_due_steps
from incidents.roles.actions import exclude_person, invite_person, name_deputy
from incidents.statements import actions
from incidents.statements.actions import discussing
from incidents.statements.pointing import Pointed
from teams.actions.absence import delegate_signoff, record_absence
from teams.models import Role, User
from tests.incidents.notifications.test_outbox import told
from tests.incidents.signoff.conftest import (
    MINUTE,
    WORDS,
    approve,
    draft,
    good,
    in_signoff,
    statement,
)
from tests.incidents.signoff.test_typo import mend
from tests.incidents.signoff.test_widening import DAY, HALF

__all__ = ["good", "in_signoff", "statement"]

pytestmark = pytest.mark.django_db


def mails_of(user: User, at: datetime) -> list[str]:
    found = Message.objects.filter(person=user, channel=Message.Channel.EMAIL)
    waiting = found.filter(state=Message.State.WAITING).order_by("pk")
    return [str(letter.body) for one in waiting if (letter := write_letter(one, at=at))]


def lines(user: User, at: datetime) -> list[Line]:
    return [line for row in inbox(user, at=at) for line in row.lines]


def all_sent(at: datetime) -> None:
    empty_outbox(at=at)
    Message.objects.update(state=Message.State.DELIVERED)


@pytest.fixture
def deputised(in_signoff: Statement, claire: User, sophie: User, nine: datetime) -> Statement:
    """Sophie stands behind Karim, whose twenty minutes begin at nine."""
    counsel = in_signoff.incident.assignments.get(role__slug="legal_counsel", ended_at=None)
    name_deputy(counsel, deputy=sophie, by=claire, at=nine)
    return in_signoff


def decide(statement: Statement) -> str:
    return reverse(
        "incidents:statement-decide", args=[statement.incident.reference, statement.number]
    )


def test_at_half_time_a_deputy_reads_in_whose_place_they_are_called_and_why(
    deputised: Statement, sophie: User, karim: User, nine: datetime
) -> None:
    all_sent(nine)
    take_due_steps(at=nine + HALF)
    (mail,) = mails_of(sophie, nine + HALF)
    assert "as deputy of Karim Haddad, who has not answered." in mail
    (own,) = mails_of(karim, nine + HALF)
    assert "Haddad" not in own


def test_in_the_product_the_line_says_it_in_the_same_words(
    deputised: Statement, sophie: User, karim: User, nine: datetime
) -> None:
    all_sent(nine)
    take_due_steps(at=nine + HALF)
    said = "You are asked as deputy of Karim Haddad, who has not answered."
    assert said in mails_of(sophie, nine + HALF)[0]
    whys = {line.text: line.why for line in lines(sophie, nine + HALF)}
    [reminder] = [text for text in whys if "Half of the time is gone" in text]
    assert {text: why for text, why in whys.items() if why} == {reminder: said}
    assert {line.why for line in lines(karim, nine + HALF)} == {""}
    approve(deputised, karim, nine + HALF)
    assert not any(line.why for line in lines(sophie, nine + HALF)), "It waits for nobody now."


def test_the_page_of_messages_says_why_a_text_is_theirs(
    client: Client, statement: Statement, claire: User, ines: User, sophie: User, karim: User
) -> None:
    counsel = statement.incident.assignments.get(role__slug="legal_counsel", ended_at=None)
    name_deputy(counsel, deputy=sophie, by=claire, at=now())
    record_absence(karim, starts_at=now(), ends_at=None, note="Surgery", by=karim, at=now())
    actions.save_version(statement, reason="", submit=True, by=ines, at=now())
    empty_outbox(at=now())
    client.force_login(sophie)
    page = client.get(reverse("incidents:notices")).content.decode()
    assert "You are asked as deputy of Karim Haddad, who is away." in page


def test_the_messages_cost_the_same_whatever_waits_for_a_deputy(
    deputised: Statement,
    ines: User,
    sophie: User,
    nine: datetime,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    def read() -> int:
        all_sent(nine)
        take_due_steps(at=nine + HALF)
        return count_queries(lambda: inbox(sophie, at=nine + HALF))

    one = read()
    for number in range(2, 5):
        more = draft(deputised.incident, ines, nine, title=f"Text {number}")
        actions.save_version(more, reason="", submit=True, by=ines, at=nine)
    assert read() == one
    asked = [line for line in lines(sophie, nine + HALF) if line.why]
    assert len(asked) == 4


def test_a_deputy_of_somebody_who_is_away_reads_that(
    deputised: Statement, sophie: User, karim: User, nine: datetime
) -> None:
    all_sent(nine)
    record_absence(karim, starts_at=nine, ends_at=None, note="Surgery", by=karim, at=nine)
    take_due_steps(at=nine + HALF)
    (mail,) = mails_of(sophie, nine + HALF)
    assert "as deputy of Karim Haddad, who is away." in mail
    assert "Surgery" not in mail


def test_whoever_signs_by_delegation_reads_that(
    statement: Statement, ines: User, sophie: User, karim: User, claire: User, nine: datetime
) -> None:
    invite_person(statement.incident, user=sophie, by=claire, at=nine)
    delegate_signoff(
        karim,
        to=sophie,
        team=statement.incident.team,
        role=Role.objects.get(slug="legal_counsel"),
        starts_at=nine,
        ends_at=nine + DAY,
        reason="Court",
        by=karim,
        at=nine,
    )
    all_sent(nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    empty_outbox(at=nine)
    (mail,) = mails_of(sophie, nine)
    assert "You are asked by delegation of Karim Haddad." in mail


def test_after_a_typo_a_signer_reads_one_line_and_a_deputy_none(
    deputised: Statement,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    sophie: User,
    nine: datetime,
) -> None:
    for person in (thomas, karim, helene):
        approve(deputised, person, nine + MINUTE)
    all_sent(nine + MINUTE)
    mend(deputised, WORDS.replace("checking", "cheking"), ines, nine + 2 * MINUTE)
    empty_outbox(at=nine + 2 * MINUTE)
    assert told("signoff.voided") == {"Karim"}
    assert told("signoff.not_asked_again") == {"Thomas", "Helene"}
    assert mails_of(sophie, nine + 2 * MINUTE) == []


def test_a_new_text_tells_everybody_who_had_signed_that_it_is_void(
    good: Statement, ines: User, nine: datetime
) -> None:
    mend(good, "Other words altogether.", ines, nine + 2 * MINUTE)
    empty_outbox(at=nine + 2 * MINUTE)
    assert told("signoff.voided") == {"Thomas", "Karim", "Helene"}


def test_the_line_of_a_comment_leads_to_the_statement(
    in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    all_sent(nine)
    whole: Pointed = {"version": 1}
    discussing.add_comment(in_signoff, text="Who says so?", at_passage=whole, by=karim, at=nine)
    empty_outbox(at=nine)
    (mail,) = mails_of(ines, nine)
    here = [in_signoff.incident.reference, in_signoff.number]
    assert f"{reverse('incidents:statement', args=here)}\n" in mail


def test_whoever_takes_over_from_the_excluded_reads_what_waits_for_them(
    deputised: Statement, sophie: User, karim: User, claire: User, nine: datetime
) -> None:
    all_sent(nine)
    exclude_person(deputised.incident, karim, reason="It is him.", by=claire, at=nine)
    empty_outbox(at=nine)
    (mail,) = mails_of(sophie, nine)
    assert f"“{deputised.title}”, version 1, waits for your sign-off." in mail
    assert mail.count(decide(deputised)) == 1
    assert "It is him." not in mail
