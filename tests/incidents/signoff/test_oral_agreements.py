"""An absent approver agrees by word of mouth, and confirms it or denies it."""

from __future__ import annotations

from datetime import datetime

import pytest

from incidents.models import (
    Delivery,
    Due,
    Incident,
    Publication,
    Release,
    Round,
    Stage,
    Statement,
)
from incidents.notifications.queries import hearers
from incidents.reminders.actions import take_due_steps
from incidents.roles import queries as roles
from incidents.roles.actions import name_deputy
from incidents.signoff import actions as signoff
from incidents.signoff.actions.withheld import (
    AlreadySettled,
    NotAllowed,
    NotTheirs,
    ReasonMissing,
)
from incidents.statements import actions
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, kinds, write
from tests.incidents.signoff.test_releases import (
    HOUR,
    agree,
    assess,
    last,
    never_without_counsel,
    release,
    status,
)

pytestmark = pytest.mark.django_db


def test_an_oral_agreement_takes_the_seat_and_the_last_one_releases(
    in_signoff: Statement,
    thomas: User,
    karim: User,
    helene: User,
    claire: User,
    ines: User,
    nine: datetime,
) -> None:
    approve(in_signoff, thomas, nine)
    approve(in_signoff, helene, nine)
    made = agree(in_signoff, "legal_counsel", karim, claire, nine + MINUTE)
    assert status(in_signoff) == Statement.Status.GOOD
    assert Round.objects.get().outcome == Round.Outcome.RELEASED
    assert kinds(in_signoff.incident)[-2:] == ["release.agreed", "release.completed"]
    assert (made.owed_by, made.owed_at) == (karim, nine + MINUTE + 12 * HOUR)
    published = actions.record_publication(
        in_signoff, channel="x", published_at=nine + MINUTE, by=ines, at=nine + 2 * MINUTE
    )
    assert (published.basis, published.release) == (Publication.Basis.ORAL, made)


def test_an_agreed_seat_is_not_signed_again_and_the_others_still_are(
    in_signoff: Statement, thomas: User, karim: User, helene: User, claire: User, nine: datetime
) -> None:
    agree(in_signoff, "legal_counsel", karim, claire, nine)
    assert status(in_signoff) == Statement.Status.IN_SIGNOFF
    with pytest.raises(signoff.NoSeat):
        agree(in_signoff, "legal_counsel", karim, claire, nine)
    with pytest.raises((signoff.NoSeat, signoff.AlreadySigned)):
        approve(in_signoff, karim, nine)
    approve(in_signoff, thomas, nine)
    approve(in_signoff, helene, nine + MINUTE)
    assert Round.objects.get().outcome == Round.Outcome.RELEASED
    assert kinds(in_signoff.incident)[-1] == "release.completed"


def test_the_next_stage_opens_after_an_oral_agreement(
    staffed: Incident, ines: User, thomas: User, karim: User, claire: User, nine: datetime
) -> None:
    staffed.severity = 2
    staffed.save(update_fields=["severity"])
    text = draft(staffed, ines, nine)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    with pytest.raises(signoff.NoSeat):
        agree(text, "legal_counsel", karim, claire, nine)
    agree(text, "communications_lead", thomas, claire, nine)
    assert [one.completed_at is not None for one in Stage.objects.order_by("order")] == [
        True,
        False,
    ]
    approve(text, karim, nine + MINUTE)
    assert status(text) == Statement.Status.GOOD
    assert Round.objects.get().outcome == Round.Outcome.RELEASED


def test_an_oral_agreement_is_of_another_person_who_may_sign_and_wrote_nothing(
    staffed: Incident,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    claire: User,
    bruno: User,
    nine: datetime,
) -> None:
    text = draft(staffed, karim, nine)
    actions.save_version(text, reason="", submit=True, by=karim, at=nine)
    with pytest.raises(signoff.OwnWords):
        agree(text, "legal_counsel", karim, claire, nine)
    with pytest.raises(NotAllowed):
        agree(text, "executive_sponsor", helene, helene, nine)
    with pytest.raises(NotAllowed):
        agree(text, "executive_sponsor", helene, ines, nine)
    for who, seat in ((bruno, "executive_sponsor"), (thomas, "executive_sponsor")):
        with pytest.raises(signoff.NoSeat):
            agree(text, seat, who, claire, nine)
    assert not Release.objects.exists()
    agree(text, "executive_sponsor", helene, claire, nine)


def test_a_deputy_agrees_by_word_of_mouth_when_the_right_has_widened(
    in_signoff: Statement, karim: User, sophie: User, claire: User, nine: datetime
) -> None:
    name_deputy(
        roles.holders(in_signoff.incident)["legal_counsel"], deputy=sophie, by=claire, at=nine
    )
    with pytest.raises(signoff.NoSeat):
        agree(in_signoff, "legal_counsel", sophie, claire, nine + MINUTE)
    agree(in_signoff, "legal_counsel", sophie, claire, nine + 11 * MINUTE)
    facts = last(in_signoff.incident, "release.agreed").content.body["facts"]
    assert facts["deputy_of"]["name"] == karim.name


