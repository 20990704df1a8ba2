from datetime import timedelta

import pytest

from incidents import access
from incidents.models import Assignment, Due, Incident, IncidentUserPermission
from incidents.roles import actions, queries, rules
from teams.models import Role

pytestmark = pytest.mark.django_db


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


def said(incident: Incident) -> list[str]:
    """Return the kinds of the role entries, the oldest first."""
    found = incident.entries.filter(kind__startswith="role.").order_by("number")
    return list(found.values_list("kind", flat=True))


def test_whoever_opens_leads_until_somebody_else_does(incident, claire, nine):
    lead = queries.holders(incident)["crisis_lead"]
    assert (lead.user, lead.state) == (claire, Assignment.State.ACCEPTED)
    assert said(incident) == ["role.assigned"]
    assert actions.grant_opener(incident, by=claire, at=nine) is None
    assert access.rights(claire, incident, at=nine) == rules.PERMISSIONS["crisis_lead"]


@pytest.mark.parametrize("slug", rules.PERMISSIONS)
def test_every_role_gives_exactly_what_its_row_says(slug, incident, zoe, claire, nine):
    held = queries.holders(incident).get(slug)
    assignment = actions.assign_role(
        incident, role=role(slug), user=zoe, replaces=held, by=claire, at=nine
    )
    assert access.rights(zoe, incident, at=nine) == rules.PERMISSIONS[slug]
    if slug == "crisis_lead":
        actions.decline_role(assignment, reason="On leave.", by=zoe, at=nine)
    else:
        actions.relieve_role(assignment, reason="Not needed.", by=claire, at=nine)
    assert access.rights(zoe, incident, at=nine) == frozenset()
    assert not IncidentUserPermission.objects.filter(user=zoe).exists()


def test_every_right_of_the_table_exists_and_every_right_is_given_by_some_role():
    known = {"view_incident"} | {codename for codename, _ in Incident._meta.permissions}
    given = {codename for codenames in rules.PERMISSIONS.values() for codename in codenames}
    assert given == known


def test_every_role_of_the_catalogue_has_its_row(db):
    assert set(Role.objects.values_list("slug", flat=True)) == set(rules.PERMISSIONS)


def test_the_deputy_has_the_rights_of_the_holder_and_loses_them_with_the_role(
    incident, karim, sophie, claire, nine
):
    assignment = actions.assign_role(
        incident, role=role("legal_counsel"), user=karim, deputy=sophie, by=claire, at=nine
    )
    assert access.rights(sophie, incident, at=nine) == rules.PERMISSIONS["legal_counsel"]
    assert said(incident)[-2:] == ["role.assigned", "role.deputy_named"]
    actions.relieve_role(assignment, reason="Wrong matter.", by=claire, at=nine)
    assert not queries.granted(incident, sophie)
    assert not queries.granted(incident, karim)
    assert said(incident)[-1] == "role.relieved"


def test_what_two_roles_give_together_stays_when_one_goes(incident, thomas, claire, nine):
    first = actions.assign_role(
        incident, role=role("communications_lead"), user=thomas, by=claire, at=nine
    )
    actions.assign_role(incident, role=role("spokesperson"), user=thomas, by=claire, at=nine)
    actions.relieve_role(first, reason="Too much for one.", by=claire, at=nine)
    assert access.rights(thomas, incident, at=nine) == rules.PERMISSIONS["spokesperson"]


def test_a_role_is_accepted_once_and_only_by_who_was_asked(incident, karim, claire, nine):
    assignment = actions.assign_role(
        incident, role=role("legal_counsel"), user=karim, by=claire, at=nine
    )
    assert Due.objects.get(assignment=assignment).settled_at is None
    with pytest.raises(actions.NotTheirs):
        actions.accept_role(assignment, by=claire, at=nine)
    accepted = actions.accept_role(assignment, by=karim, at=nine)
    assert (accepted.state, accepted.answered_at) == (Assignment.State.ACCEPTED, nine)
    assert Due.objects.get(assignment=assignment).settled_at == nine
    actions.accept_role(assignment, by=karim, at=nine)
    assert said(incident).count("role.accepted") == 1
    with pytest.raises(actions.OutOfTurn):
        actions.decline_role(assignment, reason="Too late.", by=karim, at=nine)


def test_a_declined_role_is_open_again_and_the_reason_is_on_record(incident, karim, claire, nine):
    assignment = actions.assign_role(
        incident, role=role("legal_counsel"), user=karim, by=claire, at=nine
    )
    declined = actions.decline_role(assignment, reason="I know the supplier.", by=karim, at=nine)
    assert (declined.state, declined.ended_at) == (Assignment.State.DECLINED, nine)
    assert "legal_counsel" not in queries.holders(incident)
    entry = incident.entries.get(kind="role.declined")
    assert entry.content.body["facts"]["reason"] == "I know the supplier."
    assert Due.objects.get(assignment=assignment).settled_at == nine


def test_whoever_takes_a_role_themselves_has_accepted_it(incident, claire, nine):
    assignment = actions.assign_role(incident, role=role("scribe"), user=claire, by=claire, at=nine)
    assert assignment.state == Assignment.State.ACCEPTED
    assert not Due.objects.filter(assignment=assignment).exists()


