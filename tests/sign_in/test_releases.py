"""Releasing, agreeing and answering for it bind the house: an old session proves who is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Release, Statement
from teams.models import User
from tests.incidents.signoff.conftest import write
from tests.incidents.signoff.test_releases import WHY, agree
from tests.sign_in.hands import CONFIRM, confirm, grow_old, seen, sign_in, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["release", "record-agreement"])
def test_an_old_session_releases_nothing_and_keeps_the_reason(
    waiting: Statement, claire: User, karim: User, name: str
) -> None:
    client = sign_in(claire)
    grow_old(client)
    more: dict[str, Any] = {
        "reason": WHY,
        "who": f"legal_counsel {karim.uuid}",
        "read_aloud": "on",
    }
    page = url("statement-releasing" if name == "release" else "statement-agreement", waiting)
    answer = client.post(url(f"statement-{name}", waiting), {**seen(waiting), **more})
    assert answer.url.startswith(f"{CONFIRM}?next=")
    assert not Release.objects.exists()
    assert confirm(client, page).url == page
    assert not Release.objects.exists(), "Proving who one is releases nothing."
    html = client.get(page).content.decode()
    assert WHY in html
    assert "yet. Your words are kept" in html
    answer = client.post(url(f"statement-{name}", waiting), {**seen(waiting), **more})
    assert answer.url == url("statement", waiting)
    assert Release.objects.count() == 1


@pytest.mark.parametrize("name", ["release", "record-agreement"])
def test_what_was_kept_is_not_taken_for_the_text_that_came_meanwhile(
    waiting: Statement, claire: User, karim: User, ines: User, name: str
) -> None:
    client = sign_in(claire)
    grow_old(client)
    more = {"reason": WHY, "who": f"legal_counsel {karim.uuid}", "read_aloud": "on"}
    page = url("statement-releasing" if name == "release" else "statement-agreement", waiting)
    client.post(url(f"statement-{name}", waiting), {**seen(waiting), **more})
    write(waiting, "Other words, which nobody has seen.", ines, now())
    confirm(client, page)
    html = client.get(page).content.decode()
    assert WHY in html
    assert "that was about v1, and the text is v2 by now" in html
    boxes = [one.partition(">")[0] for one in html.split("<input")[1:]]
    assert not [one for one in boxes if 'name="read_aloud"' in one and "checked" in one]


def test_an_old_session_confirms_nothing_and_keeps_the_words(
    waiting: Statement, claire: User, karim: User
) -> None:
    made = agree(waiting, "legal_counsel", karim, claire, now())
    client = sign_in(karim)
    grow_old(client)
    here = [waiting.incident.reference, made.pk]
    page = reverse("incidents:release", args=here)
    said = {"words": "Not this <text>"}
    assert client.post(reverse("incidents:release-deny", args=here), said).url.startswith(CONFIRM)
    made.refresh_from_db()
    assert made.outcome == ""
    confirm(client, page)
    assert "Not this &lt;text&gt;" in client.get(page).content.decode()
    assert client.post(reverse("incidents:release-deny", args=here), said).url == page
    made.refresh_from_db()
    assert made.outcome == Release.Outcome.DENIED
