"""Captures are part of the proof: on its page, in its file, in the report; the privileged apart."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import now

from incidents.models import Evidence, Incident, Statement
from incidents.review.as_json import as_json
from incidents.review.pdf import pdf
from incidents.review.queries import report
from incidents.review.queries.rows import Audience, Report
from incidents.statements import proof, proof_file
from incidents.timeline.actions import reclassify_entry
from teams.models import User
from tests.incidents.review.conftest import words_of
from tests.incidents.statements.test_captures import SHA, good, send_unsigned, shot, sign_in, url
from tests.incidents.statements.test_publishing import publish

__all__ = ["good"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(good: Statement, ines: User) -> Statement:
    publish(good, ines, now(), capture=shot())
    good.refresh_from_db()
    return good


def shut(statement: Statement, by: User) -> None:
    """Counsel makes the entry of the publication privileged, and with it the capture."""
    entry = Evidence.objects.select_related("entry").get().entry
    assert entry is not None
    reclassify_entry(entry, reason="Under advice.", by=by, at=now())
    statement.incident.refresh_from_db()


def proof_page(statement: Statement, user: User) -> str:
    user.language = "en"
    user.save(update_fields=["language"])
    page = url("statement-proof", statement.incident, statement.number)
    return sign_in(user).get(page).content.decode()


def filed(statement: Statement, user: User) -> dict[str, Any]:
    page = url("statement-proof-file", statement.incident, statement.number)
    told: dict[str, Any] = json.loads(sign_in(user).get(page).content)
    return told


def reported(incident: Incident, **asked: Any) -> Report:
    with translation.override("en"), timezone.override(ZoneInfo(incident.zone)):
        return report(incident, at=now(), **asked)


def test_the_proof_page_and_its_file_list_each_capture_with_hash_size_when_and_by_whom(
    out: Statement, bruno: User
) -> None:
    page = proof_page(out, bruno)
    piece = Evidence.objects.get()
    assert "website.png" in page
    assert SHA in page.replace(" ", "")
    assert "by Ines Carvalho" in page
    assert url("evidence-file", out.incident, piece.pk) in page
    [told] = filed(out, bruno)["publications"]
    [capture] = told["captures"]
    assert (capture["name"], capture["sha256"], capture["size"]) == ("website.png", SHA, piece.size)
    assert capture["added_by"] == "Ines Carvalho"
    assert capture["added_at"].endswith("Z")
    assert filed(out, bruno)["privileged_left_out"] == 0


def test_of_a_privileged_capture_nobody_outside_learns_and_no_file_holds_it(
    out: Statement, bruno: User, karim: User
) -> None:
    shut(out, karim)
    page = proof_page(out, bruno)
    assert "website.png" not in page
    assert SHA not in page.replace(" ", "")
    told = filed(out, bruno)
    assert ([one["captures"] for one in told["publications"]], told["privileged_left_out"]) == (
        [[]],
        0,
    )
    page = proof_page(out, karim)
    assert "website.png" in page
    assert "Privileged, not exported" in page
    told = filed(out, karim)
    assert ([one["captures"] for one in told["publications"]], told["privileged_left_out"]) == (
        [[]],
        1,
    )


def test_the_report_names_captures_on_its_page_in_the_pdf_and_in_the_json(
    out: Statement, ines: User, bruno: User
) -> None:
    incident = out.incident
    assert send_unsigned(sign_in(ines), incident, capture=shot(name="x.png")).status_code == 302
    found = reported(incident)
    with translation.override("en"), timezone.override(ZoneInfo(incident.zone)):
        body, printed = json.loads(as_json(found)), words_of(pdf(found))
    [published] = body["statements"][0]["publications"]
    [unsigned] = body["unsigned"]
    assert [(one["name"], one["sha256"]) for one in published["captures"]] == [("website.png", SHA)]
    assert [one["name"] for one in unsigned["captures"]] == ["x.png"]
    assert "Capture, website: website.png" in printed
    assert "Capture, X: x.png" in printed
    assert printed.count(SHA) == 2
    page = sign_in(bruno).get(reverse("incidents:report", args=[incident.reference])).content
    for piece in Evidence.objects.all():
        assert url("evidence-file", incident, piece.pk) in page.decode()


def test_the_report_leaves_out_the_privileged_unless_asked_and_the_public_version_all(
    out: Statement, karim: User, client: Client
) -> None:
    public = as_json(reported(out.incident, audience=Audience.PUBLIC)).decode()
    assert "website.png" not in public
    shut(out, karim)
    assert SHA not in as_json(reported(out.incident)).decode()
    asked = reported(out.incident, with_privileged=True)
    [capture] = asked.statements[0].publications[0].captures
    assert (capture.sha256, capture.is_privileged) == (SHA, True)
    client.force_login(karim)
    page = client.get(reverse("incidents:report", args=[out.incident.reference])).content.decode()
    assert "website.png" not in page


def test_the_cost_of_the_proof_does_not_grow_with_captures(
    out: Statement, ines: User, bruno: User, count_queries: Any
) -> None:
    def read() -> Any:
        found = proof.read(out, version=None, user=bruno, rights=frozenset())
        assert found is not None
        return proof_file.as_json(found)

    read()
    few = count_queries(read)
    publish(out, ines, now(), channel="x", capture=shot(name="other.png"))
    assert count_queries(read) == few
    assert len(read()["publications"]) == 2
