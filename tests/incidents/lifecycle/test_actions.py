"""Opening, moving, restricting: the row and the entry of the timeline, always both."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from incidents import access
from incidents.lifecycle.actions import (
    MoveRefused,
    NotInTheTeam,
    ReasonMissing,
    change_confidentiality,
    change_status,
    open_incident,
)
from incidents.models import Entry, Incident, Occurred, Precision, Review
from incidents.roles.queries import holders
from teams.models import Membership, Team
from tests.conftest import NINE

Status = Incident.Status
Confidentiality = Incident.Confidentiality


def opened(team, by, *, at=NINE, **facts):
    given = {
        "title": "Forged press release",
        "kind": Incident.Kind.DISINFORMATION,
        "what_happened": "A news agency called about a release that is not ours.",
        "occurred": None,
        "where": "telephone",
        "link": "",
        "confidentiality": Confidentiality.TEAM,
    }
    return open_incident(team, **{**given, **facts}, by=by, at=at)


def kinds(incident):
    return list(incident.entries.order_by("number").values_list("kind", flat=True))


def last(incident) -> Entry:
    entry: Entry = incident.entries.order_by("number").last()
    return entry


def moved(incident, *path, by, at=NINE):
    for to in path:
        change_status(incident, to=to, reason="As agreed.", without_post_mortem=True, by=by, at=at)
    return incident


def test_opening_writes_the_incident_and_its_first_entry(team, claire):
    incident = opened(team, claire)
    assert (incident.status, incident.severity) == (Status.TRIAGE, None)
    assert (incident.opened_by, incident.opened_at) == (claire, NINE)
    first = incident.entries.get(number=1)
    assert (first.kind, first.is_key_moment) == ("incident.opened", True)
    assert first.content.body["facts"]["title"] == "Forged press release"
    assert first.content.body["text"].startswith("A news agency")


def test_who_opens_leads(team, claire):
    incident = opened(team, claire)
    lead = holders(incident)["crisis_lead"]
    assert (lead.user, lead.state) == (claire, "accepted")
    assert "change_status" in access.rights(claire, incident, at=NINE)


def test_references_count_per_prefix_and_year_of_the_teams_zone(team, claire):
    assert opened(team, claire).reference == "MV-2030-0001"
    assert opened(team, claire).reference == "MV-2030-0002"
    new_year_in_paris = datetime(2030, 12, 31, 23, 30, tzinfo=UTC)
    assert opened(team, claire, at=new_year_in_paris).reference == "MV-2031-0001"
    other = Team.objects.create(slug="nord", name="Nord", prefix="ND")
    Membership.objects.create(team=other, user=claire)
    assert opened(other, claire).reference == "ND-2030-0001"


def test_a_form_sent_twice_opens_one_incident(team, claire):
    key = uuid4()
    first, second = opened(team, claire, key=key), opened(team, claire, key=key)
    assert first.pk == second.pk
    assert Incident.objects.count() == 1
    assert kinds(first).count("incident.opened") == 1
    assert opened(team, claire).reference == "MV-2030-0002"


def test_what_is_known_of_the_first_sign_is_kept_as_exactly_as_known_and_no_more(team, claire):
    morning = Occurred(
        earliest=NINE - timedelta(hours=2),
        latest=NINE - timedelta(hours=1),
        precision=Precision.HOUR,
        approximate=True,
    )
    incident = opened(team, claire, occurred=morning)
    assert incident.first_seen_from == morning.earliest
    assert incident.first_seen_until == morning.latest
    assert (incident.first_seen_precision, incident.first_seen_approximate) == ("hour", True)
    told = incident.entries.get(number=1).content.body["facts"]["first_seen"]
    assert (told["precision"], told["approximate"]) == ("hour", True)


def test_nobody_opens_an_incident_of_a_team_they_are_not_in(team, claire, zoe):
    assert opened(team, claire).pk
    with pytest.raises(NotInTheTeam):
        opened(team, zoe)
    assert Incident.objects.count() == 1


def test_an_ended_membership_opens_nothing(team, claire):
    assert opened(team, claire).pk
    Membership.objects.filter(user=claire).update(ends_at=NINE)
    with pytest.raises(NotInTheTeam):
        opened(team, claire)


def test_a_move_changes_the_row_and_writes_the_reason(incident, claire):
    change_status(incident, to=Status.ACTIVE, reason="Confirmed by two shops.", by=claire, at=NINE)
    incident.refresh_from_db()
    assert incident.status == Status.ACTIVE
    facts = last(incident).content.body["facts"]
    assert last(incident).kind == "incident.status_changed"
    assert facts["reason"] == "Confirmed by two shops."
    assert (facts["before"]["value"], facts["after"]["value"]) == ("triage", "active")


def test_a_move_without_a_reason_is_refused_and_writes_nothing(incident, claire):
    before = kinds(incident)
    with pytest.raises(ReasonMissing):
        change_status(incident, to=Status.ACTIVE, reason="  ", by=claire, at=NINE)
    incident.refresh_from_db()
    assert (incident.status, kinds(incident)) == (Status.TRIAGE, before)


def test_a_move_outside_the_table_is_refused(incident, claire):
    moved(incident, Status.ACTIVE, by=claire)
    with pytest.raises(MoveRefused):
        change_status(incident, to=Status.CLOSED, reason="Enough.", by=claire, at=NINE)
    incident.refresh_from_db()
    assert incident.status == Status.ACTIVE


def test_standing_down_and_reopening_keep_the_times_true(incident, claire):
    later = NINE + timedelta(hours=5)
    moved(incident, Status.ACTIVE, by=claire)
    moved(incident, Status.RESOLVED, by=claire, at=later)
    assert incident.resolved_at == later
    moved(incident, Status.ACTIVE, by=claire, at=later)
    incident.refresh_from_db()
    assert (incident.resolved_at, incident.closed_at) == (None, None)


def test_not_a_crisis_is_closed_from_triage_without_a_post_mortem(incident, claire):
    change_status(incident, to=Status.CLOSED, reason="A hoax, not ours.", by=claire, at=NINE)
    incident.refresh_from_db()
    assert (incident.status, incident.closed_at) == (Status.CLOSED, NINE)
    assert last(incident).kind == "incident.status_changed"


def test_closing_after_a_stand_down_needs_the_post_mortem_or_a_waiver(incident, claire):
    moved(incident, Status.ACTIVE, Status.RESOLVED, by=claire)
    with pytest.raises(MoveRefused):
        change_status(incident, to=Status.CLOSED, reason="Done.", by=claire, at=NINE)
    change_status(
        incident,
        to=Status.CLOSED,
        reason="Two posts, nothing to learn.",
        without_post_mortem=True,
        by=claire,
        at=NINE,
    )
    incident.refresh_from_db()
    assert incident.status == Status.CLOSED
    assert last(incident).kind == "incident.closed_without_review"
    assert last(incident).content.body["facts"]["reason"] == "Two posts, nothing to learn."


def test_an_accepted_post_mortem_closes_without_a_waiver(incident, claire):
    moved(incident, Status.ACTIVE, Status.RESOLVED, by=claire)
    Review.objects.create(incident=incident, accepted_by=claire, accepted_at=NINE)
    change_status(incident, to=Status.CLOSED, reason="Learned.", by=claire, at=NINE)
    assert last(incident).kind == "incident.status_changed"


def test_restricting_takes_the_room_from_the_team_and_keeps_who_has_a_role(incident, claire, bruno):
    assert access.may(bruno, incident, "incidents.view_incident", at=NINE)
    change_confidentiality(
        incident, to=Confidentiality.RESTRICTED, reason="A name is in it.", by=claire, at=NINE
    )
    assert not access.may(bruno, incident, "incidents.view_incident", at=NINE)
    assert access.may(claire, incident, "incidents.view_incident", at=NINE)
    assert incident not in access.visible_to(bruno, at=NINE)
    assert last(incident).kind == "incident.confidentiality_changed"
    assert last(incident).content.body["facts"]["reason"] == "A name is in it."


def test_restricting_twice_is_refused(incident, claire):
    facts = {"to": Confidentiality.RESTRICTED, "reason": "A name is in it."}
    change_confidentiality(incident, **facts, by=claire, at=NINE)
    with pytest.raises(MoveRefused):
        change_confidentiality(incident, **facts, by=claire, at=NINE)
    assert kinds(incident).count("incident.confidentiality_changed") == 1
