"""The lived-in example: told once, through the verbs, into an empty installation."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from incidents.access import statements_shown_to, visible_to
from incidents.management.demo import house
from incidents.models import (
    Assignment,
    Attestation,
    Comment,
    Decision,
    Entry,
    Incident,
    Promise,
    Publication,
    Release,
    Statement,
    Suggestion,
)
from incidents.roles.queries import unfilled_roles
from incidents.signoff.queries import living_round, signers, waiting_for
from incidents.timeline.proof import verify
from teams.models import Absence, Delegation, StandIn, User

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.get(email=house.email(name))


def test_the_story_is_told_once_and_the_reader_comes_in_at_the_right_moment(client):
    out = io.StringIO()
    call_command("demo", stdout=out)
    _there_are_four_crises_in_different_states()
    _the_pizza_waits_for_counsel_and_executive()
    _one_promise_is_overdue_others_come_soon()
    _roles_are_open_and_on_offer()
    _someone_is_away_and_others_stand_in()
    _texts_are_discussed_translated_and_illustrated()
    _one_text_was_released_and_one_agreed_by_word_of_mouth()
    _outside_counsel_is_shown_one_text_and_asked_to_sign_it()
    _every_record_verifies_and_time_never_runs_backwards()
    _people_sign_in_with_what_was_printed(client, out.getvalue())
    with pytest.raises(CommandError, match="people of its own") as refusal:
        call_command("demo", stdout=io.StringIO())
    assert refusal.value.returncode == 1
    assert User.objects.count() == len(house.PEOPLE)


def _there_are_four_crises_in_different_states():
    told = Incident.objects.filter(is_imported=False, is_library=False).order_by("reference")
    assert [(one.reference[-4:], one.status, one.severity) for one in told] == [
        ("0005", "monitoring", 4),
        ("0006", "resolved", 3),
        ("0007", "active", 1),
        ("0008", "triage", 2),
    ]
    assert Incident.objects.filter(is_imported=True).count() == 4
    assert told[1].review.summary
    assert told[1].actions.count() == 2
    assert told[2].assessments.count() == 3


def _the_pizza_waits_for_counsel_and_executive():
    stages = set(Statement.objects.values_list("status", flat=True))
    assert {"draft", "in_signoff", "published"} <= stages
    notice = Statement.objects.get(title="Consumer recall notice", master=None)
    assert (notice.status, notice.versions.count()) == ("in_signoff", 3)
    for name in ("Karim Haddad", "Hélène Verdier"):
        waiting = waiting_for(person(name), at=now())
        assert notice.title in {row.title for row in waiting}
    assert notice.title not in {row.title for row in waiting_for(person("Thomas Nguyen"), at=now())}
    assert notice.number == 4


def _one_promise_is_overdue_others_come_soon():
    open_ones = Promise.objects.filter(state="open")
    overdue = open_ones.filter(due_at__lt=now())
    assert [one.owner.name for one in overdue] == ["Karim Haddad"]
    assert open_ones.filter(due_at__range=(now(), now() + timedelta(hours=1))).count() >= 2
    assert Promise.objects.filter(state="kept").count() >= 3
    assert not Promise.objects.filter(state="missed").exists()


def _roles_are_open_and_on_offer():
    pizza = Incident.objects.get(title__startswith="Plastic")
    assert [role.slug for role in unfilled_roles(pizza)] == ["internal_communications"]
    offered = Assignment.objects.filter(state=Assignment.State.OFFERED)
    assert [one.user.name for one in offered] == ["Amel Kaci"]
    camille, paul = person("Camille Dubois"), person("Paul Renaud")
    assert pizza not in visible_to(camille, at=now())
    assert not visible_to(paul, at=now()).exists()


def _someone_is_away_and_others_stand_in():
    assert [one.user for one in Absence.objects.running(now())] == [person("Pauline Girard")]
    lists = StandIn.objects.values_list("role__slug", flat=True)
    assert len(set(lists)) == 5
    to_come = Delegation.objects.get(starts_at__gt=now())
    ines, lucas = person("Inès Carvalho"), person("Lucas Faure")
    assert (to_come.giver, to_come.receiver) == (ines, lucas)
    for_ines = Decision.objects.get(capacity=Decision.Capacity.DELEGATE)
    assert (for_ines.signer, for_ines.deputy_of) == (lucas, ines)


def _texts_are_discussed_translated_and_illustrated():
    notice = Statement.objects.get(title="Consumer recall notice", master=None)
    assert [one["name"] for one in notice.versions.latest("number").attachments] == [
        "box-L6062.png"
    ]
    assert notice.translations.get().language == "fr"
    said = Attestation.objects.get()
    assert (said.reader.name, said.version.statement.status) == ("Amel Kaci", "published")
    assert set(Suggestion.objects.values_list("state", flat=True)) == {"adopted", "open"}
    threads = Comment.objects.filter(parent=None)
    assert threads.filter(resolved_at=None).count() == 2
    assert threads.exclude(resolved_at=None).exists()
    assert Statement.objects.filter(prepared_from__isnull=False, status="published").exists()


def _one_text_was_released_and_one_agreed_by_word_of_mouth():
    released = Release.objects.get(form=Release.Form.BREAK_GLASS)
    assert (released.owed_by, released.outcome) == (person("Hélène Verdier"), "")
    agreed = Release.objects.get(form=Release.Form.ORAL)
    assert (agreed.approver, agreed.outcome) == (person("Sophie Lemaire"), "confirmed")
    assert set(Publication.objects.values_list("basis", flat=True)) == {
        "signed",
        released.form,
        agreed.form,
    }


def _outside_counsel_is_shown_one_text_and_asked_to_sign_it():
    paul = person("Paul Renaud")
    shown = statements_shown_to(paul, at=now()).get()
    assert shown.language == paul.language == "fr"
    living = living_round(shown.pk)
    assert living is not None
    assert paul in signers(living, at=now())


def _every_record_verifies_and_time_never_runs_backwards():
    for incident in Incident.objects.all():
        assert verify(incident) is None
        times = list(incident.entries.order_by("number").values_list("recorded_at", flat=True))
        assert times == sorted(times)
    assert Entry.objects.latest("recorded_at").recorded_at <= now()


def _people_sign_in_with_what_was_printed(client, printed):
    assert all(house.email(name) in printed for _key, name, *_rest in house.PEOPLE)
    assert house.PASSWORD in printed
    languages = [language for _key, _name, language, *_rest in house.PEOPLE]
    assert languages.count("fr") * 2 == len(languages)
    sent = {"login": house.email("Karim Haddad"), "password": house.PASSWORD}
    assert client.post("/accounts/login/", sent).status_code == 302
    page = client.get("/").content.decode()
    assert "Consumer recall notice" in page
