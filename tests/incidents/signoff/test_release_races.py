"""Releases against edits, sign-offs and each other, in real threads: one winner each time."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from incidents.models import Decision, Due, Publication, Release, Round, Statement
from incidents.signoff import actions as signoff
from incidents.statements import actions
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, kinds
from tests.incidents.signoff.test_races import refusals, save, together
from tests.incidents.signoff.test_releases import agree, release

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs real row locks"),
]


@pytest.mark.parametrize("_run", range(3))
def test_a_release_against_an_edit_releases_the_text_that_was_seen_or_nothing(
    in_signoff: Statement, claire: User, ines: User, nine: datetime, _run: int
) -> None:
    together(
        lambda: release(in_signoff, claire, nine, version=1),
        lambda: save(in_signoff, WORDS + " Do not eat it.", ines, nine, 0),
    )
    newest = Round.objects.order_by("-pk")[0]
    assert (newest.version.number, newest.outcome) == (2, Round.Outcome.OPEN)
    for made in Release.objects.all():
        assert made.version.number == 1
        assert made.round.outcome == Round.Outcome.VOID
    assert not Due.objects.filter(kind=Due.Kind.RELEASE, settled_at=None).exists()


def test_two_releases_at_once_are_one(
    in_signoff: Statement, claire: User, helene: User, nine: datetime
) -> None:
    answers = together(
        lambda: release(in_signoff, claire, nine), lambda: release(in_signoff, helene, nine)
    )
    assert Release.objects.count() == 1
    assert len(refusals(answers)) == 1
    assert kinds(in_signoff.incident).count("release.made") == 1


@pytest.mark.parametrize("_run", range(3))
def test_an_oral_agreement_against_the_written_one_takes_the_seat_once(
    in_signoff: Statement, claire: User, karim: User, nine: datetime, _run: int
) -> None:
    answers = together(
        lambda: agree(in_signoff, "legal_counsel", karim, claire, nine),
        lambda: approve(in_signoff, karim, nine),
    )
    assert Release.objects.count() + Decision.objects.count() == 1
    assert len(refusals(answers)) == 1


def test_a_publication_against_a_denial_never_stands_on_a_void_round(
    in_signoff: Statement,
    claire: User,
    karim: User,
    thomas: User,
    helene: User,
    ines: User,
    nine: datetime,
) -> None:
    for person in (thomas, helene):
        approve(in_signoff, person, nine)
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    together(
        lambda: signoff.deny_agreement(made, words="No", by=karim, at=nine + MINUTE),
        lambda: actions.record_publication(
            in_signoff, channel="x", published_at=nine, by=ines, at=nine + MINUTE
        ),
    )
    made.refresh_from_db()
    assert made.outcome == Release.Outcome.DENIED
    round_ = Round.objects.get(pk=made.round_id)
    out = Publication.objects.count()
    assert round_.outcome == (Round.Outcome.RELEASED if out else Round.Outcome.VOID)
