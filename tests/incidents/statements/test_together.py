"""Two people at one text: nothing that anybody typed is lost, and the pages say so."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import Draft, DraftAuthor, KeptDraft, Statement
from incidents.statements import actions, company, merged, merging
from incidents.statements.actions import suggesting, together
from incidents.statements.actions.writing import Conflict
from teams.models import User
from tests.incidents.signoff.conftest import MINUTE, WORDS, write
from tests.incidents.signoff.test_races import refusals
from tests.incidents.signoff.test_races import together as at_once
from tests.incidents.statements.test_discussion import suggest
from tests.incidents.statements.test_views import sign_in, url

pytestmark = pytest.mark.django_db
needs_row_locks = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs real row locks"
)
HTMX = {"HX-Request": "true"}


def save(statement: Statement, text: str, revision: int, by: User, at: datetime) -> Draft:
    return actions.save_draft(
        statement, text=text, channel_texts={}, revision=revision, by=by, at=at
    )


def fields(page: str) -> dict[str, str]:
    """What the merge form of a page would send: hidden fields, chosen radios and texts."""
    form = page[page.index('id="merge"') : page.rindex("</form>")]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" checked', form))
    for name, text in re.findall(
        r'<textarea[^>]* name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = unescape(text)
    return found


# What is kept


def test_every_state_of_a_draft_is_kept_and_can_be_taken_back(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    save(statement, "One 🧊", 0, ines, nine)
    save(statement, "One two", 1, thomas, nine + MINUTE)
    kept = [(k.revision, k.text) for k in KeptDraft.objects.order_by("revision")]
    assert kept == [(0, WORDS), (1, "One 🧊")]
    states = company.earlier_states(statement)
    assert [(one.revision, one.name) for one in states] == [(1, "Ines Carvalho")]
    client = sign_in(ines)
    page = client.get(url("statement-earlier", statement.incident, 1)).content.decode()
    assert "One 🧊" in page
    first = client.get(url("statement-earlier", statement.incident, 1) + "?revision=0")
    assert WORDS in first.content.decode()
    gone = client.get(url("statement-earlier", statement.incident, 1) + "?revision=99")
    assert gone.status_code == 404


def test_only_what_is_old_and_far_back_is_forgotten(
    statement: Statement, ines: User, nine: datetime
) -> None:
    for revision in range(220):
        save(statement, f"Words {revision}", revision, ines, nine)
    assert KeptDraft.objects.count() == 220
    later = nine + timedelta(hours=25)
    for revision in range(220, 240):
        save(statement, f"Words {revision}", revision, ines, later)
    left = set(KeptDraft.objects.values_list("revision", flat=True))
    assert min(left) == 21
    assert max(left) == 239


def test_going_back_to_an_older_text_keeps_what_the_draft_was(
    in_signoff: Statement, ines: User, nine: datetime
) -> None:
    write(in_signoff, WORDS + " Two.", ines, nine)
    first = in_signoff.versions.get(number=1)
    actions.go_back_to(in_signoff, version=first, by=ines, at=nine + MINUTE)
    assert KeptDraft.objects.filter(text=WORDS + " Two.").exists()


# Two who write at once


def test_changes_in_different_places_are_put_together_ready_to_keep(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    save(statement, "Hello. " + WORDS, 0, ines, nine)
    path = url("statement-save-draft", statement.incident, 1)
    client = sign_in(thomas)
    met = client.post(path, {"text": WORDS + " Do not eat it.", "revision": 0})
    page = met.content.decode()
    assert met.status_code == 409
    assert "Both changes put together" in page
    sent = fields(page)
    assert sent["text"] == "Hello. " + WORDS + " Do not eat it."
    assert sent["mine_text"] == WORDS + " Do not eat it."
    assert client.post(path, sent).status_code == 302
    statement.draft.refresh_from_db()
    assert statement.draft.text == sent["text"]
    authors = DraftAuthor.objects.filter(statement=statement).values_list("user", flat=True)
    assert set(authors) == {ines.pk, thomas.pk}


def test_a_clash_keeps_both_until_it_is_chosen_and_what_was_typed_since(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    save(statement, WORDS.replace("L2231", "L2232"), 0, ines, nine)
    client, incident = sign_in(thomas), statement.incident
    met = client.post(
        url("statement-save-draft", incident, 1),
        {"text": WORDS.replace("L2231", "L9999"), "revision": 0},
    )
    page = met.content.decode()
    sent = fields(page)
    assert "L2232" in sent["text"]
    assert "L9999" in sent["text"]
    assert sent["choice_text_0"] == "both"
    sent |= {"choice_text_0": "mine", "text": sent["text"] + " Call us."}
    chosen = client.post(url("statement-merge", incident, 1), sent)
    again = fields(chosen.content.decode())
    assert "L9999" in again["text"]
    assert "L2232" not in again["text"]
    assert again["text"].endswith(" Call us.")
    statement.draft.refresh_from_db()
    assert "L2232" in statement.draft.text  # choosing writes nothing
    part = client.post(url("statement-merge", incident, 1), sent, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<section class="card" id="together"')


def test_texts_of_channels_are_put_together_too(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    actions.save_draft(
        statement, text=WORDS, channel_texts={"x": "One. Two."}, revision=0, by=ines, at=nine
    )
    actions.save_draft(
        statement, text=WORDS, channel_texts={"x": "Zero. One. Two."}, revision=1, by=ines, at=nine
    )
    client = sign_in(thomas)
    path = url("statement-save-draft", statement.incident, 1)
    words = {"text": WORDS, "own_x": "One. Two. Three.", "own_website": "Longer.", "revision": 1}
    sent = fields(client.post(path, words).content.decode())
    assert (sent["own_x"], sent["own_website"]) == ("Zero. One. Two. Three.", "Longer.")
    assert client.post(path, sent).status_code == 302
    statement.draft.refresh_from_db()
    assert statement.draft.channel_texts == {"x": "Zero. One. Two. Three.", "website": "Longer."}


def test_a_third_writer_during_the_merge_leads_to_a_new_merge_with_all_words(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    save(statement, "Hello. " + WORDS, 0, ines, nine)
    client = sign_in(thomas)
    path = url("statement-save-draft", statement.incident, 1)
    met = client.post(path, {"text": WORDS + " Do not eat it.", "revision": 0})
    sent = fields(met.content.decode())
    save(statement, "Hello. " + WORDS.replace("now", "tonight"), 1, ines, nine)
    late = client.post(path, sent)
    assert late.status_code == 409
    final = fields(late.content.decode())["text"]
    assert final == "Hello. " + WORDS.replace("now", "tonight") + " Do not eat it."


def test_a_version_asked_for_in_a_conflict_keeps_its_reason_and_its_button(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    save(statement, "Hello. " + WORDS, 0, ines, nine)
    client, incident = sign_in(thomas), statement.incident
    met = client.post(
        url("statement-save-version", incident, 1),
        {"text": WORDS + " Yes.", "revision": 0, "reason": "A polite end"},
    )
    page = met.content.decode()
    sent = fields(page)
    assert sent["reason"] == "A polite end"
    kept = client.post(url("statement-save-draft", incident, 1), sent)
    assert "A polite end" in kept.content.decode()
    sent["revision"] = "2"
    assert client.post(url("statement-save-version", incident, 1), sent).status_code == 302
    assert statement.versions.get().reason == "A polite end"


def test_without_the_ground_of_the_merge_no_word_of_either_is_taken_away() -> None:
    theirs, mine = "We know. We act tonight 🧊. Call us.", "We act now 🧊. We come back."
    found = merged.put_together("text", "Text", base=None, theirs=theirs, mine=mine)
    for word in (theirs + " " + mine).split():
        assert word.strip(".") in found.text


LETTERS = st.text(alphabet="ab é🧊ש\n.", max_size=60)


@given(base=LETTERS, theirs=LETTERS, mine=LETTERS, typed=LETTERS)
def test_whatever_two_people_write_each_whole_text_stays_and_a_choice_is_possible(
    base: str, theirs: str, mine: str, typed: str
) -> None:
    found = merged.put_together("text", "Text", base=base, theirs=theirs, mine=mine)
    assert (found.theirs, found.mine) == (theirs, mine)
    for choice in merged.CHOICES:
        chosen: dict[str, str] = {f"choice_text_{n}": choice for n in range(found.clashes)}
        chosen |= {"text": found.text, "composed_text": found.text}
        made = merged.offer("text", "Text", base=base, theirs=theirs, mine=mine, chosen=chosen)
        whole = merging.merge(base, theirs, mine)
        assert made.text == whole.text([choice] * len(whole.clashes))
    by_hand = {"text": typed, "composed_text": found.text}
    made = merged.offer("text", "Text", base=base, theirs=theirs, mine=mine, chosen=by_hand)
    assert made.text == typed
    if base == theirs:
        assert found.text == mine


def test_long_texts_in_any_script_are_put_together(
    statement: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    lines = [f"السطر {n} من البيان 🧊 reads {n}." for n in range(3_000)]
    base = "\n".join(lines)[:99_000]
    save(statement, base, 0, ines, nine)
    save(statement, "A" + base, 1, ines, nine)
    met = sign_in(thomas).post(
        url("statement-save-draft", statement.incident, 1), {"text": base + "Z", "revision": 1}
    )
    assert fields(met.content.decode())["text"] == "A" + base + "Z"


def test_two_windows_of_one_person_are_put_together_like_two_people(
    statement: Statement, ines: User, nine: datetime
) -> None:
    save(statement, "Hello. " + WORDS, 0, ines, nine)
    path = url("statement-save-draft", statement.incident, 1)
    page = sign_in(ines).post(path, {"text": WORDS + " Yes.", "revision": 0}).content.decode()
    assert "You, in another window, changed this text" in page
    assert fields(page)["text"] == "Hello. " + WORDS + " Yes."


# Races, with real threads


@pytest.mark.django_db(transaction=True)
@needs_row_locks
@pytest.mark.parametrize("_run", range(3))
def test_two_saves_at_once_have_one_winner_and_no_word_is_lost(
    statement: Statement, ines: User, thomas: User, nine: datetime, _run: int
) -> None:
    answers = at_once(
        lambda: save(statement, WORDS + " Ines.", 0, ines, nine),
        lambda: save(statement, "Thomas. " + WORDS, 0, thomas, nine),
    )
    told = refusals(answers)
    assert len(told) == 1
    assert isinstance(told[0], Conflict)
    statement.draft.refresh_from_db()
    assert statement.draft.revision == 1
    base = company.kept(statement, 0)
    assert base is not None
    loser = "Thomas. " + WORDS if "Ines" in statement.draft.text else WORDS + " Ines."
    both = merged.put_together(
        "text", "Text", base=base.text, theirs=statement.draft.text, mine=loser
    )
    assert both.text == "Thomas. " + WORDS + " Ines."


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_two_who_adopt_one_suggestion_adopt_it_once(
    in_signoff: Statement, karim: User, ines: User, thomas: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    answers = at_once(
        *[
            lambda by=by: suggesting.adopt_suggestion(made, save=True, by=by, at=nine)
            for by in (ines, thomas)
        ]
    )
    assert len(refusals(answers)) == 1
    assert in_signoff.versions.count() == 2
    kinds = in_signoff.incident.entries.filter(kind="suggestion.adopted")
    assert kinds.count() == 1


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_an_adoption_against_a_save_loses_no_word(
    in_signoff: Statement, karim: User, ines: User, thomas: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    answers = at_once(
        lambda: suggesting.adopt_suggestion(made, by=ines, at=nine),
        lambda: save(in_signoff, WORDS + " Thomas.", 0, thomas, nine),
    )
    in_signoff.draft.refresh_from_db()
    if refusals(answers):  # the adoption came first: Thomas is led to the merge
        assert in_signoff.draft.text == WORDS.replace("now.", "tonight.")
    else:
        assert in_signoff.draft.text == WORDS.replace("now.", "tonight.") + " Thomas."


# Presence


def test_who_is_writing_shows_to_the_room_and_goes_when_they_leave(
    statement: Statement, ines: User, thomas: User, bruno: User, zoe: User
) -> None:
    incident = statement.incident
    writer, before = sign_in(ines), incident.entries.count()
    assert writer.post(url("statement-present", incident, 1)).status_code == 204
    for reader in (thomas, bruno):
        seen = sign_in(reader).get(url("statement-presence", incident, 1)).content.decode()
        assert "Ines Carvalho is editing" in seen
    assert "editing" not in writer.get(url("statement-presence", incident, 1)).content.decode()
    assert sign_in(zoe).get(url("statement-presence", incident, 1)).status_code == 404
    assert sign_in(bruno).post(url("statement-present", incident, 1)).status_code == 403
    page = sign_in(thomas).get(url("statement-edit", incident, 1)).content.decode()
    assert "Ines Carvalho is editing" in page
    writer.post(url("statement-present", incident, 1), {"leaving": "1"})
    seen = sign_in(thomas).get(url("statement-presence", incident, 1)).content.decode()
    assert "editing" not in seen
    assert incident.entries.count() == before


def test_presence_is_for_the_room_and_ends_by_itself(
    in_signoff: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    before = in_signoff.incident.entries.count()
    together.be_present(in_signoff, by=ines, at=nine)
    assert company.present(in_signoff, but=thomas, at=nine) == ("Ines Carvalho",)
    assert company.present(in_signoff, but=ines, at=nine) == ()
    assert company.present(in_signoff, but=thomas, at=nine + timedelta(seconds=46)) == ()
    together.be_present(in_signoff, by=ines, at=nine + MINUTE)
    together.be_present(in_signoff, leaving=True, by=ines, at=nine)
    assert company.present(in_signoff, but=thomas, at=nine + MINUTE) == ()
    assert in_signoff.incident.entries.count() == before


def test_an_open_room_hears_at_once_who_comes_and_who_leaves(
    in_signoff: Statement, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[object, ...]] = []
    monkeypatch.setattr("crisisdesk.kit.bell.ring", lambda *told: heard.append(told))
    writer, incident = sign_in(ines), in_signoff.incident
    news = (str(incident.pk), 0, "presence")
    path = url("statement-present", incident, 1)
    for sent, rings in (({}, 1), ({}, 1), ({"leaving": "1"}, 2), ({"leaving": "1"}, 2)):
        writer.post(path, sent)
        assert heard == [news] * rings
    page = writer.get(url("statement-presence", incident, 1)).content.decode()
    assert "presence from:body" in page
