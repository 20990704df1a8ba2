"""Rules 1 to 3 hold in the database itself: past the verbs, past the ORM, past the admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, transaction

from incidents.models import (
    Channel,
    Decision,
    Policy,
    Publication,
    Round,
    Rubric,
    Seat,
    Stage,
    Statement,
)
from incidents.statements import actions
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, write

pytestmark = pytest.mark.django_db


def refused(message: str, sql: str, *values: Any) -> None:
    """Run raw SQL, and demand that the database refuses it with this message."""
    with (
        pytest.raises(DatabaseError, match=message),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


def publish(statement: Statement, by: User, at: datetime, **facts: Any) -> Publication:
    """Insert a publication past the verb."""
    version = statement.versions.order_by("-number")[0]
    return Publication.objects.create(
        incident=statement.incident,
        statement=statement,
        audience=statement.audience,
        published_at=at,
        recorded_by=by,
        recorded_at=at,
        **{
            "basis": Publication.Basis.SIGNED,
            "version": version,
            "round": version.rounds.last(),
            "fingerprint": version.fingerprint,
            "channel": "x",
            **facts,
        },
    )


def decide(statement: Statement, by: User, at: datetime, **facts: Any) -> Decision:
    """Insert a decision past the verb."""
    version = statement.versions.order_by("-number")[0]
    round_ = version.rounds.last()
    return Decision.objects.create(
        signer=by,
        verdict="approve",
        decided_at=at,
        **{
            "round": round_,
            "seat": Seat.objects.filter(stage__round=round_, decisions=None).first(),
            "version": version,
            "fingerprint": version.fingerprint,
            **facts,
        },
    )


def test_nothing_is_inserted_as_signed_that_was_not_signed(
    in_signoff: Statement, good: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    publish(good, ines, nine)  # with every sign-off, the same insert passes
    open_one = actions.draft_statement(
        good.incident,
        title="Open",
        kind="update",
        audience=good.audience,
        language="en",
        channels=["x"],
        text=WORDS,
        by=ines,
        at=nine,
    )
    actions.save_version(open_one, reason="", submit=True, by=ines, at=nine)
    approve(open_one, thomas, nine)
    with pytest.raises(DatabaseError, match="Nothing is called published"), transaction.atomic():
        publish(open_one, ines, nine)
    with pytest.raises(DatabaseError, match="Nothing is called published"), transaction.atomic():
        publish(open_one, ines, nine, round=Round.objects.order_by("pk").first())
    refused(
        "Nothing is called published",
        "UPDATE incidents_statement SET status = 'published' WHERE id = %s",
        open_one.pk,
    )
    refused(
        "A round is approved when every stage is signed",
        "UPDATE incidents_round SET outcome = 'approved' WHERE id = %s",
        open_one.versions.get().rounds.get().pk,
    )


def test_a_signed_publication_is_of_the_signed_fingerprint_and_channel(
    good: Statement, ines: User, nine: datetime
) -> None:
    for facts in ({"fingerprint": "0" * 64}, {"channel": Channel.LETTER}):
        with pytest.raises(DatabaseError, match="Nothing is called"), transaction.atomic():
            publish(good, ines, nine, **facts)
    publish(good, ines, nine, channel=Channel.WEBSITE)


def test_an_edited_text_is_not_published_with_the_sign_offs_of_the_one_before(
    good: Statement, ines: User, nine: datetime
) -> None:
    first = good.versions.get()
    second = write(good, WORDS + " Do not eat it.", ines, nine + MINUTE)
    for version in (first, second):
        with pytest.raises(DatabaseError, match="Nothing is called"), transaction.atomic():
            publish(good, ines, nine, version=version, round=first.rounds.get())


def test_no_author_signs_past_the_verb(
    in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    with pytest.raises(DatabaseError, match="Nobody signs their own words"), transaction.atomic():
        decide(in_signoff, ines, nine)
    decide(in_signoff, karim, nine)
    refused("only grows", "DELETE FROM incidents_versionauthor")
    refused("only grows", "UPDATE incidents_versionauthor SET user_id = %s", karim.pk)


def test_no_decision_binds_a_text_that_was_not_seen(
    in_signoff: Statement, ines: User, karim: User, thomas: User, nine: datetime
) -> None:
    first = in_signoff.versions.get()
    with pytest.raises(DatabaseError, match="did not see"), transaction.atomic():
        decide(in_signoff, karim, nine, fingerprint="f" * 64)
    old = first.rounds.get()
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    seat = Seat.objects.filter(stage__round=old).first()
    with pytest.raises(DatabaseError, match="did not see"), transaction.atomic():
        decide(
            in_signoff,
            thomas,
            nine,
            round=old,
            seat=seat,
            version=first,
            fingerprint=first.fingerprint,
        )


def test_two_decisions_of_one_person_or_of_one_seat_are_one_too_many(
    in_signoff: Statement, karim: User, thomas: User, helene: User, nine: datetime
) -> None:
    taken = decide(in_signoff, karim, nine).seat
    with pytest.raises(DatabaseError), transaction.atomic():
        decide(in_signoff, karim, nine)
    with pytest.raises(DatabaseError), transaction.atomic():
        decide(in_signoff, thomas, nine, seat=taken)
    decide(in_signoff, thomas, nine)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE incidents_version SET text = 'Other words'",
        "DELETE FROM incidents_version",
        "UPDATE incidents_decision SET verdict = 'approve'",
        "DELETE FROM incidents_decision",
        "UPDATE incidents_publication SET basis = 'signed'",
        "DELETE FROM incidents_publication",
        "DELETE FROM incidents_round",
        "DELETE FROM incidents_stage",
        "DELETE FROM incidents_seat",
        "UPDATE incidents_stage SET needed = 1, round_id = round_id + 1",
        "UPDATE incidents_round SET fingerprint = 'f', version_id = version_id",
    ],
)
def test_what_was_signed_cannot_be_rewritten(
    good: Statement, ines: User, nine: datetime, sql: str
) -> None:
    actions.record_publication(
        good, channel="x", published_at=nine + MINUTE, by=ines, at=nine + MINUTE
    )
    refused("only grows|keeps its", sql)


def test_a_round_that_ended_stays_ended(in_signoff: Statement, karim: User, nine: datetime) -> None:
    version = in_signoff.versions.get()
    actions.refuse_statement(
        in_signoff, version=1, fingerprint=version.fingerprint, comment="No.", by=karim, at=nine
    )
    refused("keeps its version", "UPDATE incidents_round SET outcome = 'open'")
    assert Round.objects.get().outcome == Round.Outcome.REFUSED


def test_emptying_a_pending_stage_is_no_approval(in_signoff: Statement) -> None:
    refused("only grows", "DELETE FROM incidents_seat")
    refused("keeps its", "UPDATE incidents_stage SET needed = 0")
    assert Stage.objects.get().completed_at is None


def test_the_admin_shows_nothing_of_an_incident_and_changes_no_policy(rf: Any) -> None:
    """A statement in the admin would be a way past the gate."""
    here = {m for m in admin.site._registry if m._meta.app_label == "incidents"}
    assert here <= {Policy, Rubric}
    request = rf.get("/")
    request.user = User(is_staff=True, is_superuser=True)
    policies = admin.site._registry[Policy]
    assert policies.has_view_permission(request)
    assert not policies.has_add_permission(request)
    assert not policies.has_change_permission(request)
    assert not policies.has_delete_permission(request)
