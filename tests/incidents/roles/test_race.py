"""Two people who assign one role at the same moment: one holder, one refusal."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from incidents.models import Assignment, IncidentUserPermission
from incidents.roles import actions, queries
from teams.models import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs real row locks")
def test_one_role_assigned_twice_at_once_has_one_holder(incident, claire, karim, sophie, nine):
    role, start = Role.objects.get(slug="legal_counsel"), Barrier(2)

    def assign(user):
        try:
            start.wait(10)
            return actions.assign_role(incident, role=role, user=user, by=claire, at=nine)
        except actions.RoleTaken as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(assign, [karim, sophie]))
    won = [one for one in answers if isinstance(one, Assignment)]
    assert len(won) == 1
    assert queries.holders(incident)["legal_counsel"] == won[0]
    assert (
        IncidentUserPermission.objects.filter(user__in=[karim, sophie])
        .values("user")
        .distinct()
        .count()
        == 1
    )
    assert incident.entries.filter(kind="role.assigned").count() == 2


def test_the_database_itself_refuses_a_second_holder(incident, claire, karim, nine):
    lead = queries.holders(incident)["crisis_lead"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            incident=incident, role=lead.role, user=karim, assigned_at=nine, assigned_by=claire
        )
    assert queries.holders(incident)["crisis_lead"].user == claire
