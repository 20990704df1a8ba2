"""Why a sign-off is void: only where the text changed is it said that it did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone, translation

from incidents.board.queries.inbox import inbox
from incidents.models import Round, Statement
from incidents.review.queries import report
from incidents.signoff import actions as signoff
from incidents.signoff import voided
from incidents.statements import actions, proof, queries
from incidents.statements.actions import sharing
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, write
from tests.incidents.signoff.test_releases import HOUR, agree
from tests.incidents.signoff.test_what_is_missing import see
from tests.incidents.statements.external import show

pytestmark = pytest.mark.django_db

CHANGED = "void: the text changed since"
DENIED = "void: an agreement by word of mouth was denied"
ANEW = "void: asked anew"
WITHDRAWN = "void: the text was withdrawn"
RIGHTS = {"view_incident", "break_glass"}


def told(statement: Statement, signer: User, at: datetime, *, version: int = 1) -> list[str]:
    """What each place says of the rounds of a version, which must be the same."""
    statement.refresh_from_db()
    proven = proof.read(statement, version=version, user=signer, rights=RIGHTS)
    assert proven is not None
    said = [one.words for one in proven.rounds]
    with translation.override("en"), timezone.override("Europe/Paris"):
        shown = report(statement.incident, at=at + HOUR)
    (reported,) = shown.statements
    rounds = next(one for one in reported.versions if one.number == version).rounds
    assert [one.outcome.name for one in rounds] == said
    page = queries.page(statement, user=signer, rights=RIGHTS, at=at, version=version)
    assert page.round is not None
    assert page.round.outcome_words == said[-1]
    decided = inbox(signer, at=at).decided
    became = [row.became for row in decided if row.version == version]
    assert became[-1] == next(one for one in said if one.startswith("void"))
    return said


def test_a_text_that_changed(
    in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine)
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    assert told(in_signoff, karim, nine + HOUR) == [CHANGED]
    actions.withdraw_statement(in_signoff, reason="Wrong.", by=ines, at=nine + 2 * MINUTE)
    assert told(in_signoff, karim, nine + HOUR) == [CHANGED], "It was void before."


def test_a_denied_agreement_changed_no_letter(
    in_signoff: Statement, ines: User, karim: User, thomas: User, claire: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    signoff.deny_agreement(made, words="Another text.", by=karim, at=nine + MINUTE)
    assert told(in_signoff, thomas, nine + HOUR) == [DENIED, "waiting for sign-off"]
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + 2 * MINUTE)
    assert told(in_signoff, thomas, nine + HOUR) == [DENIED, CHANGED]


def test_an_agreement_denied_after_an_edit_did_not_void_it(
    in_signoff: Statement, ines: User, karim: User, thomas: User, claire: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    signoff.deny_agreement(made, words="Another text.", by=karim, at=nine + 2 * MINUTE)
    assert told(in_signoff, thomas, nine + HOUR) == [CHANGED]


def test_a_withdrawn_text_changed_no_letter(
    in_signoff: Statement, ines: User, karim: User, claire: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine)
    made = agree(in_signoff, "communications_lead", in_signoff_lead(in_signoff), claire, nine)
    actions.withdraw_statement(in_signoff, reason="Wrong.", by=ines, at=nine + MINUTE)
    assert told(in_signoff, karim, nine + HOUR) == [WITHDRAWN]
    with translation.override("en"), timezone.override("Europe/Paris"):
        (reported,) = report(in_signoff.incident, at=nine + HOUR).releases
    assert (made.outcome, reported.outcome.slug) == ("", "void")
    assert reported.outcome.name == WITHDRAWN


def in_signoff_lead(statement: Statement) -> User:
    return statement.incident.assignments.get(role__slug="communications_lead").user


def test_what_is_asked_without_somebody_from_outside_is_asked_anew(
    in_signoff: Statement, karim: User, claire: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine)
    outside = show(in_signoff, claire, nine + MINUTE)
    outside = sharing.end_external_approver(outside, by=claire, at=nine + 2 * MINUTE)
    sharing.ask_without_external(outside, reason="Ill.", by=claire, at=nine + 3 * MINUTE)
    assert told(in_signoff, karim, nine + HOUR) == [ANEW, "waiting for sign-off"]


def test_the_panel_of_a_withdrawn_text_does_not_say_that_it_changed(
    client: Client, in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine)
    actions.withdraw_statement(in_signoff, reason="Wrong.", by=ines, at=nine + MINUTE)
    html = see(client, ines, "statement-signoff", in_signoff.incident, in_signoff.number)
    assert "Void: the text was withdrawn. The sign-offs that were given stay on record." in html
    assert "no longer the text" not in html
    assert "the text changed" not in html


def test_the_reason_costs_no_query_however_many_are_void(
    in_signoff: Statement,
    ines: User,
    karim: User,
    nine: datetime,
    count_queries: Callable[..., int],
) -> None:
    def said() -> list[str]:
        return [voided.outcome(one) for one in voided.with_reason(Round.objects.order_by("pk"))]

    assert count_queries(said) == 1
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    write(in_signoff, WORDS + " Keep it.", ines, nine + 2 * MINUTE)
    assert count_queries(said) == 1
    assert said() == [CHANGED, CHANGED, "waiting for sign-off"]