def test_a_raised_severity_takes_no_word_of_mouth_that_its_policy_forbids(
    staffed: Incident, ines: User, karim: User, claire: User, nine: datetime
) -> None:
    never_without_counsel(staffed, severity=1)
    assess(staffed, 3, claire, nine)
    text = draft(staffed, ines, nine)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    assess(staffed, 1, claire, nine + MINUTE)
    with pytest.raises(NotAllowed, match="Never without counsel"):
        agree(text, "legal_counsel", karim, claire, nine + MINUTE)
    assert not Release.objects.exists()
    assert status(text) == Statement.Status.IN_SIGNOFF


def test_the_approver_confirms_and_nobody_else(
    in_signoff: Statement, karim: User, claire: User, helene: User, nine: datetime
) -> None:
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    for other in (claire, helene):
        with pytest.raises(NotTheirs):
            signoff.confirm_agreement(made, by=other, at=nine)
        with pytest.raises(NotTheirs):
            signoff.deny_agreement(made, words="No.", by=other, at=nine)
    signoff.confirm_agreement(made, words="Yes.", by=karim, at=nine + HOUR)
    made.refresh_from_db()
    assert made.outcome == Release.Outcome.CONFIRMED
    assert Due.objects.get(kind=Due.Kind.RELEASE).settled_at == nine + HOUR
    with pytest.raises(AlreadySettled):
        signoff.deny_agreement(made, words="No.", by=karim, at=nine + 2 * HOUR)
    with pytest.raises(AlreadySettled):
        signoff.review_release(made, words="Fine.", by=helene, at=nine + 2 * HOUR)


def test_an_agreement_denied_before_publication_voids_the_round_and_asks_everybody_again(
    in_signoff: Statement, thomas: User, karim: User, helene: User, claire: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    approve(in_signoff, helene, nine)
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    assert status(in_signoff) == Statement.Status.GOOD
    with pytest.raises(ReasonMissing):
        signoff.deny_agreement(made, words=" ", by=karim, at=nine + HOUR)
    signoff.deny_agreement(made, words="I heard another text", by=karim, at=nine + HOUR)
    assert status(in_signoff) == Statement.Status.IN_SIGNOFF
    old, new = Round.objects.order_by("pk")
    assert (old.outcome, new.outcome) == (Round.Outcome.VOID, Round.Outcome.OPEN)
    assert not new.decisions.exists()
    heard = hearers(last(in_signoff.incident, "release.denied"), at=nine + HOUR)
    assert {claire, thomas, helene} <= set(heard)
    for person in (thomas, karim, helene):
        approve(in_signoff, person, nine + 2 * HOUR)
    assert status(in_signoff) == Statement.Status.GOOD
    assert new.releases.count() == 0


def test_an_agreement_denied_after_publication_stays_on_record_and_is_told(
    in_signoff: Statement,
    thomas: User,
    karim: User,
    helene: User,
    claire: User,
    ines: User,
    nine: datetime,
) -> None:
    for person in (thomas, helene):
        approve(in_signoff, person, nine)
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    actions.record_publication(in_signoff, channel="x", published_at=nine, by=ines, at=nine)
    signoff.deny_agreement(made, words="Not this text", by=karim, at=nine + HOUR)
    assert status(in_signoff) == Statement.Status.PUBLISHED
    assert Round.objects.get().outcome == Round.Outcome.RELEASED
    assert kinds(in_signoff.incident)[-1] == "release.denied_after_publication"


def test_a_denied_agreement_leaves_a_break_glass_release_of_the_same_round(
    in_signoff: Statement, karim: User, claire: User, nine: datetime
) -> None:
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    glass = release(in_signoff, claire, nine + MINUTE)
    # A word on the telephone is no sign-off: counsel is among those who are missing.
    assert "legal_counsel" in [one["slug"] for one in glass.missing]
    signoff.deny_agreement(made, words="Not this text", by=karim, at=nine + HOUR)
    assert status(in_signoff) == Statement.Status.GOOD
    assert Round.objects.get().outcome == Round.Outcome.RELEASED


def test_an_agreement_not_confirmed_calls_the_approver_and_climbs(
    in_signoff: Statement, karim: User, claire: User, helene: User, nine: datetime
) -> None:
    agree(in_signoff, "legal_counsel", karim, claire, nine)
    Due.objects.filter(kind=Due.Kind.STAGE).update(settled_at=nine)
    called = Delivery.objects.filter(reason__startswith="step", facts__owes="release")
    take_due_steps(at=nine + 6 * HOUR)
    assert {one.person for one in called.all()} == {karim}
    take_due_steps(at=nine + 12 * HOUR + 15 * MINUTE)
    take_due_steps(at=nine + 13 * HOUR)
    assert {one.person for one in called.all()} == {karim, claire, helene}


def test_a_new_version_voids_an_oral_agreement_and_it_can_still_be_denied(
    in_signoff: Statement, ines: User, karim: User, claire: User, nine: datetime
) -> None:
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    assert Due.objects.get(kind=Due.Kind.RELEASE).settled_at
    signoff.deny_agreement(made, words="Never", by=karim, at=nine + HOUR)
    assert Round.objects.filter(outcome=Round.Outcome.OPEN).count() == 1
    approve(in_signoff, karim, nine + HOUR)
