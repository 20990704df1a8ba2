"""Policies as data: edited by administrators, never without somebody to sign, versions kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from incidents.models import Incident, Policy, Round, Statement
from incidents.signoff import circuits, rules
from incidents.signoff.actions.policies import (
    NotAnAdministrator,
    NotTheTeamsOwn,
    PolicyMoved,
    PolicyRefused,
    add_policy,
    change_policy,
    retire_policy,
)
from incidents.signoff.policies import checks, rows, words
from incidents.signoff.policies.terms import StageBody, Terms, terms_of
from incidents.statements import actions as statements
from teams.models import Membership, Team, User
from teams.wording import change, sentence
from tests.conftest import NINE, member, person
from tests.incidents.signoff.conftest import draft

pytestmark = pytest.mark.django_db


def stage(*roles: str, needed: int | None = None, minutes: int = 20, **also: Any) -> StageBody:
    return {
        "roles": list(roles),
        "people": also.get("people", []),
        "needed": needed,
        "minutes": minutes,
        "told": also.get("told", []),
    }


def terms(*stages: StageBody, **conditions: Any) -> Terms:
    return Terms(
        name_en=conditions.pop("name_en", "Ours"),
        name_fr=conditions.pop("name_fr", "La nôtre"),
        stages=stages or (stage("legal_counsel"),),
        **conditions,
    )


@pytest.fixture
def samuel(team: Team) -> User:
    """Samuel administers the team."""
    return member(team, person("Samuel Okoye"), is_admin=True)


@pytest.fixture
def shipped(db: Any) -> Policy:
    """The shipped policy for critical texts."""
    return Policy.objects.get(team=None, severity=1, source="", statement_kind="")


def journal_of(team: Team) -> list[str]:
    return list(team.journal.order_by("number").values_list("kind", flat=True))


def asked(team: Team, **case: Any) -> list[str]:
    found = circuits.circuit_for(
        team,
        **{
            "severity": 1,
            "kind": "update",
            "channels": ["website"],
            "language": "en",
            "audience": "public",
            **case,
        },
    )
    return [key for s in found.stages for key in s.roles] if found else []


# Versions


def test_changing_a_shipped_policy_makes_the_teams_own_copy(
    team: Team, samuel: User, shipped: Policy
) -> None:
    other = Team.objects.create(slug="other", name="Other house", prefix="OH")
    wanted = replace(terms_of(shipped), stages=(stage("legal_counsel"),))
    made = change_policy(shipped, team=team, terms=wanted, by=samuel, at=NINE)
    shipped.refresh_from_db()
    assert (made.team, made.version, made.changed_by) == (team, 1, samuel)
    assert made.lineage != shipped.lineage
    assert shipped.is_active
    assert asked(team) == ["legal_counsel"]
    assert len(asked(other)) == 3
    assert journal_of(team) == ["policy.added"]
    assert journal_of(other) == []


def test_changing_an_own_policy_makes_its_next_version_and_keeps_the_old_one(
    team: Team, samuel: User
) -> None:
    first = add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    second = change_policy(
        first,
        team=team,
        terms=terms(stage("legal_counsel"), stage("executive_sponsor"), severity=1),
        by=samuel,
        at=NINE,
    )
    first.refresh_from_db()
    assert (second.lineage, second.version) == (first.lineage, 2)
    assert (first.is_active, second.is_active) == (False, True)
    assert asked(team) == ["legal_counsel", "executive_sponsor"]
    assert journal_of(team) == ["policy.added", "policy.changed"]


def test_the_journal_says_what_changed_in_both_languages(team: Team, samuel: User) -> None:
    first = add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    change_policy(first, team=team, terms=terms(stage("dpo"), severity=1), by=samuel, at=NINE)
    body = team.journal.order_by("-number")[0].content.body
    assert sentence(body["kind"], body["facts"]) == "Approval policy changed, version 2: Ours."
    said = [change(one) for one in body["facts"]["changes"]]
    assert said == ["stages: from legal counsel, 20 min to data protection officer, 20 min"]
    assert "DPO" in body["facts"]["changes"][0]["to"]["fr"]


def test_saving_the_same_terms_makes_no_version(team: Team, samuel: User, shipped: Policy) -> None:
    again = change_policy(shipped, team=team, terms=terms_of(shipped), by=samuel, at=NINE)
    assert again == shipped
    assert journal_of(team) == []


def test_the_order_in_which_people_are_named_makes_no_version(team: Team, samuel: User) -> None:
    first = add_policy(team, terms=terms(stage("scribe", "dpo")), by=samuel, at=NINE)
    turned = terms(stage("dpo", "scribe"))
    assert change_policy(first, team=team, terms=turned, by=samuel, at=NINE) == first


def test_two_administrators_at_once_lose_nothing(team: Team, samuel: User) -> None:
    first = add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    change_policy(first, team=team, terms=terms(stage("dpo"), severity=1), by=samuel, at=NINE)
    with pytest.raises(PolicyMoved, match="changed or retired meanwhile"):
        change_policy(first, team=team, terms=terms(stage("scribe")), by=samuel, at=NINE)
    assert asked(team) == ["dpo"]


def test_a_version_is_never_edited_even_past_the_verbs(team: Team, samuel: User) -> None:
    first = add_policy(team, terms=terms(), by=samuel, at=NINE)
    with pytest.raises(DatabaseError), transaction.atomic():
        Policy.objects.filter(pk=first.pk).update(stages=[stage("scribe")])


def test_a_retired_policy_is_kept_and_chosen_no_more(team: Team, samuel: User) -> None:
    own = add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    assert asked(team) == ["legal_counsel"]
    retire_policy(own, team=team, by=samuel, at=NINE)
    assert len(asked(team)) == 3
    assert journal_of(team) == ["policy.added", "policy.retired"]
    assert rows.versions(team, own.lineage)[0].is_active is False


def test_a_shipped_policy_is_not_retired(team: Team, samuel: User, shipped: Policy) -> None:
    with pytest.raises(NotTheTeamsOwn):
        retire_policy(shipped, team=team, by=samuel, at=NINE)
    assert Policy.objects.get(pk=shipped.pk).is_active


def test_the_versions_say_who_changed_what_when(team: Team, samuel: User) -> None:
    first = add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    wanted = terms(stage("legal_counsel", minutes=45), severity=1, allows_typo=False)
    change_policy(first, team=team, terms=wanted, by=samuel, at=NINE)
    newest, oldest = rows.versions(team, first.lineage)
    assert (newest.version, newest.changed_by, newest.changed_at) == (2, "Samuel Okoye", NINE)
    assert [(d.field, d.before, d.after) for d in newest.differences] == [
        ("stages", "legal counsel, 20 min", "legal counsel, 45 min"),
        ("sign-offs stand after a typo", "yes", "no"),
    ]
    assert oldest.differences == ()


# Who


@pytest.mark.parametrize("verb", ["add", "change", "retire"])
def test_only_an_administrator_changes_policies(
    verb: str, team: Team, samuel: User, bruno: User, claire: User
) -> None:
    own = add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)

    def act(by: User) -> Policy:
        if verb == "add":
            return add_policy(team, terms=terms(severity=2), by=by, at=NINE)
        if verb == "change":
            return change_policy(own, team=team, terms=terms(stage("dpo")), by=by, at=NINE)
        return retire_policy(own, team=team, by=by, at=NINE)

    for outsider in (bruno, claire):
        with pytest.raises(NotAnAdministrator):
            act(outsider)
    Membership.objects.filter(user=bruno).update(is_admin=True)
    act(bruno)


def test_nobody_changes_another_teams_policy(team: Team, samuel: User) -> None:
    other = Team.objects.create(slug="other", name="Other house", prefix="OH")
    theirs = add_policy(other, terms=terms(), by=None, at=NINE)
    with pytest.raises(PolicyMoved):
        change_policy(theirs, team=team, terms=terms(stage("dpo")), by=samuel, at=NINE)
    with pytest.raises(PolicyMoved):
        retire_policy(theirs, team=team, by=samuel, at=NINE)


# What is refused, each in a sentence


@pytest.mark.parametrize(
    ("stages", "says"),
    [
        ([], "no stage"),
        ([stage()], "Stage 1 asks nobody"),
        ([stage("dpo"), stage(told=["scribe"])], "Stage 2 asks nobody"),
        ([stage("dpo", "scribe", needed=3)], "wants 3 sign-offs and asks 2"),
        ([stage("dpo", needed=0)], "wants 0 sign-offs and asks 1"),
        ([stage("dpo", minutes=0)], "between 1 minute and 14 days"),
        ([stage("dpo", minutes=99999)], "between 1 minute and 14 days"),
        ([stage("wizard")], "no role “wizard”"),
        ([stage("dpo", told=["wizard"])], "no role “wizard”"),
        ([stage(people=["00000000-0000-0000-0000-000000000000"])], "is not in the team"),
    ],
)
def test_a_policy_that_leaves_nobody_to_sign_is_refused(
    stages: list[StageBody], says: str, team: Team, samuel: User
) -> None:
    bad = replace(terms(), stages=tuple(stages))
    with pytest.raises(PolicyRefused, match=says):
        add_policy(team, terms=bad, by=samuel, at=NINE)
    assert not Policy.objects.filter(team=team).exists()
    assert journal_of(team) == []
    add_policy(team, terms=terms(), by=samuel, at=NINE)


def test_a_person_who_left_the_team_cannot_be_asked(team: Team, samuel: User, bruno: User) -> None:
    wanted = terms(stage(people=[str(bruno.uuid)]))
    add_policy(team, terms=wanted, by=samuel, at=NINE)
    Membership.objects.filter(user=bruno).update(ends_at=NINE)
    with pytest.raises(PolicyRefused, match="Bruno Mallet is not in the team"):
        add_policy(team, terms=replace(wanted, severity=1), by=samuel, at=NINE)


def test_two_policies_of_a_team_never_claim_the_same(team: Team, samuel: User) -> None:
    add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    with pytest.raises(PolicyRefused, match="already has a policy for this: “Ours”"):
        add_policy(team, terms=terms(stage("dpo"), severity=1), by=samuel, at=NINE)
    add_policy(team, terms=terms(stage("dpo"), severity=1, channel="x"), by=samuel, at=NINE)


def test_what_leaves_a_statement_without_a_circuit_is_refused(team: Team, samuel: User) -> None:
    Policy.objects.filter(team=None, source="prepared").update(is_active=False)
    own = add_policy(team, terms=terms(source="prepared"), by=samuel, at=NINE)
    with pytest.raises(PolicyRefused, match="Then nobody would sign: A prepared text itself"):
        retire_policy(own, team=team, by=samuel, at=NINE)
    with pytest.raises(PolicyRefused, match="Then nobody would sign"):
        change_policy(
            own, team=team, terms=terms(source="prepared", language="fr"), by=samuel, at=NINE
        )
    assert Policy.objects.get(pk=own.pk).is_active


def test_a_role_that_nobody_could_hold_is_warned_of_and_not_refused(
    team: Team, samuel: User, karim: User
) -> None:
    wanted = terms(stage("executive_sponsor", "legal_counsel"))
    warned = checks.warnings(wanted, rows.known(team, at=NINE))
    assert warned == [
        "Nobody in the team could hold the role executive sponsor: nobody is of its function."
    ]
    add_policy(team, terms=wanted, by=samuel, at=NINE)


# A running round


def test_a_running_round_keeps_its_policy(in_signoff: Statement, team: Team, samuel: User) -> None:
    before = Round.objects.get(version__statement=in_signoff)
    seats = list(before.stages.values_list("seats__role__slug", flat=True))
    shipped = before.policy
    wanted = replace(terms_of(shipped), stages=(stage("dpo"),))
    own = change_policy(shipped, team=team, terms=wanted, by=samuel, at=NINE)
    after = Round.objects.get(pk=before.pk)
    assert after.policy == shipped
    assert list(after.stages.values_list("seats__role__slug", flat=True)) == seats
    met = circuits.circuit_of(after.version, in_signoff.incident, at=NINE)
    assert met is not None
    assert met.policy == own


def test_the_next_round_meets_the_new_version(
    staffed: Incident, team: Team, ines: User, samuel: User, nine: datetime
) -> None:
    add_policy(team, terms=terms(stage("legal_counsel")), by=samuel, at=nine)
    statement = draft(staffed, ines, nine)
    statements.save_version(statement, reason="", by=ines, at=nine)
    round_ = statements.submit_statement(statement, by=ines, at=nine)
    assert [s.key for st in round_.stages.all() for s in st.seats.all()] == ["legal_counsel"]


def test_which_policies_count_is_worked_out_as_for_a_statement(team: Team, samuel: User) -> None:
    add_policy(team, terms=terms(severity=1, channel="x"), by=samuel, at=NINE)
    add_policy(team, terms=terms(stage("dpo"), statement_kind="apology"), by=samuel, at=NINE)
    known = circuits.candidates(team)
    found = set()
    for severity, kind, channel in product((None, 1, 2, 3, 4), ("update", "apology"), ("x", "sms")):
        for source in Policy.Source.values:
            case: Any = {
                "severity": severity,
                "kind": kind,
                "channels": [channel],
                "source": source,
            }
            circuit = circuits.circuit_for(team, **case, language="en", audience="public")
            assert circuit is not None
            found.add(circuit.policy.pk)
    assert checks.chosen(known) == found


# In words


def test_policies_are_listed_in_words_the_most_specific_first(
    team: Team, samuel: User, shipped: Policy
) -> None:
    add_policy(
        team,
        terms=terms(
            stage("communications_lead", "legal_counsel", "executive_sponsor"),
            severity=1,
            statement_kind="apology",
            channel="x",
            language="fr",
        ),
        by=samuel,
        at=NINE,
    )
    critical = rows.groups(rows.known(team, at=NINE))[0]
    assert critical.title == "critical"
    first, last = critical.rows
    assert first.conditions == "Critical, apology, on X, in French"
    assert (
        first.stages == "communications lead, legal counsel and executive sponsor together, 20 min"
    )
    assert first.is_own
    assert not last.is_own
    assert first.counts
    assert last.counts


def test_a_policy_that_others_always_precede_is_marked(
    team: Team, samuel: User, shipped: Policy
) -> None:
    add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    own, theirs = rows.groups(rows.known(team, at=NINE))[0].rows
    assert own.is_own
    assert own.counts
    assert not theirs.counts


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([stage("dpo")], "data protection officer, 20 min"),
        ([stage("scribe", "legal_counsel", needed=1)], "scribe or legal counsel, 20 min"),
        (
            [stage("scribe", "legal_counsel", "spokesperson", needed=2)],
            "2 of scribe, legal counsel and spokesperson, 20 min",
        ),
        (
            [stage("scribe"), stage("legal_counsel", minutes=90, told=["dpo"])],
            "scribe, 20 min; then legal counsel, 1 h 30 (told: data protection officer)",
        ),
        ([], "nobody"),
    ],
)
def test_a_circuit_in_words(body: list[StageBody], said: str, team: Team) -> None:
    assert words.stages(rules.plan(body), rows.names(team)) == said


def test_the_list_costs_the_same_for_many_policies(
    team: Team, samuel: User, count_queries: Any
) -> None:
    add_policy(team, terms=terms(severity=1), by=samuel, at=NINE)
    few = count_queries(lambda: rows.groups(rows.known(team, at=NINE)))
    for channel in ("x", "website", "sms", "email"):
        add_policy(team, terms=terms(severity=1, channel=channel), by=samuel, at=NINE)
    assert count_queries(lambda: rows.groups(rows.known(team, at=NINE))) == few
