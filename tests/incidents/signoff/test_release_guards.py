"""Releases hold in the database itself: past the verbs, past the ORM."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from incidents.models import (
    Publication,
    Release,
    Seat,
    Statement,
)
from incidents.signoff import actions as signoff
from teams.models import User
from tests.incidents.signoff.conftest import approve
from tests.incidents.signoff.test_guards import publish, refused
from tests.incidents.signoff.test_releases import WHY, agree, release

pytestmark = pytest.mark.django_db


def test_no_round_is_released_past_the_verbs_without_a_named_person(in_signoff: Statement) -> None:
    refused("released by a named person", "UPDATE incidents_round SET outcome = 'released'")


def test_one_oral_agreement_does_not_release_a_round_that_lacks_others(
    in_signoff: Statement, karim: User, claire: User, nine: datetime
) -> None:
    agree(in_signoff, "legal_counsel", karim, claire, nine)
    refused("released by a named person", "UPDATE incidents_round SET outcome = 'released'")
    refused("approved when every stage", "UPDATE incidents_round SET outcome = 'approved'")


def test_no_release_is_inserted_for_another_text_or_an_author_or_a_taken_seat(
    in_signoff: Statement, ines: User, thomas: User, karim: User, claire: User, nine: datetime
) -> None:
    version = in_signoff.versions.get()
    round_ = version.rounds.get()
    approve(in_signoff, thomas, nine)
    row: dict[str, Any] = {
        "round": round_,
        "version": version,
        "fingerprint": version.fingerprint,
        "reason": WHY,
        "released_by": claire,
        "released_at": nine,
        "owed_at": nine,
    }
    seats = {seat.key: seat for seat in Seat.objects.select_related("role")}
    oral = {"form": "oral", "seat": seats["legal_counsel"], "approver": karim}
    wrong: list[dict[str, Any]] = [
        {"form": "break_glass", "fingerprint": "f" * 64},
        {"form": "break_glass", "reason": ""},
        {"form": "break_glass", "outcome": "reviewed"},
        {**oral, "approver": claire},
        {**oral, "approver": ines},
        {**oral, "seat": seats["communications_lead"]},
        {**oral, "seat": None},
    ]
    for facts in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            Release.objects.create(**{**row, **facts})
    Release.objects.create(**{**row, **oral})
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.create(**{**row, **oral})


def test_what_a_release_says_cannot_be_rewritten(
    in_signoff: Statement, claire: User, helene: User, nine: datetime
) -> None:
    made = release(in_signoff, claire, nine)
    signoff.review_release(made, words="Right.", by=helene, at=nine)
    for sql in (
        "UPDATE incidents_release SET reason = 'Other'",
        "UPDATE incidents_release SET missing = '[]'",
        "UPDATE incidents_release SET released_by_id = owed_by_id",
        "UPDATE incidents_release SET outcome = 'confirmed'",
        "UPDATE incidents_release SET settled_words = 'Wrong.'",
    ):
        refused("keeps what it says", sql)
    refused("only grows", "DELETE FROM incidents_release")


def test_a_released_text_is_never_inserted_as_signed(
    in_signoff: Statement, ines: User, claire: User, nine: datetime
) -> None:
    made = release(in_signoff, claire, nine)
    wrong: list[dict[str, Any]] = [
        {"basis": Publication.Basis.SIGNED},
        {"basis": Publication.Basis.ORAL, "release": made},
        {"basis": Publication.Basis.BREAK_GLASS},
        {"basis": Publication.Basis.BREAK_GLASS, "release": made, "fingerprint": "f" * 64},
        {"basis": Publication.Basis.BREAK_GLASS, "release": made, "channel": "letter"},
        {"basis": Publication.Basis.SIGNED, "release": made},
    ]
    for facts in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            publish(in_signoff, ines, nine, **facts)
    publish(in_signoff, ines, nine, basis=Publication.Basis.BREAK_GLASS, release=made)
