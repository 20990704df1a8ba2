"""One message in several languages: each with its own sign-off, stale when the original goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Attestation, Decision, Incident, Publication, Statement
from incidents.notifications.queries import hearers
from incidents.signoff.actions import NotRead
from incidents.statements import actions, languages, queries
from incidents.statements.actions import translating
from incidents.statements.moves import NotFromHere
from teams.models import User
from tests.incidents.signoff.conftest import approve, draft, write

MINUTE = timedelta(minutes=1)
FRENCH = "Nous vérifions le lot L2231."
EVERYTHING = frozenset({"view_incident", "comment", "draft_statement", "record_publication"})

pytestmark = pytest.mark.django_db


def translated(master: Statement, by: User, at: datetime, *, copy: bool = False) -> Statement:
    return translating.translate_statement(master, language="fr", copy=copy, by=by, at=at)


def attest(statement: Statement, by: User, at: datetime, **seen: Any) -> Attestation:
    newest = statement.versions.order_by("-number")[0]
    original = newest.statement.master and newest.statement.master.versions.order_by("-number")[0]
    given = {
        "version": newest.number,
        "fingerprint": newest.fingerprint,
        "original": original.number if original else None,
        **seen,
    }
    return translating.attest_translation(statement, **given, by=by, at=at)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def master(statement: Statement, ines: User, nine: datetime) -> Statement:
    actions.save_version(statement, reason="First words", by=ines, at=nine)
    return statement


@pytest.fixture
def french(master: Statement, ines: User, nine: datetime) -> Statement:
    made = translated(master, ines, nine)
    write(made, FRENCH, ines, nine)
    return made


def test_a_translation_has_what_its_original_has_and_its_own_sign_off(
    master: Statement, ines: User, nine: datetime
) -> None:
    made = translated(master, ines, nine)
    assert made.master == master
    assert (made.kind, made.audience, made.channels) == (
        master.kind,
        master.audience,
        master.channels,
    )
    assert (made.language, made.status, made.draft.text) == ("fr", "draft", "")
    version = write(made, FRENCH, ines, nine)
    assert version.master_version == master.versions.get()
    assert made.incident.entries.filter(kind="statement.translation_begun").exists()


def test_it_may_begin_with_the_words_of_the_original_and_their_authors(
    master: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    made = translated(master, thomas, nine, copy=True)
    assert made.draft.text == master.versions.get().text
    version = write(made, "Nous vérifions.", thomas, nine)
    assert {one.user for one in version.authors.all()} == {ines, thomas}


def test_one_language_once_and_always_from_the_original(
    master: Statement, french: Statement, ines: User, nine: datetime
) -> None:
    with pytest.raises(translating.SameLanguage):
        translated(master, ines, nine)
    with pytest.raises(translating.SameLanguage):
        translating.translate_statement(french, language="en", copy=False, by=ines, at=nine)
    actions.withdraw_statement(french, reason="Begun anew.", by=ines, at=nine)
    assert translated(french, ines, nine).master == master


def test_what_has_no_version_is_not_translated(
    statement: Statement, ines: User, nine: datetime
) -> None:
    with pytest.raises(NotFromHere):
        translated(statement, ines, nine)


# The original goes on


def test_a_translation_is_stale_when_its_original_has_gone_on(
    master: Statement, french: Statement, ines: User, nine: datetime
) -> None:
    assert languages.stale(french) is None
    write(master, "We have stopped the line. Lot L2231 is recalled.", ines, nine + MINUTE)
    behind = languages.stale(french)
    assert behind is not None
    assert (behind.made_from, behind.now) == (1, 2)
    assert any(op == "+" for op, _words in behind.pieces)
    assert languages.stale(master) is None
    write(french, "Nous avons arrêté la ligne. Le lot L2231 est rappelé.", ines, nine + MINUTE)
    assert languages.stale(french) is None


def test_the_list_and_both_pages_say_so(
    master: Statement, french: Statement, ines: User, nine: datetime
) -> None:
    write(master, "We have stopped the line.", ines, nine + MINUTE)
    rows = queries.panel(master.incident, user=ines, rights=EVERYTHING, at=nine).rows
    assert {row.number: row.is_stale for row in rows} == {
        master.number: False,
        french.number: True,
    }
    client = signed_in(ines)
    for name in ("statement", "statement-decide"):
        page = client.get(
            reverse(f"incidents:{name}", args=[french.incident.reference, french.number])
        ).content.decode()
        assert "made from v1, now v2" in page
        assert "What changed in the original" in page
    page = client.get(
        reverse("incidents:statement", args=[master.incident.reference, master.number])
    ).content.decode()
    assert "original changed" in page


def test_staleness_costs_the_same_for_many(
    master: Statement,
    french: Statement,
    staffed: Incident,
    ines: User,
    nine: datetime,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    write(master, "We have stopped the line.", ines, nine + MINUTE)

    def listed() -> None:
        queries.panel(staffed, user=ines, rights=EVERYTHING, at=nine)

    listed()  # what is read once for the whole process
    few = count_queries(listed)
    for number in range(3):
        other = draft(staffed, ines, nine, title=f"Other {number}")
        write(other, "We are checking.", ines, nine)
        write(translated(other, ines, nine), FRENCH, ines, nine)
        write(other, "We have checked.", ines, nine)
    assert count_queries(listed) == few

    def shown() -> None:
        page = staffed.statements.get(pk=french.pk)
        queries.page(page, user=ines, rights=EVERYTHING, at=nine)

    before = count_queries(shown)
    for words in ("A.", "B.", "C."):
        write(master, words, ines, nine)
    assert count_queries(shown) == before


# A reader vouches


def test_a_reader_attests_and_a_signer_who_does_not_read_it_can_sign(
    french: Statement, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> None:
    thomas.reads, thomas.language = ["en"], "en"
    thomas.save()
    actions.submit_statement(french, by=ines, at=nine)
    with pytest.raises(NotRead):
        approve(french, thomas, nine + MINUTE)
    made = attest(french, karim, nine + MINUTE, note="Word for word.")
    assert (made.reader, made.version.number) == (karim, 1)
    entry = french.incident.entries.get(kind="statement.attested")
    assert thomas in hearers(entry, at=nine + MINUTE)
    decision = approve(french, thomas, nine + 2 * MINUTE)
    assert decision.screen["attested_by"] == karim.name


def test_who_wrote_it_or_does_not_read_both_vouches_for_nothing(
    french: Statement, ines: User, sophie: User, claire: User, nine: datetime
) -> None:
    with pytest.raises(translating.OwnTranslation):
        attest(french, ines, nine)
    sophie.reads, sophie.language = ["en"], "en"
    sophie.save()
    with pytest.raises(translating.NotAReader):
        attest(french, sophie, nine)
    sophie.reads = ["fr"]
    sophie.save()
    with pytest.raises(translating.NotAReader):
        attest(french, sophie, nine)
    attest(french, claire, nine)
    with pytest.raises(translating.AlreadyAttested):
        attest(french, claire, nine)


def test_what_changed_since_is_attested_by_nobody(
    master: Statement, french: Statement, ines: User, karim: User, nine: datetime
) -> None:
    for seen in ({"version": 2}, {"fingerprint": "0" * 64}, {"original": 2}, {"original": None}):
        with pytest.raises(translating.OtherTexts):
            attest(french, karim, nine, **seen)
    write(master, "We have stopped the line.", ines, nine + MINUTE)
    with pytest.raises(translating.OtherTexts):
        attest(french, karim, nine, original=1)
    assert not Attestation.objects.exists()


def test_a_reader_settles_that_the_translation_still_says_the_same(
    master: Statement, french: Statement, ines: User, karim: User, nine: datetime
) -> None:
    write(master, "We have been told of plastic fragments. We check.", ines, nine + MINUTE)
    assert languages.stale(french) is not None
    attest(french, karim, nine + MINUTE)
    assert languages.stale(french) is None
    write(master, "We have stopped the line.", ines, nine + 2 * MINUTE)
    assert languages.stale(french) is not None


def test_an_attestation_counts_for_its_version_only(
    french: Statement, ines: User, karim: User, thomas: User, nine: datetime
) -> None:
    thomas.reads, thomas.language = ["en"], "en"
    thomas.save()
    attest(french, karim, nine)
    write(french, "Nous avons vérifié.", ines, nine + MINUTE)
    actions.submit_statement(french, by=ines, at=nine + MINUTE)
    with pytest.raises(NotRead):
        approve(french, thomas, nine + 2 * MINUTE)


def test_without_an_original_the_reader_says_what_it_says(
    master: Statement, karim: User, nine: datetime
) -> None:
    with pytest.raises(translating.NoteMissing):
        attest(master, karim, nine)
    assert attest(master, karim, nine, note="On vérifie le lot.").master_version is None


def test_a_signer_asks_somebody_of_the_room_to_read(
    french: Statement, ines: User, thomas: User, karim: User, zoe: User, nine: datetime
) -> None:
    def ask(reader: User) -> None:
        translating.ask_for_reader(french, version=1, reader=reader, by=thomas, at=nine)

    ask(karim)
    entry = french.incident.entries.get(kind="statement.reader_asked")
    assert hearers(entry, at=nine) == [karim]
    with pytest.raises(translating.NotAReader):
        ask(zoe)
    with pytest.raises(translating.OwnTranslation):
        ask(ines)


def test_the_decision_page_offers_a_reader_in_place_of_the_approval_and_then_names_them(
    french: Statement, ines: User, thomas: User, karim: User, nine: datetime
) -> None:
    thomas.reads, thomas.language = ["en"], "en"
    thomas.save()
    actions.submit_statement(french, by=ines, at=nine)
    place = [french.incident.reference, french.number]
    page = reverse("incidents:statement-decide", args=place)
    approves = reverse("incidents:statement-approve", args=place)
    client = signed_in(thomas)
    for there in (page, reverse("incidents:statement", args=place)):
        shown = client.get(there).content.decode()
        assert "does not say that you read this language" in shown
        assert "Ask for a reader" in shown
        assert approves not in shown
        assert 'data-dialog="confirm"' not in shown
        assert 'data-dialog="changes"' in shown, "Sending it back asks for no reader."
        assert f'value="{karim.uuid}"' in shown
        assert f'value="{ines.uuid}"' not in shown
        assert shown.count('id="reader"') == 1
    ask = reverse("incidents:statement-ask-reader", args=place)
    assert client.post(ask, {"version": 1, "reader": str(karim.uuid)}).status_code == 302
    assert f"{karim.name} was asked" in client.get(page).content.decode()
    newest = french.versions.get()
    given = {"version": 1, "fingerprint": newest.fingerprint, "original": 1, "note": ""}
    act = reverse("incidents:statement-attest", args=place)
    assert signed_in(karim).post(act, given).status_code == 302
    panel = reverse("incidents:statement-signoff", args=place)
    assert "you can approve it now" in client.get(f"{panel}?version=1&reader=1").content.decode()
    assert "you can approve it now" not in client.get(f"{panel}?version=1").content.decode()
    shown = client.get(page).content.decode()
    assert "does not say that you read this language" not in shown
    assert karim.name in shown
    assert approves in shown
    assert 'data-dialog="confirm"' in shown


def test_who_does_not_read_it_may_still_send_it_back(
    french: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    thomas.reads = ["en"]
    thomas.save()
    actions.submit_statement(french, by=ines, at=nine)
    newest = french.versions.get()
    actions.request_changes(
        french,
        version=1,
        fingerprint=newest.fingerprint,
        comment="Put it into English for me.",
        by=thomas,
        at=nine + MINUTE,
    )
    assert Decision.objects.get().verdict == Decision.Verdict.CHANGES


def test_a_translation_begins_on_the_page(master: Statement, ines: User, karim: User) -> None:
    place = [master.incident.reference, master.number]
    act = reverse("incidents:statement-translate", args=place)
    page = signed_in(ines).get(reverse("incidents:statement", args=place)).content.decode()
    assert "Write it in another language" in page
    answer = signed_in(ines).post(act, {"language": "fr", "copy": "on"})
    made = Statement.objects.get(master=master)
    assert answer["Location"].endswith(f"/statements/{made.number}/edit/")
    assert signed_in(ines).post(act, {"language": "xx"}).status_code == 409


def test_a_withdrawn_text_is_not_offered_to_be_written_in_its_own_language(
    master: Statement, ines: User, nine: datetime
) -> None:
    actions.withdraw_statement(master, reason="Wrong.", by=ines, at=nine)
    place = [master.incident.reference, master.number]
    page = signed_in(ines).get(reverse("incidents:statement", args=place))
    offered = [code for code, _name in page.context["page"].spoken.free]
    assert master.language not in offered
    assert "fr" in offered


# What is stale goes out with open eyes


@pytest.fixture
def left_behind(
    master: Statement,
    french: Statement,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    nine: datetime,
) -> Statement:
    """The French text is good to publish; the English one has gone on."""
    actions.submit_statement(french, by=ines, at=nine)
    for one in (thomas, karim, helene):
        approve(french, one, nine + MINUTE)
    write(master, "We have stopped the line.", ines, nine + 2 * MINUTE)
    french.refresh_from_db()
    return french


def test_a_stale_translation_is_published_only_by_who_knows_it(
    left_behind: Statement, thomas: User, nine: datetime
) -> None:
    at = nine + 3 * MINUTE

    def publish(seen: int | None) -> Publication:
        return actions.record_publication(
            left_behind, channel="website", published_at=at, original_seen=seen, by=thomas, at=at
        )

    for seen in (None, 1, 3):
        with pytest.raises(languages.OriginalChanged):
            publish(seen)
    publication = publish(2)
    assert "v2" in publication.note
    facts = left_behind.incident.entries.get(kind="statement.published").content.body["facts"]
    assert (facts["made_from"], facts["original_version"]) == (1, 2)


def test_the_page_of_publication_asks_for_it(
    left_behind: Statement, thomas: User, nine: datetime
) -> None:
    place = [left_behind.incident.reference, left_behind.number]
    client = signed_in(thomas)
    page = client.get(reverse("incidents:statement-publication", args=place)).content.decode()
    assert "made from v1, now v2" in page
    assert 'name="original_seen"' in page
