"""Wording that signers and others suggest, without losing their right to sign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from crisisdesk.kit.refusals import Refused
from incidents.models import DraftAuthor, Incident, Statement, Suggestion
from incidents.notifications.queries import hearers
from incidents.statements import actions, company
from incidents.statements.actions import discussing, suggesting
from incidents.statements.actions.suggesting import (
    NotYours,
    OtherWords,
    PlaceLost,
    Settled,
)
from incidents.statements.actions.writing import Conflict
from incidents.statements.moves import NotFromHere
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft, kinds, write
from tests.incidents.statements.test_discussion import (
    comment,
    last,
    read,
    suggest,
    together_save,
)
from tests.incidents.statements.test_views import sign_in, url

pytestmark = pytest.mark.django_db


def test_a_suggestion_adopted_in_one_step_costs_its_proposer_nothing(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "plastic fragments", "blue plastic fragments", karim, nine)
    assert kinds(in_signoff.incident)[-1] == "suggestion.made"
    assert hearers(last(in_signoff.incident), at=nine) == [ines]
    row = read(in_signoff, ines, nine)
    assert row.suggestions[0].fits
    assert row.saves_as == 2
    suggesting.adopt_suggestion(made, save=True, by=ines, at=nine + MINUTE)
    newest = in_signoff.versions.get(number=2)
    assert newest.text == WORDS.replace("plastic", "blue plastic")
    assert newest.reason == "“plastic fragments” → “blue plastic fragments”"
    assert [one.user for one in newest.authors.all()] == [ines]
    adopted = in_signoff.incident.entries.get(kind="suggestion.adopted")
    assert hearers(adopted, at=nine) == [karim]
    approve(in_signoff, karim, nine + 2 * MINUTE)
    assert newest.decisions.get().signer == karim


def test_whoever_adopts_is_an_author_and_no_longer_signs(
    in_signoff: Statement, karim: User, thomas: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    suggesting.adopt_suggestion(made, save=True, by=thomas, at=nine)
    newest = in_signoff.versions.get(number=2)
    assert thomas in [one.user for one in newest.authors.all()]
    assert karim not in [one.user for one in newest.authors.all()]
    with pytest.raises(Refused, match="You wrote part"):
        approve(in_signoff, thomas, nine)


def test_an_empty_wording_strikes_the_passage_and_leaves_no_gap(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "lot L2231", "", karim, nine)
    assert kinds(in_signoff.incident)[-1] == "suggestion.made_to_strike"
    suggesting.adopt_suggestion(made, by=ines, at=nine)
    in_signoff.draft.refresh_from_db()
    assert in_signoff.draft.text.endswith("We are checking now.")
    assert kinds(in_signoff.incident)[-1] == "suggestion.adopted_to_strike"
    assert DraftAuthor.objects.filter(statement=in_signoff, user=ines).exists()
    assert in_signoff.versions.count() == 1


def test_the_reason_of_a_struck_passage_shows_the_words_beside_it(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "lot L2231", "", karim, nine)
    suggesting.adopt_suggestion(made, save=True, by=ines, at=nine)
    newest = in_signoff.versions.get(number=2)
    assert newest.reason == (
        "“Bella pizza. We are checking lot L2231” → “Bella pizza. We are checking”"
    )


def test_the_reason_of_an_adoption_tells_no_why_and_quotes_like_its_text(
    staffed: Incident, karim: User, ines: User, nine: datetime
) -> None:
    text = draft(staffed, ines, nine, text="Composez le 15.\n\nMerci à tous.")
    Statement.objects.filter(pk=text.pk).update(language="fr")
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    made = suggest(text, "Composez le 15", "Composez le 15 aussitôt", karim, nine)
    suggesting.adopt_suggestion(made, save=True, by=ines, at=nine)
    first = text.versions.get(number=2)
    assert first.reason.replace("\u00a0", " ").replace("\u202f", " ") == (
        "« Composez le 15 » → « Composez le 15 aussitôt »"
    )
    assert made.why not in first.reason
    saved = staffed.entries.filter(kind="statement.version_saved").latest("number")
    assert saved.content.body["facts"]["reason"] == first.reason


def test_a_long_passage_is_cut_around_what_changes(
    staffed: Incident, karim: User, ines: User, nine: datetime
) -> None:
    long = "We say the same again and again. " * 30 + "Dial 15.\nAnd " + "so it goes on, " * 30
    text = draft(staffed, ines, nine, text=f"First. {long}")
    actions.save_version(text, reason="", submit=True, by=ines, at=nine)
    made = suggest(text, long.strip(), long.strip().replace("15.", "15 at once."), karim, nine)
    suggesting.adopt_suggestion(made, save=True, by=ines, at=nine)
    reason = text.versions.get(number=2).reason
    assert "Dial 15. And" in reason
    assert "Dial 15 at once. And" in reason
    assert reason.count("…") == 4
    assert len(reason) < 200


def test_several_suggestions_adopted_give_each_version_its_own_reason(
    in_signoff: Statement, karim: User, helene: User, ines: User, nine: datetime
) -> None:
    one = suggest(in_signoff, "plastic", "blue plastic", karim, nine)
    other = suggest(in_signoff, "now", "tonight", helene, nine)
    suggesting.adopt_suggestion(one, save=True, by=ines, at=nine)
    suggesting.adopt_suggestion(other, save=True, by=ines, at=nine)
    reasons = list(in_signoff.versions.order_by("number").values_list("reason", flat=True))[1:]
    assert reasons == ["“plastic” → “blue plastic”", "“now” → “tonight”"]


def test_whoever_adopts_may_say_why_in_their_own_words(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    client, incident = sign_in(ines), in_signoff.incident
    page = client.get(url("statement-suggestion", incident, 1, made.pk)).content.decode()
    assert 'id="adopt_reason"' in page
    path = url("statement-adopt-suggestion", incident, 1, made.pk)
    long = client.post(path, {"save": "on", "reason": "Too long " * 90})
    assert long.status_code == 422
    assert "Too long Too long" in long.content.decode()
    assert client.post(path, {"save": "on", "reason": " Quality <b>knows</b> "}).status_code == 302
    assert in_signoff.versions.get(number=2).reason == "Quality <b>knows</b>"


def test_a_passage_that_changed_in_the_draft_is_never_overwritten(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "checking lot L2231", "recalling lot L2231", karim, nine)
    actions.save_draft(
        in_signoff,
        text=WORDS.replace("checking lot L2231", "checking lots L2231 and L2232"),
        channel_texts={},
        revision=0,
        by=ines,
        at=nine,
    )
    row = read(in_signoff, ines, nine)
    assert not row.suggestions[0].fits
    assert row.saves_as == 0
    before = in_signoff.incident.entries.count()
    with pytest.raises(PlaceLost, match="Nothing was"):
        suggesting.adopt_suggestion(made, by=ines, at=nine)
    in_signoff.draft.refresh_from_db()
    assert "lots L2231 and L2232" in in_signoff.draft.text
    made.refresh_from_db()
    assert made.state == Suggestion.State.OPEN
    assert in_signoff.incident.entries.count() == before


def test_a_version_takes_no_words_along_that_nobody_saw(
    in_signoff: Statement, karim: User, ines: User, thomas: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    text = WORDS + " Half a sentence"
    actions.save_draft(in_signoff, text=text, channel_texts={}, revision=0, by=thomas, at=nine)
    with pytest.raises(OtherWords, match="Thomas Nguyen"):
        suggesting.adopt_suggestion(made, save=True, by=ines, at=nine)
    suggesting.adopt_suggestion(made, by=ines, at=nine)
    in_signoff.draft.refresh_from_db()
    assert in_signoff.draft.text == text.replace("now.", "tonight.")


def test_an_adoption_while_someone_types_leads_them_to_the_merge_with_every_word(
    in_signoff: Statement, karim: User, ines: User, thomas: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    suggesting.adopt_suggestion(made, by=ines, at=nine)
    with pytest.raises(Conflict) as met:
        actions.save_draft(
            in_signoff,
            text=WORDS + " I am typing",
            channel_texts={},
            revision=0,
            by=thomas,
            at=nine,
        )
    assert met.value.draft.text == WORDS.replace("now.", "tonight.")
    base = company.kept(in_signoff, 0)
    assert base is not None
    assert base.text == WORDS


def test_a_suggestion_is_settled_once_and_its_proposer_hears(
    in_signoff: Statement, karim: User, ines: User, helene: User, nine: datetime
) -> None:
    declined = suggest(in_signoff, "now", "tonight", karim, nine)
    suggesting.decline_suggestion(declined, reason="We are at it now", by=ines, at=nine)
    assert kinds(in_signoff.incident)[-1] == "suggestion.declined"
    assert hearers(last(in_signoff.incident), at=nine) == [karim]
    for again in (suggesting.adopt_suggestion, suggesting.decline_suggestion):
        with pytest.raises(Settled, match="declined"):
            again(declined, by=ines, at=nine)
    own = suggest(in_signoff, "We are", "The plant is", karim, nine)
    with pytest.raises(NotYours):
        suggesting.take_back_suggestion(own, by=helene, at=nine)
    suggesting.take_back_suggestion(own, by=karim, at=nine)
    assert kinds(in_signoff.incident)[-1] == "suggestion.taken_back"
    assert [one.state for one in read(in_signoff, karim, nine).settled] == ["declined", "withdrawn"]


def test_a_text_that_left_the_house_takes_comments_and_no_suggestions(
    good: Statement, karim: User, ines: User, nine: datetime
) -> None:
    later = nine + 5 * MINUTE
    made = suggest(good, "now", "tonight", karim, later)
    actions.record_publication(good, channel="x", published_at=later, by=ines, at=later)
    comment(good, "now", karim, later)
    with pytest.raises(NotFromHere):
        suggest(good, "We are", "The plant is", karim, later)
    with pytest.raises(NotFromHere):
        suggesting.adopt_suggestion(made, by=ines, at=later)


def test_a_suggestion_for_the_own_text_of_a_channel_changes_only_that(
    statement: Statement, karim: User, ines: User, nine: datetime
) -> None:
    together_save(statement, {"x": "Short and clear."}, ines, nine)
    made = suggest(statement, "clear", "honest", karim, nine, channel="x")
    suggesting.adopt_suggestion(made, save=True, by=ines, at=nine)
    newest = statement.versions.get(number=2)
    assert (newest.text, newest.channel_texts["x"]) == (WORDS, "Short and honest.")


def test_reading_costs_the_same_for_one_comment_and_for_fifty(
    in_signoff: Statement,
    karim: User,
    ines: User,
    nine: datetime,
    count_queries: Callable[[Callable[[], Any]], int],
) -> None:
    comment(in_signoff, "lot L2231", karim, nine)
    suggest(in_signoff, "now", "tonight", karim, nine)
    write(in_signoff, WORDS + " Two.", ines, nine)
    one = count_queries(lambda: read(in_signoff, ines, nine))
    for n in range(25):
        first = comment(in_signoff, "lot L2231", karim, nine, text=f"Comment {n}")
        discussing.answer_comment(first, text=f"Answer {n}", by=ines, at=nine)
        suggest(in_signoff, "now", f"in {n} hours", karim, nine)
    assert count_queries(lambda: read(in_signoff, ines, nine)) == one
