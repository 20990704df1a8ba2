from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from incidents.lifecycle.actions import open_incident
from incidents.models import Assignment, Incident
from incidents.roles import actions, queries
from teams.models import Role

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def url(name: str, incident: Incident, *more: int) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *more])


def read(response: Any) -> str:
    return unescape(response.content.decode())


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


@pytest.fixture
def desk(client, claire):
    client.force_login(claire)
    return client


@pytest.fixture
def offered(incident, karim, sophie, claire, nine) -> Assignment:
    """Karim is asked to be counsel, with Sophie behind him."""
    return actions.assign_role(
        incident,
        role=role("legal_counsel"),
        user=karim,
        deputy=sophie,
        note="Start with the supplier's letter.",
        by=claire,
        at=nine,
    )


def test_unfilled_required_roles_come_first_and_lead_to_the_form(desk, incident):
    incident.severity = 3
    incident.save(update_fields=["severity"])
    page = read(desk.get(url("roles-panel", incident)))
    assert "3 unfilled" in page
    assert page.index("Quality and safety lead") < page.index("Claire Morvan (you)")
    assert page.count("is-missing") == 3
    assert f"{url('roles', incident)}?role=communications_lead#assign" in page
    form = read(desk.get(url("roles", incident) + "?role=communications_lead"))
    assert 'value="communications_lead" selected' in form


def test_a_person_is_found_by_name_or_by_address(desk, incident, karim, sophie, nine):
    for typed, slug in (("karim haddad", "legal_counsel"), ("sophie@desk.test", "scribe")):
        answer = desk.post(url("role-assign", incident), {"role": slug, "user": typed})
        assert answer.status_code == 302
    held = queries.holders(incident)
    assert (held["legal_counsel"].user, held["scribe"].user) == (karim, sophie)


def test_with_htmx_a_role_is_assigned_without_leaving_the_page(desk, incident, karim):
    sent = {"role": "legal_counsel", "user": "Karim Haddad"}
    answer = desk.post(url("role-assign", incident), sent, headers=HTMX)
    assert (answer.status_code, "beat" in answer["HX-Trigger"]) == (204, True)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"user": "Karim Haddad"}, "Choose the role."),
        ({"role": "scribe"}, "Say who takes the role."),
        ({"role": "scribe", "user": "Zoe Elsewhere"}, "Nobody here is called Zoe Elsewhere."),
        (
            {"role": "scribe", "user": "Karim Haddad", "deputy": "Karim Haddad"},
            "The deputy is somebody other than the holder.",
        ),
    ],
)
def test_what_does_not_fit_comes_back(desk, incident, karim, zoe, sent, says):
    for headers, whole in ((HTMX, False), ({}, True)):
        answer = desk.post(url("role-assign", incident), sent, headers=headers)
        assert answer.status_code == 422
        assert says in read(answer)
        assert ("<html" in read(answer)) is whole
        assert sent.get("user", "") in read(answer)
    assert set(queries.holders(incident)) == {"crisis_lead"}


def test_a_taken_role_is_refused_and_what_was_typed_is_kept(desk, incident, offered):
    answer = desk.post(
        url("role-assign", incident), {"role": "legal_counsel", "user": "Sophie Lemaire"}
    )
    assert answer.status_code == 409
    assert "Karim Haddad holds this role now." in read(answer)
    assert "Sophie Lemaire" in read(answer)


def test_who_is_asked_reads_the_duties_and_accepts(client, incident, offered, karim):
    client.force_login(karim)
    page = read(client.get(url("roles-panel", incident)))
    assert "Start with the supplier's letter." in page
    assert "puis vise ou refuse" in page
    assert client.post(url("role-accept", incident, offered.pk)).status_code == 302
    offered.refresh_from_db()
    assert offered.state == Assignment.State.ACCEPTED
    assert incident.entries.filter(kind="role.accepted").count() == 1
    assert "supplier's letter" not in read(client.get(url("roles-panel", incident)))


