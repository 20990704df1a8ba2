"""The page that sends an act once more says which act, where, and for whom."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.urls import reverse

from crisisdesk.sign_in.acts import ACTS, words_of
from incidents import urls as incident_urls
from incidents.models import Statement
from teams import urls as team_urls
from teams.models import User
from tests.sign_in.hands import confirm, grow_old, sign_in
from tests.sign_in.test_who_is_asked import views

pytestmark = pytest.mark.django_db


def test_every_address_that_asks_is_called_by_what_it_does() -> None:
    for space, patterns in (
        ("incidents", incident_urls.urlpatterns),
        ("teams", team_urls.urlpatterns),
    ):
        asking = {n for n, view in views(patterns) if hasattr(view, "asks_who_is_there")}
        assert asking
        assert {f"{space}:{name}" for name in asking} <= set(ACTS)


def test_an_address_of_nobody_has_no_words() -> None:
    assert words_of("https://evil.example/") == (None, "")


def test_the_act_the_room_and_the_person_stand_on_the_page(
    waiting: Statement, claire: User
) -> None:
    User.objects.filter(pk=claire.pk).update(language="en")
    claire.refresh_from_db()
    client = sign_in(claire)
    grow_old(client)
    reference = waiting.incident.reference
    sent = {"email": "bea@cabinet.test", "name": "Bea", "language": "fr", "purpose": "sign"}
    address = reverse("incidents:approver-invite", args=[reference, waiting.number])
    asked = client.post(address, {**sent, "ends_at": "tomorrow 9:00"})
    page = unquote(asked.url.partition("?next=")[2])
    confirm(client, page)
    html = client.get(page).content.decode()
    inside = html.partition('<main id="main"')[2]
    assert "<h1>Show it to this person</h1>" in inside
    assert reference in inside
    quoted = inside.partition("<blockquote")[2]
    assert "bea@cabinet.test" in quoted
    assert "tomorrow 9:00" in quoted
