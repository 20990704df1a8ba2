"""The timeline in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Entry, Incident
from teams.models import User


@pytest.fixture
def thomas_at(client: Client, staffed: Incident, thomas: User) -> Client:
    client.force_login(thomas)
    return client


def at(name: str, incident: Incident, *more: Any) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *more])


def test_an_entry_is_added_from_the_composer(thomas_at: Client, staffed: Incident) -> None:
    answer = thomas_at.post(
        at("log-entry", staffed),
        {"text": "A reporter called", "kind": "message_in", "occurred": "yesterday around noon"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    assert "beat" in answer["HX-Trigger"]
    entry = Entry.objects.select_related("content").get(kind="entry.message_in")
    assert (entry.precision, entry.approximate) == ("minute", True)
    page = thomas_at.get(at("timeline", staffed)).content.decode()
    assert "A reporter called" in page
    assert "about 12:00" in page


def test_without_script_the_page_follows(thomas_at: Client, staffed: Incident) -> None:
    answer = thomas_at.post(at("log-entry", staffed), {"text": "Seen", "kind": "fact"})
    assert (answer.status_code, answer["Location"]) == (302, at("timeline", staffed))


@pytest.mark.parametrize("htmx", [True, False])
def test_a_time_that_cannot_be_read_keeps_what_was_typed(
    thomas_at: Client, staffed: Incident, htmx: bool
) -> None:
    before = Entry.objects.count()
    answer = thomas_at.post(
        at("log-entry", staffed),
        {"text": "A reporter called", "kind": "fact", "occurred": "some day"},
        headers={"HX-Request": "true"} if htmx else {},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A reporter called" in page
    assert 'value="some day"' in page
    assert "could not be read" in page
    assert ("<html" in page) is not htmx
    assert Entry.objects.count() == before


def test_every_page_of_the_slice_opens(thomas_at: Client, staffed: Incident) -> None:
    for url in (
        at("timeline", staffed),
        at("timeline-panel", staffed),
        at("timeline-earlier", staffed),
        at("entry", staffed, 1),
        at("evidence", staffed),
        at("evidence-panel", staffed),
    ):
        assert thomas_at.get(url).status_code == 200, url
    assert thomas_at.get(at("entry", staffed, 999)).status_code == 404
