"""Comments on passages, and wording that signers suggest without losing their right to sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from incidents.access import rights
from incidents.models import Comment, Incident, Statement, Suggestion, Version
from incidents.notifications.queries import hearers
from incidents.statements import actions, discussion
from incidents.statements.actions import discussing, suggesting
from incidents.statements.discussion_rows import DiscussionRow
from incidents.statements.passages import NotThere
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, kinds, write

pytestmark = pytest.mark.django_db


def comment(
    statement: Statement, words: str, by: User, at: datetime, *, text: str = "Sure?", **more: Any
) -> Comment:
    number = statement.versions.order_by("-number")[0].number
    pointed: Any = {"version": number, "words": words, **more}
    return discussing.add_comment(statement, text=text, at_passage=pointed, by=by, at=at)


def suggest(
    statement: Statement, words: str, wording: str, by: User, at: datetime, **more: Any
) -> Suggestion:
    number = statement.versions.order_by("-number")[0].number
    pointed: Any = {"version": number, "words": words, **more}
    return suggesting.suggest_wording(
        statement, wording=wording, why="It is not certain", at_passage=pointed, by=by, at=at
    )


def read(statement: Statement, user: User, at: datetime, number: int = 0) -> DiscussionRow:
    newest = statement.versions.order_by("-number")[0]
    shown = statement.versions.get(number=number) if number else newest
    statement.refresh_from_db()
    held = rights(user, statement.incident, at=at)
    row = discussion.discussion(statement, shown, newest, user=user, rights=held)
    assert row is not None
    return row


def last(incident: Incident) -> Any:
    return incident.entries.order_by("-number")[0]


# Comments


def test_a_comment_on_a_passage_is_kept_told_and_heard_by_the_authors(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = comment(in_signoff, "lot L2231", karim, nine, text="Which lot number exactly?")
    assert kinds(in_signoff.incident)[-1] == "comment.added_to_passage"
    assert hearers(last(in_signoff.incident), at=nine) == [ines]
    row = read(in_signoff, ines, nine).threads[0]
    assert (row.pk, row.name, row.text) == (made.pk, "Karim Haddad", "Which lot number exactly?")
    assert row.place is not None
    assert row.place.words == "lot L2231"


def test_a_passage_survives_an_edit_beside_it_and_is_lost_when_it_is_struck(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    comment(in_signoff, "lot L2231", karim, nine)
    write(in_signoff, "Good evening. " + WORDS, ines, nine + MINUTE)
    place = read(in_signoff, ines, nine).threads[0].place
    assert place is not None
    assert place.words == "lot L2231"
    write(in_signoff, "We know nothing yet.", ines, nine + 2 * MINUTE)
    place = read(in_signoff, ines, nine).threads[0].place
    assert place is not None
    assert not place.is_there
    assert place.quote == "lot L2231"
    older = read(in_signoff, ines, nine, number=1).threads[0].place
    assert older is not None
    assert older.is_there


def test_a_comment_on_the_whole_needs_no_passage_and_answers_are_heard_by_who_spoke(
    in_signoff: Statement, karim: User, ines: User, helene: User, nine: datetime
) -> None:
    first = comment(in_signoff, "", helene, nine, text="When do we speak next?")
    assert kinds(in_signoff.incident)[-1] == "comment.added"
    discussing.answer_comment(first, text="At six.", by=ines, at=nine)
    assert hearers(last(in_signoff.incident), at=nine) == [helene]
    discussing.answer_comment(first, text="Say it then.", by=karim, at=nine)
    assert set(hearers(last(in_signoff.incident), at=nine)) == {helene, ines}
    thread = read(in_signoff, ines, nine).threads[0]
    assert [one.text for one in thread.answers] == ["At six.", "Say it then."]


def test_a_thread_is_resolved_and_reopened_once_each_with_an_entry(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = comment(in_signoff, "lot L2231", karim, nine)
    discussing.resolve_comment(made, by=ines, at=nine)
    assert kinds(in_signoff.incident)[-1] == "comment.resolved"
    assert hearers(last(in_signoff.incident), at=nine) == [karim]
    with pytest.raises(discussing.Turned):
        discussing.resolve_comment(made, by=karim, at=nine)
    assert not read(in_signoff, ines, nine).threads
    assert read(in_signoff, ines, nine).resolved[0].resolved_by == "Ines Carvalho"
    discussing.reopen_comment(made, by=karim, at=nine)
    assert kinds(in_signoff.incident)[-1] == "comment.reopened"
    with pytest.raises(discussing.Turned):
        discussing.reopen_comment(made, by=karim, at=nine)


def test_a_double_click_says_it_once(in_signoff: Statement, karim: User, nine: datetime) -> None:
    for _click in range(2):
        comment(in_signoff, "lot L2231", karim, nine)
        suggest(in_signoff, "now", "tonight", karim, nine)
    assert Comment.objects.count() == 1
    assert Suggestion.objects.count() == 1
    assert kinds(in_signoff.incident).count("comment.added_to_passage") == 1


def test_words_that_stand_there_twice_or_never_are_refused_until_it_is_clear(
    statement: Statement, karim: User, ines: User, nine: datetime
) -> None:
    write(statement, "We check lot 1. We check lot 2.", ines, nine)
    with pytest.raises(NotThere, match="2 times"):
        comment(statement, "We check", karim, nine)
    with pytest.raises(NotThere, match="do not stand"):
        comment(statement, "We recall", karim, nine)
    made = comment(statement, "We check", karim, nine, before="lot 1. ", after=" lot 2")
    assert (made.anchor or {})["start"] == 16
    comment(statement, "We check lot 1", karim, nine)


@pytest.mark.parametrize(
    ("text", "words", "passage"),
    [
        ("Do **not** eat it.", "Do not eat", "Do **not** eat"),
        ("Do **not eat** it.", "Do not", "Do **not"),
        ("One\n\n- two\n- three", "two three", "two\n- three"),
        (
            "See [our page](https://x.example/a) now",
            "our page now",
            "our page](https://x.example/a) now",
        ),
        ("Danger 🧊🧊 inside, care", "🧊 inside", "🧊 inside"),
        ("لا تأكل البيتزا الآن", "البيتزا", "البيتزا"),
        ("cafe\u0301 ferme\u0301", "fermé", "fermé"),
    ],
)
def test_what_is_selected_on_the_page_is_found_in_what_was_written(
    statement: Statement,
    karim: User,
    ines: User,
    nine: datetime,
    text: str,
    words: str,
    passage: str,
) -> None:
    write(statement, text, ines, nine)
    made = comment(statement, words, karim, nine)
    assert (made.anchor or {})["quote"] == passage


def test_a_comment_on_the_own_text_of_a_channel_stays_there(
    statement: Statement, karim: User, ines: User, nine: datetime
) -> None:
    together_save(statement, {"x": "Short and clear."}, ines, nine)
    made = comment(statement, "clear", karim, nine, channel="x")
    assert made.channel == "x"
    place = read(statement, ines, nine).threads[0].place
    assert place is not None
    assert (place.channel, place.words) == ("X", "clear")
    assert comment(statement, "fragments", karim, nine, channel="website").channel == ""


def together_save(statement: Statement, texts: dict[str, str], by: User, at: datetime) -> Version:
    statement.draft.refresh_from_db()
    actions.save_draft(
        statement,
        text=WORDS,
        channel_texts=texts,
        revision=statement.draft.revision,
        by=by,
        at=at,
    )
    return actions.save_version(statement, reason="", by=by, at=at)


def test_a_comment_on_a_draft_without_a_version_is_about_the_whole(
    statement: Statement, karim: User, nine: datetime
) -> None:
    made = discussing.add_comment(
        statement, text="Who wrote this?", at_passage={}, by=karim, at=nine
    )
    assert made.version is None
    assert kinds(statement.incident)[-1] == "comment.added_to_draft"


def test_markup_and_a_hundred_thousand_characters_are_words_like_others(
    statement: Statement, karim: User, ines: User, nine: datetime
) -> None:
    long = "A sentence that repeats. " * 3_990 + "<script>alert(1)</script> the end."
    write(statement, long, ines, nine)
    text = "<b>no</b> " * 9_000
    made = comment(statement, "<script>alert(1)</script>", karim, nine, text=text)
    assert made.text == text.strip()
    place = read(statement, ines, nine).threads[0].place
    assert place is not None
    assert place.is_there
    wanted = suggest(statement, "the end.", "the end 🧊.", karim, nine)
    suggesting.adopt_suggestion(wanted, save=True, by=ines, at=nine)
    assert statement.versions.get(number=2).text.endswith("the end 🧊.")


def test_whoever_does_not_see_the_incident_reads_no_comments(
    in_signoff: Statement, karim: User, zoe: User, nine: datetime
) -> None:
    comment(in_signoff, "lot L2231", karim, nine)
    newest = in_signoff.versions.get()
    for held in (frozenset[str](), frozenset({"sign_statement", "comment"})):
        row = discussion.discussion(in_signoff, newest, newest, user=zoe, rights=held)
        assert row is None
