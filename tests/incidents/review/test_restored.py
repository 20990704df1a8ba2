"""A record restored from another installation keeps its figures."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from incidents.archive import reading
from incidents.archive.actions import export_record
from incidents.models import RestoredRecord
from incidents.review.as_json import as_json
from incidents.review.queries.rows import Audience
from teams.models import Team
from tests.incidents.review.conftest import SECRET


@pytest.fixture
def restored(lived, nine):
    elsewhere = Team.objects.create(slug="elsewhere", name="Another house", prefix="EL")
    record = json.dumps(export_record(lived, by=None, at=nine)).encode()
    at = nine + timedelta(days=1)
    return reading.take_in(elsewhere, record, filename="record.json", by=None, at=at)


@pytest.mark.django_db
def test_figures_survive_the_journey(lived, restored, reported):
    ours, theirs = reported(lived), reported(restored)
    assert theirs.about.is_restored
    assert theirs.figures.to_first.delay == ours.figures.to_first.delay
    assert theirs.figures.promises == ours.figures.promises
    assert [r.level for r in theirs.severity_history] == [r.level for r in ours.severity_history]


@pytest.mark.django_db
def test_what_was_withheld_stays_withheld_and_is_counted(restored, reported):
    report = reported(restored)
    assert report.privileged_left_out == 1
    assert SECRET not in as_json(report).decode()
    assert SECRET not in as_json(reported(restored, with_privileged=True)).decode()


@pytest.mark.django_db
def test_the_public_version_of_a_restored_record_names_nobody(restored, reported):
    body = as_json(reported(restored, audience=Audience.PUBLIC)).decode()
    assert "Ines" not in body
    assert "Claire" not in body


@pytest.mark.django_db
def test_a_record_that_cannot_be_read_beside_its_chain_stops_no_report(restored, reported):
    RestoredRecord.objects.filter(incident=restored).update(
        body={"publications": [{}], "promises": "nonsense"}
    )
    report = reported(restored)
    assert report.figures.to_first.delay is None
    assert report.promises == ()
