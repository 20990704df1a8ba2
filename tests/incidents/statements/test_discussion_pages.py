"""The pages of what is said about a text, with script and without."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils.timezone import now

from incidents.models import Comment, Statement, Suggestion
from incidents.statements import actions
from teams.models import User
from tests.incidents.statements.test_discussion import comment, suggest
from tests.incidents.statements.test_together import save
from tests.incidents.statements.test_views import sign_in, url

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_a_comment_and_a_suggestion_are_made_without_script(
    in_signoff: Statement, karim: User, ines: User
) -> None:
    karim.language = "en"
    karim.save()
    client, incident = sign_in(karim), in_signoff.incident
    page = client.get(url("statement", incident, 1)).content.decode()
    assert "Suggest other wording" in page
    said = {"version": 1, "words": "lot L2231", "text": "Sure <b>of it</b>?"}
    done = client.post(url("statement-comment", incident, 1), said)
    assert done.url == url("statement", incident, 1) + "#said"
    made = Comment.objects.get()
    empty = client.post(url("statement-comment", incident, 1), {**said, "text": " "})
    assert empty.status_code == 422
    assert "lot L2231" in empty.content.decode()
    twice = client.post(
        url("statement-comment", incident, 1), {**said, "words": "We", "text": "Kept words"}
    )
    assert twice.status_code == 409
    assert "Kept words" in twice.content.decode()
    page = client.get(url("statement", incident, 1) + f"?answer={made.pk}").content.decode()
    assert "Sure &lt;b&gt;of it&lt;/b&gt;?" in page
    assert f'name="parent" value="{made.pk}"' in page
    client.post(url("statement-comment", incident, 1), {"parent": made.pk, "text": "It is."})
    assert made.answers.get().text == "It is."
    for turn in ("resolve", "reopen"):
        path = url(f"statement-{turn}-comment", incident, 1, made.pk)
        assert client.post(path).status_code == 302
    client.post(
        url("statement-suggest", incident, 1),
        {"version": 1, "words": "now", "wording": "tonight", "why": "By then"},
    )
    one = Suggestion.objects.get()
    page = sign_in(ines).get(url("statement", incident, 1)).content.decode()
    assert "Adopt and save as v2" in page
    assert "voids the sign-offs of v1" in page
    adopt = url("statement-adopt-suggestion", incident, 1, one.pk)
    assert client.post(adopt, {"save": "on"}).status_code == 302  # counsel may draft here
    assert in_signoff.versions.count() == 2


def test_a_suggestion_that_lost_its_place_shows_both_texts(
    in_signoff: Statement, karim: User, ines: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    save(in_signoff, "Quite other words.", 0, ines, nine)
    client, incident = sign_in(ines), in_signoff.incident
    adopt = url("statement-adopt-suggestion", incident, 1, made.pk)
    refused = client.post(adopt)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Nothing was" in page
    assert "Quite other words." in page
    assert ">tonight</textarea>" in page.replace("\n", "")
    moved = client.post(adopt, headers=HTMX)
    assert moved["HX-Redirect"] == url("statement-suggestion", incident, 1, made.pk)
    decline = url("statement-decline-suggestion", incident, 1, made.pk)
    assert client.post(decline, {"reason": "Overtaken"}).status_code == 302
    assert "Overtaken" in client.get(url("statement", incident, 1)).content.decode()


def test_who_may_look_and_not_speak_sees_no_form_and_strangers_nothing(
    in_signoff: Statement, karim: User, bruno: User, zoe: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    said = comment(in_signoff, "", karim, nine, text="Between us in the room")
    incident = in_signoff.incident
    page = sign_in(bruno).get(url("statement", incident, 1)).content.decode()
    assert "Between us in the room" in page
    assert 'id="say"' not in page
    assert "Adopt" not in page
    for name, numbers in (
        ("statement-comment", (1,)),
        ("statement-suggest", (1,)),
        ("statement-resolve-comment", (1, said.pk)),
        ("statement-adopt-suggestion", (1, made.pk)),
        ("statement-decline-suggestion", (1, made.pk)),
        ("statement-take-back-suggestion", (1, made.pk)),
    ):
        assert sign_in(bruno).post(url(name, incident, *numbers)).status_code == 403
        assert sign_in(zoe).post(url(name, incident, *numbers)).status_code == 404
    assert sign_in(zoe).get(url("statement-discussion", incident, 1)).status_code == 404


def test_the_discussion_of_another_statement_is_not_reached_by_this_one(
    in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    made = suggest(in_signoff, "now", "tonight", karim, nine)
    other = actions.draft_statement(
        in_signoff.incident,
        title="Another",
        kind="update",
        audience=in_signoff.audience,
        language="en",
        channels=["x"],
        text="Other words.",
        by=ines,
        at=now(),
    )
    client = sign_in(ines)
    path = url("statement-adopt-suggestion", in_signoff.incident, other.number, made.pk)
    assert client.post(path).status_code == 404


def test_the_editor_says_what_makes_a_change_more_than_a_typo_and_asks_for_the_reason(
    in_signoff: Statement, ines: User, nine: datetime
) -> None:
    client, incident = sign_in(ines), in_signoff.incident
    state = url("statement-draft-state", incident, 1)
    assert "typo" not in client.get(state).content.decode()
    text = in_signoff.draft.text
    save(in_signoff, text.replace("L2231", "L2232"), 0, ines, nine)
    page = client.get(state).content.decode()
    assert "More than a typo" in page
    assert "L2232" in page
    save(in_signoff, text.replace("checking", "cheking"), 1, ines, nine)
    assert "Small enough to be called a typo" in client.get(state).content.decode()
    words = {"text": text + " Two.", "revision": 2, "reason": ""}
    refused = client.post(url("statement-save-version", incident, 1), words)
    assert refused.status_code == 422
    assert "signers read it first" in refused.content.decode()
    words["reason"] = "A second sentence"
    assert client.post(url("statement-save-version", incident, 1), words).status_code == 302
