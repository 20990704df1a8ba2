"""The desk, the lists, the strip and the pulse, as people open them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now

from incidents.board.queries import incidents as lists
from incidents.board.queries import needs
from incidents.board.queries.frame import strip
from incidents.clocks.actions import cancel_promise, make_promise
from incidents.clocks.rules import CADENCE_WORDS
from incidents.lifecycle.actions import change_status, open_incident
from incidents.models import Due, Incident, Promise
from incidents.models import timeline as timeline_events
from incidents.reminders.actions import acknowledge_due, snooze_due, take_due_steps
from incidents.roles.actions import accept_role, assign_role
from incidents.severity.actions import assess_severity
from incidents.timeline.actions import record
from teams.models import Audience, Role
from tests.conftest import NINE

pytestmark = pytest.mark.django_db


def opened(team, by, title="Forged press release", *, at=NINE, kind="disinformation", **facts):
    return open_incident(
        team,
        title=title,
        kind=kind,
        what_happened="An agency called.",
        occurred=None,
        where="",
        link="",
        confidentiality=facts.pop("confidentiality", "team"),
        by=by,
        at=at,
        **facts,
    )


def promised(incident, owner, due_at, *, at=NINE, audience="customers", subject="The lots"):
    return make_promise(
        incident,
        audience=Audience.objects.get(slug=audience),
        channel="",
        subject=subject,
        due_at=due_at,
        owner=owner,
        source=Promise.Source.HAND,
        by=owner,
        at=at,
    )


def signed_in(client, user):
    client.force_login(user)
    return client


def need_rows(user, incidents):
    held = lists.holders(incidents)
    return [
        *needs.promises(user, incidents),
        *needs.offers(user, incidents),
        *needs.led(user, incidents, held),
    ]


def test_the_desk_asks_the_lead_for_an_assessment_and_nobody_else(incident, claire, bruno):
    assert [n.kind for n in need_rows(claire, [incident])] == ["assess"]
    assert need_rows(bruno, [incident]) == []


def test_once_assessed_the_desk_names_the_roles_that_nobody_holds(incident, claire):
    assess_severity(
        incident,
        facts={"people_harmed": "none"},
        reason="First look.",
        override=4,
        override_reason="Small.",
        by=claire,
        at=NINE,
    )
    incident.refresh_from_db()
    found = [n for n in need_rows(claire, [incident]) if n.kind == "roles"]
    assert [n.what for n in found] == ["Quality and safety lead"]


def test_an_offered_role_waits_on_the_desk_until_it_is_answered(incident, claire, bruno):
    offer = assign_role(
        incident, role=Role.objects.get(slug="scribe"), user=bruno, by=claire, at=NINE
    )
    assert [(n.kind, n.what) for n in need_rows(bruno, [incident])] == [("offer", "Scribe")]
    accept_role(offer, by=bruno, at=NINE)
    assert need_rows(bruno, [incident]) == []


def test_a_promise_waits_on_the_desk_of_its_owner(incident, claire, bruno):
    promised(incident, claire, NINE + timedelta(hours=1))
    mine = [n for n in need_rows(claire, [incident]) if n.kind == "promise"]
    assert [(n.what, n.reference) for n in mine] == [("The lots", incident.reference)]
    assert [n for n in need_rows(bruno, [incident]) if n.kind == "promise"] == []


def escalated_to(person, incident, at):
    return needs.escalated(person, [incident], at=at, signs=[])


def test_what_nobody_answered_for_waits_on_the_desk_of_whom_it_climbed_to(
    staffed, thomas, claire, karim, helene
):
    promised(staffed, thomas, NINE + timedelta(hours=1))
    late = NINE + timedelta(minutes=81)
    assert escalated_to(claire, staffed, late) == []

    take_due_steps(at=late)
    [row] = escalated_to(claire, staffed, late)
    assert (row.about, row.what) == ("promised update", "Customers: The lots")
    assert row.who == "Thomas Nguyen"
    assert len(escalated_to(helene, staffed, late)) == 1
    assert escalated_to(thomas, staffed, late) == []  # his own promise stands there as such
    assert escalated_to(karim, staffed, late) == []

    acknowledge_due(Due.objects.get(pk=row.target), by=claire, at=late)
    assert len(escalated_to(claire, staffed, late)) == 1  # she took it on
    assert escalated_to(helene, staffed, late) == []


def test_what_was_escalated_leaves_the_desk_while_put_off_and_once_settled(staffed, thomas, claire):
    promise = promised(staffed, thomas, NINE + timedelta(hours=1))
    late = NINE + timedelta(minutes=75)
    take_due_steps(at=late)
    [row] = escalated_to(claire, staffed, late)

    snooze_due(
        Due.objects.get(pk=row.target),
        until=late + timedelta(minutes=15),
        reason="The plant confirms at half past.",
        by=thomas,
        at=late,
    )
    assert escalated_to(claire, staffed, late) == []
    assert len(escalated_to(claire, staffed, late + timedelta(minutes=16))) == 1
    cancel_promise(promise, reason="Asked by mistake.", by=thomas, at=late)
    assert escalated_to(claire, staffed, late + timedelta(minutes=16)) == []


def test_the_desk_words_the_cadence_in_the_readers_language(staffed, thomas, claire):
    assess_severity(
        staffed,
        facts={"people_harmed": "confirmed"},
        reason="A burn.",
        by=claire,
        at=NINE,
    )
    owner = staffed.promises.get(state=Promise.State.OPEN).owner
    for language in ("en", "fr"):
        with translation.override(language):
            [row] = needs.promises(owner, [staffed])
        assert row.what == CADENCE_WORDS[language]


def test_overdue_comes_before_soon_before_no_clock_before_running():
    def row(what, minutes):
        due = None if minutes is None else NINE + timedelta(minutes=minutes)
        return needs.NeedRow(kind="promise", reference="", incident="", what=what, due_at=due)

    found = needs.order(
        [row("running", 40), row("none", None), row("soon", 5), row("late", -3)], at=NINE
    )
    assert [r.what for r in found] == ["late", "soon", "none", "running"]


def test_the_worst_incident_comes_first_and_the_unassessed_right_behind_it(team, claire):
    levels = {"Minor": 4, "Critical": 1, "New": None, "Major": 2}
    for title, level in levels.items():
        one = opened(team, claire, title)
        Incident.objects.filter(pk=one.pk).update(severity=level)
    rows = lists.by_urgency(lists.rows(lists.running(claire, at=NINE)))
    assert [r.title for r in rows] == ["Critical", "New", "Major", "Minor"]


def test_of_equals_the_one_whose_clock_runs_out_first_leads(team, claire):
    late, early = opened(team, claire, "Late"), opened(team, claire, "Early")
    Incident.objects.filter(pk__in=[late.pk, early.pk]).update(severity=4)
    promised(late, claire, NINE + timedelta(hours=3))
    promised(early, claire, NINE + timedelta(hours=1))
    rows = lists.by_urgency(lists.rows(lists.running(claire, at=NINE)))
    assert [r.title for r in rows] == ["Early", "Late"]


def test_the_desk_shows_what_one_may_see_and_not_more(client, team, incident, claire, bruno):
    hidden = opened(team, claire, "Named employee", confidentiality="restricted")
    page = signed_in(client, bruno).get(reverse("incidents:desk")).content.decode()
    assert incident.reference in page
    assert hidden.reference not in page
    assert "Named employee" not in page
    page = signed_in(client, claire).get(reverse("incidents:desk")).content.decode()
    assert "Named employee" in page


def test_a_restricted_incident_is_in_no_list_and_no_count_of_a_colleague(
    client, team, incident, claire, bruno
):
    opened(team, claire, "Named employee", confidentiality="restricted")
    page = signed_in(client, bruno).get(reverse("incidents:incidents"), {"status": "all"})
    assert [r.reference for r in page.context["rows"]] == [incident.reference]
    assert page.context["page"].paginator.count == 1
    assert page.context["frame"].open_incidents == 1


def test_the_list_filters_by_status_and_severity(client, team, claire):
    first, second = opened(team, claire, "First"), opened(team, claire, "Second")
    change_status(second, to="closed", reason="A hoax.", by=claire, at=NINE)
    Incident.objects.filter(pk=first.pk).update(severity=2)
    signed_in(client, claire)

    def titles(**chosen):
        page = client.get(reverse("incidents:incidents"), chosen)
        return [row.title for row in page.context["rows"]]

    assert titles() == ["First"]
    assert titles(status="closed") == ["Second"]
    assert titles(status="all") == ["Second", "First"]
    assert titles(status="all", severity="2") == ["First"]
    assert titles(status="all", severity="none") == ["Second"]
    assert titles(status="nonsense", severity="nonsense") == ["Second", "First"]


def test_the_reports_list_what_is_over(client, team, claire):
    opened(team, claire, "Runs")
    over = opened(team, claire, "Over")
    change_status(over, to="closed", reason="A hoax.", by=claire, at=NINE)
    page = signed_in(client, claire).get(reverse("incidents:reports"))
    assert [row.title for row in page.context["rows"]] == ["Over"]


def test_the_strip_says_how_bad_which_status_who_leads_and_what_is_due(incident, claire):
    due = NINE + timedelta(minutes=40)
    promised(incident, claire, due)
    row = strip(incident, rights=frozenset({"change_status"}), at=NINE)
    assert (row.severity, row.status, row.lead) == (None, "triage", "Claire Morvan")
    assert "The lots" in row.due_words
    assert row.due_at == due
    assert (row.may_move, row.may_assess, row.lead_has_accepted) == (True, False, True)


def test_the_header_says_plainly_when_nobody_leads(client, incident, claire):
    incident.assignments.update(state="ended", ended_at=NINE)
    page = signed_in(client, claire).get(reverse("incidents:header", args=[incident.reference]))
    assert "Nobody leads" in page.content.decode()


def test_the_pulse_names_what_changed_since_the_number_seen(client, incident, claire):
    seen = incident.last_entry_number
    url = reverse("incidents:pulse", args=[incident.reference])
    signed_in(client, claire)
    assert client.get(url, {"after": seen}).json()["subjects"] == []
    change_status(incident, to="active", reason="It is real.", by=claire, at=NINE)
    told = client.get(url, {"after": seen}).json()
    assert told["number"] == incident.last_entry_number > seen
    assert told["subjects"] == ["incident"]


def test_the_pulse_withstands_any_number(client, incident, claire):
    url = reverse("incidents:pulse", args=[incident.reference])
    signed_in(client, claire)
    for after in ("", "-1", "x", "٣", "9" * 30, "999999"):
        assert client.get(url, {"after": after}).status_code == 200


def test_a_page_that_slept_for_long_is_told_of_everything(client, incident, claire):
    for _ in range(305):
        record(incident, timeline_events.NOTED, by=claire, at=NINE, text="One more.")
    told = signed_in(client, claire).get(reverse("incidents:pulse", args=[incident.reference]))
    assert {"role", "statement", "severity", "entry"} <= set(told.json()["subjects"])


def many(team, claire, bruno, count):
    for number in range(count):
        one = opened(team, claire, f"Incident {number}", kind="product")
        Incident.objects.filter(pk=one.pk).update(severity=2)
        assign_role(one, role=Role.objects.get(slug="scribe"), user=bruno, by=claire, at=NINE)
        promised(one, claire, now() + timedelta(hours=1), at=now())


@pytest.mark.parametrize("name", ["desk", "incidents"])
def test_lists_cost_the_same_for_one_and_for_many(client, team, claire, bruno, count_queries, name):
    signed_in(client, claire)
    many(team, claire, bruno, 2)
    client.get(reverse(f"incidents:{name}"))
    few = count_queries(lambda: client.get(reverse(f"incidents:{name}")))
    many(team, claire, bruno, 12)
    assert count_queries(lambda: client.get(reverse(f"incidents:{name}"))) == few


def test_fragments_never_pay_for_the_frame(client, incident, claire, count_queries):
    signed_in(client, claire)
    url = reverse("incidents:pulse", args=[incident.reference])
    after = {"after": incident.last_entry_number}
    assert count_queries(lambda: client.get(url, after)) <= 6


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_the_board_renders_in_both_languages(
    client, team, incident, claire, language
):
    claire.language = language
    claire.save()
    change_status(opened(team, claire, "Over"), to="closed", reason="A hoax.", by=claire, at=NINE)
    signed_in(client, claire)
    for name, args in [
        ("desk", []),
        ("desk-needs", []),
        ("incidents", []),
        ("reports", []),
        ("open", []),
        ("room", [incident.reference]),
        ("header", [incident.reference]),
        ("situation-panel", [incident.reference]),
        ("state", [incident.reference]),
    ]:
        page = client.get(reverse(f"incidents:{name}", args=args))
        assert page.status_code == 200, name
        assert "{#" not in page.content.decode(), name
        assert " style=" not in page.content.decode(), name


def test_above_a_decision_the_strip_stays_one_line_when_it_re_reads_itself(
    client, incident, claire
):
    signed_in(client, claire)
    header = reverse("incidents:header", args=[incident.reference])
    slim = client.get(header, {"tab": "decide"}).content.decode()
    assert "is-slim" in slim
    assert "?tab=decide" in slim
    assert "is-slim" not in client.get(header, {"tab": "statements"}).content.decode()
