"""Releases without all sign-offs: in the report, in the export, and back from one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from incidents.archive import reading
from incidents.archive.actions import export_record
from incidents.archive.bad_file import BadFile
from incidents.models import Incident, Statement
from incidents.review.as_json import as_json
from incidents.review.pdf import pdf
from incidents.review.queries import report
from incidents.review.queries.rows import Audience, Report
from incidents.signoff import actions as signoff
from incidents.statements import actions
from teams.models import Team, User
from tests.incidents.review.conftest import words_of
from tests.incidents.signoff.conftest import MINUTE, draft
from tests.incidents.signoff.test_releases import WHY, agree, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(
    in_signoff: Statement,
    claire: User,
    karim: User,
    helene: User,
    ines: User,
    nine: datetime,
) -> Incident:
    """One text released over a refusal, published and reviewed; one agreed to, and denied."""
    version = in_signoff.versions.get()
    actions.refuse_statement(
        in_signoff, version=1, fingerprint=version.fingerprint, comment="No.", by=karim, at=nine
    )
    made = release(in_signoff, claire, nine + MINUTE)
    actions.record_publication(
        in_signoff, channel="website", published_at=nine + 2 * MINUTE, by=ines, at=nine + 2 * MINUTE
    )
    signoff.review_release(made, words="Right: children.", by=helene, at=nine + 9 * MINUTE)
    other = draft(in_signoff.incident, ines, nine, title="Second")
    actions.save_version(other, reason="", submit=True, by=ines, at=nine)
    oral = agree(other, "legal_counsel", karim, claire, nine + 3 * MINUTE)
    signoff.deny_agreement(oral, words="Another text", by=karim, at=nine + 4 * MINUTE)
    return in_signoff.incident


def read(incident: Incident, nine: datetime, **options: Any) -> Report:
    with translation.override("en"), timezone.override("Europe/Paris"):
        return report(incident, at=nine + timedelta(hours=3), **options)


def test_the_report_tells_every_release_with_reason_missing_and_outcome(
    told: Incident, nine: datetime
) -> None:
    shown = read(told, nine)
    first, second = shown.releases
    assert (first.reason, first.over_refusal, first.by) == (WHY, True, "Claire Morvan")
    assert "Legal counsel" in first.missing
    assert (first.outcome.slug, first.settled_words) == ("reviewed", "Right: children.")
    assert (second.approver, second.outcome.slug) == ("Karim Haddad", "denied")
    (statement, _other) = shown.statements
    (publication,) = statement.publications
    assert (publication.is_signed, publication.is_unsigned) == (False, False)
    assert "over a refusal" in publication.how
    assert statement.signed is not None
    assert shown.unsigned == ()


def test_a_released_text_is_the_first_response(told: Incident, nine: datetime) -> None:
    delay = read(told, nine).figures.to_first.delay
    assert delay is not None
    assert delay.low == 2 * MINUTE


def test_page_pdf_and_json_tell_the_same(
    client: Any, told: Incident, nine: datetime, claire: User
) -> None:
    shown = read(told, nine)
    body = json.loads(as_json(shown))
    assert body["releases"][0]["reason"] == WHY
    assert body["statements"][0]["publications"][0]["basis"]["slug"] == "break_glass"
    with translation.override("en"), timezone.override("Europe/Paris"):
        paper = words_of(pdf(shown))
    client.force_login(claire)
    page = client.get(f"/incidents/{told.reference}/review/").content.decode()
    for words in (WHY, "Right: children.", "Another text", "Released without all sign-offs"):
        assert words in paper
        assert words in page
    assert "signed, version 1" not in paper


def test_the_public_version_names_no_release_and_no_person(told: Incident, nine: datetime) -> None:
    shown = read(told, nine, audience=Audience.PUBLIC)
    assert shown.releases == ()
    whole = as_json(shown).decode()
    for secret in (WHY, "Claire Morvan", "break_glass", "refusal"):
        assert secret not in whole
    assert shown.statements[0].versions


def test_the_queries_of_the_report_do_not_grow_with_releases(
    told: Incident,
    ines: User,
    claire: User,
    nine: datetime,
    count_queries: Callable[..., int],
) -> None:
    few = count_queries(lambda: read(told, nine))
    for n in range(6):
        text = draft(told, ines, nine, title=f"More {n}")
        actions.save_version(text, reason="", submit=True, by=ines, at=nine)
        release(text, claire, nine)
        actions.record_publication(text, channel="x", published_at=nine, by=ines, at=nine)
    assert count_queries(lambda: read(told, nine)) == few


# The export


def exported(incident: Incident, nine: datetime) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(export_record(incident, by=None, at=nine)))
    return found


def restore(record: dict[str, Any], nine: datetime) -> Incident:
    team = Team.objects.create(slug="elsewhere", name="Another house", prefix="EL")
    raw = json.dumps(record).encode()
    return reading.take_in(team, raw, filename="r.json", by=None, at=nine + timedelta(days=1))


def test_the_export_carries_releases_and_what_signers_saw(
    told: Incident, thomas: User, nine: datetime
) -> None:
    second = Statement.objects.get(title="Second")
    version = second.versions.get()
    actions.approve_statement(
        second, version=1, fingerprint=version.fingerprint, by=thomas, at=nine + 5 * MINUTE
    )
    record = exported(told, nine + timedelta(hours=1))
    (first,) = record["statements"][0]["versions"][0]["rounds"]
    (glass,) = first["releases"]
    assert (glass["form"], glass["outcome"], glass["reason"]) == ("break_glass", "reviewed", WHY)
    assert record["publications"][0]["release"] == glass["key"]
    assert record["publications"][0]["basis"] == "break_glass"
    void, again = record["statements"][1]["versions"][0]["rounds"]
    assert void["releases"][0]["seat"]["slug"] == "legal_counsel"
    (decision,) = again["decisions"]
    assert decision["capacity"] == "holder"
    assert decision["screen"]["language"] == "en"


def test_an_export_with_releases_is_restored_and_answers_the_first_response(
    told: Incident, nine: datetime
) -> None:
    restored = restore(exported(told, nine + timedelta(hours=1)), nine)
    delay = read(restored, nine).figures.to_first.delay
    assert delay is not None
    assert delay.low == 2 * MINUTE


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("form", "oral", "releases[0]"),
        ("released_by", {"id": "0", "name": "Nobody"}, "releases[0]"),
        ("outcome", "confirmed", "releases[0].outcome"),
        ("fingerprint", "f" * 64, "releases[0]"),
    ],
)
def test_a_release_that_no_entry_tells_is_refused(
    told: Incident, nine: datetime, field: str, value: Any, place: str
) -> None:
    record = exported(told, nine + timedelta(hours=1))
    record["statements"][0]["versions"][0]["rounds"][0]["releases"][0][field] = value
    with pytest.raises(BadFile) as stopped:
        restore(record, nine)
    assert place in str(stopped.value)
