"""Is this ours? What we ever published is found again, and nobody learns what they may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.lifecycle.actions import change_confidentiality
from incidents.models import Entry, Incident, Publication, Statement
from incidents.roles.actions import exclude_person
from incidents.statements import actions, ours, resemblance
from incidents.statements.resemblance import Match
from teams.models import Audience, User
from tests.conftest import make_a_drill
from tests.incidents.signoff.conftest import MINUTE, WORDS, draft
from tests.incidents.signoff.test_releases import release
from tests.incidents.statements.test_publishing import publish, signed

pytestmark = pytest.mark.django_db

LONG = (
    "We have been told of plastic fragments in Bella pizza. We are checking lot L2231 now."
    " Do not eat it. Bring it back to your shop, or call us on the number below. We will speak"
    " again at three o'clock, and we will say what we know by then."
)


@pytest.fixture
def out(
    staffed: Incident, ines: User, thomas: User, karim: User, helene: User, nine: datetime
) -> Statement:
    """A long text, signed and published on the website at one minute past nine."""
    text = draft(staffed, ines, nine, text=LONG, title="Secret of the room")
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    signed(text, thomas, karim, helene, at=nine)
    publish(text, ines, nine + MINUTE, link="https://verdier.example/bella")
    return text


RECALL = (
    "Par précaution, nous rappelons les pizzas Bella. N’en mangez pas : rapportez-les en magasin."
    " Vos sœurs et frères sont sûres, inutile de s’inquiéter."
)


def hide(incident: Incident, by: User, at: datetime) -> None:
    change_confidentiality(incident, to="restricted", reason="Names", by=by, at=at)


def match(text: str, of: str = LONG) -> Match | None:
    found = resemblance.resemblance(resemblance.prepare(text), of)
    return found.match if found else None


# How far a text is one of ours


def test_blanks_and_invisible_signs_make_no_other_text() -> None:
    assert match(LONG.replace(" ", "\u00a0") + "\r\n") == Match.EXACT
    assert match(LONG.replace("pizza", "piz\u00adza").replace("lot ", "lot \u200b")) == Match.EXACT
    assert match(LONG.replace(" ", "\n\n")) == Match.EXACT


def test_a_part_of_a_text_is_inside_it_and_a_quotation_is_around_it() -> None:
    assert match("We are checking lot L2231 now. Do not eat it") == Match.INSIDE
    assert match(f"They wrote today: “{LONG}” and nothing else") == Match.AROUND


def test_few_words_prove_nothing_inside_a_text() -> None:
    assert match("Do not eat it") is None
    assert match("Do not eat it", of="Do not  eat it") == Match.EXACT
    assert match("") is None


def test_changed_words_are_nearly_ours_and_others_are_not() -> None:
    forged = LONG.replace("Do not eat it.", "You can eat it, it is quite safe.")
    assert match(forged) == Match.NEARLY
    assert match(LONG.upper()) == Match.NEARLY
    other = (
        "Our shops are open on Sunday from nine to one, and we will give every customer a pizza"
        " of their choice. Come and see us, and bring the children with you to the shop."
    )
    assert match(other) is None


@pytest.mark.parametrize(
    "paste",
    [
        "NOUS RAPPELONS LES PIZZAS BELLA",
        "Nous rappelons les pizzas Bella N'EN MANGEZ PAS",
        "nous rappelons, les pizzas Bella!",
        "Vos soeurs et freres sont sures, inutile de s'inquieter",
        "RAPPORTEZ\u2011LES EN MAGASIN. VOS SŒURS",
        "nous rappelons les pizzas Be\u0301lla",
    ],
)
def test_lost_accents_capitals_and_marks_make_no_other_text(paste: str) -> None:
    found = resemblance.resemblance(resemblance.prepare(paste), RECALL)
    assert found is not None
    assert (found.match, found.share) == (Match.NEARLY, 1.0)


def test_without_accents_it_is_nearly_ours_and_never_word_for_word() -> None:
    bare = RECALL.replace("é", "e").replace("û", "u").replace("œ", "oe").replace("’", "'")
    assert match(bare, of=RECALL) == Match.NEARLY
    assert match(f"Ils disent : {bare.upper()} Voyez vous-mêmes !", of=RECALL) == Match.NEARLY


def test_a_whole_text_of_few_words_is_found_without_its_accents() -> None:
    few = "Nous rappelons les pizzas gelées."
    assert match("NOUS RAPPELONS LES PIZZAS GELEES", of=few) == Match.NEARLY
    assert match("NOUS RAPPELONS LES PIZZAS", of="Nous rappelons les pizzas.") == Match.NEARLY
    assert match("NOUS RAPPELONS LES PIZZAS", of=RECALL) is None


def test_a_run_of_words_ends_where_a_word_ends() -> None:
    assert match("APPELONS LES PIZZAS BELLA N'EN", of="Nous rappelons les pizzas Bella.") is None
    assert match("!!! ... ???", of=RECALL) is None


# What is answered


def test_a_published_text_is_ours_with_where_and_when(
    out: Statement, bruno: User, nine: datetime
) -> None:
    answer = ours.ask(LONG.replace(" ", "  "), user=bruno, at=nine)
    (row,) = answer.rows
    assert answer.is_ours
    assert (row.match, row.share, row.channel) == (Match.EXACT, 100, "website")
    assert (row.published_at, row.is_signed) == (nine + MINUTE, True)
    assert (row.reference, row.number, row.version) == (out.incident.reference, 1, 1)
    assert answer.searched == 1


def test_nearly_ours_shows_share_and_difference(
    out: Statement, bruno: User, nine: datetime
) -> None:
    answer = ours.ask(LONG.replace("Do not eat it.", "Eat it."), user=bruno, at=nine)
    assert not answer.is_ours
    (row,) = answer.rows
    assert row.match == Match.NEARLY
    assert 50 <= row.share < 100
    assert any(op == "-" and "Do not" in text for op, text in row.pieces)


def test_what_was_never_published_is_not_ours_with_the_count_searched(
    out: Statement, ines: User, bruno: User, nine: datetime
) -> None:
    waiting = draft(out.incident, ines, nine, text="Signed by nobody, published nowhere at all.")
    actions.save_version(waiting, reason="", submit=True, by=ines, at=nine)
    answer = ours.ask("Signed by nobody, published nowhere at all.", user=bruno, at=nine)
    assert (answer.rows, answer.drills, answer.searched) == ((), (), 1)


def test_what_stood_there_counts_as_well_as_what_was_signed(
    staffed: Incident, ines: User, claire: User, bruno: User, nine: datetime
) -> None:
    text = draft(staffed, ines, nine)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    release(text, claire, nine)
    publish(text, ines, nine, posted_text=f"{WORDS} Buy two.")
    for words in (WORDS, f"{WORDS} Buy two."):
        (row,) = ours.ask(words, user=bruno, at=nine).rows
        assert (row.match, row.is_signed, row.is_unsigned) == (Match.EXACT, False, False)


def test_what_appeared_unsigned_is_said_to_be_that(
    staffed: Incident, ines: User, bruno: User, nine: datetime
) -> None:
    actions.record_unsigned(
        staffed,
        channel="x",
        audience=Audience.objects.get(slug="public"),
        published_at=nine,
        text=WORDS,
        by=ines,
        at=nine,
    )
    answer = ours.ask(WORDS, user=bruno, at=nine)
    assert (answer.is_ours, answer.is_unsigned) == (False, True)
    assert answer.rows[0].is_unsigned


def test_what_was_withdrawn_or_corrected_since_says_so(
    out: Statement,
    ines: User,
    thomas: User,
    karim: User,
    helene: User,
    bruno: User,
    nine: datetime,
) -> None:
    right = draft(out.incident, ines, nine, corrects=out, text="The lot is L2232, not L2231.")
    actions.save_version(right, reason="", submit=True, by=ines, at=nine)
    assert ours.ask(LONG, user=bruno, at=nine).rows[0].corrected_by == 0
    signed(right, thomas, karim, helene, at=nine)
    publish(right, ines, nine + MINUTE)
    assert ours.ask(LONG, user=bruno, at=nine).rows[0].corrected_by == 2
    actions.withdraw_statement(out, reason="Wrong lot", by=ines, at=nine + MINUTE)
    assert ours.ask(LONG, user=bruno, at=nine).rows[0].now == "withdrawn"


def test_a_sentence_without_accents_is_not_called_never_published(
    client: Client, staffed: Incident, ines: User, claire: User, bruno: User, nine: datetime
) -> None:
    text = draft(staffed, ines, nine, text=RECALL)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    release(text, claire, nine)
    publish(text, ines, nine)
    client.force_login(bruno)
    ask = reverse("incidents:ours-ask")
    page = client.post(ask, {"text": "NOUS RAPPELONS LES PIZZAS BELLA"}).content.decode()
    assert "Never published by us" not in page
    assert "Not word for word, but nearly" in page
    assert "100 % of the words in their order" in page


# Who may not see, learns nothing


def test_of_an_unseen_incident_only_channel_and_time_are_told(
    out: Statement, claire: User, bruno: User, nine: datetime
) -> None:
    hide(out.incident, claire, nine)
    answer = ours.ask(LONG, user=bruno, at=nine)
    (row,) = answer.rows
    assert (row.match, row.channel, row.published_at) == (Match.EXACT, "website", nine + MINUTE)
    assert (row.reference, row.number, row.title, row.version, row.link) == ("", 0, "", 0, "")
    assert (row.now, row.corrected_by) == ("", 0)
    assert answer.searched == 0
    nearly = ours.ask(LONG.replace("Do not eat it.", "Eat it."), user=bruno, at=nine)
    assert nearly.rows[0].pieces == ()
    assert ours.ask(LONG, user=claire, at=nine).rows[0].reference == out.incident.reference


def test_of_an_unseen_incident_nobody_learns_whether_it_was_signed(
    out: Statement, ines: User, claire: User, bruno: User, nine: datetime
) -> None:
    actions.record_unsigned(
        out.incident,
        channel="x",
        audience=Audience.objects.get(slug="public"),
        published_at=nine,
        text=f"{WORDS} Nobody signed this.",
        by=ines,
        at=nine,
    )
    hide(out.incident, claire, nine)
    for words in (LONG, f"{WORDS} Nobody signed this."):
        answer = ours.ask(words, user=bruno, at=nine)
        assert (answer.is_ours, answer.is_unsigned, answer.is_elsewhere) == (False, False, True)
        assert not any(row.is_signed or row.is_unsigned for row in answer.rows)


def test_to_whoever_is_excluded_nothing_of_the_incident_exists(
    out: Statement, claire: User, bruno: User, nine: datetime
) -> None:
    assert ours.ask(LONG, user=bruno, at=nine).is_ours
    exclude_person(out.incident, bruno, reason="It is about him.", by=claire, at=nine)
    answer = ours.ask(LONG, user=bruno, at=nine)
    assert (answer.rows, answer.drills, answer.searched) == ((), (), 0)


def test_internal_words_of_an_unseen_incident_are_silent(
    staffed: Incident, ines: User, claire: User, bruno: User, nine: datetime
) -> None:
    text = draft(staffed, ines, nine, audience="employees", channels=["intranet"], text=LONG)
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    release(text, claire, nine)
    publish(text, ines, nine, channel="intranet")
    assert ours.ask(LONG, user=bruno, at=nine).rows[0].is_internal
    hide(staffed, claire, nine)
    answer = ours.ask(LONG, user=bruno, at=nine)
    assert (answer.rows, answer.searched) == ((), 0)


def test_a_person_of_another_house_learns_nothing(
    out: Statement, zoe: User, nine: datetime
) -> None:
    answer = ours.ask(LONG, user=zoe, at=nine)
    assert (answer.rows, answer.drills, answer.searched) == ((), (), 0)


def test_a_drill_is_marked_and_never_confirmed_and_unseen_it_is_silent(
    out: Statement, claire: User, bruno: User, nine: datetime
) -> None:
    make_a_drill(out.incident)
    answer = ours.ask(LONG, user=bruno, at=nine)
    assert not answer.is_ours
    assert answer.rows == ()
    assert answer.drills[0].is_drill
    hide(Incident.objects.get(), claire, nine)
    assert ours.ask(LONG, user=bruno, at=nine).drills == ()


# The page


def test_the_page_answers_as_a_question_and_writes_nothing(
    client: Client, out: Statement, bruno: User
) -> None:
    client.force_login(bruno)
    before = Entry.objects.count()
    assert client.get(reverse("incidents:ours")).status_code == 200
    ask = reverse("incidents:ours-ask")
    whole = client.post(ask, {"text": LONG}).content.decode()
    assert "Yes, this is ours" in whole
    assert "Bring it back to your shop" in whole
    fragment = client.post(ask, {"text": LONG}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert out.incident.reference in fragment
    assert "Never published by us" in client.post(ask, {"text": "x y z"}).content.decode()
    assert client.post(ask, {"text": " "}).status_code == 422
    assert Entry.objects.count() == before


def test_the_page_of_an_unseen_incident_names_neither_reference_nor_title(
    client: Client, out: Statement, claire: User, bruno: User, nine: datetime
) -> None:
    hide(out.incident, claire, nine)
    client.force_login(bruno)
    page = client.post(reverse("incidents:ours-ask"), {"text": LONG}).content.decode()
    assert "It appeared in our name" in page
    for secret in (out.incident.reference, out.title, "verdier.example", "without sign-off"):
        assert secret not in page


def test_a_paste_of_a_hundred_thousand_characters_is_answered(
    client: Client, out: Statement, bruno: User
) -> None:
    client.force_login(bruno)
    paste = (f"{LONG} " + "Other words stand here as well, many of them. " * 3000)[:100_000]
    answer = client.post(reverse("incidents:ours-ask"), {"text": paste})
    assert "Our whole text, and other words around it" in answer.content.decode()


def test_the_queries_do_not_grow_with_publications(
    out: Statement, ines: User, bruno: User, nine: datetime, count_queries: Callable[..., int]
) -> None:
    def ask() -> Any:
        return ours.ask(LONG, user=bruno, at=nine)

    few = count_queries(ask)
    first = Publication.objects.get()
    Publication.objects.bulk_create(
        Publication(
            incident=first.incident,
            basis=Publication.Basis.UNSIGNED,
            channel="x",
            audience=first.audience,
            published_at=nine,
            posted_text=f"{n} {LONG}",
            recorded_by=ines,
            recorded_at=nine,
        )
        for n in range(1200)
    )
    assert count_queries(ask) == few
    assert ask().searched == 1201
