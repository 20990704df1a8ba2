"""Every sign-off that counts is told: as what it was given, and what a typo left standing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from incidents.models import Incident, Policy, Statement, Version
from incidents.review.as_json import as_json
from incidents.review.page import shown
from incidents.review.pdf import pdf
from incidents.review.queries.rows import Audience, Report
from incidents.roles.actions import name_deputy
from incidents.statements import actions
from incidents.timeline.wording import say
from teams.actions.absence import delegate_signoff
from teams.actions.stand_ins import list_stand_in
from teams.models import Role, Team, User
from tests.conftest import member, person
from tests.incidents.review.conftest import MINUTE, words_of
from tests.incidents.signoff.conftest import WORDS, approve, draft
from tests.incidents.statements.external import show

pytestmark = pytest.mark.django_db
Read = Callable[..., Report]


@pytest.fixture
def ana(team: Team) -> User:
    return member(team, person("Ana Lopes", function="legal"))


def as_deputy(statement: Statement, ana: User, by: User, at: datetime) -> None:
    assignment = statement.incident.assignments.get(role__slug="legal_counsel", ended_at=None)
    name_deputy(assignment, deputy=ana, by=by, at=at)


def as_delegate(statement: Statement, ana: User, by: User, at: datetime) -> None:
    karim = User.objects.get(name="Karim Haddad")
    delegate_signoff(
        karim,
        to=ana,
        team=statement.incident.team,
        role=None,
        starts_at=at,
        ends_at=at + 60 * MINUTE,
        reason="Court",
        by=karim,
        at=at,
    )


def as_listed(statement: Statement, ana: User, by: User, at: datetime) -> None:
    counsel = Role.objects.get(slug="legal_counsel")
    list_stand_in(statement.incident.team, role=counsel, user=ana, by=None, at=at)


def told(report: Report) -> tuple[list[dict[str, Any]], dict[str, str], str]:
    """Return the sign-offs of the newest version in the JSON, on the page, and the PDF's words."""
    with translation.override("en"), timezone.override(ZoneInfo("Europe/Paris")):
        body = json.loads(as_json(report))
        [line] = shown(report).statements
        printed = words_of(pdf(report))
    rounds = body["statements"][0]["versions"][-1]["rounds"]
    return rounds, {row.who: f"{row.capacity}, {row.verdict}" for row in line.signs}, printed


@pytest.mark.parametrize(
    ("put_in", "slug", "words"),
    [
        (as_deputy, "deputy", "as deputy of Karim Haddad"),
        (as_delegate, "delegate", "by delegation of Karim Haddad"),
        (as_listed, "listed", "from the team’s list, for Karim Haddad"),
    ],
)
def test_whoever_stands_in_is_told_as_what(
    in_signoff: Statement,
    ana: User,
    claire: User,
    thomas: User,
    nine: datetime,
    reported: Read,
    put_in: Callable[..., None],
    slug: str,
    words: str,
) -> None:
    put_in(in_signoff, ana, claire, nine)
    for signer in (thomas, ana):
        approve(in_signoff, signer, nine + 15 * MINUTE)
    [round_], signs, printed = told(reported(in_signoff.incident))
    one = next(d for d in round_["decisions"] if d["signer"] == "Ana Lopes")
    assert one["capacity"] == {"slug": slug, "name": words}
    assert (one["asked"], one["deputy_of"]) == ("role", "Karim Haddad")
    assert signs["Ana Lopes"] == f"Legal counsel, {words}, approved"
    assert signs["Thomas Nguyen"] == "Communications lead, approved"
    assert f"Legal counsel, {words}" in printed
    by_hand = next(d for d in round_["decisions"] if d["signer"] == "Thomas Nguyen")
    assert by_hand["capacity"] == {"slug": "holder", "name": "in person"}


def test_somebody_from_the_list_where_nobody_holds_the_role(
    incident: Incident, ines: User, ana: User, nine: datetime, reported: Read
) -> None:
    statement = draft(incident, ines, nine)
    as_listed(statement, ana, ines, nine)
    actions.save_version(statement, reason="First words", by=ines, at=nine)
    actions.submit_statement(statement, by=ines, at=nine)
    assert approve(statement, ana, nine + 15 * MINUTE).deputy_of is None
    _rounds, signs, _printed = told(reported(incident))
    assert signs == {"Ana Lopes": "Legal counsel, from the team’s list, approved"}


def test_somebody_from_outside_is_an_external_approver(
    good: Statement, claire: User, nine: datetime, reported: Read
) -> None:
    leroy = show(good, claire, nine + 2 * MINUTE).user
    approve(good, leroy, nine + 3 * MINUTE)
    [round_], signs, printed = told(reported(good.incident))
    one = round_["decisions"][-1]
    assert (one["signer"], one["asked"]) == ("Anne Leroy", "external")
    assert one["role"] == {"slug": str(leroy.uuid), "name": "external approver"}
    assert signs["Anne Leroy"] == "external approver, approved"
    assert "external approver" in printed


