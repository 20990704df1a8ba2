"""The page of the post-mortem: what it shows to whom, and what a refusal keeps."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from incidents.models import Action, Incident, Lesson, Review
from incidents.review import actions
from tests.incidents.review.conftest import SECRET

HTMX = {"HTTP_HX_REQUEST": "true"}


def at(name: str, incident: Incident, *more: object) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *more])


@pytest.fixture
def lead(client, claire):
    client.force_login(claire)
    return client


@pytest.mark.django_db
def test_the_page_shows_figures_moments_sign_offs_and_promises(lead, lived, good):
    page = lead.get(at("report", lived)).content.decode()
    assert "56 min" in page
    assert "Recall from homes, not only from shops" in page
    assert "Karim Haddad" in page
    assert lived.last_entry_hash in page
    assert "1 privileged entry is left out." in page
    assert SECRET not in page


@pytest.mark.django_db
def test_reading_the_report_writes_nothing(lead, lived):
    lead.get(at("report", lived))
    before = lived.last_entry_number
    lived.refresh_from_db()
    assert lived.last_entry_number == before
    assert not Review.objects.exists()


@pytest.mark.django_db
def test_a_stranger_finds_nothing(client, zoe, lived):
    client.force_login(zoe)
    for name, method in (("report", "get"), ("report-export", "post"), ("lesson-add", "post")):
        assert getattr(client, method)(at(name, lived)).status_code == 404


@pytest.mark.django_db
def test_someone_of_the_team_without_a_role_reads_and_does_not_write(client, bruno, lived):
    client.force_login(bruno)
    page = client.get(at("report", lived))
    assert page.status_code == 200
    assert b"Write the summary" not in page.content
    for name in ("report-summarise", "lesson-add", "action-add", "report-accept", "report-export"):
        assert client.post(at(name, lived), {"text": "x"}).status_code == 403


@pytest.mark.django_db
def test_a_summary_saved_meanwhile_shows_both_texts(lead, lived, thomas, nine):
    actions.summarise(lived, summary="Their words", revision=0, by=thomas, at=nine)
    sent = {"summary": "My words", "revision": 0}
    plain = lead.post(at("report-summarise", lived), sent)
    assert plain.status_code == 409
    assert b"Their words" in plain.content
    assert b"My words" in plain.content
    part = lead.post(at("report-summarise", lived), sent, **HTMX)
    assert part.status_code == 409
    assert b"Their words" in part.content
    assert b'name="seen" value="1"' in part.content
    again = lead.post(at("report-summarise", lived), {**sent, "seen": 1})
    assert again.status_code == 302
    assert Review.objects.get().summary == "My words"


@pytest.mark.django_db
def test_a_lesson_without_words_comes_back_with_a_sentence(lead, lived):
    answer = lead.post(at("lesson-add", lived), {"kind": "keep", "text": ""}, **HTMX)
    assert answer.status_code == 422
    assert not Lesson.objects.exists()


@pytest.mark.django_db
def test_a_lesson_is_added_and_every_open_page_hears_of_it(lead, lived):
    answer = lead.post(at("lesson-add", lived), {"kind": "keep", "text": "One voice"}, **HTMX)
    assert answer.status_code == 204
    assert "beat" in answer["HX-Trigger"]
    panel = lead.get(at("report-panel", lived, "lessons"))
    assert b"One voice" in panel.content
    assert b"<form" not in panel.content
    assert lead.get(at("report-panel", lived, "nonsense")).status_code == 404


@pytest.mark.django_db
def test_lessons_and_actions_have_pages_of_their_own(lead, lived, karim):
    lead.post(at("lesson-add", lived), {"kind": "keep", "text": "One voice"})
    lesson = Lesson.objects.get()
    assert b"One voice" in lead.get(at("lesson", lived, lesson.pk)).content
    sent = {"kind": "change", "text": "Two voices", "revision": 0}
    assert lead.post(at("lesson-change", lived, lesson.pk), sent).status_code == 302
    assert lead.post(at("lesson-remove", lived, lesson.pk), {"revision": 0}).status_code == 409
    assert lead.post(at("lesson-remove", lived, lesson.pk), {"revision": 1}).status_code == 302
    sent = {"text": "New blades", "owner": karim.pk, "due_on": "2030-04-10"}
    assert lead.post(at("action-add", lived), sent).status_code == 302
    action = Action.objects.get()
    assert b"New blades" in lead.get(at("action", lived, action.pk)).content
    sent = {**sent, "state": "done", "revision": 0}
    assert lead.post(at("action-change", lived, action.pk), sent).status_code == 302
    action.refresh_from_db()
    assert action.state == "done"


@pytest.mark.django_db
def test_an_action_cannot_be_given_to_a_stranger(lead, lived, zoe):
    sent = {"text": "New blades", "owner": zoe.pk, "due_on": "2030-04-10"}
    assert lead.post(at("action-add", lived), sent).status_code == 422
    assert not Action.objects.exists()


@pytest.mark.django_db
def test_accepting_and_taking_it_back(lead, lived, claire, nine):
    actions.summarise(lived, summary="We answered.", revision=0, by=claire, at=nine)
    assert lead.post(at("report-accept", lived), {"revision": 1}).status_code == 302
    page = lead.get(at("report", lived))
    assert b"Accepted by Claire Morvan" in page.content
    assert b"Write the summary" not in page.content
    assert lead.post(at("report-reopen", lived), {"reason": ""}).status_code == 409
    assert lead.post(at("report-reopen", lived), {"reason": "Wrong"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["pdf", "json"])
def test_an_export_is_a_file_and_an_entry(lead, lived, form):
    sent = {"form": form, "language": "en", "audience": "internal"}
    answer = lead.post(at("report-export", lived), sent)
    assert answer.status_code == 200
    assert f"{lived.reference}-post-mortem.{form}" in answer["Content-Disposition"]
    assert "Plastic" not in answer["Content-Disposition"]
    entry = lived.entries.select_related("content").order_by("-number")[0]
    assert entry.kind == "incident.exported"
    assert entry.content.body["facts"]["format"] == form.upper()


@pytest.mark.django_db
def test_privileged_entries_leave_only_with_counsel(client, lead, lived, karim):
    sent = {"form": "json", "language": "en", "audience": "internal", "privileged": "on"}
    assert lead.post(at("report-export", lived), sent).status_code == 403
    client.force_login(karim)
    answer = client.post(at("report-export", lived), sent)
    assert SECRET in json.loads(answer.content)["moments"][-1]["sentence"]
    entry = lived.entries.select_related("content").order_by("-number")[0]
    assert entry.content.body["facts"]["with_privileged"] is True


@pytest.mark.django_db
def test_a_version_for_the_public_holds_nothing_privileged_whoever_asks(client, lived, karim):
    client.force_login(karim)
    sent = {"form": "json", "language": "fr", "audience": "public", "privileged": "on"}
    body = client.post(at("report-export", lived), sent).content.decode()
    assert SECRET not in body
    assert "Karim" not in body


@pytest.mark.django_db
def test_the_page_costs_the_same_with_many_rows(lead, lived, claire, nine, count_queries):
    url = at("report", lived)
    lead.get(url)
    few = count_queries(lambda: lead.get(url))
    for number in range(15):
        actions.add_lesson(lived, kind="keep", text=f"No. {number}", by=claire, at=nine)
        actions.add_action(
            lived, text=f"No. {number}", owner=claire, due_on=nine.date(), by=claire, at=nine
        )
    assert count_queries(lambda: lead.get(url)) == few
