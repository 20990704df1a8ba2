# ruff: noqa: S608  (the statements are put together from constants of this file)
"""What the database refuses, whoever writes past the verbs: words that never go out themselves,
texts called good without a signature, people who are out of the room, hand-overs rewritten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from incidents.lifecycle.actions import open_incident, open_library
from incidents.models import Decision, Incident, Publication, Statement
from incidents.roles.actions import exclude_person, readmit_person
from incidents.statements import actions
from incidents.statements.actions.sharing import invite_approver
from teams.models import Audience, Team, User
from tests.conftest import NINE, person
from tests.incidents.signoff.conftest import MINUTE, approve, draft
from tests.incidents.signoff.test_guards import decide, publish, refused
from tests.teams.conftest import absent, hand_over

pytestmark = pytest.mark.django_db
NOT_ITSELF = "not itself published"


def signed_line(incident: Incident, by: User, signers: list[User], at: datetime) -> Statement:
    line = draft(incident, by, at, kind="line", title="Is it safe?", channels=["x"])
    actions.save_version(line, reason="", submit=True, by=by, at=at)
    for one in signers:
        approve(line, one, at)
    line.refresh_from_db()
    assert line.status == "good"
    return line


def test_a_signed_line_to_take_is_never_recorded_as_published(
    staffed: Incident, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    line = signed_line(staffed, ines, [thomas, karim, helene], nine)
    with pytest.raises(DatabaseError, match=NOT_ITSELF), transaction.atomic():
        publish(line, ines, nine + MINUTE)
    refused(
        "Nothing is called published",
        "UPDATE incidents_statement SET status = 'published' WHERE id = %s",
        line.pk,
    )
    # What appeared with its words is recorded all the same, as what it is.
    actions.record_unsigned(
        staffed,
        channel="x",
        audience=Audience.objects.get(slug="public"),
        published_at=nine + MINUTE,
        text="We are checking.",
        statement=line,
        by=ines,
        at=nine + MINUTE,
    )


@pytest.mark.parametrize("basis", ["signed", "unsigned"])
def test_nothing_of_a_library_is_ever_recorded_as_published(
    team: Team, claire: User, thomas: User, karim: User, nine: datetime, basis: str
) -> None:
    holders = {"communications_lead": thomas, "legal_counsel": karim}
    text = draft(open_library(team, holders=holders, by=None, at=nine), claire, nine)
    actions.save_version(text, reason="", submit=True, by=claire, at=nine)
    for one in holders.values():
        approve(text, one, nine)
    text.refresh_from_db()
    assert text.status == "good"
    with pytest.raises(DatabaseError, match=NOT_ITSELF), transaction.atomic():
        publish(text, claire, nine + MINUTE, basis=basis)


def test_a_publication_lies_in_the_room_of_its_statement(
    good: Statement, team: Team, claire: User, ines: User, nine: datetime
) -> None:
    version = good.versions.get()
    facts: dict[str, Any] = {
        "statement": good,
        "version": version,
        "round": version.rounds.get(),
        "fingerprint": version.fingerprint,
        "audience": good.audience,
        "basis": "signed",
        "channel": "x",
        "published_at": nine,
        "recorded_by": ines,
        "recorded_at": nine,
    }
    elsewhere = open_incident(
        team,
        title="Another",
        kind=Incident.Kind.PRODUCT,
        what_happened="",
        occurred=None,
        where="",
        link="",
        confidentiality=Incident.Confidentiality.TEAM,
        by=claire,
        at=nine,
    )
    with pytest.raises(DatabaseError, match=NOT_ITSELF), transaction.atomic():
        Publication.objects.create(incident=elsewhere, **facts)
    Publication.objects.create(incident=good.incident, **facts)


def test_no_text_is_called_good_that_was_not_signed(
    in_signoff: Statement, thomas: User, ines: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    sql = "UPDATE incidents_statement SET status = 'good' WHERE id = %s"
    refused("good to publish that was not signed", sql, in_signoff.pk)
    other = draft(in_signoff.incident, ines, nine)
    refused("good to publish that was not signed", sql, other.pk)


def test_an_edited_text_is_not_called_good_by_the_round_of_the_one_before(
    good: Statement, ines: User, nine: datetime
) -> None:
    actions.save_draft(
        good, text="Other words.", channel_texts={}, revision=good.draft.revision, by=ines, at=nine
    )
    actions.save_version(good, reason="", by=ines, at=nine)
    refused(
        "good to publish that was not signed",
        "UPDATE incidents_statement SET status = 'good' WHERE id = %s",
        good.pk,
    )


def test_whoever_the_crisis_is_about_signs_nothing_past_the_gate(
    in_signoff: Statement, claire: User, karim: User, nine: datetime
) -> None:
    out = exclude_person(in_signoff.incident, karim, reason="It is him.", by=claire, at=nine)
    with pytest.raises(DatabaseError, match="the crisis is about"), transaction.atomic():
        decide(in_signoff, karim, nine)
    for column, value in {"user_id": claire.pk, "incident_id": 0}.items():
        refused("keeps its person", f"UPDATE incidents_exclusion SET {column} = %s", value)
    readmit_person(out, reason="It is not.", by=claire, at=nine + MINUTE)
    refused("keeps its person", "UPDATE incidents_exclusion SET ended_at = NULL")
    decide(in_signoff, karim, nine + MINUTE)
    assert Decision.objects.get().signer == karim


def test_a_text_shown_outside_is_shown_no_longer_and_to_nobody_else_by_a_rewrite(
    in_signoff: Statement, claire: User, nine: datetime
) -> None:
    invite_approver(
        in_signoff,
        email="anne@cabinet.test",
        name="Anne Leroy",
        language="en",
        signs=False,
        ends_at=nine + timedelta(days=2),
        by=claire,
        at=nine,
    )
    later = nine + timedelta(days=60)
    for column, value in {"user_id": claire.pk, "signs": True, "ends_at": later}.items():
        refused("keeps text", f"UPDATE incidents_externalapprover SET {column} = %s", value)


@pytest.mark.parametrize("column", ["giver_id", "receiver_id", "ends_at", "starts_at"])
def test_a_hand_over_is_not_rewritten(
    team: Team, karim: User, sophie: User, thomas: User, column: str
) -> None:
    given = hand_over(karim, sophie, team)
    value = thomas.pk if column.endswith("_id") else NINE + timedelta(days=3)
    refused("A hand-over keeps", f"UPDATE teams_delegation SET {column} = %s", value)
    refused("only grows", "DELETE FROM teams_delegation")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE teams_delegation SET revoked_at = %s", [NINE])
    refused("A hand-over keeps", "UPDATE teams_delegation SET revoked_at = NULL")
    given.refresh_from_db()
    assert given.revoked_at == NINE


def test_an_absence_is_not_rewritten(team: Team, karim: User) -> None:
    absent(karim, ends_at=None, note="By telephone")
    other = person("Louis Blanc")
    later = NINE + timedelta(days=3)
    for column, value in {"user_id": other.pk, "starts_at": later, "ends_at": later}.items():
        refused("An absence keeps", f"UPDATE teams_absence SET {column} = %s", value)
    refused("only grows", "DELETE FROM teams_absence")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE teams_absence SET note = '', cancelled_at = %s", [NINE])
    refused("An absence keeps", "UPDATE teams_absence SET cancelled_at = NULL")
