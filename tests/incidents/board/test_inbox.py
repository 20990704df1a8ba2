"""The approver's inbox: what waits, what may come and from when, and what became of what was decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.board.queries.inbox import inbox
from incidents.models import Incident, Statement
from incidents.roles.actions import exclude_person
from incidents.signoff import in_place, waiting
from incidents.signoff.actions.releasing import record_oral_agreement
from incidents.statements import actions
from teams.actions.absence import record_absence
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, write

pytestmark = pytest.mark.django_db


def asked(incident: Incident, by: User, at: datetime, **facts: Any) -> Statement:
    """A text that waits for communications lead, counsel and executive."""
    made = draft(incident, by, at, **facts)
    actions.save_version(made, reason="First words", submit=True, by=by, at=at)
    made.refresh_from_db()
    return made


@pytest.fixture
def with_deputy(staffed: Incident, sophie: User) -> Incident:
    counsel = staffed.assignments.get(role__slug="legal_counsel")
    counsel.deputy = sophie
    counsel.save()
    return staffed


def test_what_waits_comes_soonest_first_with_the_way_to_the_decision(
    client: Client, staffed: Incident, ines: User, karim: User
) -> None:
    at = now()
    asked(staffed, ines, at, title="The later one")
    asked(staffed, ines, at - 5 * MINUTE, title="The sooner one")
    found = inbox(karim, at=at)
    assert [row.title for row in found.waiting] == ["The sooner one", "The later one"]
    assert waiting.count(karim, at=at) == 2
    karim.language = "en"
    karim.save()
    client.force_login(karim)
    page = client.get(reverse("incidents:sign-offs")).content.decode()
    assert page.index("The sooner one") < page.index("The later one")
    assert reverse("incidents:statement-decide", args=[staffed.reference, 2]) in page
    assert "you sign as Legal counsel" in page
    assert "2 texts wait for your sign-off" in page


def test_a_deputy_sees_from_when_it_is_theirs_and_then_that_it_is(
    client: Client, with_deputy: Incident, ines: User, karim: User, sophie: User, nine: datetime
) -> None:
    asked(with_deputy, ines, nine)
    before = inbox(sophie, at=nine)
    assert before.waiting == ()
    (row,) = before.later
    assert (row.capacity, row.holder) == ("deputy", karim.name)
    assert row.since is not None
    assert row.since > nine
    assert before.next_turn == row
    after = inbox(sophie, at=row.since)
    assert after.later == ()
    assert [(r.capacity, r.deputy_of) for r in after.waiting] == [("deputy", karim.name)]


def test_whoever_signs_for_somebody_reads_there_why_it_is_theirs_as_in_the_mail(
    client: Client, with_deputy: Incident, ines: User, karim: User, sophie: User
) -> None:
    text = asked(with_deputy, ines, now())
    record_absence(karim, starts_at=now(), ends_at=None, note="Surgery", by=karim, at=now())
    client.force_login(sophie)
    page = page_of(client)
    assert "Legal counsel, as deputy of Karim Haddad" in page
    assert "You are asked as deputy of Karim Haddad, who is away." in page
    assert in_place.reasons(sophie, at=now()) == {
        text.pk: "You are asked as deputy of Karim Haddad, who is away."
    }
    client.force_login(karim)
    assert "You are asked" not in page_of(client), "It is his own."


def test_an_empty_inbox_names_the_next_clock(
    client: Client, with_deputy: Incident, ines: User, sophie: User, bruno: User
) -> None:
    asked(with_deputy, ines, now())
    client.force_login(sophie)
    assert "Holding statement may come to you at" in page_of(client)
    client.force_login(bruno)
    assert "no clock runs towards you" in page_of(client)


def page_of(client: Client) -> str:
    answer = client.get(reverse("incidents:sign-offs"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_authors_and_whoever_decided_stand_behind_nothing(
    in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine)
    for person in (ines, karim):
        found = inbox(person, at=nine + MINUTE)
        assert (found.waiting, found.later) == ((), ())


def test_what_was_decided_says_what_became_of_it(
    in_signoff: Statement,
    ines: User,
    karim: User,
    thomas: User,
    helene: User,
    claire: User,
    nine: datetime,
) -> None:
    def became() -> list[str]:
        return [row.became for row in inbox(karim, at=nine + 10 * MINUTE).decided]

    approve(in_signoff, karim, nine)
    assert became() == ["others still sign"]
    write(in_signoff, WORDS + " Do not eat it.", ines, nine + MINUTE)
    assert became() == ["void: the text changed since"]
    for person in (karim, thomas, helene):
        approve(in_signoff, person, nine + 2 * MINUTE)
    assert became() == ["good to publish", "void: the text changed since"]
    later = nine + 3 * MINUTE
    in_signoff.refresh_from_db()
    actions.record_publication(in_signoff, channel="x", published_at=later, by=claire, at=later)
    assert became() == ["published on X", "void: the text changed since"]
    assert inbox(karim, at=nine + timedelta(days=31)).decided == ()


def test_a_typo_leaves_the_sign_off_standing_and_the_inbox_says_so(
    in_signoff: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    approve(in_signoff, thomas, nine)
    mended = WORDS.replace("checking", "cheking")
    actions.save_draft(in_signoff, text=mended, channel_texts={}, revision=0, by=ines, at=nine)
    actions.save_version(in_signoff, reason="", change="typo", by=ines, at=nine)
    (row,) = inbox(thomas, at=nine).decided
    assert row.became == "only a typo was mended since: your sign-off stands"
    assert inbox(thomas, at=nine).waiting == ()


def test_strangers_and_the_excluded_find_nothing(
    in_signoff: Statement, zoe: User, karim: User, claire: User, nine: datetime
) -> None:
    approve(in_signoff, karim, nine)
    exclude_person(in_signoff.incident, karim, reason="It is about him.", by=claire, at=nine)
    for person in (zoe, karim):
        found = inbox(person, at=nine + MINUTE)
        assert (found.waiting, found.later, found.decided) == ((), (), ())
        assert waiting.count(person, at=nine + MINUTE) == 0


def test_whoever_has_no_part_in_any_circuit_costs_two_queries(
    in_signoff: Statement, bruno: User, nine: datetime, count_queries: Callable[..., int]
) -> None:
    assert count_queries(lambda: waiting.count(bruno, at=nine)) == 2


def test_the_inbox_costs_the_same_queries_for_many_texts(
    with_deputy: Incident,
    ines: User,
    karim: User,
    sophie: User,
    nine: datetime,
    count_queries: Callable[..., int],
) -> None:
    def fill() -> None:
        approve(asked(with_deputy, ines, nine), karim, nine)
        asked(with_deputy, ines, nine)

    fill()
    few = [count_queries(lambda who=who: inbox(who, at=nine)) for who in (karim, sophie)]
    for _ in range(3):
        fill()
    assert [count_queries(lambda who=who: inbox(who, at=nine)) for who in (karim, sophie)] == few
    assert len(inbox(karim, at=nine).waiting) == 4
    assert len(inbox(sophie, at=nine).later) == 4


def test_every_text_says_in_which_language_it_is(
    client: Client, staffed: Incident, ines: User, karim: User
) -> None:
    karim.language = "en"
    karim.save()
    asked(staffed, ines, now())
    client.force_login(karim)
    for name in ("sign-offs", "desk"):
        page = client.get(reverse(f"incidents:{name}")).content.decode()
        assert 'title="English"' in page, name


def test_what_is_owed_about_a_release_waits_in_the_inbox_and_in_its_count(
    client: Client, in_signoff: Statement, claire: User, karim: User, nine: datetime
) -> None:
    newest = in_signoff.versions.get()
    seat = newest.rounds.get().stages.get(order=1).seats.get(role__slug="legal_counsel")
    before = inbox(karim, at=nine).count
    record_oral_agreement(
        in_signoff,
        version=1,
        fingerprint=newest.fingerprint,
        seat=seat.key,
        approver=karim,
        reason="On the train",
        by=claire,
        at=nine,
    )
    found = inbox(karim, at=nine)
    (row,) = found.owed
    assert (row.is_oral, row.who, row.title) == (True, claire.name, in_signoff.title)
    assert (found.waiting, found.count) == ((), before)
    assert waiting.count(karim, at=nine) == 1
    karim.language = "en"
    karim.save()
    client.force_login(karim)
    page = client.get(reverse("incidents:sign-offs")).content.decode()
    assert reverse("incidents:release", args=[in_signoff.incident.reference, row.release]) in page


def test_a_line_that_is_signed_is_good_to_use(
    staffed: Incident, ines: User, karim: User, thomas: User, helene: User, nine: datetime
) -> None:
    line = asked(staffed, ines, nine, kind=Statement.Kind.LINE)
    for signer in (thomas, karim, helene):
        approve(line, signer, nine)
    (row,) = inbox(karim, at=nine).decided
    assert row.became == "good to use"
