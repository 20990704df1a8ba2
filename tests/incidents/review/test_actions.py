"""What people add: nothing typed is lost, every act leaves its entry."""

from __future__ import annotations

from datetime import date

import pytest

from incidents.lifecycle.actions import change_status
from incidents.models import Action, Incident, Lesson, Review
from incidents.review import actions
from incidents.review.queries.rows import Audience

DUE = date(2030, 4, 10)


def newest(incident: Incident):
    return incident.entries.select_related("content").order_by("-number")[0]


def summarised(incident, by, at, text="We answered within the hour.", revision=0):
    return actions.summarise(incident, summary=text, revision=revision, by=by, at=at)


@pytest.mark.django_db
def test_a_summary_is_saved_and_said(incident, claire, nine):
    review = summarised(incident, claire, nine)
    assert (review.summary, review.revision) == ("We answered within the hour.", 1)
    entry = newest(incident)
    assert entry.kind == "review.summarised"
    assert entry.content.body["text"] == "We answered within the hour."


@pytest.mark.django_db
def test_the_same_words_again_are_no_act(incident, claire, nine):
    summarised(incident, claire, nine)
    before = newest(incident).number
    assert summarised(incident, claire, nine, revision=1).revision == 1
    assert newest(incident).number == before


@pytest.mark.django_db
def test_two_people_on_the_same_summary_lose_nothing(incident, claire, thomas, nine):
    summarised(incident, claire, nine)
    with pytest.raises(actions.WrittenMeanwhile) as conflict:
        summarised(incident, thomas, nine, text="Mine", revision=0)
    assert conflict.value.theirs == "We answered within the hour."
    assert conflict.value.revision == 1
    assert summarised(incident, thomas, nine, text="Both", revision=1).revision == 2


@pytest.mark.django_db
def test_a_lesson_is_added_changed_and_taken_out_and_the_timeline_keeps_its_words(
    incident, claire, nine
):
    lesson = actions.add_lesson(incident, kind="keep", text="One voice", by=claire, at=nine)
    assert newest(incident).kind == "review.lesson_added"
    changed = actions.change_lesson(
        lesson, kind="change", text="Two voices", revision=0, by=claire, at=nine
    )
    assert (changed.kind, changed.text, changed.revision) == ("change", "Two voices", 1)
    assert newest(incident).content.body["facts"]["before"] == "One voice"
    actions.remove_lesson(lesson, revision=1, by=claire, at=nine)
    assert not incident.lessons.filter(removed_at=None).exists()
    assert newest(incident).content.body["text"] == "Two voices"


@pytest.mark.django_db
def test_a_lesson_changed_meanwhile_is_not_overwritten_nor_taken_out(
    incident, claire, thomas, nine
):
    lesson = actions.add_lesson(incident, kind="keep", text="One voice", by=claire, at=nine)
    actions.change_lesson(lesson, kind="keep", text="Theirs", revision=0, by=thomas, at=nine)
    with pytest.raises(actions.WrittenMeanwhile):
        actions.change_lesson(lesson, kind="keep", text="Mine", revision=0, by=claire, at=nine)
    with pytest.raises(actions.ReadAgain):
        actions.remove_lesson(lesson, revision=0, by=claire, at=nine)
    assert Lesson.objects.get().text == "Theirs"


@pytest.mark.django_db
def test_a_lesson_taken_out_is_not_changed_any_more(incident, claire, nine):
    lesson = actions.add_lesson(incident, kind="keep", text="One voice", by=claire, at=nine)
    actions.remove_lesson(lesson, revision=0, by=claire, at=nine)
    with pytest.raises(actions.Gone):
        actions.change_lesson(lesson, kind="keep", text="Mine", revision=0, by=claire, at=nine)


