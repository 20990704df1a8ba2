"""A crisis with everything that a report tells, made through the verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from pypdf import PdfReader

from incidents.clocks.actions import cancel_promise, make_promise, move_promise
from incidents.models import Incident, Occurred, Promise, Statement
from incidents.review.queries import report
from incidents.review.queries.rows import Report
from incidents.severity.actions import assess_severity
from incidents.statements.actions import record_publication, record_unsigned
from incidents.timeline.actions import log_entry
from teams.models import Audience, User
from tests.incidents.signoff.conftest import good, in_signoff, statement

__all__ = ["good", "in_signoff", "statement"]

MINUTE = timedelta(minutes=1)
SECRET = "Counsel advises to settle with the family."


def promise(incident: Incident, owner: User, due_at: datetime, at: datetime, **more) -> Promise:
    return make_promise(
        incident,
        audience=Audience.objects.get(slug=more.pop("audience", "public")),
        channel="",
        subject=more.pop("subject", "Result of the laboratory"),
        due_at=due_at,
        owner=owner,
        source=Promise.Source.HAND,
        by=owner,
        at=at,
    )


@pytest.fixture
def lived(good: Statement, claire: User, karim: User, ines: User, nine: datetime) -> Incident:
    """Opened at nine; answered at 9:56 with signed words; promises kept, moved, cancelled."""
    incident = good.incident
    assess_severity(incident, facts={"reach": "1k-10k"}, reason="Spreads fast", by=claire, at=nine)
    promise(incident, ines, nine + 40 * MINUTE, nine + 2 * MINUTE, subject="First word")
    moved = promise(incident, ines, nine + 300 * MINUTE, nine + 3 * MINUTE, audience="media")
    move_promise(
        moved, due_at=nine + 360 * MINUTE, reason="Lab closed", by=ines, at=nine + 4 * MINUTE
    )
    dropped = promise(incident, ines, nine + 200 * MINUTE, nine + 5 * MINUTE, audience="retailers")
    cancel_promise(dropped, reason="They were called", by=ines, at=nine + 6 * MINUTE)
    record_publication(
        good,
        channel="website",
        published_at=nine + 56 * MINUTE,
        link="https://verdier.example/bella",
        by=ines,
        at=nine + 57 * MINUTE,
    )
    record_unsigned(
        incident,
        channel="x",
        audience=Audience.objects.get(slug="public"),
        published_at=nine + 20 * MINUTE,
        text="It is nothing, keep eating.",
        by=ines,
        at=nine + 58 * MINUTE,
    )
    log_entry(
        incident,
        kind="decision",
        text="Recall from homes, not only from shops",
        why="A child was hurt",
        occurred=Occurred.exactly(nine + 30 * MINUTE),
        key_moment=True,
        by=claire,
        at=nine + 60 * MINUTE,
    )
    log_entry(
        incident,
        kind="fact",
        text=SECRET,
        occurred=Occurred.exactly(nine + 31 * MINUTE),
        key_moment=True,
        privileged=True,
        by=karim,
        at=nine + 61 * MINUTE,
    )
    incident.refresh_from_db()
    return incident


@pytest.fixture
def reported(nine: datetime) -> Callable[..., Report]:
    """Read the report as a document in English has it, three hours later."""

    def read(incident: Incident, *, language: str = "en", **options) -> Report:
        with translation.override(language), timezone.override(ZoneInfo(incident.zone)):
            return report(incident, at=nine + timedelta(hours=3), **options)

    return read


def words_of(pdf: bytes) -> str:
    """Return the text of a PDF on one line."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
