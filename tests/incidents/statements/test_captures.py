"""How something stood outside: the file that comes with a publication."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.archive.queries import record
from incidents.evidence import queries as evidence
from incidents.evidence import rules
from incidents.models import Evidence, Incident, Publication, Statement
from incidents.statements import actions
from incidents.timeline import proof
from teams.models import User
from tests.conftest import PASSWORD
from tests.incidents.evidence.test_evidence import PNG
from tests.incidents.signoff.conftest import draft
from tests.incidents.statements.test_publishing import publish, signed

pytestmark = pytest.mark.django_db

SHA = hashlib.sha256(PNG).hexdigest()


@pytest.fixture
def good(staffed: Incident, ines: User, thomas: User, karim: User, helene: User) -> Statement:
    """A text good to publish now: pages take the time of the clock."""
    text = draft(staffed, ines, now())
    actions.save_version(text, reason="", submit=True, by=ines, at=now())
    return signed(text, thomas, karim, helene, at=now())


def shot(content: bytes = PNG, name: str = "website.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def sign_in(user: User) -> Client:
    client = Client()
    assert client.login(username=user.email, password=PASSWORD)
    return client


def url(name: str, incident: Incident, *numbers: int) -> str:
    return reverse(f"incidents:{name}", args=[incident.reference, *numbers])


def send(client: Client, statement: Statement, **more: Any) -> Any:
    page = url("statement-record-publication", statement.incident, statement.number)
    return client.post(page, {"channel": "website", "published_at": "now", **more})


def send_unsigned(client: Client, incident: Incident, **more: Any) -> Any:
    words = {"channel": "x", "audience": "public", "published_at": "now", "text": "Oops"}
    return client.post(url("statement-record-unsigned", incident), {**words, **more})


def test_a_publication_is_recorded_with_its_capture_as_evidence_of_its_entry(
    good: Statement, ines: User
) -> None:
    client = sign_in(ines)
    assert send(client, good, capture=shot()).status_code == 302
    piece = Evidence.objects.select_related("entry__content").get()
    assert piece.entry is not None
    assert piece.entry.kind == "statement.published"
    assert piece.entry.content.body["facts"]["evidence"] == [
        {"name": "website.png", "sha256": SHA, "content_type": "image/png", "size": len(PNG)}
    ]
    assert (piece.sha256, piece.added_by) == (SHA, ines)
    handed_out = url("evidence-file", good.incident, piece.pk)
    for page in (url("statement", good.incident, good.number), url("timeline", good.incident)):
        assert handed_out in client.get(page).content.decode()
    assert list(evidence.wrong_files(good.incident)) == []
    assert proof.verify(good.incident) is None


def test_what_appeared_unsigned_has_its_capture_in_the_list(staffed: Incident, ines: User) -> None:
    client = sign_in(ines)
    assert send_unsigned(client, staffed, capture=shot()).status_code == 302
    piece = Evidence.objects.get()
    assert piece.entry is not None
    assert piece.entry.kind == "statement.published_unsigned"
    listed = client.get(url("statements", staffed)).content.decode()
    assert url("evidence-file", staffed, piece.pk) in listed


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x00\x00\x90", "neither a picture nor a recording nor a PDF"),
        (b"<html></html>", "neither a picture nor a recording nor a PDF"),
        (b"", "is empty"),
        (PNG * 20, "is larger than"),
    ],
)
def test_a_file_that_cannot_be_kept_records_nothing_and_is_to_be_chosen_again(
    good: Statement, ines: User, monkeypatch: pytest.MonkeyPatch, content: bytes, why: str
) -> None:
    monkeypatch.setattr(rules, "LARGEST", 1024)
    client = sign_in(ines)
    entries = good.incident.entries.count()
    for answer in (
        send(client, good, capture=shot(content), link="https://verdier.example/notice"),
        send_unsigned(client, good.incident, capture=shot(content)),
    ):
        assert answer.status_code == 409
        page = answer.content.decode()
        assert why in page
        assert "choose the file again" in page
    assert not Publication.objects.exists()
    assert not Evidence.objects.exists()
    assert good.incident.entries.count() == entries
    good.refresh_from_db()
    assert good.status == Statement.Status.GOOD


def test_a_page_that_comes_back_says_that_the_file_is_not_kept(good: Statement, ines: User) -> None:
    client = sign_in(ines)
    wrong = send(client, good, capture=shot(), link="no link")
    differs = send(client, good, capture=shot(), posted_text="Other words")
    assert [wrong.status_code, differs.status_code] == [422, 422]
    for answer in (wrong, differs):
        assert "“website.png” is not kept yet: choose the file again." in answer.content.decode()
    assert "choose the file again" not in send(client, good, link="no link").content.decode()


def test_a_stranger_is_handed_nothing(good: Statement, ines: User, zoe: User) -> None:
    send(sign_in(ines), good, capture=shot())
    answer = sign_in(zoe).get(url("evidence-file", good.incident, Evidence.objects.get().pk))
    assert answer.status_code == 404


def test_the_capture_is_exported_as_evidence_is(good: Statement, ines: User) -> None:
    publish(good, ines, now(), capture=shot())
    told = record(good.incident, privileged=False, exported={})["evidence"]
    assert [one["sha256"] for one in told] == [SHA]


def test_whoever_recorded_what_appeared_unsigned_sees_it_first(
    staffed: Incident, ines: User
) -> None:
    client = sign_in(ines)
    answer = send_unsigned(client, staffed)
    assert answer["Location"] == f"{url('statements', staffed)}#unsigned"
    page = client.get(url("statements", staffed)).content.decode()
    assert page.index('id="unsigned"') < page.index("cd-empty")
