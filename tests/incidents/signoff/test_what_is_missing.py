"""What a text still lacks, and what is owed about it: one answer wherever it is asked."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Incident, Round, Statement
from incidents.review.queries.signed import rows as reported_rows
from incidents.review.queries.signed import statements as reported_statements
from incidents.roles import queries as roles
from incidents.roles.actions import assign_role, name_deputy
from incidents.signoff import actions as signoff
from incidents.signoff import releases
from incidents.signoff.rows import RoundRow, SeatRow, StageRow
from incidents.statements import actions, for_signature, queries
from incidents.statements.rows import StatementPage
from teams.models import Role, Team, User
from tests.conftest import member, person
from tests.incidents.signoff.conftest import MINUTE, approve, draft, write
from tests.incidents.signoff.test_releases import HOUR, agree, release
from tests.incidents.statements.external import show

pytestmark = pytest.mark.django_db


def page(statement: Statement, user: User, at: datetime, **chosen: Any) -> StatementPage:
    statement.refresh_from_db()
    rights = {"view_incident", "break_glass", "record_publication"}
    return queries.page(statement, user=user, rights=rights, at=at, **chosen)


def round_row(statement: Statement, user: User, at: datetime, **chosen: Any) -> RoundRow:
    found = page(statement, user, at, **chosen).round
    assert found is not None
    return found


def states(row: RoundRow) -> dict[str, str]:
    return {seat.slug: seat.state for seat in row.seats}


@pytest.fixture
def two_signed(in_signoff: Statement, thomas: User, helene: User, nine: datetime) -> Statement:
    """Two of three have signed; counsel is on a train."""
    approve(in_signoff, thomas, nine)
    approve(in_signoff, helene, nine)
    return in_signoff


def test_an_agreement_by_word_of_mouth_is_no_signature_and_missing_until_confirmed(
    two_signed: Statement, claire: User, karim: User, nine: datetime
) -> None:
    made = agree(two_signed, "legal_counsel", karim, claire, nine + MINUTE)
    row = round_row(two_signed, claire, nine + 2 * MINUTE)
    assert (row.signed, row.needed, row.unconfirmed, row.confirmed) == (2, 3, 1, 0)
    assert states(row)["legal_counsel"] == "oral"
    assert row.missing == ("Legal counsel (Karim Haddad, by word of mouth, not confirmed yet)",)
    signoff.confirm_agreement(made, by=karim, at=nine + HOUR)
    row = round_row(two_signed, claire, nine + HOUR)
    assert (row.signed, row.needed, row.unconfirmed, row.confirmed) == (2, 3, 0, 1)
    assert states(row)["legal_counsel"] == "confirmed"
    assert row.missing == ()
    assert row.outcome == Round.Outcome.RELEASED, "Confirmed, it is still not called signed."


def test_a_denied_agreement_that_is_out_is_missing_again(
    two_signed: Statement, claire: User, karim: User, ines: User, nine: datetime
) -> None:
    made = agree(two_signed, "legal_counsel", karim, claire, nine + MINUTE)
    actions.record_publication(
        two_signed, channel="x", published_at=nine + MINUTE, by=ines, at=nine + 2 * MINUTE
    )
    signoff.deny_agreement(made, words="I never heard of it.", by=karim, at=nine + HOUR)
    row = round_row(two_signed, claire, nine + HOUR)
    assert states(row)["legal_counsel"] == "denied"
    assert row.missing == ("Legal counsel (Karim Haddad)",)
    assert row.unconfirmed == 0


def test_the_page_and_the_record_name_the_same_who_are_missing(
    in_signoff: Statement, thomas: User, claire: User, karim: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    confirmed = agree(in_signoff, "legal_counsel", karim, claire, nine + MINUTE)
    before = page(in_signoff, claire, nine + 2 * MINUTE)
    assert len(before.standing.missing) == 2, "An open agreement is missing beside the executive."
    signoff.confirm_agreement(confirmed, by=karim, at=nine + HOUR)
    shown = page(in_signoff, claire, nine + HOUR).standing.missing
    assert shown == ("Executive sponsor (Helene Verdier)",)
    round_ = Round.objects.get()
    assert [one.key for one in releases.missing(round_)] == ["executive_sponsor"]
    made = release(in_signoff, claire, nine + 2 * HOUR)
    assert [one["slug"] for one in made.missing] == ["executive_sponsor"]


def test_a_version_that_is_void_is_counted_as_signed_by_nobody(
    two_signed: Statement, claire: User, karim: User, ines: User, nine: datetime
) -> None:
    agree(two_signed, "legal_counsel", karim, claire, nine + MINUTE)
    write(two_signed, "Other words, which nobody has read.", ines, nine + 2 * MINUTE)
    row = round_row(two_signed, claire, nine + HOUR, version=1)
    assert (row.signed, row.unconfirmed, row.missing, row.owed) == (0, 0, (), ())
    assert set(states(row).values()) == {"void"}


def test_where_one_of_two_is_enough_two_carried_count_once() -> None:
    seats: Any = (SimpleNamespace(state="carried"),) * 2
    row = RoundRow(1, "open", now(), None, "", (StageRow(1, 1, None, None, None, seats),))
    assert (row.signed, row.carried, row.asked, row.needed) == (0, 1, 0, 1)


def test_a_publication_names_every_agreement_it_rests_on_and_what_became_of_it(
    in_signoff: Statement,
    thomas: User,
    karim: User,
    helene: User,
    claire: User,
    ines: User,
    nine: datetime,
) -> None:
    approve(in_signoff, thomas, nine)
    first = agree(in_signoff, "legal_counsel", karim, claire, nine)
    agree(in_signoff, "executive_sponsor", helene, claire, nine)
    actions.record_publication(
        in_signoff, channel="x", published_at=nine + MINUTE, by=ines, at=nine + 2 * MINUTE
    )
    entry = in_signoff.incident.entries.latest("number")
    missing = entry.content.body["facts"]["missing"]
    assert [one["slug"] for one in missing] == ["legal_counsel", "executive_sponsor"]
    signoff.confirm_agreement(first, by=karim, at=nine + HOUR)
    published = page(in_signoff, claire, nine + HOUR).publications[0]
    assert "Karim Haddad (Legal counsel, confirmed since)" in published.how
    assert "Helene Verdier (Executive sponsor, not confirmed)" in published.how
    [reported] = reported_statements(in_signoff.incident)
    [same] = reported_rows([reported], {})[0].publications
    assert same.how == published.how


# On the pages


@pytest.fixture
def waiting(staffed: Incident, ines: User, thomas: User, helene: User) -> Statement:
    """Two of three have signed by the clock of the pages."""
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    for who in (thomas, helene):
        approve(text, who, now())
    text.refresh_from_db()
    return text


def see(client: Client, person: User, name: str, incident: Incident, *more: Any) -> str:
    person.language = "en"
    person.save(update_fields=["language"])
    client.force_login(person)
    html: str = client.get(
        reverse(f"incidents:{name}", args=[incident.reference, *more])
    ).content.decode()
    return html


def test_pages_say_two_of_three_signed_and_one_agreement_not_confirmed(
    client: Client, waiting: Statement, claire: User, karim: User, ines: User
) -> None:
    made = agree(waiting, "legal_counsel", karim, claire, now())
    html = see(client, claire, "statement", waiting.incident, 1)
    assert "2 of 3 signed" in html
    assert "3 of 3" not in html
    assert "1 agreed by word of mouth, not confirmed" in html
    out = see(client, ines, "statement-publication", waiting.incident, 1)
    assert "Missing: Legal counsel (Karim Haddad, by word of mouth, not confirmed yet)" in out
    signoff.confirm_agreement(made, by=karim, at=now())
    html = see(client, claire, "statement", waiting.incident, 1)
    assert "2 of 3 signed" in html
    assert "1 agreed by word of mouth, confirmed" in html
    assert "Missing:" not in html
    assert "all confirmed" in see(client, ines, "statement-publication", waiting.incident, 1)


def test_an_agreement_while_others_still_sign_is_called_no_release(
    client: Client, staffed: Incident, ines: User, claire: User, karim: User, thomas: User
) -> None:
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    agree(text, "legal_counsel", karim, claire, now())
    for who in (claire, thomas):
        html = see(client, who, "statement", staffed, 1)
        assert "Agreed by word of mouth" in html
        assert "Released without all sign-offs" not in html
    release(text, claire, now())
    assert "Released without all sign-offs" in see(client, claire, "statement", staffed, 1)


def test_the_list_says_what_is_owed_until_it_is_done_and_listens_to_it(
    client: Client, waiting: Statement, claire: User, helene: User
) -> None:
    made = release(waiting, claire, now() - 25 * HOUR)
    html = see(client, claire, "statements-panel", waiting.incident)
    assert "release from:body" in html, "A review changes the list: it must hear of it."
    assert f"release to be reviewed by {helene.name}" in html
    line = html.partition("release to be reviewed")[0].rpartition("<p")[2]
    assert 'data-state="overdue"' in line
    signoff.review_release(made, words="It was right.", by=helene, at=now())
    html = see(client, claire, "statements-panel", waiting.incident)
    assert "release to be reviewed" not in html
    assert "not all sign-offs" in html


def test_a_review_that_nobody_could_be_named_for_waits_for_whoever_may_do_it_now(
    incident: Incident, claire: User, ines: User, helene: User, nine: datetime
) -> None:
    text = draft(incident, ines, nine)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    made = release(text, claire, nine)
    assert made.owed_by is None
    assert not releases.owed_by(helene, at=nine)
    sponsor = Role.objects.get(slug="executive_sponsor")
    assign_role(incident, role=sponsor, user=helene, by=claire, at=nine + MINUTE)
    assert list(releases.owed_by(helene, at=nine + MINUTE)) == [made]
    assert not releases.owed_by(claire, at=nine + MINUTE), "Nobody reviews their own release."
    signoff.review_release(made, words="It was right.", by=helene, at=nine + HOUR)
    assert not releases.owed_by(helene, at=nine + HOUR)


def test_what_is_owed_is_named_in_words() -> None:
    def words(**one: Any) -> str:
        row = releases.OwedRow(
            **{"release": 1, "is_oral": False, "name": "", "due_at": now(), **one}
        )
        return render_to_string("incidents/statements/owed.html", {"one": row}).strip()

    assert words(is_oral=True, name="Karim") == "oral agreement to be confirmed by Karim"
    assert words(name="Hélène") == "release to be reviewed by Hélène"
    assert words() == "release to be reviewed: nobody else may do it yet"


# Whoever is asked cannot sign


def test_a_seat_of_an_author_waits_for_whoever_stands_behind_them_or_says_that_nobody_does(
    staffed: Incident, team: Team, thomas: User, claire: User, nine: datetime
) -> None:
    text = draft(staffed, thomas, nine)
    actions.save_version(text, reason="", submit=True, by=thomas, at=nine)

    def seat() -> SeatRow:
        return next(
            s for s in round_row(text, claire, nine).seats if s.who == "Communications lead"
        )

    assert seat().text == "Thomas Nguyen wrote part of this text, and nobody else may sign here"
    assert seat().is_stuck
    held = roles.holders(staffed)["communications_lead"]
    name_deputy(held, deputy=member(team, person("Pia Roth")), by=claire, at=nine)
    assert seat().text == "waits for Pia Roth: Thomas Nguyen wrote part of this text"
    assert not seat().is_stuck


def test_somebody_from_outside_learns_nothing_of_who_stands_in(
    staffed: Incident, team: Team, thomas: User, claire: User, nine: datetime
) -> None:
    text = draft(staffed, thomas, nine)
    actions.save_version(text, reason="", submit=True, by=thomas, at=nine)
    held = roles.holders(staffed)["communications_lead"]
    name_deputy(held, deputy=member(team, person("Pia Roth")), by=claire, at=nine)
    leroy = show(text, claire, nine).user
    whole = for_signature.page(text, user=leroy, rights=frozenset(), at=nine + MINUTE)
    assert whole.round is not None
    said = [seat.text for seat in whole.round.seats]
    assert "waits for Thomas Nguyen" in said
    assert "Pia Roth" not in " ".join(said)
