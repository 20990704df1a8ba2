"""The proof of a version: what it shows, what its files hold, and that anyone can compute it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from incidents.facts.actions import note_fact
from incidents.models import Release, Statement
from incidents.statements import actions, citing, proof, proof_file
from incidents.statements.actions.citing import cite_facts
from teams.models import User
from tests.conftest import member, person
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, write
from tests.incidents.signoff.test_releases import agree
from tests.incidents.statements.external import show

pytestmark = pytest.mark.django_db


def get(client: Client, person: User, name: str, statement: Statement, version: int = 0) -> Any:
    client.force_login(person)
    url = reverse(f"incidents:{name}", args=[statement.incident.reference, statement.number])
    return client.get(url, {"version": version} if version else {})


def read(statement: Statement, person: User, version: int | None = None) -> proof.Proof:
    found = proof.read(statement, version=version, user=person, rights=frozenset())
    assert found is not None
    return found


def test_each_sign_off_says_who_as_what_when_for_which_text_and_what_was_on_the_screen(
    good: Statement, karim: User, nine: datetime
) -> None:
    row = next(r for r in read(good, karim).rounds[0].sign_offs if r.signer == karim.name)
    version = good.versions.get()
    assert (row.version, row.fingerprint) == (1, version.fingerprint)
    assert row.fits
    assert (row.stage, row.capacity, row.deputy_of) == (1, "holder", "")
    assert row.decided_at == nine + MINUTE
    assert row.screen.base_version is None
    assert (row.screen.language, row.screen.reason) == ("en", "First words")


def test_a_deputy_is_named_with_whom_they_stand_in_for_and_the_difference_with_its_base(
    in_signoff: Statement, karim: User, sophie: User, ines: User, thomas: User, nine: datetime
) -> None:
    counsel = in_signoff.incident.assignments.get(role__slug="legal_counsel")
    counsel.deputy = sophie
    counsel.save()
    approve(in_signoff, thomas, nine)
    first = in_signoff.versions.get()
    write(in_signoff, WORDS + " Do not eat it.", ines, nine)
    approve(in_signoff, sophie, nine + 15 * MINUTE, base_version=1)
    row = read(in_signoff, karim).rounds[0].sign_offs[0]
    assert (row.signer, row.capacity, row.deputy_of) == (sophie.name, "deputy", karim.name)
    assert (row.screen.base_version, row.screen.base_fingerprint) == (1, first.fingerprint)
    voided = read(in_signoff, karim, 1).rounds[0]
    assert voided.outcome == "void"
    assert [r.signer for r in voided.sign_offs] == [thomas.name]


def test_a_typo_leaves_the_sign_off_of_the_other_text_and_says_so(
    in_signoff: Statement, ines: User, thomas: User, karim: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    signed = in_signoff.versions.get()
    in_signoff.draft.refresh_from_db()
    mended = WORDS.replace("checking", "cheking")
    actions.save_draft(in_signoff, text=mended, channel_texts={}, revision=0, by=ines, at=nine)
    actions.save_version(in_signoff, reason="", change="typo", by=ines, at=nine)
    stands = read(in_signoff, karim).rounds[0].stands
    assert [(s.signer, s.version, s.fingerprint) for s in stands] == [
        (thomas.name, 1, signed.fingerprint)
    ]
    assert stands[0].fingerprint != read(in_signoff, karim).fingerprint


def test_an_oral_agreement_is_shown_with_what_became_of_it(
    client: Client,
    in_signoff: Statement,
    claire: User,
    karim: User,
    thomas: User,
    helene: User,
    nine: datetime,
) -> None:
    approve(in_signoff, thomas, nine)
    approve(in_signoff, helene, nine)
    agree(in_signoff, "legal_counsel", karim, claire, nine)
    shown = read(in_signoff, karim).rounds[0]
    assert [(r.is_oral, r.approver, r.outcome) for r in shown.releases] == [(True, karim.name, "")]
    page = get(client, thomas, "statement-proof", in_signoff).content.decode()
    assert f"Oral agreement of {karim.name}" in page
    assert "owes a confirmation by" in page
    told = proof_file.as_json(read(in_signoff, karim))["releases"]
    assert [(one["form"], one["approver"]) for one in told] == [("oral", karim.name)]
    assert told[0]["fingerprint"] == Release.objects.get().fingerprint


def test_the_page_shows_it_and_everybody_in_the_room_may_read_it(
    client: Client, good: Statement, bruno: User, zoe: User, claire: User, nine: datetime
) -> None:
    actions.record_publication(
        good, channel="x", published_at=nine + 5 * MINUTE, by=claire, at=nine + 6 * MINUTE
    )
    version = good.versions.get()
    page = get(client, bruno, "statement-proof", good)
    text = page.content.decode()
    for name in ("Karim Haddad", "Helene Verdier", "Thomas Nguyen"):
        assert name in text
    assert "The whole text, no difference" in text
    assert "Reason given: First words" in text
    assert "2030-03-01T09:01:00.000000Z" in text
    assert version.fingerprint in text.replace(" ", "")
    assert "Computed anew from the text just now: it fits." in text
    assert get(client, zoe, "statement-proof", good).status_code == 404
    assert get(client, bruno, "statement-proof", good, 9).status_code == 404
    assert "statements/1/proof/" in get(client, bruno, "statement", good).content.decode()


def test_a_statement_without_a_version_has_no_proof(
    client: Client, statement: Statement, ines: User
) -> None:
    assert get(client, ines, "statement-proof", statement).status_code == 404


def test_the_file_of_what_was_signed_has_the_fingerprint_for_its_digest(
    client: Client, good: Statement, bruno: User
) -> None:
    answer = get(client, bruno, "statement-proof-text", good, 1)
    assert hashlib.sha256(answer.content).hexdigest() == good.versions.get().fingerprint
    assert answer["Content-Disposition"].endswith(f'{good.incident.reference}-1-v1.json"')


def test_the_file_of_the_proof_carries_all_of_it(
    client: Client, in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    fact = note_fact(in_signoff.incident, text="Three lots.", by=ines, at=nine)
    cite_facts(in_signoff, facts=[fact], by=ines, at=nine)
    stamp = citing_stamp(in_signoff)
    approve(in_signoff, karim, nine, comment="Fine by me", cited=stamp)
    told = json.loads(get(client, karim, "statement-proof-file", in_signoff).content)
    assert told["format"] == proof_file.FORMAT
    assert told["bound"]["text"] == WORDS
    (signed,) = told["sign_offs"]
    assert (signed["signer"], signed["comment"]) == (karim.name, "Fine by me")
    assert signed["on_screen"]["facts"] == [{"fact": fact.number, "state": "unconfirmed"}]
    page = get(client, karim, "statement-proof", in_signoff).content.decode()
    assert escape("Fine by me") in page


def citing_stamp(statement: Statement) -> str:
    return citing.standing([statement])[statement.pk].stamp


def test_a_proof_costs_the_same_queries_however_many_signed(
    in_signoff: Statement,
    karim: User,
    thomas: User,
    helene: User,
    claire: User,
    nine: datetime,
    count_queries: Callable[..., int],
) -> None:
    approve(in_signoff, thomas, nine)
    read(in_signoff, claire)
    few = count_queries(lambda: read(in_signoff, claire))
    approve(in_signoff, karim, nine)
    approve(in_signoff, helene, nine)
    for channel in ("x", "website"):
        actions.record_publication(
            in_signoff, channel=channel, published_at=nine + MINUTE, by=claire, at=nine + MINUTE
        )
    assert count_queries(lambda: read(in_signoff, claire)) == few


def test_somebody_from_outside_is_called_so_and_not_by_their_name_twice(
    client: Client, good: Statement, claire: User, bruno: User, nine: datetime
) -> None:
    leroy = show(good, claire, nine + 2 * MINUTE).user
    approve(good, leroy, nine + 3 * MINUTE)
    row = next(r for r in read(good, bruno).rounds[0].sign_offs if r.signer == "Anne Leroy")
    assert row.seat == "external approver"
    assert "External approver" in get(client, bruno, "statement-proof", good).content.decode()


def test_a_sign_off_that_stands_says_too_for_whom_it_was_given(
    client: Client,
    in_signoff: Statement,
    ines: User,
    bruno: User,
    nine: datetime,
) -> None:
    lead = in_signoff.incident.assignments.get(role__slug="communications_lead")
    lead.deputy = pia = member(in_signoff.incident.team, person("Pia Roth"))
    lead.save()
    approve(in_signoff, pia, nine + 15 * MINUTE)
    in_signoff.draft.refresh_from_db()
    mended = WORDS.replace("checking", "cheking")
    at = nine + 16 * MINUTE
    actions.save_draft(in_signoff, text=mended, channel_texts={}, revision=0, by=ines, at=at)
    actions.save_version(in_signoff, reason="", change="typo", by=ines, at=at)
    [row] = read(in_signoff, bruno).rounds[0].stands
    assert (row.signer, row.capacity, row.deputy_of) == ("Pia Roth", "deputy", "Thomas Nguyen")
    page = get(client, bruno, "statement-proof", in_signoff).content.decode()
    assert "Communications lead, as deputy of Thomas Nguyen" in page
    [told] = proof_file.as_json(read(in_signoff, bruno))["not_asked_again"]
    assert (told["capacity"], told["deputy_of"]) == ("deputy", "Thomas Nguyen")
    assert "capacity_words" not in told
