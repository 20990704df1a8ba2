from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from crisisdesk.kit.refusals import Refused
from incidents.clocks.queries import header_clocks
from incidents.models import Decision, Incident, Publication, Round, Statement
from incidents.roles import queries
from incidents.roles.actions import name_deputy, relieve_role
from incidents.severity.actions import assess_severity
from incidents.signoff import actions as signoff
from incidents.statements import actions
from incidents.statements.actions.signing import SentBack
from incidents.statements.outside import NotSigned
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


def test_the_clock_of_a_sign_off_names_whom_it_still_waits_for(
    in_signoff: Statement, thomas: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine + MINUTE)
    rows = header_clocks(in_signoff.incident, at=nine + MINUTE)
    [owner] = [row.owner for row in rows if row.kind == "stage"]
    assert owner == "Legal counsel, Executive sponsor"


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


def test_the_deputy_signs_from_half_of_the_stages_time_and_it_is_said(
    in_signoff: Statement, karim: User, sophie: User, claire: User, nine: datetime
) -> None:
    name_deputy(
        queries.holders(in_signoff.incident)["legal_counsel"], deputy=sophie, by=claire, at=nine
    )
    with pytest.raises(signoff.NoSeat):
        approve(in_signoff, sophie, nine + 9 * MINUTE)
    decision = approve(in_signoff, sophie, nine + 10 * MINUTE)
    assert decision.deputy_of == karim
    assert kinds(in_signoff.incident)[-1] == "signoff.approved_as_deputy"
    with pytest.raises(signoff.NoSeat):
        approve(in_signoff, karim, nine + 11 * MINUTE)


def test_the_deputy_signs_at_once_where_the_holder_wrote_the_text(
    staffed: Incident, karim: User, sophie: User, claire: User, nine: datetime
) -> None:
    name_deputy(queries.holders(staffed)["legal_counsel"], deputy=sophie, by=claire, at=nine)
    statement = draft(staffed, karim, nine)
    actions.save_version(statement, reason="", submit=True, by=karim, at=nine)
    assert approve(statement, sophie, nine).deputy_of == karim


def test_a_role_that_nobody_holds_waits_and_never_counts_as_approved(
    in_signoff: Statement, thomas: User, helene: User, claire: User, nine: datetime
) -> None:
    counsel = queries.holders(in_signoff.incident)["legal_counsel"]
    relieve_role(counsel, reason="Off duty", by=claire, at=nine)
    approve(in_signoff, thomas, nine)
    approve(in_signoff, helene, nine)
    in_signoff.refresh_from_db()
    assert in_signoff.status == Statement.Status.IN_SIGNOFF
    with pytest.raises(signoff.NoSeat):
        approve(in_signoff, counsel.user, nine)


def test_a_stage_opens_when_the_one_before_is_complete(
    staffed: Incident, ines: User, thomas: User, karim: User, nine: datetime
) -> None:
    staffed.severity = 2
    staffed.save(update_fields=["severity"])
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    with pytest.raises(signoff.NoSeat):
        approve(statement, karim, nine)
    approve(statement, thomas, nine + MINUTE)
    first, second = Round.objects.get().stages.all()
    assert first.completed_at == second.opened_at == nine + MINUTE
    assert second.due_at == nine + 31 * MINUTE
    assert kinds(staffed)[-1] == "signoff.stage_opened"
    assert (first.due.settled_at is not None, second.due.settled_at) == (True, None)
    approve(statement, karim, nine + 2 * MINUTE)
    statement.refresh_from_db()
    assert statement.status == Statement.Status.GOOD


def test_a_raised_severity_adds_what_is_missing_and_keeps_what_was_signed(
    staffed: Incident, ines: User, thomas: User, karim: User, claire: User, nine: datetime
) -> None:
    staffed.severity = 3
    staffed.save(update_fields=["severity"])
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    approve(statement, thomas, nine)
    statement.refresh_from_db()
    assert statement.status == Statement.Status.GOOD
    staffed.severity = 1
    staffed.save(update_fields=["severity"])
    changed = signoff.tighten(staffed, by=claire, at=nine + MINUTE)
    statement.refresh_from_db()
    assert statement.status == Statement.Status.IN_SIGNOFF
    assert Decision.objects.filter(round__in=changed).count() == 1
    assert "signoff.tightened" in kinds(staffed)
    assert signoff.tighten(staffed, by=claire, at=nine + MINUTE) == []
    with pytest.raises(Refused):
        actions.record_publication(
            statement, channel="x", published_at=nine + MINUTE, by=ines, at=nine + MINUTE
        )


