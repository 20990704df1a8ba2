"""Built for absence: the right to sign widens, inside the function, and always visibly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.models import Decision, Exclusion, Incident, Round, Statement
from incidents.roles.actions import name_deputy, relieve_role
from incidents.signoff import actions as signoff
from incidents.signoff import queries
from incidents.signoff.people import room
from incidents.signoff.progress import progress, with_everything
from incidents.signoff.rows import RoundRow
from teams.actions.absence import delegate_signoff, record_absence, revoke_delegation
from teams.actions.stand_ins import list_stand_in
from teams.models import Role, Team, User
from tests.conftest import member, person
from tests.incidents.signoff.conftest import MINUTE, approve, kinds

HALF, THREE_QUARTERS = 10 * MINUTE, 15 * MINUTE  # of the twenty minutes of the shipped circuit
DAY = timedelta(days=1)


@pytest.fixture
def ana(team: Team) -> User:
    """Ana is a lawyer too; the team lists her for counsel's role."""
    return member(team, person("Ana Lopes", function="legal"))


@pytest.fixture
def counsel() -> Role:
    return Role.objects.get(slug="legal_counsel")


@pytest.fixture
def deputised(in_signoff: Statement, claire: User, sophie: User, nine: datetime) -> Statement:
    """Sophie stands behind Karim."""
    assignment = in_signoff.incident.assignments.get(role__slug="legal_counsel", ended_at=None)
    name_deputy(assignment, deputy=sophie, by=claire, at=nine)
    return in_signoff


def names(statement: Statement, at: datetime) -> set[str]:
    round_ = queries.living_round(statement.pk)
    assert round_
    return {one.name.split()[0] for one in queries.signers(round_, at=at)}


def row(statement: Statement, viewer: User, at: datetime) -> RoundRow:
    found = with_everything(Round.objects.filter(version__statement=statement)).get()
    return progress(found, here=room(statement.incident, at=at), viewer=viewer, at=at)


def test_the_right_widens_to_the_deputy_at_half_time_and_to_the_list_at_three_quarters(
    deputised: Statement, team: Team, counsel: Role, ana: User, nine: datetime
) -> None:
    list_stand_in(team, role=counsel, user=ana, by=None, at=nine)
    assert names(deputised, nine) == {"Thomas", "Karim", "Helene"}
    assert names(deputised, nine + HALF - MINUTE) == {"Thomas", "Karim", "Helene"}
    assert names(deputised, nine + HALF) == {"Thomas", "Karim", "Helene", "Sophie"}
    assert "Ana" not in names(deputised, nine + THREE_QUARTERS - MINUTE)
    assert "Ana" in names(deputised, nine + THREE_QUARTERS)


def test_the_page_says_who_else_may_sign_and_from_when(
    deputised: Statement, team: Team, counsel: Role, ana: User, karim: User, nine: datetime
) -> None:
    list_stand_in(team, role=counsel, user=ana, by=None, at=nine)
    seat = next(s for s in row(deputised, karim, nine).seats if s.slug == "legal_counsel")
    assert [(o.name, o.since) for o in seat.others] == [
        ("Sophie Lemaire", nine + HALF),
        ("Ana Lopes", nine + THREE_QUARTERS),
    ]
    assert [o.capacity for o in seat.others] == ["as deputy", "from the team’s list"]
    later = row(deputised, karim, nine + THREE_QUARTERS)
    seat = next(s for s in later.seats if s.slug == "legal_counsel")
    assert [o.since for o in seat.others] == [None, None]


def test_whoever_is_away_is_stood_in_for_at_once_and_their_end_is_respected(
    deputised: Statement, karim: User, nine: datetime
) -> None:
    record_absence(karim, starts_at=nine, ends_at=nine + 5 * MINUTE, by=karim, at=nine)
    assert "Sophie" in names(deputised, nine + MINUTE)
    seat = next(s for s in row(deputised, karim, nine + MINUTE).seats if s.slug == "legal_counsel")
    assert seat.away_until
    assert "Karim" in names(deputised, nine + MINUTE)
    assert "Sophie" not in names(deputised, nine + 5 * MINUTE)


def test_a_delegate_signs_at_once_until_the_delegation_ends_and_the_record_says_for_whom(
    in_signoff: Statement, team: Team, karim: User, ana: User, nine: datetime
) -> None:
    delegate_signoff(
        karim,
        to=ana,
        team=team,
        role=None,
        starts_at=nine,
        ends_at=nine + DAY,
        reason="Court all day",
        by=karim,
        at=nine,
    )
    assert "Ana" in names(in_signoff, nine)
    assert "Ana" not in names(in_signoff, nine + DAY)
    decision = approve(in_signoff, ana, nine + MINUTE)
    assert (decision.capacity, decision.deputy_of) == (Decision.Capacity.DELEGATE, karim)
    entry = in_signoff.incident.entries.get(kind="signoff.approved_as_delegate")
    assert entry.content.body["facts"]["deputy_of"]["name"] == "Karim Haddad"


