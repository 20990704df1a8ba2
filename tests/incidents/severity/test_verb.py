from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from incidents.models import Assessment, Incident, Promise, Rubric
from incidents.severity import actions, queries, rules
from incidents.timeline.wording import say
from teams.models import Team

pytestmark = pytest.mark.django_db

QUIET = {"people_harmed": "none", "reach": "1k-10k", "amplifiers": "regional_media"}
GRAVE = {"people_harmed": "confirmed", "vulnerable_people": True, "at_fault": "preventable"}


def word_owed(incident: Incident) -> Promise:
    """Return the next word to the public that the cadence of the level asks for."""
    return incident.promises.get(source=Promise.Source.CADENCE, state=Promise.State.OPEN)


def test_an_assessment_sets_the_level_and_keeps_its_rubric_and_facts(incident, claire, nine):
    found = actions.assess_severity(
        incident, facts={**QUIET, "reach": None}, reason="One local paper.", by=claire, at=nine
    )
    incident.refresh_from_db()
    assert (incident.severity, found.level, found.number) == (4, 4, 1)
    assert found.facts == {"people_harmed": "none", "amplifiers": "regional_media"}
    assert found.rubric == queries.current_rubric(incident.team)
    entry = incident.entries.get(kind="severity.assessed")
    facts = entry.content.body["facts"]
    assert facts["level"] == {"one_of": "Severity", "value": 4}
    assert (facts["before"], facts["reason"]) == (None, "One local paper.")
    assert facts["rubric"] == 1


def test_the_entry_says_why_in_the_readers_language_and_never_our_part(incident, claire, nine):
    actions.assess_severity(incident, facts=GRAVE, reason="Rennes.", by=claire, at=nine)
    body = incident.entries.get(kind="severity.assessed").content.body
    assert "preventable" not in str(body)
    assert "at_fault" not in body["facts"]["ticked"]
    with translation.override("fr"):
        assert "une personne vulnérable est atteinte" in say(body["kind"], "", body["facts"])
    assert "harm to a vulnerable person is confirmed" in say(body["kind"], "", body["facts"])


def test_history_keeps_every_assessment_and_a_change_is_a_key_moment(incident, claire, nine):
    actions.assess_severity(incident, facts=QUIET, reason="Start.", by=claire, at=nine)
    later = nine + timedelta(minutes=40)
    actions.assess_severity(incident, facts=GRAVE, reason="Child hurt.", by=claire, at=later)
    rows = queries.history(incident)
    assert [(row.number, row.level, row.reason) for row in rows] == [
        (1, 3, "Start."),
        (2, 1, "Child hurt."),
    ]
    entries = incident.entries.filter(kind="severity.assessed").order_by("number")
    assert [entry.is_key_moment for entry in entries] == [False, True]


def test_an_override_needs_a_reason_and_both_levels_are_kept(incident, claire, nine):
    with pytest.raises(actions.OverrideNeedsReason):
        actions.assess_severity(
            incident, facts=QUIET, reason="Start.", override=2, by=claire, at=nine
        )
    assert not Assessment.objects.exists()
    found = actions.assess_severity(
        incident,
        facts=QUIET,
        reason="Start.",
        override=2,
        override_reason="The paper belongs to our largest customer.",
        by=claire,
        at=nine,
    )
    assert (found.computed_level, found.level) == (3, 2)
    entry = incident.entries.get(kind="severity.overridden")
    assert "our largest customer" in say(entry.kind, "", entry.content.body["facts"])


def test_to_choose_what_the_rule_gives_is_no_override(incident, claire, nine):
    found = actions.assess_severity(
        incident, facts=QUIET, reason="", override=3, override_reason="x", by=claire, at=nine
    )
    assert (found.level, found.override_reason) == (3, "")
    assert incident.entries.filter(kind="severity.assessed").count() == 1


def test_nothing_ticked_is_refused(incident, claire, nine):
    for facts in ({}, {"reach": None}, {"at_fault": "unknown"}):
        with pytest.raises(actions.NothingKnown):
            actions.assess_severity(incident, facts=facts, reason="", by=claire, at=nine)
    incident.refresh_from_db()
    assert incident.severity is None


def test_an_assessment_from_an_old_page_is_refused_and_so_is_the_second_click(
    incident, claire, nine
):
    actions.assess_severity(incident, facts=QUIET, reason="a", follows=0, by=claire, at=nine)
    with pytest.raises(actions.AssessedMeanwhile, match="Claire Morvan"):
        actions.assess_severity(incident, facts=GRAVE, reason="b", follows=0, by=claire, at=nine)
    assert Assessment.objects.count() == 1


def test_a_closed_incident_is_not_assessed(incident, claire, nine):
    Incident.objects.filter(pk=incident.pk).update(status="closed")
    with pytest.raises(actions.TooLateToAssess):
        actions.assess_severity(incident, facts=QUIET, reason="", by=claire, at=nine)


def test_a_worse_level_brings_the_next_word_to_the_public_forward(incident, claire, nine):
    actions.assess_severity(incident, facts=QUIET, reason="", by=claire, at=nine)
    relaxed = word_owed(incident)
    later = nine + timedelta(minutes=10)
    actions.assess_severity(incident, facts=GRAVE, reason="", by=claire, at=later)
    strict = word_owed(incident)
    assert strict.due_at < relaxed.due_at
    latest = later + timedelta(minutes=5)
    actions.assess_severity(incident, facts=QUIET, reason="", by=claire, at=latest)
    assert word_owed(incident).due_at == strict.due_at


def test_the_shipped_file_is_version_one_in_the_database(db):
    assert Rubric.objects.get(team=None, version=1).body == rules.shipped_rubric()


def test_the_teams_own_newest_rubric_counts(team, nine):
    other = Team.objects.create(slug="other", name="Other", prefix="OT")
    body = rules.shipped_rubric()
    Rubric.objects.create(team=team, version=1, body=body, created_at=nine)
    own = Rubric.objects.create(team=team, version=2, body=body, created_at=nine)
    Rubric.objects.create(team=other, version=9, body=body, created_at=nine)
    assert queries.current_rubric(team) == own


@pytest.mark.parametrize("change", ["SET level = 4", "SET facts = '{}'"])
def test_no_assessment_can_be_rewritten_or_removed(incident, claire, nine, change):
    actions.assess_severity(incident, facts=GRAVE, reason="", by=claire, at=nine)
    for attack in (f"UPDATE incidents_assessment {change}", "DELETE FROM incidents_assessment"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
    assert Assessment.objects.get(incident=incident).level == 1


def test_history_costs_the_same_for_one_and_for_many(incident, claire, nine, count_queries):
    actions.assess_severity(incident, facts=QUIET, reason="", by=claire, at=nine)
    one = count_queries(lambda: queries.history(incident))
    for minute in range(1, 6):
        at = nine + timedelta(minutes=minute)
        actions.assess_severity(incident, facts=GRAVE, reason="", by=claire, at=at)
    assert count_queries(lambda: queries.history(incident)) == one
