"""One report: its figures, what it holds, and what it leaves out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from incidents.lifecycle.actions import open_incident
from incidents.models import Incident, Occurred, Precision
from incidents.review import actions
from incidents.review.as_json import as_json
from incidents.review.queries.rows import Audience
from incidents.review.rules import Delay
from incidents.review.tiles import tiles
from incidents.timeline.actions import correct_entry, log_entry, reclassify_entry
from tests.incidents.review.conftest import MINUTE, SECRET, promise


def figures(report) -> dict[str, tuple[str, bool | None]]:
    with translation.override("en"):
        return {tile.key: (tile.value, tile.met) for tile in tiles(report)}


@pytest.mark.django_db
def test_the_first_response_runs_from_the_opening_to_the_first_signed_words(lived, reported):
    found = reported(lived).figures.to_first
    assert found.delay == Delay(56 * MINUTE, 56 * MINUTE)
    assert found.target is not None
    assert found.within == (found.delay.high <= found.target)


@pytest.mark.django_db
def test_unsigned_words_are_no_first_response_but_the_report_shows_them(lived, reported):
    report = reported(lived)
    assert [row.posted_text for row in report.unsigned] == ["It is nothing, keep eating."]
    assert report.figures.to_first.delay.low == 56 * MINUTE


@pytest.mark.django_db
def test_a_first_sign_known_to_the_hour_makes_the_delay_an_interval(team, claire, nine, reported):
    seen = Occurred(nine - 3 * timedelta(hours=1), nine - 2 * timedelta(hours=1), Precision.HOUR)
    incident = open_incident(
        team,
        title="A film spreads",
        kind=Incident.Kind.PRODUCT,
        what_happened="A film spreads.",
        occurred=seen,
        where="TikTok",
        link="",
        confidentiality=Incident.Confidentiality.TEAM,
        by=claire,
        at=nine,
    )
    report = reported(incident)
    assert report.figures.to_open == Delay(timedelta(hours=2), timedelta(hours=3))
    assert figures(report)["to_open"] == ("2 to 3 h", None)


@pytest.mark.django_db
def test_promises_are_counted_by_what_became_of_them(lived, reported):
    report = reported(lived)
    count = report.figures.promises
    assert (count.late, count.moved, count.cancelled) == (1, 1, 1)
    late = next(row for row in report.promises if row.outcome == "late")
    assert late.late_by == 16 * MINUTE
    assert late.subject == "First word"
    moved = next(row for row in report.promises if row.outcome == "moved")
    assert moved.reason == "Lab closed"
    assert moved.moved_to is not None


@pytest.mark.django_db
def test_an_overdue_promise_is_never_told_as_all_in_time(incident, reported, claire, nine):
    promise(incident, claire, nine + 4 * 60 * MINUTE, nine)
    assert figures(reported(incident))["promises"] == ("none due", None)
    promise(incident, claire, nine + 60 * MINUTE, nine)
    assert figures(reported(incident))["promises"] == ("0 of 1", False)


@pytest.mark.django_db
def test_waiting_for_sign_off_is_told_by_role_and_never_by_person(lived, reported):
    found = reported(lived).figures
    assert found.signoff_median is not None
    roles = {wait.role.slug for wait in found.signoff_by_role}
    assert roles == {"communications_lead", "legal_counsel", "executive_sponsor"}


@pytest.mark.django_db
def test_a_statement_tells_who_signed_what_in_which_capacity(lived, good, reported):
    (row,) = reported(lived).statements
    version = row.signed
    assert version is not None
    assert version.fingerprint == good.versions.get().fingerprint
    signs = {d.signer: d for r in version.rounds for d in r.decisions}
    assert set(signs) == {"Thomas Nguyen", "Karim Haddad", "Helene Verdier"}
    assert {d.fingerprint for d in signs.values()} == {version.fingerprint}
    assert signs["Karim Haddad"].role.slug == "legal_counsel"


@pytest.mark.django_db
def test_a_decision_comes_with_its_why(lived, reported):
    (row,) = reported(lived).decisions
    assert (row.sentence, row.why) == ("Recall from homes, not only from shops", "A child was hurt")
    assert row in reported(lived).moments


@pytest.mark.django_db
def test_privileged_entries_are_left_out_and_counted(lived, reported):
    report = reported(lived)
    assert report.privileged_left_out == 1
    assert SECRET not in as_json(report).decode()


@pytest.mark.django_db
def test_privileged_entries_are_there_when_asked_for(lived, reported):
    report = reported(lived, with_privileged=True)
    assert report.privileged_left_out == 0
    assert SECRET in [row.sentence for row in report.moments]


@pytest.mark.django_db
def test_an_entry_reclassified_later_and_its_correction_are_left_out(
    lived, claire, karim, nine, reported
):
    told = log_entry(lived, kind="fact", text="Insurer said no", occurred=None, by=claire, at=nine)
    correct_entry(told, text="Insurer said perhaps no", by=claire, at=nine)
    assert "Insurer" in as_json(reported(lived)).decode()
    reclassify_entry(told, reason="Advice", by=karim, at=nine)
    report = reported(lived)
    assert "Insurer" not in as_json(report).decode()
    assert report.privileged_left_out == 3
    assert reported(lived, whole=False).privileged_left_out == 3


@pytest.mark.django_db
def test_a_version_for_the_public_names_nobody_and_holds_only_what_was_public(
    lived, claire, nine, reported
):
    actions.add_lesson(lived, kind="cause", text="We waited", by=claire, at=nine)
    body = as_json(reported(lived, audience=Audience.PUBLIC)).decode()
    for private in ("Karim", "Claire", "Ines", "Recall from homes", "We waited", "Spreads fast"):
        assert private not in body
    assert "We have been told of plastic fragments" in body
    assert "It is nothing, keep eating." in body


@pytest.mark.django_db
def test_the_page_reads_less_and_shows_the_same_figures(lived, reported):
    whole, page = reported(lived), reported(lived, whole=False)
    assert figures(whole) == figures(page)
    assert whole.moments == page.moments
    assert whole.decisions == page.decisions
    assert (len(whole.chronology) > 0, page.chronology) == (True, ())


@pytest.mark.django_db
def test_the_queries_of_a_report_do_not_grow(lived, claire, nine, reported, count_queries):
    few = count_queries(lambda: reported(lived))
    for number in range(20):
        log_entry(lived, kind="decision", text=f"No. {number}", occurred=None, by=claire, at=nine)
        actions.add_lesson(lived, kind="keep", text=f"No. {number}", by=claire, at=nine)
        promise(lived, claire, nine + timedelta(days=number + 1), nine, subject=f"No. {number}")
    assert count_queries(lambda: reported(lived)) == few


@pytest.mark.django_db
def test_words_follow_the_language_that_is_active(lived, reported):
    english, french = reported(lived), reported(lived, language="fr")
    assert english.about.zone == french.about.zone == "Europe/Paris"
    with translation.override("fr"), timezone.override("Europe/Paris"):
        assert "h" in [tile.value for tile in tiles(french)][1] or "min" in tiles(french)[1].value
    roles = {w.role.slug: w.role.name for w in french.figures.signoff_by_role}
    assert roles["executive_sponsor"] == "Dirigeant décideur"
