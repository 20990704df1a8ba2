"""What the panel of a sign-off says of who signed which text: never more than the proof does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Incident, Policy, Round, Statement
from incidents.roles.actions import exclude_person, readmit_person
from incidents.signoff import seat_words
from incidents.signoff.people import room
from incidents.signoff.progress import progress, with_everything
from incidents.signoff.rows import StageRow
from incidents.statements import actions, for_signature, queries
from teams.models import User
from tests.incidents.signoff.conftest import WORDS, approve, draft
from tests.incidents.signoff.test_releases import release
from tests.incidents.signoff.test_typo import mend
from tests.incidents.signoff.test_what_is_missing import see
from tests.incidents.statements.external import show

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(staffed: Incident, ines: User, thomas: User, karim: User, helene: User) -> Statement:
    """Three signed v1, by the clock of the pages."""
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    for who in (thomas, karim, helene):
        approve(text, who, now())
    text.refresh_from_db()
    return text


@pytest.fixture
def mended(good: Statement, ines: User) -> Statement:
    """Its v2 mends a typo: counsel signs again, the two others are not asked."""
    mend(good, WORDS.replace("checking", "cheking"), ines, now())
    good.refresh_from_db()
    return good


def panel(client: Client, person: User, statement: Statement) -> str:
    return see(client, person, "statement-signoff", statement.incident, statement.number)


def test_whoever_is_not_asked_again_is_not_counted_as_having_signed(
    client: Client, mended: Statement, claire: User
) -> None:
    html = panel(client, claire, mended)
    assert "0 of 1 signed, 2 not asked again" in html
    assert "of 3 signed" not in html


def test_good_to_publish_names_who_signed_this_text_and_who_the_one_before(
    client: Client, mended: Statement, claire: User, karim: User, ines: User
) -> None:
    approve(mended, karim, now())
    html = panel(client, claire, mended)
    assert "1 of 1 signed, 2 not asked again" in html
    assert "everyone who was asked approved this fingerprint" not in html
    assert (
        "Good to publish: Karim Haddad approved this fingerprint;"
        " Thomas Nguyen and Helene Verdier signed v1, only a typo was mended since."
    ) in html
    actions.record_publication(mended, channel="x", published_at=now(), by=ines, at=now())
    html = panel(client, claire, mended)
    assert "Good to publish" not in html
    assert "Published: Karim Haddad approved this fingerprint; Thomas Nguyen and" in html


def test_what_is_published_is_called_published(
    client: Client, good: Statement, claire: User, ines: User
) -> None:
    assert "Good to publish: everyone who was asked approved" in panel(client, claire, good)
    actions.record_publication(good, channel="x", published_at=now(), by=ines, at=now())
    html = panel(client, claire, good)
    assert "Published: everyone who was asked approved this fingerprint." in html
    assert "Good to publish" not in html
    actions.withdraw_statement(good, reason="Wrong lot", by=ines, at=now())
    html = panel(client, claire, good)
    assert "Everyone who was asked approved this fingerprint." in html
    assert "Published:" not in html


def test_versions_that_sign_offs_stand_from_are_each_named() -> None:
    given = [("Thomas", 4), ("Karim", 3), ("Helene", 4)]
    assert seat_words.stand(given) == "Karim signed v3, Thomas and Helene signed v4"


def test_somebody_from_outside_is_not_told_to_wait_for_who_is_not_asked_again(
    staffed: Incident, ines: User, thomas: User, claire: User, mended: Statement
) -> None:
    exclude_person(staffed, thomas, reason="Its subject", by=claire, at=now())
    leroy = show(mended, claire, now()).user
    whole = for_signature.page(mended, user=leroy, rights=frozenset(), at=now())
    assert whole.round is not None
    [theirs, _other] = [seat for seat in whole.round.seats if seat.state == "carried"]
    assert theirs.text.startswith("not asked again: ")
    assert all(seat.excluded_at is None for seat in whole.round.seats)


# Who lacks, where some are enough


def lacking(needed: int, *states: bool) -> tuple[str, ...]:
    names = ("Press (Ana)", "Counsel (Bo)", "Board (Cy)")
    seats: Any = tuple(
        SimpleNamespace(asked=name, is_missing=missing, state="waiting" if missing else "approved")
        for name, missing in zip(names, states, strict=False)
    )
    return StageRow(1, needed, None, None, None, seats).missing


def test_where_some_are_enough_not_all_who_were_asked_are_missing() -> None:
    assert lacking(2, True, True) == ("Press (Ana)", "Counsel (Bo)")
    assert lacking(1, True, True) == ("one of Press (Ana) and Counsel (Bo)",)
    assert lacking(2, True, True, True) == ("2 of Press (Ana), Counsel (Bo) and Board (Cy)",)
    assert lacking(2, True, True, False) == ("one of Press (Ana) and Counsel (Bo)",)
    assert lacking(1, False) == ()


def test_a_release_past_one_of_two_misses_one_of_them(
    client: Client, staffed: Incident, ines: User, claire: User
) -> None:
    staffed.severity = 4  # whose policy asks one of two
    staffed.save(update_fields=["severity"])
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    release(text, claire, now())
    assert "Missing: one of Communications lead (Thomas Nguyen) and " in panel(client, claire, text)


# Excluded after they signed


def test_a_sign_off_of_somebody_excluded_since_says_so_and_what_to_do(
    client: Client, good: Statement, claire: User, karim: User, ines: User
) -> None:
    assert "excluded" not in panel(client, claire, good)
    made = exclude_person(good.incident, karim, reason="It is about him", by=claire, at=now())
    html = panel(client, claire, good)
    assert html.count("excluded since") == 1
    assert "Karim Haddad, who signed this, has been excluded from this incident since" in html
    assert "3 of 3 signed" in html, "What was signed stays on record."
    readmit_person(made, reason="It was another Karim", by=claire, at=now())
    assert "excluded" not in panel(client, claire, good)
    exclude_person(good.incident, karim, reason="It is about him", by=claire, at=now())
    actions.record_publication(good, channel="x", published_at=now(), by=ines, at=now())
    html = panel(client, claire, good)
    assert "excluded since" in html
    assert "who signed this, has been excluded" not in html, "It is out: nothing to sign again."


def test_a_sign_off_that_stands_over_a_typo_says_so_too(
    client: Client, mended: Statement, claire: User, thomas: User
) -> None:
    exclude_person(mended.incident, thomas, reason="It is about him", by=claire, at=now())
    html = panel(client, claire, mended)
    assert html.count("excluded since") == 1
    assert "Thomas Nguyen, who signed this, has been excluded" in html


def test_who_is_excluded_costs_no_query_of_its_own(
    good: Statement, claire: User, karim: User, django_assert_num_queries: Any
) -> None:
    exclude_person(good.incident, karim, reason="It is about him", by=claire, at=now())
    found = with_everything(Round.objects.filter(version__statement=good)).get()
    here = room(good.incident, at=now())
    with django_assert_num_queries(0):
        row = progress(found, here=here, viewer=claire, at=now())
    assert [seat.signer for seat in row.excluded] == ["Karim Haddad"]


def test_the_proof_says_who_is_excluded_since_and_its_file_does_not(
    client: Client, mended: Statement, claire: User, karim: User, thomas: User
) -> None:
    approve(mended, karim, now())
    for who in (karim, thomas):
        exclude_person(mended.incident, who, reason="It is about them", by=claire, at=now())
    html = see(client, claire, "statement-proof", mended.incident, mended.number)
    assert html.count("excluded since") == 2, "A sign-off of this text, and one over a typo."
    file = see(client, claire, "statement-proof-file", mended.incident, mended.number)
    assert "not_asked_again" in file
    assert "excluded" not in file


def test_somebody_who_is_asked_by_name_does_not_wait_for_themselves(
    client: Client, staffed: Incident, ines: User, claire: User
) -> None:
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    leroy = show(text, claire, now()).user
    found = queries.page(text, user=claire, rights={"view_incident"}, at=now()).round
    assert found is not None
    (seat,) = [one for one in found.seats if one.slug == str(leroy.uuid)]
    assert (seat.who, seat.text) == ("External approver", "Anne Leroy, after the stage before")
    assert seat.asked == "Anne Leroy"
    assert "<strong>External approver</strong>" in panel(client, claire, text)
    listed = see(client, claire, "statements", staffed)
    assert "<strong>External approver</strong>" in listed
    assert "<strong>Anne Leroy</strong>" not in listed
    client.force_login(leroy)
    theirs = client.get(reverse("incidents:for-signature-text", args=[text.uuid])).content.decode()
    assert "<strong>External approver</strong>" in theirs


def test_a_colleague_whom_a_policy_asks_by_name_is_not_called_external(
    staffed: Incident, ines: User, bruno: User
) -> None:
    stage = {"roles": [], "people": [str(bruno.uuid)], "needed": None, "minutes": 20, "told": []}
    Policy.objects.create(team=staffed.team, name_en="Ours", name_fr="Nôtre", stages=[stage])
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    found = queries.page(text, user=bruno, rights={"view_incident"}, at=now()).round
    assert found is not None
    (seat,) = found.seats
    assert (seat.who, seat.text) == ("Approver asked by name", "waits for Bruno Mallet")
