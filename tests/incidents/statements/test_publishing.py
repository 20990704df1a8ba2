"""What may be called published, by whose word; what takes its place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from incidents.clocks.actions import make_promise
from incidents.clocks.queries import first_response
from incidents.models import (
    Due,
    Incident,
    Promise,
    Publication,
    Round,
    Statement,
)
from incidents.signoff import actions as signoff
from incidents.signoff.actions.refused import RoundEnded
from incidents.statements import actions
from incidents.statements.moves import NotFromHere
from incidents.statements.outside import NotSigned
from teams.models import Audience, User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, kinds, write
from tests.incidents.signoff.test_guards import refused
from tests.incidents.signoff.test_releases import agree, release

pytestmark = pytest.mark.django_db


def publish(statement: Statement, by: User, at: datetime, **facts: Any) -> Publication:
    given = {"channel": "website", "published_at": at, **facts}
    return actions.record_publication(statement, **given, by=by, at=at)


def signed(statement: Statement, *people: User, at: datetime) -> Statement:
    for person in people:
        approve(statement, person, at)
    statement.refresh_from_db()
    return statement


@pytest.fixture
def released(in_signoff: Statement, claire: User, nine: datetime) -> Statement:
    """The lead let it out without any sign-off."""
    release(in_signoff, claire, nine)
    in_signoff.refresh_from_db()
    return in_signoff


# A released text


def test_a_released_text_is_published_as_released_never_as_signed(
    released: Statement, ines: User, claire: User, nine: datetime
) -> None:
    made = publish(released, ines, nine + MINUTE)
    assert (made.basis, made.release) == (
        Publication.Basis.BREAK_GLASS,
        released.versions.get().releases.get(),
    )
    assert "statement.published_released" in kinds(released.incident)
    assert "statement.published" not in kinds(released.incident)
    entry = released.incident.entries.get(kind="statement.published_released")
    facts = entry.content.body["facts"]
    assert facts["released_by"]["name"] == claire.name
    assert [one["slug"] for one in facts["missing"]][1:] == ["legal_counsel", "executive_sponsor"]


def test_other_words_online_than_those_released_are_said_to_be_that(
    released: Statement, ines: User, nine: datetime
) -> None:
    made = publish(released, ines, nine + MINUTE, posted_text="Other words")
    assert made.differs
    assert "statement.published_released_differently" in kinds(released.incident)


def test_a_released_text_was_not_published_before_its_release(
    in_signoff: Statement, ines: User, claire: User, nine: datetime
) -> None:
    release(in_signoff, claire, nine + 5 * MINUTE)
    with pytest.raises(NotSigned):
        publish(in_signoff, ines, nine + 6 * MINUTE, published_at=nine + 4 * MINUTE)
    publish(in_signoff, ines, nine + 6 * MINUTE)


def test_a_released_text_answers_the_first_response_and_keeps_promises(
    released: Statement, ines: User, claire: User, nine: datetime
) -> None:
    promise = make_promise(
        released.incident,
        audience=Audience.objects.get(slug="public"),
        channel="",
        subject="First words",
        due_at=nine + 30 * MINUTE,
        owner=claire,
        source=Promise.Source.HAND,
        by=claire,
        at=nine,
    )
    made = publish(released, ines, nine + MINUTE)
    assert first_response(released.incident).met_at == nine + MINUTE
    promise.refresh_from_db()
    assert (promise.state, promise.kept_by) == (Promise.State.KEPT, made)


def test_what_appeared_unsigned_answers_nothing(
    staffed: Incident, ines: User, nine: datetime
) -> None:
    actions.record_unsigned(
        staffed,
        channel="x",
        audience=Audience.objects.get(slug="public"),
        published_at=nine,
        text="Oops",
        by=ines,
        at=nine,
    )
    assert first_response(staffed).met_at is None


def test_break_glass_comes_before_an_oral_agreement_of_the_same_round(
    in_signoff: Statement, karim: User, claire: User, ines: User, nine: datetime
) -> None:
    agree(in_signoff, "legal_counsel", karim, claire, nine)
    release(in_signoff, claire, nine)
    assert publish(in_signoff, ines, nine).basis == Publication.Basis.BREAK_GLASS


def test_each_channel_is_published_once_by_whatever_word(
    released: Statement, ines: User, nine: datetime
) -> None:
    publish(released, ines, nine)
    with pytest.raises(NotSigned):
        publish(released, ines, nine)
    publish(released, ines, nine, channel="x")


# Correction, succession, withdrawal


def test_a_correction_keeps_the_original_and_each_names_the_other(
    good: Statement, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    publish(good, ines, nine + MINUTE)
    right = draft(good.incident, ines, nine, corrects=good, kind="correction", text="Lot L2232.")
    actions.save_version(right, reason="", submit=True, by=ines, at=nine)
    signed(right, thomas, karim, helene, at=nine + 2 * MINUTE)
    publish(right, ines, nine + 3 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.PUBLISHED
    assert list(good.corrections.all()) == [right]


def test_a_successor_supersedes_when_it_is_published_and_not_before(
    good: Statement, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    publish(good, ines, nine + MINUTE)
    after = draft(good.incident, ines, nine, supersedes=good, title="Update", text="More words.")
    actions.save_version(after, reason="", submit=True, by=ines, at=nine)
    signed(after, thomas, karim, helene, at=nine + 2 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.PUBLISHED
    publish(after, ines, nine + 5 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.SUPERSEDED
    assert kinds(good.incident).count("statement.superseded") == 1
    publish(after, ines, nine + 5 * MINUTE, channel="x")
    assert kinds(good.incident).count("statement.superseded") == 1
    # The old one on another channel: what stood before its successor may still be put on record.
    late = nine + 9 * MINUTE
    with pytest.raises(NotSigned, match="Statement 2"):
        publish(good, ines, late, channel="x", published_at=nine + 5 * MINUTE)
    publish(good, ines, late, channel="x", published_at=nine + 4 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.SUPERSEDED
    actions.withdraw_statement(good, reason="Wrong lot", by=ines, at=late)
    assert good.publications.count() == 2


def test_only_what_was_published_here_is_corrected_or_superseded(
    good: Statement, ines: User, nine: datetime
) -> None:
    for link in ("corrects", "supersedes"):
        with pytest.raises(NotFromHere):
            draft(good.incident, ines, nine, **{link: good})
    publish(good, ines, nine + MINUTE)
    draft(good.incident, ines, nine, supersedes=good)


def test_a_withdrawn_statement_says_where_it_still_stands(
    client: Client, good: Statement, ines: User, nine: datetime
) -> None:
    publish(good, ines, nine + MINUTE, link="https://verdier.example/notice")
    actions.withdraw_statement(good, reason="Wrong", by=ines, at=nine + 2 * MINUTE)
    client.force_login(ines)
    page = client.get(
        reverse("incidents:statement", args=[good.incident.reference, good.number])
    ).content.decode()
    assert "It still stands there" in page
    assert "https://verdier.example/notice" in page


def test_a_withdrawn_statement_waits_for_nobody(
    staffed: Incident, ines: User, thomas: User, karim: User, claire: User, nine: datetime
) -> None:
    """Out on one channel, asked again by a raised severity for the other, then withdrawn."""
    staffed.severity = 3
    staffed.save(update_fields=["severity"])
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="", submit=True, by=ines, at=nine)
    publish(signed(statement, thomas, at=nine), ines, nine)
    staffed.severity = 1
    staffed.save(update_fields=["severity"])
    [asked_again] = signoff.tighten(staffed, by=claire, at=nine + MINUTE)
    actions.withdraw_statement(statement, reason="Wrong", by=ines, at=nine + 2 * MINUTE)
    asked_again.refresh_from_db()
    assert asked_again.outcome == Round.Outcome.VOID
    assert not Due.objects.filter(stage__round=asked_again, settled_at=None).exists()
    with pytest.raises(RoundEnded):
        agree(statement, "legal_counsel", karim, claire, nine + 3 * MINUTE)


def test_the_database_supersedes_only_what_was_published(good: Statement) -> None:
    refused(
        "Only what was published is superseded",
        "UPDATE incidents_statement SET status = 'superseded' WHERE id = %s",
        good.pk,
    )


def test_the_database_calls_a_statement_published_by_a_publication_alone(
    released: Statement,
) -> None:
    refused(
        "Nothing is called published",
        "UPDATE incidents_statement SET status = 'published' WHERE id = %s",
        released.pk,
    )


def test_the_database_refuses_a_publication_of_a_release_that_is_void(
    released: Statement, ines: User, nine: datetime
) -> None:
    made = released.versions.get().releases.get()
    write(released, WORDS + " Do not eat it.", ines, nine + MINUTE)
    with pytest.raises(DatabaseError, match="Nothing is called"), transaction.atomic():
        Publication.objects.create(
            incident=released.incident,
            statement=released,
            version=made.version,
            round=made.round,
            release=made,
            fingerprint=made.fingerprint,
            basis=Publication.Basis.BREAK_GLASS,
            channel="x",
            audience=released.audience,
            published_at=nine,
            recorded_by=ines,
            recorded_at=nine,
        )


def test_the_database_refuses_an_oral_publication_while_seats_are_open(
    in_signoff: Statement, karim: User, claire: User, ines: User, nine: datetime
) -> None:
    made = agree(in_signoff, "legal_counsel", karim, claire, nine)
    with pytest.raises(DatabaseError, match="Nothing is called"), transaction.atomic():
        Publication.objects.create(
            incident=in_signoff.incident,
            statement=in_signoff,
            version=made.version,
            round=made.round,
            release=made,
            fingerprint=made.fingerprint,
            basis=Publication.Basis.ORAL,
            channel="x",
            audience=in_signoff.audience,
            published_at=nine,
            recorded_by=ines,
            recorded_at=nine,
        )