def test_somebody_of_the_team_whom_a_policy_asks_by_name_is_not_from_outside(
    staffed: Incident, ines: User, bruno: User, nine: datetime, reported: Read
) -> None:
    stage = {"roles": [], "people": [str(bruno.uuid)], "needed": None, "minutes": 20, "told": []}
    Policy.objects.create(team=staffed.team, name_en="Ours", name_fr="Nôtre", stages=[stage])
    statement = draft(staffed, ines, nine)
    actions.save_version(statement, reason="First words", by=ines, at=nine)
    actions.submit_statement(statement, by=ines, at=nine)
    approve(statement, bruno, nine + MINUTE)
    [round_], signs, _printed = told(reported(staffed))
    assert [d["asked"] for d in round_["decisions"]] == ["person"]
    assert signs == {"Bruno Mallet": "approver asked by name, approved"}


@pytest.fixture
def mended(good: Statement, ines: User, karim: User, nine: datetime) -> Statement:
    """A letter was mended in what all three had signed; counsel alone is asked again, and signs."""
    good.draft.refresh_from_db()
    actions.save_draft(
        good,
        text=WORDS.replace("checking", "cheking"),
        channel_texts={},
        revision=good.draft.revision,
        by=ines,
        at=nine + 2 * MINUTE,
    )
    actions.save_version(
        good, reason="A letter", change=Version.Change.TYPO, by=ines, at=nine + 2 * MINUTE
    )
    approve(good, karim, nine + 3 * MINUTE)
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD
    return good


def test_a_sign_off_that_a_typo_left_standing_is_told_with_the_text_that_was_signed(
    mended: Statement, nine: datetime, reported: Read
) -> None:
    first = mended.versions.get(number=1).fingerprint
    [round_], signs, printed = told(reported(mended.incident))
    assert [d["signer"] for d in round_["decisions"]] == ["Karim Haddad"]
    stands = {one["signer"]: one for one in round_["carried"]}
    assert set(stands) == {"Thomas Nguyen", "Helene Verdier"}
    assert (stands["Thomas Nguyen"]["version"], stands["Thomas Nguyen"]["fingerprint"]) == (
        1,
        first,
    )
    assert stands["Thomas Nguyen"]["role"]["slug"] == "communications_lead"
    assert datetime.fromisoformat(stands["Thomas Nguyen"]["at"]) == nine + MINUTE
    again = f"not asked again (signed v1 {first[:4]} {first[4:8]})"
    assert signs == {
        "Thomas Nguyen": f"Communications lead, {again}",
        "Helene Verdier": f"Executive sponsor, {again}",
        "Karim Haddad": "Legal counsel, approved",
    }
    assert printed.count(again) == 2


def test_the_page_shows_it_and_the_public_version_names_nobody(
    mended: Statement, client: Client, claire: User, reported: Read
) -> None:
    client.force_login(claire)
    page = client.get(reverse("incidents:report", args=[mended.incident.reference]))
    assert "Thomas Nguyen, not asked again (signed v1 " in page.content.decode()
    public = reported(mended.incident, audience=Audience.PUBLIC)
    assert "Thomas" not in as_json(public).decode()


def test_what_was_carried_into_a_round_that_ended_as_void_stands_on_no_page(
    mended: Statement, reported: Read
) -> None:
    mended.versions.get(number=2).rounds.update(outcome="void")
    rounds, signs, _printed = told(reported(mended.incident))
    assert len(rounds[0]["carried"]) == 2
    assert "Thomas Nguyen" not in signs


def test_the_cost_does_not_grow_with_what_is_carried(
    mended: Statement,
    ines: User,
    karim: User,
    nine: datetime,
    reported: Read,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    reported(mended.incident)
    few = count_queries(lambda: reported(mended.incident))
    mended.draft.refresh_from_db()
    actions.save_draft(
        mended,
        text=WORDS.replace("checking", "chekng"),
        channel_texts={},
        revision=mended.draft.revision,
        by=ines,
        at=nine + 4 * MINUTE,
    )
    actions.save_version(
        mended, reason="Again", change=Version.Change.TYPO, by=ines, at=nine + 4 * MINUTE
    )
    approve(mended, karim, nine + 5 * MINUTE)
    assert count_queries(lambda: reported(mended.incident)) == few


def last_sentence(incident: Incident, kind: str) -> str:
    entry = incident.entries.select_related("content").filter(kind=kind).order_by("-number")[0]
    body = entry.content.body
    with translation.override("en"):
        return say(kind, body["text"], body["facts"])


def test_the_timeline_says_as_what_a_person_from_outside_signed_and_not_their_name_twice(
    good: Statement, claire: User, nine: datetime
) -> None:
    leroy = show(good, claire, nine + 2 * MINUTE).user
    approve(good, leroy, nine + 3 * MINUTE)
    sentence = last_sentence(good.incident, "signoff.approved")
    assert sentence == "Approved Holding statement, version 1, as external approver."


def test_the_timeline_says_of_an_entry_that_knows_no_outside_how_the_person_was_asked() -> None:
    facts = {
        "title": "Notice",
        "version": 2,
        "comment": "",
        "role": {"id": "5d1e9b0a-0000-0000-0000-000000000000", "name": "Paul Renaud"},
    }
    with translation.override("en"):
        assert (
            say("signoff.approved", "", facts)
            == "Approved Notice, version 2, as approver asked by name."
        )
