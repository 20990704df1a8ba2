"""Without script a file goes with the whole editor: its words are kept, and a refusal says why."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from incidents.evidence import rules
from incidents.models import Draft, Statement
from teams.models import User
from tests.incidents.evidence.test_evidence import PNG, SVG
from tests.incidents.signoff.conftest import write
from tests.incidents.statements.test_views import sign_in, url

pytestmark = pytest.mark.django_db

TYPED = "We have stopped line 3 & are calling every shop."
WHY = "The plant has stopped the line"


def typed(statement: Statement, **more: Any) -> dict[str, Any]:
    draft = Draft.objects.get(pk=statement.pk)
    return {"text": TYPED, "revision": draft.revision, "change": "material", "reason": WHY, **more}


def send(user: User, statement: Statement, **given: Any) -> Any:
    return sign_in(user).post(url("statement-attach", statement.incident, 1), given)


def file(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (SVG, "drawing.svg", "“drawing.svg” is neither a picture nor a video."),
        (PNG * 20, "box.png", "“box.png” is larger than"),
        (b"", "box.png", "“box.png” is empty."),
        (None, "", "No file was chosen. Nothing was attached."),
    ],
)
def test_a_refused_file_is_answered_with_why_and_with_everything_that_was_typed(
    statement: Statement,
    ines: User,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    name: str,
    why: str,
) -> None:
    monkeypatch.setattr(rules, "LARGEST", 1024)
    sent = {"attached": file(content, name)} if content is not None else {}
    answer = send(ines, statement, **typed(statement), **sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in (why, TYPED, WHY):
        assert escape(words) in page
    draft = Draft.objects.get(pk=statement.pk)
    assert (draft.text, draft.attachments) == (TYPED, []), "The words are kept all the same."
    assert f'name="revision" value="{draft.revision}"' in page


def test_a_file_that_is_kept_keeps_the_words_and_the_reason_too(
    statement: Statement, ines: User
) -> None:
    answer = send(ines, statement, **typed(statement), attached=file(PNG, "box.png"))
    draft = Draft.objects.get(pk=statement.pk)
    assert draft.text == TYPED
    [kept] = draft.attachments
    page = answer.content.decode()
    assert answer.status_code == 200
    assert WHY in page
    assert "box.png" in page
    assert f'name="revision" value="{draft.revision}"' in page
    without = typed(statement, text=TYPED + " Now.", reason="")
    again = send(ines, statement, **without, attached=file(PNG, "box.png"))
    assert again.status_code == 302
    gone = sign_in(ines).post(
        url("statement-detach", statement.incident, 1),
        typed(statement, text="Nothing in it.", sha256=kept["sha256"], reason=""),
    )
    assert gone.status_code == 302
    draft = Draft.objects.get(pk=statement.pk)
    assert (draft.text, draft.attachments) == ("Nothing in it.", [])


def test_another_s_words_meet_them_as_they_would_without_a_file(
    statement: Statement, ines: User, thomas: User, nine: Any
) -> None:
    began = typed(statement)
    write(statement, "Thomas wrote this meanwhile.", thomas, nine)
    answer = send(ines, statement, **began, attached=file(PNG, "box.png"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Thomas wrote this meanwhile." in page
    assert escape(TYPED) in page
    assert Draft.objects.get(pk=statement.pk).attachments == []


def test_a_post_of_the_file_alone_says_why_too(statement: Statement, ines: User) -> None:
    answer = send(ines, statement, attached=file(SVG, "drawing.svg"))
    assert answer.status_code == 409
    assert "is neither a picture nor a video" in answer.content.decode()
    assert "We are checking lot L2231 now." in answer.content.decode()


def test_without_script_the_file_belongs_to_the_editor(statement: Statement, ines: User) -> None:
    page = sign_in(ines).get(url("statement-edit", statement.incident, 1)).content.decode()
    plain = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert 'name="attached"' in plain
    assert 'form="editor"' in plain
    assert f'formaction="{url("statement-attach", statement.incident, 1)}"' in plain
    assert 'formenctype="multipart/form-data"' in plain
