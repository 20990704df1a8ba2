"""Break-glass and oral agreement: who may, what it binds, what is owed, what undoes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.lifecycle.actions import change_confidentiality
from incidents.models import (
    Delivery,
    Due,
    Entry,
    Incident,
    Policy,
    Release,
    Round,
    Statement,
)
from incidents.notifications.queries import hearers
from incidents.reminders.actions import take_due_steps
from incidents.roles import queries as roles
from incidents.roles.actions import name_deputy, relieve_role
from incidents.severity.actions import assess_severity
from incidents.signoff import actions as signoff
from incidents.signoff.actions.withheld import (
    AlreadyReleased,
    AlreadySettled,
    NotAllowed,
    NothingToRelease,
    NotTheirs,
    ReasonMissing,
    TextChangedSince,
)
from incidents.statements import actions, queries
from incidents.statements.moves import NotFromHere
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, kinds, write

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WHY = "Counsel cannot be reached and children eat it tonight."


def release(statement: Statement, by: User, at: datetime, **facts: Any) -> Release:
    version = statement.versions.order_by("-number")[0]
    return signoff.release_statement(
        statement,
        **{"version": version.number, "fingerprint": version.fingerprint, "reason": WHY, **facts},
        by=by,
        at=at,
    )


def agree(
    statement: Statement, seat: str, approver: User, by: User, at: datetime, **facts: Any
) -> Release:
    version = statement.versions.order_by("-number")[0]
    return signoff.record_oral_agreement(
        statement,
        **{
            "version": version.number,
            "fingerprint": version.fingerprint,
            "reason": "On the phone from the train.",
            **facts,
        },
        seat=seat,
        approver=approver,
        by=by,
        at=at,
    )


def assess(incident: Incident, level: int, by: User, at: datetime) -> None:
    assess_severity(
        incident,
        facts={"people_harmed": "none"},
        reason="",
        override=level,
        override_reason="The laboratory called",
        by=by,
        at=at,
    )


def never_without_counsel(incident: Incident, **terms: Any) -> Policy:
    """Put a policy in force that allows no release without sign-offs."""
    made: Policy = Policy.objects.create(
        team=incident.team,
        name_en="Never without counsel",
        name_fr="Jamais sans juriste",
        stages=[{"roles": ["legal_counsel"], "needed": None, "minutes": 20, "told": []}],
        allows_break_glass=False,
        **terms,
    )
    return made


def offered(statement: Statement, user: User, at: datetime) -> tuple[bool, bool]:
    """Return whether the page leads to a release, and to an agreement by word of mouth."""
    found = Statement.objects.select_related("incident", "audience").get(pk=statement.pk)
    rights = {"view_incident", "break_glass"}
    standing = queries.page(found, user=user, rights=rights, at=at).standing
    return standing.may_release, standing.may_take_oral


def last(incident: Incident, kind: str) -> Entry:
    found: Entry = incident.entries.filter(kind=kind).latest("number")
    return found


def status(statement: Statement) -> str:
    statement.refresh_from_db()
    return statement.status


# Break-glass


def test_the_lead_releases_without_the_missing_sign_offs_and_it_is_said_who_they_are(
    in_signoff: Statement, thomas: User, claire: User, helene: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    made = release(in_signoff, claire, nine + MINUTE)
    assert status(in_signoff) == Statement.Status.GOOD
    assert Round.objects.get().outcome == Round.Outcome.RELEASED
    assert [one["slug"] for one in made.missing] == ["legal_counsel", "executive_sponsor"]
    assert (made.form, made.over_refusal, made.reason) == ("break_glass", False, WHY)
    assert (made.owed_by, made.owed_at) == (helene, nine + MINUTE + 24 * HOUR)
    assert kinds(in_signoff.incident)[-1] == "release.made"
    facts = last(in_signoff.incident, "release.made").content.body["facts"]
    assert facts["fingerprint"] == in_signoff.versions.get().fingerprint
    assert not Due.objects.filter(kind=Due.Kind.STAGE, settled_at=None).exists()
    assert Due.objects.get(kind=Due.Kind.RELEASE).release == made


def test_only_whoever_may_break_the_glass_releases(
    in_signoff: Statement, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    before = kinds(in_signoff.incident)
    for person in (thomas, karim):
        with pytest.raises(NotAllowed):
            release(in_signoff, person, nine)
    assert kinds(in_signoff.incident) == before
    assert not Release.objects.exists()
    release(in_signoff, helene, nine)


def test_a_release_says_why(in_signoff: Statement, claire: User, nine: datetime) -> None:
    with pytest.raises(ReasonMissing):
        release(in_signoff, claire, nine, reason="  ")
    release(in_signoff, claire, nine)


def test_a_release_binds_the_text_on_the_screen(
    in_signoff: Statement, ines: User, claire: User, nine: datetime
) -> None:
    first = in_signoff.versions.get()
    with pytest.raises(signoff.OtherText):
        release(in_signoff, claire, nine, fingerprint="f" * 64)
    second = write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    with pytest.raises(TextChangedSince) as stopped:
        release(in_signoff, claire, nine, version=1, fingerprint=first.fingerprint)
    assert stopped.value.newest == second
    assert "released" in str(stopped.value)
    assert release(in_signoff, claire, nine + MINUTE).version == second


def test_a_release_goes_over_a_refusal_and_says_so(
    in_signoff: Statement, karim: User, claire: User, nine: datetime
) -> None:
    version = in_signoff.versions.get()
    actions.refuse_statement(
        in_signoff, version=1, fingerprint=version.fingerprint, comment="No.", by=karim, at=nine
    )
    made = release(in_signoff, claire, nine + MINUTE)
    assert made.over_refusal
    assert status(in_signoff) == Statement.Status.GOOD
    facts = last(in_signoff.incident, "release.made_over_refusal").content.body["facts"]
    assert [one["name"] for one in facts["refused_by"]] == [karim.name]


def test_one_comma_more_does_not_make_a_refusal_forgotten(
    in_signoff: Statement, karim: User, ines: User, claire: User, nine: datetime
) -> None:
    version = in_signoff.versions.get()
    actions.request_changes(
        in_signoff, version=1, fingerprint=version.fingerprint, comment="Lot?", by=karim, at=nine
    )
    write(in_signoff, WORDS + " ,", ines, nine + MINUTE)
    assert status(in_signoff) == Statement.Status.DRAFT
    assert release(in_signoff, claire, nine + 2 * MINUTE).over_refusal
    assert kinds(in_signoff.incident)[-1] == "release.made_over_refusal"


def test_a_draft_never_submitted_is_released_through_the_circuit_it_would_have(
    statement: Statement, ines: User, claire: User, nine: datetime
) -> None:
    with pytest.raises(NothingToRelease):
        signoff.release_statement(
            statement, version=1, fingerprint="f" * 64, reason=WHY, by=claire, at=nine
        )
    actions.save_version(statement, reason="", by=ines, at=nine)
    made = release(statement, claire, nine)
    assert len(made.missing) == 3
    assert made.round.opened_by == claire
    assert status(statement) == Statement.Status.GOOD


def test_a_circuit_without_break_glass_refuses_but_for_a_warning_to_victims(
    staffed: Incident, ines: User, claire: User, nine: datetime
) -> None:
    never_without_counsel(staffed)
    for audience, may in (("public", False), ("victims", True)):
        text = draft(staffed, ines, nine, audience=audience, title=audience)
        actions.save_version(text, reason="", submit=True, by=ines, at=nine)
        if may:
            release(text, claire, nine)
            assert status(text) == Statement.Status.GOOD
        else:
            with pytest.raises(NotAllowed, match="Never without counsel"):
                release(text, claire, nine)
            assert status(text) == Statement.Status.IN_SIGNOFF


@pytest.mark.parametrize(("audience", "may"), [("public", False), ("victims", True)])
def test_a_raised_severity_brings_what_its_policy_forbids(
    staffed: Incident, ines: User, claire: User, nine: datetime, audience: str, may: bool
) -> None:
    never_without_counsel(staffed, severity=1)
    assess(staffed, 3, claire, nine)
    text = draft(staffed, ines, nine, audience=audience)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    assert offered(text, claire, nine) == (True, True)
    assess(staffed, 1, claire, nine + MINUTE)
    round_ = Round.objects.get()
    assert round_.policy.allows_break_glass, "the round keeps its policy"
    assert offered(text, claire, nine + MINUTE) == (may, may)
    if may:
        release(text, claire, nine + MINUTE)
        assert status(text) == Statement.Status.GOOD
    else:
        with pytest.raises(NotAllowed, match="Never without counsel"):
            release(text, claire, nine + MINUTE)
        assert status(text) == Statement.Status.IN_SIGNOFF
        assert not Release.objects.exists()


def test_a_severity_that_fell_does_not_lift_what_the_policy_of_the_round_forbids(
    staffed: Incident, ines: User, claire: User, nine: datetime
) -> None:
    never_without_counsel(staffed, severity=1)
    assess(staffed, 1, claire, nine)
    text = draft(staffed, ines, nine)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    assess(staffed, 3, claire, nine + MINUTE)
    assert offered(text, claire, nine + MINUTE) == (False, False)
    with pytest.raises(NotAllowed, match="Never without counsel"):
        release(text, claire, nine + MINUTE)


def test_no_release_is_offered_of_a_draft_whose_circuit_forbids_it(
    statement: Statement, ines: User, claire: User, nine: datetime
) -> None:
    actions.save_version(statement, reason="", by=ines, at=nine)
    assert offered(statement, claire, nine) == (True, False)
    never_without_counsel(statement.incident)
    assert offered(statement, claire, nine) == (False, False)
    with pytest.raises(NotAllowed, match="Never without counsel"):
        release(statement, claire, nine)


def test_what_is_signed_released_or_withdrawn_is_not_released(
    good: Statement, in_signoff: Statement, ines: User, claire: User, nine: datetime
) -> None:
    with pytest.raises(AlreadyReleased):
        release(good, claire, nine)
    other = draft(good.incident, ines, nine)
    actions.save_version(other, reason="", submit=True, by=ines, at=nine)
    release(other, claire, nine)
    with pytest.raises(AlreadyReleased):
        release(other, claire, nine)
    third = draft(good.incident, ines, nine)
    actions.save_version(third, reason="", submit=True, by=ines, at=nine)
    actions.withdraw_statement(third, reason="No.", by=claire, at=nine)
    with pytest.raises(AlreadyReleased):
        release(third, claire, nine)


def test_a_new_version_voids_the_release_and_what_is_owed_about_it(
    in_signoff: Statement, ines: User, claire: User, nine: datetime
) -> None:
    release(in_signoff, claire, nine)
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    assert status(in_signoff) == Statement.Status.IN_SIGNOFF
    assert [one.outcome for one in Round.objects.order_by("pk")] == ["void", "open"]
    assert Due.objects.get(kind=Due.Kind.RELEASE).settled_at == nine + MINUTE
    with pytest.raises(NotFromHere):
        actions.record_publication(
            in_signoff, channel="x", published_at=nine + MINUTE, by=ines, at=nine + 2 * MINUTE
        )


def test_after_a_release_nobody_signs_that_round_and_authors_stay_authors(
    in_signoff: Statement, ines: User, karim: User, claire: User, nine: datetime
) -> None:
    release(in_signoff, claire, nine)
    with pytest.raises(signoff.RoundEnded):
        approve(in_signoff, karim, nine + MINUTE)
    second = write(in_signoff, WORDS + " Do not eat it.", karim, nine + MINUTE)
    assert set(second.authors.values_list("user", flat=True)) == {ines.pk, karim.pk}


def test_everyone_in_the_circuit_is_told_and_whoever_reviews_it(
    in_signoff: Statement, thomas: User, karim: User, claire: User, helene: User, nine: datetime
) -> None:
    release(in_signoff, claire, nine)
    heard = hearers(last(in_signoff.incident, "release.made"), at=nine)
    assert {one.name for one in heard} == {thomas.name, karim.name, helene.name}


def test_nobody_hears_of_a_release_who_may_not_see_the_incident(
    in_signoff: Statement, karim: User, claire: User, sophie: User, nine: datetime
) -> None:
    name_deputy(
        roles.holders(in_signoff.incident)["legal_counsel"], deputy=sophie, by=claire, at=nine
    )
    release(in_signoff, claire, nine)
    entry = last(in_signoff.incident, "release.made")
    assert sophie in hearers(entry, at=nine)
    change_confidentiality(in_signoff.incident, to="restricted", reason="Names", by=claire, at=nine)
    relieve_role(
        roles.holders(in_signoff.incident)["legal_counsel"], reason="Off", by=claire, at=nine
    )
    assert not {karim, sophie} & set(hearers(entry, at=nine))


# What is owed afterwards


@pytest.mark.parametrize(("releaser", "reviewer"), [("claire", "helene"), ("helene", "claire")])
def test_the_review_is_owed_by_the_other_of_lead_and_sponsor(
    in_signoff: Statement, nine: datetime, releaser: str, reviewer: str, request: Any
) -> None:
    by, other = request.getfixturevalue(releaser), request.getfixturevalue(reviewer)
    made = release(in_signoff, by, nine)
    assert made.owed_by == other
    with pytest.raises(NotTheirs):
        signoff.review_release(made, words="Fine.", by=by, at=nine + HOUR)
    with pytest.raises(ReasonMissing):
        signoff.review_release(made, words=" ", by=other, at=nine + HOUR)
    signoff.review_release(made, words="Right: children.", by=other, at=nine + HOUR)
    made.refresh_from_db()
    assert (made.outcome, made.settled_by) == (Release.Outcome.REVIEWED, other)
    assert Due.objects.get(kind=Due.Kind.RELEASE).settled_at == nine + HOUR
    assert kinds(in_signoff.incident)[-1] == "release.reviewed"
    with pytest.raises(AlreadySettled):
        signoff.review_release(made, words="Again.", by=other, at=nine + 2 * HOUR)


def test_nobody_without_the_right_reviews(
    in_signoff: Statement, claire: User, thomas: User, helene: User, nine: datetime
) -> None:
    made = release(in_signoff, claire, nine)
    with pytest.raises(NotAllowed):
        signoff.review_release(made, words="Fine.", by=thomas, at=nine)
    signoff.review_release(made, words="Fine.", by=helene, at=nine)


def test_where_nobody_else_is_there_the_review_waits_for_whoever_comes(
    incident: Incident, claire: User, ines: User, helene: User, nine: datetime
) -> None:
    text = draft(incident, ines, nine)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    made = release(text, claire, nine)
    assert made.owed_by is None
    assert take_due_steps(at=nine + 13 * HOUR)
    assert not Delivery.objects.filter(reason__startswith="step", person=claire).exists()


def test_a_review_not_made_climbs_and_never_calls_the_releaser(
    in_signoff: Statement, claire: User, helene: User, sophie: User, nine: datetime
) -> None:
    name_deputy(
        roles.holders(in_signoff.incident)["crisis_lead"], deputy=sophie, by=claire, at=nine
    )
    release(in_signoff, claire, nine)
    take_due_steps(at=nine + 12 * HOUR)
    called = Delivery.objects.filter(reason__startswith="step")
    assert {one.person for one in called} == {helene}
    take_due_steps(at=nine + 24 * HOUR + 15 * MINUTE)
    assert {one.person for one in called.all()} == {helene, sophie}
    assert "reminder.escalated" in kinds(in_signoff.incident)
