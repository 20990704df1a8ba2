"""Promises as people meet them: pages that work without script, and with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.clocks.actions import make_promise, replan_for_severity
from incidents.models import Incident, Promise
from teams.models import Audience, User


@pytest.fixture
def web(claire: User) -> Client:
    return signed_in(claire)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def promise(staffed: Incident, claire: User) -> Promise:
    at = timezone.now()
    return make_promise(
        staffed,
        audience=Audience.objects.get(slug="media"),
        channel="",
        subject="answer to Le Fil Info",
        due_at=at + timedelta(hours=1),
        owner=claire,
        source=Promise.Source.HAND,
        by=claire,
        at=at,
    )


def page(name: str, incident: Incident, *args: int) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *args])


def test_a_promise_is_made_with_a_time_as_people_say_it(staffed, claire, web):
    answer = web.post(
        page("promise-make", staffed),
        {
            "audience": Audience.objects.get(slug="media").pk,
            "subject": "answer to Le Fil Info",
            "due_at": "in 45 min",
            "owner": claire.pk,
            "channel": "",
        },
    )
    assert answer.status_code == 302
    promise = staffed.promises.get()
    assert promise.owner == claire
    assert staffed.entries.filter(kind="promise.made").count() == 1


def test_a_time_that_is_none_comes_back_with_what_was_typed(staffed, claire, web):
    typed = {
        "audience": Audience.objects.get(slug="media").pk,
        "subject": "answer to Le Fil Info",
        "due_at": "soon",
        "owner": claire.pk,
    }
    answer = web.post(page("promise-make", staffed), typed)
    assert answer.status_code == 422
    assert "answer to Le Fil Info" in answer.text
    assert "is not a time" in answer.text
    fragment = web.post(page("promise-make", staffed), typed, headers={"HX-Request": "true"})
    assert fragment.status_code == 422
    assert "<html" not in fragment.text
    assert staffed.promises.count() == 0


def test_moving_asks_why_and_says_so_beside_the_field(staffed, web, promise):
    late = web.post(page("promise-move", staffed, promise.pk), {"due_at": "in 90 min"})
    assert late.status_code == 422
    done = web.post(
        page("promise-move", staffed, promise.pk),
        {"due_at": "in 90 min", "reason": "The lab is late."},
    )
    assert done.status_code == 302
    promise.refresh_from_db()
    assert promise.state == Promise.State.MOVED


def test_what_has_ended_is_refused_and_the_reason_typed_is_kept(staffed, web, promise):
    url = page("promise-cancel", staffed, promise.pk)
    web.post(url, {"reason": "Answered by telephone."})
    again = web.post(url, {"reason": "Answered twice, it seems."})
    assert again.status_code == 409
    assert "Answered twice, it seems." in again.text
    assert staffed.entries.filter(kind="promise.cancelled").count() == 1


def test_why_nobody_speaks_is_recorded_from_the_page(staffed, claire, web):
    Incident.objects.filter(pk=staffed.pk).update(severity=1, opened_at=timezone.now())
    replan_for_severity(staffed, by=claire, at=timezone.now())
    owed = staffed.promises.get()
    shown = web.get(page("promise", staffed, owed.pk))
    assert "Record why you do not speak now" in shown.text

    web.post(page("promise-silence", staffed, owed.pk), {"reason": "The family first."})
    assert staffed.entries.filter(kind="promise.silence_recorded").count() == 1


def test_the_panels_show_what_is_owed_and_who_owes_it(staffed, web, promise):
    panel = web.get(page("promises-panel", staffed)).text
    assert "answer to Le Fil Info" in panel
    assert "Claire Morvan" in panel
    clocks = web.get(page("clocks-panel", staffed)).text
    assert "answer to Le Fil Info" in clocks


def test_a_team_member_without_a_role_reads_and_changes_nothing(staffed, bruno, promise):
    other = signed_in(bruno)
    shown = other.get(page("promise", staffed, promise.pk))
    assert shown.status_code == 200
    assert "Move the promise" not in shown.text
    url = page("promise-cancel", staffed, promise.pk)
    assert other.post(url, {"reason": "x"}).status_code == 403
    promise.refresh_from_db()
    assert promise.state == Promise.State.OPEN


def test_a_stranger_learns_nothing(staffed, zoe, promise):
    stranger = signed_in(zoe)
    for name in ("promise", "promise-cancel", "promise-move"):
        url = page(name, staffed, promise.pk)
        assert stranger.get(url).status_code in {404, 405}
        assert stranger.post(url, {"reason": "x"}).status_code in {404, 405}
    assert stranger.get(page("promises-panel", staffed)).status_code == 404


def test_a_promise_of_another_incident_is_not_found(staffed, team, claire, web, promise):
    from incidents.lifecycle.actions import open_incident

    other = open_incident(
        team,
        title="Another",
        kind=Incident.Kind.SERVICE,
        what_happened="",
        occurred=None,
        where="",
        link="",
        confidentiality=Incident.Confidentiality.TEAM,
        by=claire,
        at=timezone.now(),
    )
    assert web.get(page("promise", other, promise.pk)).status_code == 404
    assert web.get(page("promise", staffed, promise.pk)).status_code == 200
