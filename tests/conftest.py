"""The cast. Every test speaks of the same people of the same house."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from crisisdesk.kit.guards import Guard
from incidents.lifecycle.actions import open_incident
from incidents.models import Incident
from incidents.models.guards import GUARDS as INCIDENT_GUARDS
from incidents.roles.actions import accept_role, assign_role
from teams.models import Function, Membership, Role, Team, User
from teams.models.guards import GUARDS as TEAM_GUARDS
from tests.standing import STAGE, standing

# Time is measured in benchmarks, never in tests: a busy machine fails nobody.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("house")

GUARDS: list[Guard] = [*TEAM_GUARDS, *INCIDENT_GUARDS]
NINE = datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def lift_guards() -> None:
    """Take the guards away; for the flush of a test database, and to play the intruder."""
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for statement in guard.drop(connection.vendor):
                cursor.execute(statement)


def set_guards() -> None:
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for statement in guard.create(connection.vendor):
                cursor.execute(statement)


def make_a_drill(incident: Incident) -> None:
    """Turn an incident that has been told into a drill, past the guard that refuses it."""
    frozen = next(g for g in GUARDS if g.name == "incidents_incident_frozen")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in frozen.drop(connection.vendor):
            cursor.execute(statement)
        Incident.objects.filter(pk=incident.pk).update(is_drill=True)
        for statement in frozen.create(connection.vendor):
            cursor.execute(statement)


_flush: Callable[[TransactionTestCase], None] = vars(TransactionTestCase)["_fixture_teardown"]
FILLED_IN: dict[str, str] = {}


def _flush_past_the_guards(self: TransactionTestCase) -> None:
    """
    Empty the tables of a transactional test, then put back what migrations had filled in.

    The guards refuse a flush as they refuse everyone else: they are lifted for it alone.
    """
    self.serialized_rollback = True  # so that the flush does not fill in on its own
    lift_guards()
    _flush(self)
    connection.creation.deserialize_db_from_string(FILLED_IN["by migrations"])
    set_guards()


setattr(TransactionTestCase, "_fixture_teardown", _flush_past_the_guards)  # noqa: B010


# None of these is to begin when all others have ended, with one processor idle.
SLOW = (
    "tests/hostile/",
    "tests/incidents/signoff/test_machine.py",
    "tests/incidents/signoff/test_races",
    "tests/incidents/statements/test_who_",
    *(f"tests/test_{name}.py" for name in ("access", "bench", "demo")),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    STAGE.prepare(item)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Migrations make little garbage and much that stays: do not look for any meanwhile."""
    gc.disable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Remember what the migrations filled in, for `_flush_past_the_guards`."""
    with django_db_blocker.unblock():
        FILLED_IN["by migrations"] = connection.creation.serialize_db_to_string()
        # On the connection itself: `connection` is a proxy, whose own attributes the flush never sees.
        setattr(connection, "_test_serialized_contents", FILLED_IN["by migrations"])  # noqa: B010
    gc.collect()
    gc.freeze()
    gc.enable()
    STAGE.plain = {"nine": NINE}
    STAGE.unblock = django_db_blocker.unblock
    yield
    STAGE.lower(0)


@pytest.fixture
def nine() -> datetime:
    """Nine in the morning, UTC, of a first of March."""
    return NINE


def person(name: str, *, function: str = "communications", language: str = "en") -> User:
    """Make one of the cast: `Claire Morvan` signs in as claire@desk.test."""
    return User.objects.create_user(
        f"{name.split()[0].lower()}@desk.test",
        PASSWORD,
        name=name,
        function=Function.objects.get(slug=function),
        language=language,
        reads=["en", "fr"],
    )


@pytest.fixture
@standing(1)
def team(db: Any) -> Team:
    return Team.objects.create(slug="verdier", name="Maison Verdier", prefix="MV")


def member(team: Team, user: User, *, is_admin: bool = False) -> User:
    Membership.objects.create(team=team, user=user, is_admin=is_admin)
    return user


@pytest.fixture
@standing(1)
def claire(team: Team) -> User:
    """Claire leads the crisis."""
    return member(team, person("Claire Morvan"))


@pytest.fixture
@standing(1)
def karim(team: Team) -> User:
    """Karim is counsel; he reads French."""
    return member(team, person("Karim Haddad", function="legal", language="fr"))


@pytest.fixture
@standing(1)
def helene(team: Team) -> User:
    """Hélène decides for the board."""
    return member(team, person("Helene Verdier", function="executive", language="fr"))


@pytest.fixture
@standing(1)
def thomas(team: Team) -> User:
    """Thomas leads communications."""
    return member(team, person("Thomas Nguyen"))


@pytest.fixture
@standing(1)
def ines(team: Team) -> User:
    """Inès runs the social networks; she writes."""
    return member(team, person("Ines Carvalho", function="marketing"))


@pytest.fixture
def sophie(team: Team) -> User:
    """Sophie is Karim's deputy."""
    return member(team, person("Sophie Lemaire", function="legal"))


@pytest.fixture
def bruno(team: Team) -> User:
    """Bruno is in the team and holds no role."""
    return member(team, person("Bruno Mallet", function="customer_service"))


@pytest.fixture
def zoe(db: Any) -> User:
    """Zoé is a stranger: she works elsewhere."""
    return person("Zoe Elsewhere", function="external")


@pytest.fixture
@standing(1)
def incident(team: Team, claire: User) -> Incident:
    """An incident that Claire opened and leads, not yet assessed."""
    return open_incident(
        team,
        title="Plastic fragments reported in Bella pizza",
        kind=Incident.Kind.PRODUCT,
        what_happened="A customer posted a picture of a blue fragment.",
        occurred=None,
        where="Instagram",
        link="",
        confidentiality=Incident.Confidentiality.TEAM,
        by=claire,
        at=NINE,
    )


CAST_ROLES = {
    "legal_counsel": "karim",
    "executive_sponsor": "helene",
    "communications_lead": "thomas",
    "social_media_lead": "ines",
}


@pytest.fixture
@standing(1)
def staffed(
    incident: Incident, claire: User, karim: User, helene: User, thomas: User, ines: User
) -> Incident:
    """The incident with counsel, executive, communications lead and social media lead."""
    people = {"karim": karim, "helene": helene, "thomas": thomas, "ines": ines}
    for slug, name in CAST_ROLES.items():
        assignment = assign_role(
            incident, role=Role.objects.get(slug=slug), user=people[name], by=claire, at=NINE
        )
        accept_role(assignment, by=people[name], at=NINE)
    return incident


@pytest.fixture
def count_queries() -> Callable[[Callable[[], Any]], int]:
    """Return how many queries a call costs: compare 1 row with many."""

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count