def test_a_revoked_delegation_gives_nothing_any_more(
    in_signoff: Statement, team: Team, karim: User, ana: User, nine: datetime
) -> None:
    given = delegate_signoff(
        karim,
        to=ana,
        team=team,
        role=None,
        starts_at=nine,
        ends_at=nine + DAY,
        reason="Court all day",
        by=karim,
        at=nine,
    )
    revoke_delegation(given, by=karim, at=nine + MINUTE)
    assert "Ana" not in names(in_signoff, nine + MINUTE)
    with pytest.raises(signoff.NoSeat):
        approve(in_signoff, ana, nine + MINUTE)


def test_a_deputy_of_another_function_never_signs(
    in_signoff: Statement, claire: User, bruno: User, nine: datetime
) -> None:
    assignment = in_signoff.incident.assignments.get(role__slug="legal_counsel", ended_at=None)
    name_deputy(assignment, deputy=bruno, by=claire, at=nine)
    assert "Bruno" not in names(in_signoff, nine + 60 * MINUTE)
    with pytest.raises(signoff.NoSeat):
        approve(in_signoff, bruno, nine + 60 * MINUTE)


def test_the_subject_of_the_crisis_signs_nothing_and_the_deputy_is_asked_at_once(
    deputised: Statement, claire: User, karim: User, nine: datetime
) -> None:
    Exclusion.objects.create(
        incident=deputised.incident,
        user=karim,
        reason="It is about him",
        excluded_by=claire,
        excluded_at=nine,
    )
    assert names(deputised, nine) == {"Thomas", "Sophie", "Helene"}
    with pytest.raises(signoff.NoSeat):
        approve(deputised, karim, nine)


def test_an_empty_seat_is_never_an_approval(
    in_signoff: Statement, claire: User, thomas: User, helene: User, nine: datetime
) -> None:
    for one in (thomas, helene):
        approve(in_signoff, one, nine)
    assignment = in_signoff.incident.assignments.get(role__slug="legal_counsel", ended_at=None)
    relieve_role(assignment, reason="Left the room", by=claire, at=nine)
    in_signoff.refresh_from_db()
    assert in_signoff.status == Statement.Status.IN_SIGNOFF
    [round_] = Round.objects.all()
    assert round_.outcome == Round.Outcome.OPEN
    assert names(in_signoff, nine + 60 * MINUTE) == set()


def test_nobody_holds_the_role_and_the_list_is_asked_at_once(
    in_signoff: Statement, team: Team, counsel: Role, claire: User, ana: User, nine: datetime
) -> None:
    list_stand_in(team, role=counsel, user=ana, by=None, at=nine)
    assignment = in_signoff.incident.assignments.get(role__slug="legal_counsel", ended_at=None)
    relieve_role(assignment, reason="Left the room", by=claire, at=nine)
    assert "Ana" in names(in_signoff, nine)
    decision = approve(in_signoff, ana, nine)
    assert (decision.capacity, decision.deputy_of) == (Decision.Capacity.LISTED, None)
    assert "signoff.approved_from_list" in kinds(in_signoff.incident)


def test_in_a_restricted_room_the_list_opens_no_door(
    in_signoff: Statement, team: Team, counsel: Role, ana: User, nine: datetime
) -> None:
    list_stand_in(team, role=counsel, user=ana, by=None, at=nine)
    Incident.objects.filter(pk=in_signoff.incident_id).update(
        confidentiality=Incident.Confidentiality.RESTRICTED
    )
    in_signoff.incident.refresh_from_db()
    assert "Ana" not in names(in_signoff, nine + 60 * MINUTE)


def test_the_inbox_shows_what_the_engine_allows(
    deputised: Statement, karim: User, sophie: User, nine: datetime
) -> None:
    def waits(who: User, at: datetime) -> list[tuple[str, str]]:
        return [(r.capacity, r.deputy_of) for r in queries.waiting_for(who, at=at)]

    assert waits(karim, nine) == [("holder", "")]
    assert waits(sophie, nine) == []
    assert waits(sophie, nine + HALF) == [("deputy", "Karim Haddad")]


def test_a_signer_who_does_not_read_the_language_needs_a_named_reader(
    in_signoff: Statement, karim: User, sophie: User, nine: datetime
) -> None:
    User.objects.filter(pk=karim.pk).update(reads=[], language="fr")
    karim.refresh_from_db()
    with pytest.raises(signoff.NotRead):
        approve(in_signoff, karim, nine)
    version: Any = in_signoff.versions.get()
    version.attestations.create(fingerprint=version.fingerprint, reader=sophie, attested_at=nine)
    decision = approve(in_signoff, karim, nine)
    assert decision.screen["attested_by"] == "Sophie Lemaire"