def test_a_held_role_is_handed_over_only_by_who_saw_its_holder(
    incident, karim, sophie, claire, nine
):
    first = actions.assign_role(
        incident, role=role("legal_counsel"), user=karim, by=claire, at=nine
    )
    with pytest.raises(actions.RoleTaken, match="Karim Haddad"):
        actions.assign_role(incident, role=role("legal_counsel"), user=sophie, by=claire, at=nine)
    second = actions.assign_role(
        incident, role=role("legal_counsel"), user=sophie, replaces=first, by=claire, at=nine
    )
    first.refresh_from_db()
    assert first.state == Assignment.State.ENDED
    assert queries.holders(incident)["legal_counsel"] == second
    assert said(incident)[-1] == "role.handed_over"
    assert not queries.granted(incident, karim)
    with pytest.raises(actions.RoleTaken):
        actions.assign_role(
            incident, role=role("legal_counsel"), user=karim, replaces=first, by=claire, at=nine
        )


def test_a_room_is_never_left_without_somebody_who_assigns_roles(incident, thomas, claire, nine):
    lead = queries.holders(incident)["crisis_lead"]
    with pytest.raises(actions.LeadNeeded):
        actions.relieve_role(lead, reason="Sleep.", by=claire, at=nine)
    assert access.may(claire, incident, "assign_role", at=nine)
    actions.assign_role(incident, role=role("communications_lead"), user=thomas, by=claire, at=nine)
    actions.relieve_role(lead, reason="Sleep.", by=claire, at=nine)
    assert not queries.granted(incident, claire)


def test_a_declined_lead_returns_to_who_offered_it_when_nobody_else_is_there(
    incident, thomas, claire, nine
):
    lead = queries.holders(incident)["crisis_lead"]
    offered = actions.assign_role(
        incident, role=role("crisis_lead"), user=thomas, replaces=lead, by=claire, at=nine
    )
    assert not queries.granted(incident, claire)
    actions.decline_role(offered, reason="On a plane.", by=thomas, at=nine)
    assert queries.holders(incident)["crisis_lead"].user == claire
    assert access.rights(claire, incident, at=nine) == rules.PERMISSIONS["crisis_lead"]
    assert said(incident)[-2:] == ["role.declined", "role.returned"]


def test_nobody_is_their_own_deputy_and_who_left_the_company_holds_nothing(
    incident, karim, sophie, claire, nine
):
    with pytest.raises(actions.CannotHold):
        actions.assign_role(
            incident, role=role("legal_counsel"), user=karim, deputy=karim, by=claire, at=nine
        )
    sophie.is_active = False
    sophie.save()
    with pytest.raises(actions.CannotHold, match="Sophie Lemaire"):
        actions.assign_role(incident, role=role("legal_counsel"), user=sophie, by=claire, at=nine)
    assert "legal_counsel" not in queries.holders(incident)


def test_a_deputy_is_changed_and_released_with_their_rights(
    incident, karim, sophie, bruno, claire, nine
):
    assignment = actions.assign_role(
        incident, role=role("legal_counsel"), user=karim, deputy=sophie, by=claire, at=nine
    )
    actions.name_deputy(assignment, deputy=bruno, by=claire, at=nine)
    assert (queries.granted(incident, sophie), said(incident)[-1]) == ({}, "role.deputy_named")
    assert access.may(bruno, incident, "see_privileged", at=nine)
    actions.name_deputy(assignment, deputy=None, by=claire, at=nine)
    assert (queries.granted(incident, bruno), said(incident)[-1]) == ({}, "role.deputy_released")
    before = len(said(incident))
    actions.name_deputy(assignment, deputy=None, by=claire, at=nine)
    assert len(said(incident)) == before


def test_a_guest_looks_and_writes_until_the_end_of_the_invitation(incident, zoe, claire, nine):
    end = nine + timedelta(days=1)
    actions.invite_person(incident, user=zoe, ends_at=end, by=claire, at=nine)
    assert access.rights(zoe, incident, at=nine) == rules.GUEST
    assert access.rights(zoe, incident, at=end) == frozenset()
    assert said(incident)[-1] == "role.invited"
    with pytest.raises(actions.CannotHold):
        actions.invite_person(incident, user=zoe, by=claire, at=nine)
    again = actions.invite_person(incident, user=zoe, by=claire, at=end)
    assert access.rights(zoe, incident, at=end) == rules.GUEST
    actions.end_invitation(again, by=claire, at=end)
    assert access.rights(zoe, incident, at=end) == frozenset()
    assert said(incident)[-1] == "role.invitation_ended"


def test_a_role_outlasts_an_invitation_and_an_invitation_a_role(incident, zoe, claire, nine):
    end = nine + timedelta(hours=2)
    actions.invite_person(incident, user=zoe, ends_at=end, by=claire, at=nine)
    held = actions.assign_role(incident, role=role("scribe"), user=zoe, by=claire, at=nine)
    assert access.rights(zoe, incident, at=end) == rules.PERMISSIONS["scribe"]
    actions.relieve_role(held, reason="Done.", by=claire, at=nine)
    assert access.rights(zoe, incident, at=nine) == rules.GUEST
    assert access.rights(zoe, incident, at=end) == frozenset()


def test_in_a_restricted_room_only_people_with_a_role_are_let_in(
    incident, bruno, claire, helene, nine
):
    Incident.objects.filter(pk=incident.pk).update(confidentiality="restricted")
    incident.refresh_from_db()
    assert access.rights(bruno, incident, at=nine) == frozenset()
    actions.assign_role(
        incident, role=role("quality_lead"), user=helene, deputy=bruno, by=claire, at=nine
    )
    assert access.rights(bruno, incident, at=nine) == rules.PERMISSIONS["quality_lead"]
    assert incident in access.visible_to(bruno, at=nine)
