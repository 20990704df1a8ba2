"""The person whom the crisis is about is out of it, whatever they hold: rule 9, from all sides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents import access
from incidents.board.stream import admit
from incidents.models import Assignment, Exclusion, Incident, Message, Round, Statement
from incidents.notifications.actions import empty_outbox
from incidents.notifications.letters import write as write_letter
from incidents.notifications.queries import unread_count
from incidents.roles.actions import (
    CannotHold,
    LeadNeeded,
    accept_role,
    assign_role,
    exclude_person,
    invite_person,
    name_deputy,
    readmit_person,
)
from incidents.roles.actions.excluding import NotExcluded
from incidents.roles.queries import candidates, everyone, holders
from incidents.signoff.queries import signers, waiting_for
from incidents.statements import actions as statements
from teams.models import Audience, Role, User
from tests.conftest import member, person

MINUTE = timedelta(minutes=1)
WHY = "The complaint is about his conduct."

pytestmark = pytest.mark.django_db


def out(incident: Incident, user: User, by: User, at: datetime) -> Exclusion:
    return exclude_person(incident, user, reason=WHY, by=by, at=at)


def waiting(incident: Incident, writer: User, at: datetime) -> Round:
    """A text that waits for communications lead, counsel and executive."""
    statement = statements.draft_statement(
        incident,
        title="Holding",
        kind=Statement.Kind.HOLDING,
        audience=Audience.objects.get(slug="public"),
        language="en",
        channels=["website"],
        text="We are checking.",
        by=writer,
        at=at,
    )
    statements.save_version(statement, reason="First words", by=writer, at=at)
    return statements.submit_statement(statement, by=writer, at=at)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def room(incident: Incident) -> str:
    return reverse("incidents:room", args=[incident.reference])


def test_for_an_excluded_person_the_incident_does_not_exist(
    staffed: Incident, claire: User, karim: User, nine: datetime
) -> None:
    client = signed_in(karim)
    assert client.get(room(staffed)).status_code == 200
    out(staffed, karim, claire, nine)
    assert access.rights(karim, staffed, at=nine) == frozenset()
    assert staffed not in access.visible_to(karim, at=nine)
    assert karim not in access.people_of(staffed, at=nine)
    assert client.get(room(staffed)).status_code == 404
    assert staffed.title not in client.get("/").content.decode()
    assert staffed.reference not in client.get("/incidents/").content.decode()


def test_an_administrator_is_excluded_like_everyone(
    staffed: Incident, team: Any, claire: User, nine: datetime
) -> None:
    samuel = member(team, person("Samuel Okoye"), is_admin=True)
    samuel.is_staff = samuel.is_superuser = True
    samuel.save()
    assert signed_in(samuel).get(room(staffed)).status_code == 200
    out(staffed, samuel, claire, nine)
    assert signed_in(samuel).get(room(staffed)).status_code == 404


def test_the_entry_names_person_and_reason_and_is_told_to_nobody_outside(
    staffed: Incident, claire: User, karim: User, nine: datetime
) -> None:
    empty_outbox(at=nine)
    before = Message.objects.count()
    out(staffed, karim, claire, nine)
    entry = staffed.entries.get(kind="role.excluded")
    assert entry.content.body["facts"]["excluded"]["name"] == karim.name
    assert entry.content.body["facts"]["reason"] == WHY
    empty_outbox(at=nine)
    assert Message.objects.count() == before


def test_the_deputy_takes_over_and_signs_in_their_place(
    staffed: Incident, claire: User, karim: User, sophie: User, ines: User, nine: datetime
) -> None:
    name_deputy(holders(staffed)["legal_counsel"], deputy=sophie, by=claire, at=nine)
    round_ = waiting(staffed, ines, nine)
    assert karim in signers(round_, at=nine)
    out(staffed, karim, claire, nine + MINUTE)
    held = holders(staffed)["legal_counsel"]
    assert (held.user, held.state) == (sophie, Assignment.State.OFFERED)
    assert karim not in signers(round_, at=nine + MINUTE)
    assert sophie in signers(round_, at=nine + MINUTE)
    assert waiting_for(karim, at=nine + MINUTE) == []
    taken = staffed.entries.get(kind="role.took_over").content.body["facts"]
    assert (taken["person"]["name"], taken["before"]["name"]) == (sophie.name, karim.name)


def test_without_a_deputy_the_role_is_unfilled_and_the_seat_stays_empty(
    staffed: Incident, claire: User, karim: User, ines: User, nine: datetime
) -> None:
    round_ = waiting(staffed, ines, nine)
    out(staffed, karim, claire, nine)
    assert "legal_counsel" not in holders(staffed)
    assert round_.stages.filter(seats__role__slug="legal_counsel", completed_at=None).exists()


def test_a_deputy_who_is_excluded_no_longer_stands_behind_anybody(
    staffed: Incident, claire: User, sophie: User, nine: datetime
) -> None:
    name_deputy(holders(staffed)["legal_counsel"], deputy=sophie, by=claire, at=nine)
    out(staffed, sophie, claire, nine)
    assert holders(staffed)["legal_counsel"].deputy is None


def test_the_lead_falls_to_whoever_excludes_the_lead(
    staffed: Incident, claire: User, helene: User, thomas: User, nine: datetime
) -> None:
    exclude_person(staffed, thomas, reason=WHY, by=helene, at=nine)
    out(staffed, claire, helene, nine)
    assert holders(staffed)["crisis_lead"].user == helene
    assert "assign_role" in access.rights(helene, staffed, at=nine)


def test_the_last_who_may_does_not_exclude_themselves(
    incident: Incident, claire: User, thomas: User, nine: datetime
) -> None:
    with pytest.raises(LeadNeeded):
        out(incident, claire, claire, nine)
    assert not Exclusion.objects.exists()
    assert "assign_role" in access.rights(claire, incident, at=nine)
    name_deputy(holders(incident)["crisis_lead"], deputy=thomas, by=claire, at=nine)
    out(incident, claire, claire, nine)
    assert holders(incident)["crisis_lead"].user == thomas


def test_an_excluded_person_is_given_no_role_and_is_not_offered(
    staffed: Incident, team: Any, claire: User, bruno: User, karim: User, nine: datetime
) -> None:
    del team
    role = Role.objects.get(slug="scribe")
    assert bruno in candidates(staffed, at=nine)
    out(staffed, bruno, claire, nine)
    assert bruno not in candidates(staffed, at=nine)
    assert bruno not in everyone(staffed, at=nine)
    with pytest.raises(CannotHold):
        assign_role(staffed, role=role, user=bruno, by=claire, at=nine)
    with pytest.raises(CannotHold):
        assign_role(staffed, role=role, user=claire, deputy=bruno, by=claire, at=nine)
    with pytest.raises(CannotHold):
        invite_person(staffed, user=bruno, by=claire, at=nine)
    with pytest.raises(CannotHold):
        out(staffed, bruno, claire, nine)


def test_messages_and_mails_that_had_gone_out_are_shown_and_sent_no_more(
    staffed: Incident, claire: User, karim: User, ines: User, nine: datetime
) -> None:
    waiting(staffed, ines, nine)
    empty_outbox(at=nine)
    mail = Message.objects.filter(person=karim, channel=Message.Channel.EMAIL).latest("pk")
    assert write_letter(mail, at=nine) is not None
    assert unread_count(karim, at=nine) > 0
    out(staffed, karim, claire, nine)
    assert write_letter(mail, at=nine) is None
    assert unread_count(karim, at=nine) == 0


@pytest.mark.django_db(transaction=True)
def test_an_open_stream_is_not_admitted_again(
    staffed: Incident, claire: User, karim: User, nine: datetime
) -> None:
    client = signed_in(karim)
    session = client.session.session_key or ""
    assert admit(session, staffed.reference) is not None
    out(staffed, karim, claire, nine)
    assert admit(session, staffed.reference) is None


def test_let_back_in_they_see_what_the_team_sees_without_their_roles(
    staffed: Incident, claire: User, karim: User, nine: datetime
) -> None:
    exclusion = out(staffed, karim, claire, nine)
    readmit_person(exclusion, reason="The complaint was withdrawn.", by=claire, at=nine)
    assert access.rights(karim, staffed, at=nine) == {"view_incident", "log_entry"}
    assert staffed.entries.filter(kind="role.readmitted").exists()
    with pytest.raises(NotExcluded):
        readmit_person(exclusion, reason="Again.", by=claire, at=nine)


def test_a_guest_who_is_excluded_and_let_back_in_is_a_guest_no_more(
    staffed: Incident, claire: User, zoe: User, nine: datetime
) -> None:
    invite_person(staffed, user=zoe, by=claire, at=nine)
    exclusion = out(staffed, zoe, claire, nine)
    readmit_person(exclusion, reason="A mistake.", by=claire, at=nine)
    assert access.rights(zoe, staffed, at=nine) == frozenset()


def test_the_page_excludes_and_lets_back_in(
    staffed: Incident, claire: User, karim: User, ines: User
) -> None:
    page = reverse("incidents:roles", args=[staffed.reference])
    client = signed_in(claire)
    act = reverse("incidents:role-exclude", args=[staffed.reference])
    assert client.post(act, {"user": karim.email, "reason": ""}).status_code == 422
    assert client.post(act, {"user": karim.email, "reason": WHY}).status_code == 302
    shown = client.get(page).content.decode()
    assert karim.name in shown
    assert WHY in shown
    assert signed_in(ines).post(act, {"user": claire.email, "reason": WHY}).status_code == 403
    back = reverse("incidents:role-readmit", args=[staffed.reference, staffed.exclusions.get().pk])
    assert client.post(back, {"reason": "Withdrawn."}).status_code == 302
    assert signed_in(karim).get(room(staffed)).status_code == 200


def test_whoever_excludes_themselves_is_sent_to_their_desk(
    staffed: Incident, claire: User, thomas: User, nine: datetime
) -> None:
    offered = assign_role(
        staffed, role=Role.objects.get(slug="scribe"), user=thomas, by=claire, at=nine
    )
    accept_role(offered, by=thomas, at=nine)
    act = reverse("incidents:role-exclude", args=[staffed.reference])
    name_deputy(holders(staffed)["crisis_lead"], deputy=thomas, by=claire, at=nine)
    answer = signed_in(claire).post(act, {"user": claire.email, "reason": WHY})
    assert answer["Location"] == "/"
