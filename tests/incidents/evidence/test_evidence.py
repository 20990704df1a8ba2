"""Files are kept as they came, under their hash, and handed out so that they do no harm."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from incidents.evidence import actions, queries, rules
from incidents.evidence.storing import NotKept
from incidents.models import Entry, Evidence, Incident
from incidents.timeline import proof
from incidents.timeline.actions import log_entry, reclassify_entry
from teams.models import User

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def keep(incident: Incident, by: User, at: datetime, content: bytes = PNG, **more: Any) -> Evidence:
    name = more.pop("name", "box.png")
    return actions.add_evidence(incident, file=ContentFile(content, name), by=by, at=at, **more)


def fetch(client: Client, piece: Evidence, user: User) -> Any:
    client.force_login(user)
    return client.get(reverse("incidents:evidence-file", args=[piece.incident.reference, piece.pk]))


def test_a_file_is_kept_under_its_hash_and_told(
    staffed: Incident, thomas: User, nine: datetime
) -> None:
    piece = keep(staffed, thomas, nine)
    sha256 = hashlib.sha256(PNG).hexdigest()
    assert (piece.sha256, piece.content_type, piece.size) == (sha256, "image/png", len(PNG))
    assert default_storage.exists(rules.place(sha256))
    told = Entry.objects.select_related("content").get(kind="evidence.added")
    assert told.content.body["facts"]["sha256"] == sha256
    assert list(queries.wrong_files(staffed)) == []


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PNG, "innocent.pdf", "image/png"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "x.png", "application/pdf"),
        (HTML, "page.png", "text/plain"),
        (SVG, "drawing.svg", "text/plain"),
        ("Père Noël".encode(), "note.html", "text/plain"),
        (b"MZ\x00\x00\x90", "run.exe", "application/octet-stream"),
        (b"\x00\xff\x00", "x.jpg", "application/octet-stream"),
    ],
)
def test_the_type_is_what_the_content_shows_not_what_the_name_claims(
    staffed: Incident, thomas: User, nine: datetime, content: bytes, name: str, kind: str
) -> None:
    assert keep(staffed, thomas, nine, content, name=name).content_type == kind


@pytest.mark.parametrize("content", [HTML, SVG, b"%PDF-1.7\n1 0 obj"])
def test_what_is_no_picture_is_handed_over_to_be_saved(
    staffed: Incident, thomas: User, nine: datetime, client: Client, content: bytes
) -> None:
    answer = fetch(client, keep(staffed, thomas, nine, content, name="x.html"), thomas)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] in {"text/plain", "application/pdf"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


def test_a_picture_shows_in_its_place(
    staffed: Incident, thomas: User, nine: datetime, client: Client
) -> None:
    answer = fetch(client, keep(staffed, thomas, nine), thomas)
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content) == PNG


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\box.png", "box.png"),
        ("a\x00b\n.png", "ab.png"),
        ("", "file"),
        ("é" * 300 + ".png", "é" * 196 + ".png"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert rules.clean_name(given) == kept


def test_the_same_file_twice_is_kept_once(staffed: Incident, thomas: User, nine: datetime) -> None:
    first = keep(staffed, thomas, nine)
    before = Entry.objects.count()
    assert keep(staffed, thomas, nine) == first
    assert Entry.objects.count() == before


@pytest.mark.parametrize("size", [0, rules.LARGEST + 1])
def test_nothing_and_too_much_are_refused(
    staffed: Incident, thomas: User, nine: datetime, size: int
) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotKept, match="Nothing was kept"):
        keep(staffed, thomas, nine, b"x" * size)
    assert (Entry.objects.count(), Evidence.objects.count()) == (before, 0)


def test_words_and_files_are_one_act(
    staffed: Incident, thomas: User, nine: datetime, client: Client
) -> None:
    before = Entry.objects.count()
    client.force_login(thomas)
    answer = client.post(
        reverse("incidents:log-entry", args=[staffed.reference]),
        {
            "text": "A box",
            "kind": "fact",
            "attached": [SimpleUploadedFile("box.png", PNG), SimpleUploadedFile("n.txt", b"note")],
        },
    )
    assert answer.status_code == 302
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.select_related("content").get(kind="entry.noted")
    assert {e.name for e in entry.evidence.all()} == {"box.png", "n.txt"}
    assert len(entry.content.body["facts"]["evidence"]) == 2
    page = client.get(reverse("incidents:timeline", args=[staffed.reference])).content.decode()
    assert "box.png" in page


def test_a_file_that_cannot_be_kept_keeps_the_words_too(
    staffed: Incident, thomas: User, client: Client
) -> None:
    before = Entry.objects.count()
    client.force_login(thomas)
    answer = client.post(
        reverse("incidents:log-entry", args=[staffed.reference]),
        {"text": "My words", "kind": "fact", "attached": SimpleUploadedFile("empty.png", b"")},
    )
    assert answer.status_code == 409
    assert "My words" in answer.content.decode()
    assert Entry.objects.count() == before


def test_a_file_is_as_privileged_as_its_entry(
    staffed: Incident, karim: User, thomas: User, nine: datetime, client: Client
) -> None:
    said = {"kind": "fact", "occurred": None, "at": nine}
    secret = log_entry(staffed, text="Advice", privileged=True, by=karim, **said)  # type: ignore[arg-type]
    hidden = keep(staffed, karim, nine, entry=secret)
    later = log_entry(staffed, text="Open", by=thomas, **said)  # type: ignore[arg-type]
    open_piece = keep(staffed, thomas, nine, b"note", entry=later, name="n.txt")
    assert fetch(client, hidden, thomas).status_code == 404
    assert fetch(client, hidden, karim).status_code == 200
    assert fetch(client, open_piece, thomas).status_code == 200
    reclassify_entry(later, reason="Legal advice", by=karim, at=nine)
    assert fetch(client, open_piece, thomas).status_code == 404
    client.force_login(thomas)
    page = client.get(reverse("incidents:evidence", args=[staffed.reference])).content.decode()
    assert "box.png" not in page
    assert "n.txt" not in page
    with pytest.raises(actions.NotYours):
        keep(staffed, thomas, nine, b"more", entry=secret)


def test_a_stranger_gets_no_file(
    staffed: Incident, thomas: User, zoe: User, nine: datetime, client: Client
) -> None:
    piece = keep(staffed, thomas, nine)
    assert fetch(client, piece, zoe).status_code == 404


def test_a_changed_or_missing_file_is_found(
    staffed: Incident, thomas: User, nine: datetime
) -> None:
    changed = keep(staffed, thomas, nine, b"one", name="one.txt")
    missing = keep(staffed, thomas, nine, b"two", name="two.txt")
    with open(default_storage.path(rules.place(changed.sha256)), "wb") as stored:
        stored.write(b"something else")
    default_storage.delete(rules.place(missing.sha256))
    assert [(p, w.split()[1]) for p, w in queries.wrong_files(staffed)] == [
        (changed, "not"),
        (missing, "missing"),
    ]
    assert proof.verify(staffed) is None


def test_evidence_only_grows(staffed: Incident, thomas: User, nine: datetime) -> None:
    piece = keep(staffed, thomas, nine)
    with pytest.raises(TypeError, match="only grows"):
        Evidence.objects.filter(pk=piece.pk).update(name="other.png")
    with pytest.raises(TypeError, match="only grows"):
        piece.delete()