def test_one_of_several_who_is_asked_for_sure_by_a_raised_severity_signs_once(
    staffed: Incident, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    """Any one of two was asked; now this one is asked too: the seat of the choice is no trap."""
    staffed.severity = 4
    staffed.save(update_fields=["severity"])
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    [choice] = Round.objects.get().stages.all()
    assert (choice.needed, choice.seats.count()) == (1, 2)
    assess(staffed, 1, ines, nine + MINUTE)
    for person in (thomas, karim, helene):
        approve(statement, person, nine + 2 * MINUTE)
    statement.refresh_from_db()
    assert statement.status == Statement.Status.GOOD
    assert [r.outcome for r in Round.objects.order_by("pk")] == ["void", "approved"]
    assert kinds(staffed).count("signoff.tightened") == 1
    assert "signoff.voided" not in kinds(staffed)


def test_a_lowered_severity_never_removes_a_stage_that_was_asked(
    staffed: Incident, ines: User, nine: datetime
) -> None:
    staffed.severity = 1
    staffed.save(update_fields=["severity"])
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    staffed.severity = 4
    staffed.save(update_fields=["severity"])
    write(statement, WORDS + " Do not eat it.", ines, nine)
    newest = Round.objects.order_by("-pk")[0]
    asked = set(newest.stages.values_list("seats__role__slug", flat=True))
    assert {"communications_lead", "legal_counsel", "executive_sponsor"} <= asked


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


@pytest.mark.parametrize("levels", [(1, 3), (3, 1, 3)])
def test_what_was_asked_is_asked_of_every_later_version(
    staffed: Incident, ines: User, nine: datetime, levels: tuple[int, ...]
) -> None:
    """However often it is written anew, and where only a raised severity had asked it."""
    first, *others = levels
    assess(staffed, first, ines, nine)
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    for level in others:
        assess(staffed, level, ines, nine + MINUTE)
    for text in (WORDS + " Do not eat it.", WORDS + " Do not eat any of it."):
        write(statement, text, ines, nine + MINUTE)
        newest = Round.objects.order_by("-pk")[0]
        asked = set(newest.stages.values_list("seats__role__slug", flat=True))
        assert asked == {"communications_lead", "legal_counsel", "executive_sponsor"}


def test_whoever_wrote_before_the_last_approval_may_sign_after_it(
    good: Statement, ines: User, thomas: User, claire: User, nine: datetime
) -> None:
    third = write(good, WORDS + " Do not eat it.", claire, nine + 5 * MINUTE)
    assert {a.user for a in third.authors.all()} == {claire}
    fourth = write(good, WORDS + " Keep the box.", ines, nine + 6 * MINUTE)
    assert {a.user for a in fourth.authors.all()} == {claire, ines}


def test_going_back_brings_the_authors_of_the_old_text_back(
    statement: Statement, ines: User, thomas: User, claire: User, nine: datetime
) -> None:
    actions.save_version(statement, reason="", by=ines, at=nine)
    write(statement, "Other words.", thomas, nine)
    first = statement.versions.get(number=1)
    actions.go_back_to(statement, version=first, by=claire, at=nine)
    third = actions.save_version(statement, reason="", by=claire, at=nine)
    assert third.fingerprint == first.fingerprint
    assert {a.user for a in third.authors.all()} == {ines, thomas, claire}


def test_a_publication_before_the_last_sign_off_is_not_called_signed(
    good: Statement, ines: User, nine: datetime
) -> None:
    wrong: list[dict[str, Any]] = [{"published_at": nine}, {"channel": "letter"}]
    for facts in wrong:
        given: dict[str, Any] = {"channel": "x", "published_at": nine + MINUTE, **facts}
        with pytest.raises(NotSigned):
            actions.record_publication(good, **given, by=ines, at=nine + 2 * MINUTE)
    assert not Publication.objects.exists()


def test_an_announced_next_update_becomes_a_promise(
    good: Statement, ines: User, nine: datetime
) -> None:
    actions.record_publication(
        good,
        channel="x",
        published_at=nine + MINUTE,
        next_update_at=nine + 60 * MINUTE,
        by=ines,
        at=nine + MINUTE,
    )
    promise = good.incident.promises.get(source="statement")
    assert promise.due_at == nine + 60 * MINUTE
    assert promise.announced_in == Publication.objects.get()


def test_whoever_is_told_without_signing_is_told(
    staffed: Incident, ines: User, nine: datetime
) -> None:
    staffed.severity = 3
    staffed.save(update_fields=["severity"])
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    assert kinds(staffed)[-1] == "signoff.told"
