from __future__ import annotations

from datetime import datetime

import pytest

from incidents.models import Decision, Incident, Round, Statement
from incidents.signoff import actions as signoff
from incidents.statements import actions
from incidents.statements.actions.signing import SentBack
from incidents.statements.versions import NothingChanged
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, kinds, write

pytestmark = pytest.mark.django_db


def test_the_last_sign_off_makes_a_text_good_to_publish(good: Statement) -> None:
    assert good.status == Statement.Status.GOOD
    assert Round.objects.get().outcome == Round.Outcome.APPROVED
    assert kinds(good.incident)[-4:] == [
        "signoff.approved",
        "signoff.approved",
        "signoff.approved",
        "signoff.completed",
    ]


def test_an_author_cannot_sign_their_own_words(
    staffed: Incident, thomas: User, karim: User, nine: datetime
) -> None:
    statement = draft(staffed, thomas, nine)
    actions.save_version(statement, reason="", by=thomas, at=nine)
    actions.submit_statement(statement, by=thomas, at=nine)
    before = kinds(staffed)
    with pytest.raises(signoff.OwnWords):
        approve(statement, thomas, nine + MINUTE)
    assert kinds(staffed) == before
    assert not Decision.objects.exists()
    approve(statement, karim, nine + MINUTE)
    assert Decision.objects.get().signer == karim


def test_a_decision_on_an_older_version_is_refused_and_names_the_newer(
    in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    first = in_signoff.versions.get()
    second = write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    with pytest.raises(signoff.TextChanged) as refused:
        approve(in_signoff, karim, nine + MINUTE, version=1, fingerprint=first.fingerprint)
    assert refused.value.newest == second
    assert not Decision.objects.exists()


def test_a_new_version_voids_and_asks_everyone_again(
    good: Statement, ines: User, nine: datetime
) -> None:
    write(good, WORDS + " Do not eat it.", ines, nine + 2 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.IN_SIGNOFF
    old, new = Round.objects.order_by("pk")
    assert (old.outcome, new.outcome) == (Round.Outcome.VOID, Round.Outcome.OPEN)
    assert not new.decisions.exists()
    assert kinds(good.incident)[-3:] == [
        "statement.version_saved",
        "signoff.voided",
        "signoff.stage_opened",
    ]


def test_a_save_that_changes_nothing_voids_nothing(
    good: Statement, ines: User, nine: datetime
) -> None:
    before = kinds(good.incident)
    with pytest.raises(NothingChanged):
        write(good, WORDS + "  \r\n", ines, nine + 2 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD
    assert kinds(good.incident) == before


def test_going_back_to_an_old_text_revives_no_sign_off(
    good: Statement, ines: User, nine: datetime
) -> None:
    first = good.versions.get()
    write(good, WORDS + " Do not eat it.", ines, nine + 2 * MINUTE)
    third = write(good, WORDS, ines, nine + 3 * MINUTE)
    good.refresh_from_db()
    assert third.fingerprint == first.fingerprint
    assert good.status == Statement.Status.IN_SIGNOFF
    assert not third.rounds.get().decisions.exists()


def test_one_request_for_changes_ends_the_round(
    in_signoff: Statement, karim: User, thomas: User, ines: User, nine: datetime
) -> None:
    version = in_signoff.versions.get()
    actions.request_changes(
        in_signoff,
        version=1,
        fingerprint=version.fingerprint,
        comment="Name the lot.",
        by=karim,
        at=nine + MINUTE,
    )
    in_signoff.refresh_from_db()
    assert in_signoff.status == Statement.Status.DRAFT
    assert kinds(in_signoff.incident)[-1] == "signoff.changes_requested"
    with pytest.raises(signoff.RoundEnded):
        approve(in_signoff, thomas, nine + MINUTE)
    with pytest.raises(SentBack):
        actions.submit_statement(in_signoff, by=ines, at=nine + MINUTE)


def test_a_signed_text_is_recorded_as_published(
    good: Statement, ines: User, nine: datetime
) -> None:
    publication = actions.record_publication(
        good, channel="x", published_at=nine + MINUTE, by=ines, at=nine + 2 * MINUTE
    )
    good.refresh_from_db()
    assert good.status == Statement.Status.PUBLISHED
    assert publication.fingerprint == good.versions.get().fingerprint
    assert "statement.published" in kinds(good.incident)
