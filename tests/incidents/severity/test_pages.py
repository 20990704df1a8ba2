from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from crisisdesk.kit.questions import read_only
from incidents.models import Assessment, Entry, Incident
from incidents.roles.actions import assign_role
from incidents.severity import actions
from teams.models import Role, Team

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
GRAVE = {"fact_people_harmed": "confirmed", "fact_vulnerable_people": "true"}


def url(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference])


def read(response: Any) -> str:
    return unescape(response.content.decode())


@pytest.fixture
def desk(client, claire):
    client.force_login(claire)
    return client


def test_the_page_asks_every_fact_and_leaves_open_what_is_not_known(desk, incident):
    page = read(desk.get(url("severity", incident)))
    assert page.count("<fieldset") == 11
    assert page.count("Not known yet") == 11
    assert "4 Minor" in page


def test_the_preview_answers_level_why_and_consequences_and_writes_nothing(desk, incident):
    before = Entry.objects.count()
    answer = desk.post(url("severity-preview", incident), GRAVE, headers=HTMX)
    text = read(answer)
    assert answer.status_code == 200
    assert "<html" not in text
    assert "harm to a vulnerable person is confirmed" in text
    assert "15 min" in text
    assert "Executive sponsor" in text
    assert (Entry.objects.count(), Assessment.objects.count()) == (before, 0)


def test_the_preview_works_without_script_and_keeps_what_was_typed(desk, incident):
    page = read(
        desk.post(url("severity-preview", incident), {**GRAVE, "reason": "A child in Rennes."})
    )
    assert "<html" in page
    assert "A child in Rennes." in page
    assert 'name="fact_people_harmed" value="confirmed" checked' in page


def test_a_question_cannot_write(incident):
    with pytest.raises(DatabaseError), transaction.atomic(), read_only():
        Team.objects.update(name="Changed")
    assert not Team.objects.filter(name="Changed").exists()


def test_an_assessment_is_recorded_once_and_leads_back_to_the_page(desk, incident):
    sent = {**GRAVE, "reason": "A child in Rennes.", "follows": "0"}
    answer = desk.post(url("severity-assess", incident), sent)
    assert (answer.status_code, answer["Location"]) == (302, url("severity", incident))
    again = desk.post(url("severity-assess", incident), sent)
    assert again.status_code == 409
    assert "A child in Rennes." in read(again)
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Say in one sentence what this rests on."),
        ({"reason": "x"}, "Nothing is ticked yet."),
        ({**GRAVE, "reason": "x", "override": "3"}, "Say why it should not hold"),
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_ticked(desk, incident, sent, says):
    for headers, whole in ((HTMX, False), ({}, True)):
        answer = desk.post(
            url("severity-assess", incident), {"follows": "0", **sent}, headers=headers
        )
        assert answer.status_code == 422
        assert says in read(answer)
        assert ("<html" in read(answer)) is whole
    assert not Assessment.objects.exists()


def test_the_last_answers_are_marked_and_the_history_is_drawn_from_its_table(
    desk, incident, claire, nine
):
    actions.assess_severity(
        incident, facts={"people_harmed": "possible"}, reason="One call.", by=claire, at=nine
    )
    page = read(desk.get(url("severity", incident)))
    assert 'value="possible" checked data-was' in page
    assert "last time “Possible: reported, or to be feared”" in page
    assert 'data-chart="severity"' in page
    assert 'data-value="3"' in page
    assert "One call." in read(desk.get(url("severity-history", incident)))


def test_who_may_not_assess_reads_the_history_and_is_asked_nothing(
    client, incident, bruno, claire, nine
):
    facts = {"people_harmed": "possible"}
    actions.assess_severity(incident, facts=facts, reason="One call.", by=claire, at=nine)
    client.force_login(bruno)
    page = read(client.get(url("severity", incident)))
    assert "One call." in page
    assert "<fieldset" not in page


def test_facts_and_sentence_are_in_the_readers_language(client, incident, karim, claire, nine):
    assign_role(
        incident, role=Role.objects.get(slug="legal_counsel"), user=karim, by=claire, at=nine
    )
    client.force_login(karim)
    page = read(client.post(url("severity-preview", incident), GRAVE))
    assert "Atteinte aux personnes" in page
    assert "une personne vulnérable est atteinte" in page


@pytest.mark.parametrize("name", ["severity-preview", "severity-assess"])
def test_only_who_may_assess_asks_and_records(client, incident, bruno, zoe, claire, name):
    for person, status in (
        (claire, 422 if name == "severity-assess" else 200),
        (bruno, 403),
        (zoe, 404),
    ):
        client.force_login(person)
        assert client.post(url(name, incident), {"follows": "0"}).status_code == status


def test_the_page_costs_the_same_for_one_and_for_many_assessments(
    desk, incident, claire, nine, count_queries
):
    facts = {"people_harmed": "possible"}
    actions.assess_severity(incident, facts=facts, reason="a", by=claire, at=nine)
    desk.get(url("severity", incident))
    one = count_queries(lambda: desk.get(url("severity", incident)))
    for _again in range(4):
        actions.assess_severity(incident, facts=facts, reason="b", by=claire, at=nine)
    assert count_queries(lambda: desk.get(url("severity", incident))) == one