@pytest.mark.django_db
def test_an_action_has_an_owner_who_hears_of_it_and_ends_done(incident, claire, karim, nine):
    action = actions.add_action(
        incident, text="New blades", owner=karim, due_on=DUE, by=claire, at=nine
    )
    facts = newest(incident).content.body["facts"]
    assert facts["person"]["name"] == "Karim Haddad"
    assert facts["due"]["en"] == "10 April 2030"
    assert facts["due"]["fr"] == "10 avril 2030"
    done = actions.change_action(
        action,
        text="New blades",
        owner=karim,
        due_on=DUE,
        state=Action.State.DONE,
        revision=0,
        by=karim,
        at=nine,
    )
    assert (done.state, done.settled_at) == ("done", nine)
    assert newest(incident).kind == "review.action_changed"


@pytest.mark.django_db
def test_an_action_changed_meanwhile_shows_what_stands(incident, claire, karim, nine):
    action = actions.add_action(
        incident, text="New blades", owner=karim, due_on=DUE, by=claire, at=nine
    )
    same = {"owner": karim, "due_on": DUE, "state": "open", "by": claire, "at": nine}
    actions.change_action(action, text="Theirs", revision=0, **same)
    with pytest.raises(actions.WrittenMeanwhile) as conflict:
        actions.change_action(action, text="Mine", revision=0, **same)
    assert "Theirs" in conflict.value.theirs


@pytest.mark.django_db
def test_an_accepted_post_mortem_keeps_its_words_but_its_actions_go_on(
    incident, claire, karim, nine
):
    summarised(incident, claire, nine)
    actions.accept_report(incident, revision=1, by=claire, at=nine)
    assert newest(incident).kind == "review.accepted"
    with pytest.raises(actions.Accepted):
        summarised(incident, claire, nine, text="Otherwise", revision=1)
    with pytest.raises(actions.Accepted):
        actions.add_lesson(incident, kind="keep", text="One voice", by=claire, at=nine)
    actions.add_action(incident, text="New blades", owner=karim, due_on=DUE, by=claire, at=nine)


@pytest.mark.django_db
def test_an_acceptance_is_taken_back_with_a_reason(incident, claire, nine):
    summarised(incident, claire, nine)
    actions.accept_report(incident, revision=1, by=claire, at=nine)
    with pytest.raises(actions.ReasonMissing):
        actions.reopen_report(incident, reason=" ", by=claire, at=nine)
    actions.reopen_report(incident, reason="A figure was wrong", by=claire, at=nine)
    assert Review.objects.get().accepted_at is None
    assert newest(incident).content.body["facts"]["reason"] == "A figure was wrong"
    summarised(incident, claire, nine, text="Otherwise", revision=1)


@pytest.mark.django_db
def test_nobody_accepts_what_they_did_not_read(incident, claire, thomas, nine):
    with pytest.raises(actions.NothingToAccept):
        actions.accept_report(incident, revision=0, by=claire, at=nine)
    summarised(incident, claire, nine)
    summarised(incident, thomas, nine, text="Newer", revision=1)
    with pytest.raises(actions.ReadAgain):
        actions.accept_report(incident, revision=1, by=claire, at=nine)
    assert Review.objects.get().accepted_at is None


@pytest.mark.django_db
def test_an_accepted_post_mortem_lets_the_incident_close(incident, claire, nine):
    for to in ("active", "resolved"):
        change_status(incident, to=to, reason="Next", by=claire, at=nine)
    summarised(incident, claire, nine)
    actions.accept_report(incident, revision=1, by=claire, at=nine)
    change_status(incident, to="closed", reason="Learnt", by=claire, at=nine)
    assert incident.status == "closed"


@pytest.mark.django_db
@pytest.mark.parametrize("named", [True, False])
def test_an_export_says_who_took_what(incident, claire, nine, named):
    actions.record_export(
        incident,
        form="pdf",
        audience=Audience.INTERNAL,
        with_privileged=False,
        sha256="ab" * 32,
        by=claire if named else None,
        at=nine,
    )
    body = newest(incident).content.body
    assert body["actor"]["name"] == ("Claire Morvan" if named else "operator")
    assert body["facts"]["sha256"] == "ab" * 32
    assert body["facts"]["format"] == "PDF"
