"""Somebody from outside is shown one text until a time; they sign it, and an end is no approval."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from incidents import access
from incidents.models import (
    ExternalApprover,
    Round,
    Statement,
    StatementUserPermission,
)
from incidents.roles.queries import candidates, everyone
from incidents.signoff.actions import NotRead
from incidents.statements import actions
from incidents.statements.actions import sharing, translating
from incidents.statements.moves import NotFromHere
from teams.models import User
from tests.conftest import person
from tests.incidents.signoff.conftest import approve, kinds, write
from tests.incidents.statements.external import ADDRESS, DAY, MINUTE, sent, show

pytestmark = pytest.mark.django_db


# Letting somebody in


def test_an_invitation_makes_an_account_that_opens_nothing_else(
    in_signoff: Statement, claire: User, nine: datetime
) -> None:
    approver = show(in_signoff, claire, nine)
    leroy = approver.user
    assert leroy.function is not None
    assert (leroy.email, leroy.function.slug) == (ADDRESS, "external")
    assert not leroy.has_usable_password()
    assert not leroy.memberships.exists()
    assert access.rights(leroy, in_signoff.incident, at=nine) == frozenset()
    assert access.statement_rights(leroy, in_signoff, at=nine) == {
        "view_statement",
        "sign_statement",
    }
    assert list(access.open_to(leroy, at=nine)) == []
    assert list(access.from_outside(at=nine)) == [leroy]
    assert leroy not in candidates(in_signoff.incident, at=nine)
    assert leroy not in everyone(in_signoff.incident, at=nine)
    entry = in_signoff.incident.entries.get(kind="approver.invited")
    assert entry.content.body["facts"]["person"]["name"] == "Anne Leroy"


def test_who_is_known_keeps_their_account(
    in_signoff: Statement, claire: User, zoe: User, nine: datetime
) -> None:
    assert show(in_signoff, claire, nine, email=zoe.email.upper(), name="Other").user == zoe
    zoe.refresh_from_db()
    assert zoe.name == "Zoe Elsewhere"
    assert zoe.has_usable_password()


def test_a_colleague_is_refused_kindly(
    in_signoff: Statement, team: Any, claire: User, bruno: User, nine: datetime
) -> None:
    admin = person("Samuel Okoye")
    admin.is_staff = True
    admin.save()
    for one in (bruno, admin, claire):
        with pytest.raises(sharing.OneOfUs, match="colleague"):
            show(in_signoff, claire, nine, email=one.email)
    assert not ExternalApprover.objects.exists()


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_it_has_an_end_at_most_ninety_days_ahead(
    in_signoff: Statement, claire: User, nine: datetime, days: int
) -> None:
    show(in_signoff, claire, nine, email="other@cabinet.test", ends_at=nine + 90 * DAY)
    with pytest.raises(sharing.NotSoLong):
        show(in_signoff, claire, nine, ends_at=nine + days * DAY)
    assert not User.objects.filter(email=ADDRESS).exists()


def test_it_is_given_once_and_anew_after_its_end(
    in_signoff: Statement, claire: User, nine: datetime
) -> None:
    first = show(in_signoff, claire, nine, ends_at=nine + DAY, signs=False)
    with pytest.raises(sharing.AlreadyShown):
        show(in_signoff, claire, nine)
    later = nine + 2 * DAY
    assert access.statement_rights(first.user, in_signoff, at=later) == frozenset()
    again = show(in_signoff, claire, later)
    assert again.user == first.user
    assert "sign_statement" in access.statement_rights(again.user, in_signoff, at=later)


def test_what_is_out_is_shown_to_read_only(
    good: Statement, claire: User, thomas: User, nine: datetime
) -> None:
    actions.record_publication(
        good, channel="website", published_at=nine + MINUTE, by=thomas, at=nine + 2 * MINUTE
    )
    with pytest.raises(NotFromHere):
        show(good, claire, nine + DAY)
    assert not show(good, claire, nine + DAY, signs=False).signs


# Signing


def test_they_sign_after_everyone_else_and_the_text_waits_for_them(
    good: Statement, claire: User, nine: datetime
) -> None:
    leroy = show(good, claire, nine + 2 * MINUTE).user
    good.refresh_from_db()
    assert good.status == Statement.Status.IN_SIGNOFF
    decision = approve(good, leroy, nine + 3 * MINUTE)
    assert (decision.seat.person, decision.capacity) == (leroy, "holder")
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD
    assert kinds(good.incident)[-2:] == ["signoff.approved", "signoff.completed"]


def test_an_end_is_no_approval_and_the_seat_stays(
    good: Statement, claire: User, nine: datetime
) -> None:
    approver = show(good, claire, nine + 2 * MINUTE)
    sharing.end_external_approver(approver, by=claire, at=nine + 3 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.IN_SIGNOFF
    assert not StatementUserPermission.objects.exists()
    assert access.statement_rights(approver.user, good, at=nine + 3 * MINUTE) == frozenset()
    with pytest.raises(sharing.AlreadyOver):
        sharing.end_external_approver(approver, by=claire, at=nine + 4 * MINUTE)
    with pytest.raises(NotFromHere):
        actions.record_publication(
            good, channel="website", published_at=nine, by=claire, at=nine + 4 * MINUTE
        )


def test_everyone_is_asked_anew_without_them_and_no_approval_is_carried(
    good: Statement, claire: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    approver = show(good, claire, nine + 2 * MINUTE, ends_at=nine + DAY)
    first = Round.objects.get()
    with pytest.raises(sharing.NotAsked):
        sharing.ask_without_external(approver, reason="Ill.", by=claire, at=nine + 3 * MINUTE)
    later = nine + 2 * DAY
    round_ = sharing.ask_without_external(approver, reason="Ill.", by=claire, at=later)
    first.refresh_from_db()
    assert first.outcome == Round.Outcome.VOID
    assert not round_.stages.filter(seats__person=approver.user).exists()
    good.refresh_from_db()
    assert good.status == Statement.Status.IN_SIGNOFF
    for one in (thomas, karim, helene):
        approve(good, one, later + MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD
    entry = good.incident.entries.get(kind="approver.asked_without")
    assert entry.content.body["facts"]["reason"] == "Ill."
    with pytest.raises(sharing.NotAsked):
        sharing.ask_without_external(approver, reason="Again.", by=claire, at=later + MINUTE)


def test_the_next_version_asks_them_while_they_are_shown_it(
    in_signoff: Statement, claire: User, ines: User, nine: datetime
) -> None:
    approver = show(in_signoff, claire, nine)
    write(in_signoff, "Other words about lot L6061.", ines, nine + MINUTE)
    living = Round.objects.get(outcome=Round.Outcome.OPEN)
    assert living.stages.filter(seats__person=approver.user).exists()
    sharing.end_external_approver(approver, by=claire, at=nine + 2 * MINUTE)
    write(in_signoff, "Other words about lot L6062.", ines, nine + 3 * MINUTE)
    living = Round.objects.get(outcome=Round.Outcome.OPEN)
    assert not living.stages.filter(seats__person=approver.user).exists()


def test_who_does_not_read_the_language_needs_a_reader(
    good: Statement, claire: User, karim: User, nine: datetime
) -> None:
    leroy = show(good, claire, nine + MINUTE, language="fr").user
    with pytest.raises(NotRead):
        approve(good, leroy, nine + 2 * MINUTE)
    translating.attest_translation(
        good, **sent(good), original=None, note="It says we check.", by=karim, at=nine + 2 * MINUTE
    )
    decision = approve(good, leroy, nine + 3 * MINUTE)
    assert decision.screen["attested_by"] == karim.name