def test_who_declines_says_why_and_goes_to_their_desk(client, incident, offered, karim):
    client.force_login(karim)
    assert client.post(url("role-decline", incident, offered.pk), {}).status_code == 422
    answer = client.post(url("role-decline", incident, offered.pk), {"reason": "On leave."})
    assert (answer.status_code, answer["Location"]) == (302, reverse("incidents:desk"))
    offered.refresh_from_db()
    assert offered.state == Assignment.State.DECLINED


def test_nobody_answers_for_somebody_else(desk, incident, offered):
    for name in ("role-accept", "role-decline"):
        answer = desk.post(url(name, incident, offered.pk), {"reason": "For him."})
        assert answer.status_code == 409
    offered.refresh_from_db()
    assert offered.state == Assignment.State.OFFERED


def test_deputy_hand_over_and_relief_from_the_page_of_the_role(desk, incident, offered, bruno):
    assert "Sophie Lemaire" in read(desk.get(url("role", incident, offered.pk)))
    desk.post(url("role-deputy", incident, offered.pk), {"deputy": "Bruno Mallet"})
    assert queries.holders(incident)["legal_counsel"].deputy == bruno
    desk.post(url("role-hand-over", incident, offered.pk), {"user": "Sophie Lemaire"})
    held = queries.holders(incident)["legal_counsel"]
    assert held.user.name == "Sophie Lemaire"
    desk.post(url("role-relieve", incident, held.pk), {"reason": "No legal question left."})
    assert "legal_counsel" not in queries.holders(incident)


def test_a_guest_is_let_in_and_shown_out(desk, client, incident, zoe):
    answer = desk.post(url("role-invite", incident), {"user": "Zoe Elsewhere", "stay": "day"})
    assert answer.status_code == 302
    invitation = incident.invitations.get()
    assert "Zoe Elsewhere" in read(desk.get(url("roles", incident)))
    desk.post(url("role-invitation-end", incident, invitation.pk))
    client.force_login(zoe)
    assert client.get(url("roles", incident)).status_code == 404


WRITES = ("role-assign", "role-invite")
OF_ONE = ("role-deputy", "role-hand-over", "role-relieve")


@pytest.mark.parametrize("name", WRITES + OF_ONE)
def test_only_who_may_assign_assigns(client, incident, offered, claire, bruno, zoe, name):
    where = url(name, incident, *([offered.pk] if name in OF_ONE else []))
    unfit = {"deputy": "Nobody Known"}
    for person, status in ((claire, 422), (bruno, 403), (zoe, 404)):
        client.force_login(person)
        assert client.post(where, unfit).status_code == status


def test_a_role_of_another_incident_is_not_found(desk, incident, team, claire, nine):
    other = open_incident(
        team,
        title="A second one",
        kind="service",
        what_happened="Late parcels.",
        occurred=None,
        where="",
        link="",
        confidentiality="team",
        by=claire,
        at=nine,
    )
    lead = queries.holders(incident)["crisis_lead"]
    assert desk.get(url("role", incident, lead.pk)).status_code == 200
    assert desk.get(url("role", other, lead.pk)).status_code == 404
    sent = {"reason": "Wrong room."}
    assert desk.post(url("role-relieve", other, lead.pk), sent).status_code == 404


def test_the_panel_costs_the_same_for_one_and_for_many_roles(
    desk, incident, karim, sophie, claire, nine, count_queries
):
    where = url("roles-panel", incident)
    desk.get(where)
    few = count_queries(lambda: desk.get(where))
    for slug in ("legal_counsel", "scribe", "spokesperson", "quality_lead", "dpo"):
        actions.assign_role(
            incident, role=role(slug), user=karim, deputy=sophie, by=claire, at=nine
        )
    assert count_queries(lambda: desk.get(where)) <= few


def test_the_list_to_choose_from_tells_two_people_of_one_name_apart(desk, incident, karim, bruno):
    bruno.name = "Karim Haddad"
    bruno.save()
    page = read(desk.get(url("roles", incident)))
    assert '<option value="karim@desk.test">' in page
    answer = desk.post(url("role-assign", incident), {"role": "scribe", "user": "Karim Haddad"})
    assert "Several people are called Karim Haddad." in read(answer)
