"""Pictures and video that are signed with a text."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.evidence.storing import NotKept
from incidents.models import Draft, DraftAuthor, Statement
from incidents.statements import actions, rules
from incidents.statements.actions import together
from incidents.statements.actions.together import NotShown
from incidents.statements.versions import is_saved
from teams.models import User
from tests.incidents.evidence.test_evidence import PNG, SVG
from tests.incidents.signoff.conftest import MINUTE, approve
from tests.incidents.statements.test_views import sign_in, url

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_a_picture_is_signed_with_the_text_and_handed_to_whoever_sees_the_statement(
    in_signoff: Statement, ines: User, karim: User, bruno: User, zoe: User, nine: datetime
) -> None:
    incident, client = in_signoff.incident, sign_in(ines)
    first = in_signoff.versions.get()
    sent = {"attached": SimpleUploadedFile("box.png", PNG, "text/html")}
    assert client.post(url("statement-attach", incident, 1), sent).status_code == 302
    draft = Draft.objects.get(pk=in_signoff.pk)
    assert [one["name"] for one in draft.attachments] == ["box.png"]
    assert not is_saved(draft, first)
    assert incident.entries.filter(kind="evidence.added").exists()
    actions.save_version(in_signoff, reason="With the picture", by=ines, at=nine)
    version = in_signoff.versions.get(number=2)
    sha256 = version.attachments[0]["sha256"]
    assert version.text == first.text
    assert version.fingerprint != first.fingerprint
    assert version.fingerprint == rules.fingerprint(
        statement=in_signoff.uuid,
        kind=version.kind,
        language=version.language,
        audience=version.audience,
        text=version.text,
        channel_texts=version.channel_texts,
        attachments=[sha256],
    )
    file = url("statement", incident, 1) + f"attachments/{sha256}/"
    for page in ("statement", "statement-decide"):
        assert file in sign_in(karim).get(url(page, incident, 1)).content.decode()
    answer = sign_in(bruno).get(file)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert sign_in(zoe).get(file).status_code == 404
    assert client.get(file.replace(sha256, "0" * 64)).status_code == 404


def test_taking_a_picture_out_asks_for_a_new_version_and_the_old_one_keeps_it(
    in_signoff: Statement, ines: User, karim: User, nine: datetime
) -> None:
    together.attach_files(in_signoff, files=[ContentFile(PNG, "box.png")], by=ines, at=nine)
    actions.save_version(in_signoff, reason="", by=ines, at=nine)
    approve(in_signoff, karim, nine + MINUTE)
    second = in_signoff.versions.get(number=2)
    client, sha256 = sign_in(ines), second.attachments[0]["sha256"]
    answer = client.post(
        url("statement-detach", in_signoff.incident, 1), {"sha256": sha256}, headers=HTMX
    )
    assert answer.status_code == 200
    assert "box.png" not in answer.content.decode()
    actions.save_version(in_signoff, reason="", by=ines, at=nine + 2 * MINUTE)
    third = in_signoff.versions.get(number=3)
    assert (third.attachments, third.fingerprint) == (
        [],
        in_signoff.versions.get(number=1).fingerprint,
    )
    assert not third.decisions.exists()  # an old text again revives no sign-off
    file = url("statement", in_signoff.incident, 1) + f"attachments/{sha256}/"
    assert client.get(file).status_code == 200
    actions.go_back_to(in_signoff, version=second, by=ines, at=nine + 3 * MINUTE)
    assert Draft.objects.get(pk=in_signoff.pk).attachments == second.attachments


def test_a_version_takes_along_no_picture_that_was_not_on_the_screen(
    in_signoff: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    incident, draft = in_signoff.incident, Draft.objects.get(pk=in_signoff.pk)
    words = {
        "text": draft.text,
        "revision": draft.revision,
        "reason": "Same words",
        "change": "material",
    }
    sent = {"attached": SimpleUploadedFile("box.png", PNG, "image/png")}
    answer = sign_in(thomas).post(url("statement-attach", incident, 1), sent, headers=HTMX)
    assert answer["Draft-Revision"] == str(draft.revision + 1)
    path = url("statement-save-version", incident, 1)
    met = sign_in(ines).post(path, words)
    assert met.status_code == 409
    assert "Thomas Nguyen changed this text" in met.content.decode()
    assert in_signoff.versions.count() == 1
    seen = {**words, "revision": answer["Draft-Revision"]}
    assert sign_in(thomas).post(path, seen).status_code == 302
    assert in_signoff.versions.get(number=2).attachments


def test_only_pictures_and_video_are_part_of_a_statement_and_whoever_adds_one_is_an_author(
    in_signoff: Statement, ines: User, thomas: User, nine: datetime
) -> None:
    for content, name in ((SVG, "drawing.svg"), (b"%PDF-1.7\n1 0 obj", "a.pdf")):
        with pytest.raises(NotShown, match="neither a picture nor a video"):
            together.attach_files(in_signoff, files=[ContentFile(content, name)], by=ines, at=nine)
    with pytest.raises(NotKept):
        together.attach_files(in_signoff, files=[ContentFile(b"", "box.png")], by=ines, at=nine)
    assert not in_signoff.incident.evidence.exists()
    files = [ContentFile(PNG, "box.png"), ContentFile(PNG, "again.png")]
    draft = together.attach_files(in_signoff, files=files, by=thomas, at=nine)
    assert len(draft.attachments) == 1
    assert DraftAuthor.objects.filter(statement=in_signoff, user=thomas).exists()
