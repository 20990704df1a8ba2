"""A suggestion is settled from its row: on the statement's page and beside the draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from incidents.models import Draft, Statement, Suggestion
from incidents.statements import actions
from incidents.timeline.rules import LONGEST_TEXT
from teams.models import User
from tests.incidents.signoff.conftest import WORDS, approve
from tests.incidents.statements.test_discussion import suggest
from tests.incidents.statements.test_together import save
from tests.incidents.statements.test_views import sign_in, url

pytestmark = pytest.mark.django_db
SCRIPT = {"Autosave": "1"}
ADOPTED = WORDS.replace("L2231 now", "L2231 tonight")


@pytest.fixture
def made(in_signoff: Statement, karim: User, nine: datetime) -> Suggestion:
    return suggest(in_signoff, "now", "tonight", karim, nine)


def beside(made: Suggestion, by: User, headers: dict[str, str] | None = None, **typed: Any) -> Any:
    """Press "Adopt" in the editor: what stands in it is sent along."""
    path = url("statement-adopt-suggestion", made.statement.incident, 1, made.pk)
    sent = {"text": WORDS, "revision": 0, **typed}
    return sign_in(by).post(path, sent, headers=headers or {})


def test_the_row_offers_both_in_the_editor_and_on_the_page(made: Suggestion, ines: User) -> None:
    client, incident = sign_in(ines), made.statement.incident
    editor = client.get(url("statement-edit", incident, 1)).content.decode()
    assert 'form="editor"' in editor
    page = client.get(url("statement", incident, 1)).content.decode()
    assert "Adopt and save as v2" in page
    opens = f'hx-get="{url("statement-suggestion", incident, 1, made.pk)}"'
    assert opens in editor
    assert opens in page


def test_declining_asks_why_without_leaving_the_page(made: Suggestion, ines: User) -> None:
    path = url("statement-suggestion", made.statement.incident, 1, made.pk)
    dialog = sign_in(ines).get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog
    assert "Decline the suggestion of Karim" in dialog
    assert 'name="reason"' in dialog


def test_what_stands_in_the_editor_is_kept_before_a_suggestion_is_put_in(
    made: Suggestion, ines: User
) -> None:
    answer = beside(made, ines, SCRIPT, text=WORDS + " Do not eat it.")
    told = answer.json()
    assert (told["text"], told["revision"]) == (ADOPTED + " Do not eat it.", 2)
    draft = Draft.objects.get(pk=made.statement_id)
    assert (draft.text, draft.revision) == (ADOPTED + " Do not eat it.", 2)
    made.refresh_from_db()
    assert made.state == Suggestion.State.ADOPTED


def test_without_script_the_reason_that_was_typed_stands_there_again(
    made: Suggestion, ines: User
) -> None:
    page = beside(made, ines, reason="The lab is slower").content.decode()
    assert "The lab is slower</textarea>" in page
    assert "tonight" in page


def test_a_passage_that_was_just_changed_keeps_what_was_typed(made: Suggestion, ines: User) -> None:
    typed = WORDS.replace("now", "at this very moment")
    answer = beside(made, ines, SCRIPT, text=typed)
    assert answer.status_code == 409
    assert answer["Draft-Revision"] == "1"
    assert "Nothing was changed" in answer.content.decode()
    assert Draft.objects.get(pk=made.statement_id).text == typed
    assert "at this very moment" in beside(made, ines, text=typed, revision=1).content.decode()


def test_anothers_words_meet_those_of_the_editor_and_nothing_is_adopted(
    made: Suggestion, ines: User, thomas: User, nine: datetime
) -> None:
    save(made.statement, "Quite other words.", 0, thomas, nine)
    by_script = beside(made, ines, SCRIPT, text=WORDS + " Mine.")
    assert by_script.status_code == 409
    assert "Draft-Revision" not in by_script
    both = beside(made, ines, text=WORDS + " Mine.").content.decode()
    assert "Quite other words." in both
    assert "Mine." in both
    made.refresh_from_db()
    assert made.state == Suggestion.State.OPEN


def test_whoever_suggested_it_signs_what_was_adopted(
    made: Suggestion, ines: User, karim: User, nine: datetime
) -> None:
    client, incident = sign_in(ines), made.statement.incident
    client.post(url("statement-adopt-suggestion", incident, 1, made.pk), {"save": "on"})
    approve(made.statement, karim, nine)
    assert made.statement.versions.get(number=2).decisions.get().signer == karim


def test_a_draft_that_is_too_long_says_that_it_is_not_kept(
    in_signoff: Statement, ines: User
) -> None:
    path = url("statement-save-draft", in_signoff.incident, 1)
    sent = {"text": "x" * (LONGEST_TEXT + 1), "revision": 0}
    answer = sign_in(ines).post(path, sent, headers=SCRIPT)
    assert answer.status_code == 422
    assert "Not kept by the server" in answer.content.decode()
    assert Draft.objects.get(pk=in_signoff.pk).text == WORDS


@pytest.mark.parametrize("name", ["statement-save-draft", "statement-adopt-suggestion"])
def test_a_text_that_was_withdrawn_meanwhile_answers_the_editor_with_a_notice(
    name: str, made: Suggestion, ines: User, nine: datetime
) -> None:
    actions.withdraw_statement(made.statement, reason="Overtaken", by=ines, at=nine)
    numbers = (1, made.pk) if "adopt" in name else (1,)
    path = url(name, made.statement.incident, *numbers)
    sent = {"text": WORDS + " More.", "revision": 0}
    answer = sign_in(ines).post(path, sent, headers=SCRIPT)
    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert 'class="cd-alert"' in answer.content.decode()
    page = sign_in(ines).post(path, sent)
    assert "More." in page.content.decode()
