"""After an edit: what a typo leaves standing, and what is no typo whatever the author says."""

from __future__ import annotations

from datetime import datetime

import pytest

from incidents.models import Decision, Policy, Round, Seat, Statement, Version
from incidents.roles.actions import exclude_person
from incidents.signoff.people import room
from incidents.signoff.progress import progress, with_everything
from incidents.statements import actions
from incidents.statements.versions import NothingChanged
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, kinds, write

TYPO = Version.Change.TYPO


def mend(statement: Statement, text: str, by: User, at: datetime, change: str = TYPO) -> Version:
    statement.draft.refresh_from_db()
    actions.save_draft(
        statement, text=text, channel_texts={}, revision=statement.draft.revision, by=by, at=at
    )
    return actions.save_version(statement, reason="A letter", change=change, by=by, at=at)


def living(statement: Statement) -> Round:
    return Round.objects.filter(version__statement=statement).order_by("-pk")[0]


def asked(statement: Statement) -> set[str]:
    seats = [s for stage in living(statement).stages.all() for s in stage.seats.all()]
    return {s.key for s in seats if s.carried_from_id is None}


def test_a_typo_asks_again_only_the_roles_marked_always(
    good: Statement, ines: User, karim: User, thomas: User, nine: datetime
) -> None:
    mend(good, WORDS.replace("checking", "cheking"), ines, nine + MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.IN_SIGNOFF
    assert asked(good) == {"legal_counsel"}
    entry = good.incident.entries.get(kind="signoff.not_asked_again")
    told = {one["name"] for one in entry.content.body["facts"]["signers"]}
    assert told == {"Thomas Nguyen", "Helene Verdier"}
    found = with_everything(Round.objects.filter(pk=living(good).pk)).get()
    shown = progress(found, here=room(good.incident, at=nine), viewer=thomas, at=nine)
    seat = next(s for s in shown.seats if s.slug == "communications_lead")
    assert seat.state == "carried"
    assert "v1" in seat.text
    approve(good, karim, nine + 2 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD


@pytest.mark.parametrize(
    "text",
    [
        WORDS.replace("L2231", "L2237"),
        WORDS.replace("We are checking", "We are not checking"),
        WORDS.replace("Bella", "Bela"),
        WORDS + " See https://verdier.example",
        WORDS.replace("now", "tomorrow"),
    ],
)
def test_a_changed_digit_name_negation_date_or_link_is_material_whatever_the_author_says(
    good: Statement, ines: User, nine: datetime, text: str
) -> None:
    version = mend(good, text, ines, nine + MINUTE)
    assert version.change == Version.Change.MATERIAL
    assert asked(good) == {"communications_lead", "legal_counsel", "executive_sponsor"}
    saved = good.incident.entries.filter(kind="statement.version_saved").order_by("-number")[0]
    assert saved.content.body["facts"]["said"]["value"] == "typo"


def test_a_policy_may_forbid_the_shorter_way(good: Statement, ines: User, nine: datetime) -> None:
    [policy] = Policy.objects.filter(pk=living(good).policy_id)
    Policy.objects.create(
        team=good.incident.team,
        name_en="Strict",
        name_fr="Strict",
        stages=policy.stages,
        allows_typo=False,
    )
    mend(good, WORDS.replace("checking", "cheking"), ines, nine + MINUTE)
    assert asked(good) == {"communications_lead", "legal_counsel", "executive_sponsor"}


def test_many_typos_in_a_row_never_become_a_change_that_somebody_did_not_see(
    in_signoff: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    words = ["custommers these"] * 6
    signed = write(in_signoff, " ".join(words), ines, nine)
    approve(in_signoff, thomas, nine)
    carried = []
    for place in range(6):
        words[place] = "customers these"
        version = mend(in_signoff, " ".join(words), ines, nine + MINUTE)
        assert version.change == TYPO  # for itself, against the version before it
        seats = Seat.objects.filter(stage__round=living(in_signoff), carried_from__isnull=False)
        carried.append([seat.carried_from.version_id for seat in seats if seat.carried_from])
    # Together they are more than a typo of the text that was signed: it is asked again.
    assert carried[0] == [signed.pk]
    assert carried[-1] == []


def test_whoever_had_not_signed_yet_is_asked_about_the_mended_text(
    in_signoff: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    mend(in_signoff, WORDS.replace("checking", "cheking"), ines, nine + MINUTE)
    assert asked(in_signoff) == {"legal_counsel", "executive_sponsor"}


def test_who_mended_the_typo_does_not_stand_behind_it_as_a_signer(
    good: Statement, thomas: User, nine: datetime
) -> None:
    mend(good, WORDS.replace("checking", "cheking"), thomas, nine + MINUTE)
    assert "communications_lead" in asked(good)


def test_a_typo_leaves_nothing_standing_of_who_was_excluded_since(
    good: Statement, claire: User, ines: User, thomas: User, nine: datetime
) -> None:
    exclude_person(good.incident, thomas, reason="It is about him", by=claire, at=nine)
    mend(good, WORDS.replace("checking", "cheking"), ines, nine + MINUTE)
    assert "communications_lead" in asked(good)
    assert "executive_sponsor" not in asked(good)


def test_a_material_change_carries_nothing(good: Statement, ines: User, nine: datetime) -> None:
    mend(good, WORDS.replace("checking", "cheking"), ines, nine + MINUTE, Version.Change.MATERIAL)
    assert asked(good) == {"communications_lead", "legal_counsel", "executive_sponsor"}
    assert Decision.objects.filter(round=living(good)).count() == 0


def test_a_save_that_changes_nothing_voids_no_sign_off(
    good: Statement, ines: User, nine: datetime
) -> None:
    good.draft.refresh_from_db()
    actions.save_draft(
        good,
        text=WORDS + "  \r\n",
        channel_texts={},
        revision=good.draft.revision,
        by=ines,
        at=nine,
    )
    before = kinds(good.incident)
    with pytest.raises(NothingChanged):
        actions.save_version(good, reason="", by=ines, at=nine)
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD
    assert kinds(good.incident) == before
