"""The pages of policies: who reads, who edits, what is asked and what is kept of what was typed."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Incident, Policy
from incidents.signoff.actions.policies import add_policy
from teams.models import JournalEntry, Team, User
from tests.conftest import NINE, member, person
from tests.incidents.signoff.test_policies import stage, terms

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
QUESTION = {
    "q-severity": "1",
    "q-kind": "apology",
    "q-channels": ["x"],
    "q-language": "fr",
    "q-audience": "public",
    "q-source": "",
    "q-incident": "",
}
FILLED = {
    **QUESTION,
    "count": "2",
    "source": "",
    "severity": "1",
    "statement_kind": "",
    "channel": "",
    "language": "",
    "audience": "",
    "allows_typo": "on",
    "allows_break_glass": "on",
    "always": ["legal_counsel"],
    "stage_1_roles": ["communications_lead", "legal_counsel"],
    "stage_1_rule": "any",
    "stage_1_minutes": "15",
    "stage_2_rule": "all",
}
READS = {"policies", "policy-versions"}
KEEPS = {"policy-new", "policy-edit"}
POSTS = {"policy-add", "policy-change", "policy-retire", "policy-rehearse"}


@pytest.fixture
def samuel(team: Team) -> User:
    return member(team, person("Samuel Okoye"), is_admin=True)


@pytest.fixture
def own(team: Team, samuel: User) -> Policy:
    return add_policy(team, terms=terms(stage("legal_counsel"), severity=1), by=samuel, at=NINE)


@pytest.fixture
def desk(client: Client, samuel: User) -> Client:
    client.force_login(samuel)
    return client


def url(name: str, team: Team, policy: Policy | None = None) -> str:
    if policy is None:
        return reverse(f"incidents:{name}", args=[team.slug])
    key = policy.lineage if name == "policy-versions" else policy.pk
    return reverse(f"incidents:{name}", args=[team.slug, key])


def read(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def addresses(team: Team, own: Policy) -> dict[str, str]:
    alone = {"policies", "policy-new", "policy-add", "policy-rehearse", "policy-ask"}
    every = READS | KEEPS | POSTS | {"policy-ask"}
    return {name: url(name, team, None if name in alone else own) for name in every}


def statuses(client: Client, found: dict[str, str]) -> dict[str, int]:
    return {
        name: (client.get if name in READS | KEEPS else client.post)(address).status_code
        for name, address in found.items()
    }


# Who


def test_a_colleague_reads_and_asks_and_edits_nothing(
    client: Client, team: Team, own: Policy, bruno: User
) -> None:
    client.force_login(bruno)
    found = statuses(client, addresses(team, own))
    assert {name for name, status in found.items() if status == 200} == READS | {"policy-ask"}
    assert {name for name, status in found.items() if status == 403} == KEEPS | POSTS
    assert "Add a policy" not in read(client.get(url("policies", team)))
    assert Policy.objects.get(pk=own.pk).is_active


def test_for_a_stranger_there_is_nothing(
    client: Client, team: Team, own: Policy, zoe: User
) -> None:
    client.force_login(zoe)
    assert set(statuses(client, addresses(team, own)).values()) == {404}


def test_whoever_administers_the_installation_edits_too(
    client: Client, team: Team, own: Policy, zoe: User
) -> None:
    zoe.is_staff = True
    zoe.save()
    client.force_login(zoe)
    assert client.get(url("policy-edit", team, own)).status_code == 200


def test_another_teams_policy_is_not_there(desk: Client, team: Team) -> None:
    other = Team.objects.create(slug="other", name="Other house", prefix="OH")
    theirs = add_policy(other, terms=terms(), by=None, at=NINE)
    for name in ("policy-edit", "policy-versions"):
        assert desk.get(url(name, team, theirs)).status_code == 404
    assert desk.post(url("policy-change", team, theirs), FILLED).status_code == 404


# Editing


def test_a_policy_is_added_and_named_after_what_it_says(desk: Client, team: Team) -> None:
    answer = desk.post(url("policy-add", team), FILLED)
    assert (answer.status_code, answer["Location"]) == (302, url("policies", team))
    made = Policy.objects.get(team=team)
    assert made.name_en == "Critical: communications lead or legal counsel"
    assert made.name_fr.startswith("Critique")
    assert made.stages == [
        {
            "roles": ["communications_lead", "legal_counsel"],
            "people": [],
            "needed": 1,
            "minutes": 15,
            "told": [],
        }
    ]
    assert "communications lead or legal counsel, 15 min" in read(desk.get(url("policies", team)))


def test_the_next_version_is_made_from_the_page(desk: Client, team: Team, own: Policy) -> None:
    page = read(desk.get(url("policy-edit", team, own)))
    assert "v1 is kept" in page
    desk.post(url("policy-change", team, own), {**FILLED, "name_en": "Ours", "name_fr": "Nous"})
    page = read(desk.get(url("policy-versions", team, own)))
    assert "Version 2" in page
    assert "<del>legal counsel, 20 min</del>" in page
    assert "Samuel Okoye" in page


def test_what_was_typed_is_kept_when_the_policy_is_refused(
    desk: Client, team: Team, own: Policy
) -> None:
    bad = {**FILLED, "stage_1_roles": [], "name_en": "For the night"}
    for headers in ({}, HTMX):
        answer = desk.post(url("policy-change", team, own), bad, headers=headers)
        page = read(answer)
        assert answer.status_code == 422
        assert "Stage 1 asks nobody" in page
        assert 'value="For the night"' in page
    assert Policy.objects.get(team=team).version == 1


def test_some_of_several_are_counted(desk: Client, team: Team, own: Policy) -> None:
    some = {**FILLED, "stage_1_rule": "some", "stage_1_needed": "3"}
    assert "wants 3 sign-offs and asks 2" in read(desk.post(url("policy-add", team), some))
    desk.post(url("policy-change", team, own), {**some, "stage_1_needed": "2"})
    assert Policy.objects.get(team=team, is_active=True).stages[0]["needed"] == 2


def test_a_stage_is_added_without_script_and_taken_away(
    desk: Client, team: Team, own: Policy
) -> None:
    sent = {**FILLED, "more": "1", "policy": str(own.pk)}
    grown = read(desk.post(url("policy-rehearse", team), sent))
    assert "<html" in grown
    assert "Stage 3" in grown
    assert "to correct" not in grown
    two = {**FILLED, "stage_2_roles": ["dpo"], "stage_2_minutes": "30", "stage_1_remove": "on"}
    desk.post(url("policy-change", team, own), two)
    assert [s["roles"] for s in Policy.objects.get(team=team, is_active=True).stages] == [["dpo"]]


def test_a_person_is_asked_by_name(desk: Client, team: Team, bruno: User) -> None:
    wanted = {**FILLED, "stage_1_roles": [], "stage_1_people": [str(bruno.uuid)]}
    desk.post(url("policy-add", team), {**wanted, "stage_1_rule": "all"})
    assert Policy.objects.get(team=team).stages[0]["people"] == [str(bruno.uuid)]
    assert "Bruno Mallet, 15 min" in read(desk.get(url("policies", team)))


def test_a_policy_is_retired_from_its_page(desk: Client, team: Team, own: Policy) -> None:
    assert "Retire this policy?" in read(desk.get(url("policy-edit", team, own)))
    desk.post(url("policy-retire", team, own))
    assert not Policy.objects.get(pk=own.pk).is_active
    assert "retired" in read(desk.get(url("policy-versions", team, own)))


# The question


def test_the_question_says_who_would_be_asked_and_writes_nothing(
    client: Client, team: Team, staffed: Incident, bruno: User
) -> None:
    client.force_login(bruno)
    before = (Policy.objects.count(), JournalEntry.objects.count())
    asked = {**QUESTION, "q-incident": staffed.reference}
    page = read(client.post(url("policy-ask", team), asked, headers=HTMX))
    assert "<html" not in page
    assert "A critical apology on X in French" in page
    assert (
        "communications lead, legal counsel and executive sponsor together</strong>, within 20 min"
        in page
    )
    assert "Apology: always executive sponsor too." in page
    assert "legal counsel: Karim Haddad" in page
    assert f"those of {staffed.reference}" in page
    assert (Policy.objects.count(), JournalEntry.objects.count()) == before


def test_a_role_that_nobody_holds_is_said(desk: Client, team: Team, incident: Incident) -> None:
    asked = {**QUESTION, "q-incident": incident.reference}
    page = read(desk.post(url("policy-ask", team), asked, headers=HTMX))
    assert "legal counsel: <strong>nobody yet</strong>" in page


def test_an_incident_that_one_may_not_see_is_no_answer(
    client: Client, team: Team, staffed: Incident, zoe: User
) -> None:
    zoe.is_staff = True
    zoe.save()
    client.force_login(zoe)
    asked = {**QUESTION, "q-incident": staffed.reference}
    page = read(client.post(url("policy-ask", team), asked, headers=HTMX))
    assert staffed.reference not in page
    assert "Karim" not in page


def test_a_policy_answers_before_it_is_saved(desk: Client, team: Team, own: Policy) -> None:
    tried = {**FILLED, "policy": str(own.pk)}
    page = read(desk.post(url("policy-rehearse", team), tried, headers=HTMX))
    assert "<strong>communications lead or legal counsel</strong>, within 15 min" in page
    assert "then <strong>executive sponsor</strong>" in page
    assert "Today it asks: legal counsel, 20 min; then executive sponsor" in page
    assert "not saved yet" in page
    assert Policy.objects.get(team=team).version == 1


def test_what_would_count_no_more_is_said_before_it_is_saved(
    desk: Client, team: Team, samuel: User
) -> None:
    minor = Policy.objects.get(team=None, severity=4, source="", statement_kind="")
    tried = {**FILLED, "severity": "4", "policy": str(minor.pk)}
    tried |= {"name_en": minor.name_en, "name_fr": minor.name_fr}
    page = read(desk.post(url("policy-rehearse", team), tried, headers=HTMX))
    assert "these count no more: Minor apology: communications lead, then executive." in page
    assert "The name is still the old one." in page


def test_what_is_wrong_is_said_while_one_types(desk: Client, team: Team, own: Policy) -> None:
    tried = {**FILLED, "policy": str(own.pk), "stage_1_roles": []}
    page = read(desk.post(url("policy-rehearse", team), tried, headers=HTMX))
    assert "Stage 1 asks nobody" in page


def test_the_question_works_without_script(desk: Client, team: Team) -> None:
    page = read(desk.post(url("policy-ask", team), QUESTION))
    assert "<html" in page
    assert "A critical apology on X in French" in page


def test_the_question_follows_the_conditions_of_the_form(desk: Client, team: Team) -> None:
    sent = {
        **FILLED,
        "severity": "2",
        "statement_kind": "denial",
        "channel": "sms",
        "language": "en",
        "follows": "1",
    }
    live = answer_in(desk.post(url("policy-rehearse", team), sent, headers=HTMX))
    assert "A major denial on SMS in English (General public) will ask:" in live
    assert "By this policy, not saved yet." in live
    assert 'id="asked-about" hx-swap-oob="true"' in live
    # What is asked in the question itself stays as it was asked.
    asked = {k: v for k, v in sent.items() if k != "follows"}
    left = answer_in(desk.post(url("policy-rehearse", team), asked, headers=HTMX))
    assert "A critical apology on X in French (General public) will ask:" in left
    assert "hx-swap-oob" not in left


def test_conditions_that_are_left_open_keep_what_was_asked(desk: Client, team: Team) -> None:
    sent = {**FILLED, "q-channels": ["x", "sms"], "channel": "sms", "follows": "1"}
    live = answer_in(desk.post(url("policy-rehearse", team), sent, headers=HTMX))
    assert "A critical apology on X and SMS in French (General public) will ask:" in live


def test_a_question_without_a_channel_begins_anew_with_the_policy(desk: Client, team: Team) -> None:
    sent = {**FILLED, "q-channels": [], "channel": "sms", "follows": "1"}
    live = answer_in(desk.post(url("policy-rehearse", team), sent, headers=HTMX))
    assert "on SMS" in live


def test_several_policies_say_which_counts_where_and_what_each_adds(
    desk: Client, team: Team, samuel: User
) -> None:
    extra = terms(stage("legal_counsel"), stage("spokesperson"), severity=1, channel="x")
    add_policy(team, terms=extra, by=samuel, at=NINE)
    sent = {**QUESTION, "q-channels": ["website", "x"]}
    answer = answer_in(desk.post(url("policy-ask", team), sent, headers=HTMX))
    assert "Joined from several policies" in answer
    website, _, x = answer.partition("<strong>Website</strong>")[2].partition("<strong>X</strong>")
    assert "“Critical: communications, legal and executive together” (Critical)" in website
    assert "leads as the strictest" in website
    assert "adds: spokesperson" in x
    assert "legal counsel" not in x.partition("adds:")[2].partition("</li>")[0]
    alone = answer_in(desk.post(url("policy-ask", team), QUESTION, headers=HTMX))
    assert "Joined from several policies" not in alone


def answer_in(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())
