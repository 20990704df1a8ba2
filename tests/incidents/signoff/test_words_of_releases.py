"""What the record says of whose sign-off was missing: how many of them, and who is from outside."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import translation

from incidents.models import Incident, Policy, Release, Round, Statement
from incidents.review.queries.signed import releases as reported_releases
from incidents.roles.actions import invite_person
from incidents.signoff import releases
from incidents.statements import actions
from incidents.statements.standing import how
from incidents.timeline.wording import say
from teams.models import Team, User
from tests.incidents.signoff.conftest import MINUTE, approve, draft
from tests.incidents.signoff.test_releases import WHY, agree, release
from tests.incidents.signoff.test_what_is_missing import round_row
from tests.incidents.statements.external import show

pytestmark = pytest.mark.django_db


def told(incident: Incident, kind: str) -> str:
    entry = incident.entries.select_related("content").filter(kind=kind).latest("number")
    body = entry.content.body
    with translation.override("en"):
        return say(kind, body["text"], body["facts"])


@pytest.fixture
def one_of_two(staffed: Incident, team: Team, ines: User, nine: datetime) -> Statement:
    """A circuit that one of two is enough for."""
    stage = {
        "roles": ["legal_counsel", "executive_sponsor"],
        "needed": 1,
        "minutes": 20,
        "told": [],
    }
    Policy.objects.create(team=team, name_en="Ours", name_fr="Nôtre", stages=[stage])
    text = draft(staffed, ines, nine)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    text.refresh_from_db()
    return text


def test_where_one_of_two_was_owed_the_record_names_one_of_two(
    one_of_two: Statement, claire: User, ines: User, nine: datetime
) -> None:
    either = "one of Legal counsel and Executive sponsor"
    incident = one_of_two.incident
    assert told(incident, "signoff.stage_opened").endswith(f": {either}")
    release(one_of_two, claire, nine)
    assert told(incident, "release.made") == (
        f"Released Holding statement, version 1, without {either}. Reason: {WHY}"
    )
    out = actions.record_publication(
        one_of_two, channel="x", published_at=nine, by=ines, at=nine + MINUTE
    )
    assert told(incident, "statement.published_released").endswith(f"without {either}")
    assert how(out) == f"released by Claire Morvan without {either}: {WHY}"
    assert [row.missing for row in reported_releases(incident)] == [either]


def test_whoever_is_from_outside_is_called_so_where_they_are_missing(
    in_signoff: Statement, claire: User, nine: datetime
) -> None:
    show(in_signoff, claire, nine)
    release(in_signoff, claire, nine + MINUTE)
    said = told(in_signoff.incident, "signoff.stage_opened")
    assert said.endswith("Communications lead, Legal counsel, Executive sponsor")
    said = told(in_signoff.incident, "release.made")
    assert "Executive sponsor, Anne Leroy (external approver). Reason" in said


def test_the_choice_of_who_agreed_calls_them_so_too(
    in_signoff: Statement, claire: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    leroy = show(in_signoff, claire, nine).user
    invite_person(in_signoff.incident, user=leroy, by=claire, at=nine)
    for one in (thomas, karim, helene):
        approve(in_signoff, one, nine + MINUTE)
    round_ = Round.objects.get()
    [only] = releases.choices(round_, in_signoff.incident, by=claire, at=nine + MINUTE)
    assert (only.person, only.role, only.capacity) == (leroy, "external approver", "")


@pytest.fixture
def agreed(
    in_signoff: Statement, claire: User, thomas: User, karim: User, helene: User, nine: datetime
) -> Release:
    """Anne is from outside, was let into the room too, and agreed on the telephone."""
    leroy = show(in_signoff, claire, nine).user
    invite_person(in_signoff.incident, user=leroy, by=claire, at=nine)
    for one in (thomas, karim, helene):
        approve(in_signoff, one, nine + MINUTE)
    return agree(in_signoff, str(leroy.uuid), leroy, claire, nine + 2 * MINUTE)


def test_an_oral_agreement_of_somebody_from_outside_says_that_they_are(
    agreed: Release, ines: User, nine: datetime
) -> None:
    statement = agreed.version.statement
    said = told(statement.incident, "release.agreed")
    assert said.startswith(
        "Anne Leroy agreed by word of mouth to Holding statement, version 1, as external approver;"
    )
    done = told(statement.incident, "release.completed")
    assert done.endswith("not signed, by Anne Leroy (external approver)")
    out = actions.record_publication(
        statement,
        channel="x",
        published_at=nine + 2 * MINUTE,
        by=ines,
        at=nine + 3 * MINUTE,
    )
    row = round_row(statement, ines, nine + 3 * MINUTE)
    assert row.missing == ("Anne Leroy (by word of mouth, not confirmed yet)",)
    assert "oral agreement of Anne Leroy (external approver, not confirmed)" in how(out)
