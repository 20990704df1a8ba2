"""manage.py export_postmortem: what it writes, and its exit codes."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from tests.incidents.review.conftest import SECRET, words_of

NAME = "export_postmortem"


def refused(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        call_command(NAME, *arguments)
    return int(str(end.value.code))


@pytest.mark.django_db
def test_it_writes_a_pdf_and_the_timeline_says_the_operator_took_it(lived, tmp_path):
    path = tmp_path / "report.pdf"
    call_command(NAME, lived.reference, "--format", "pdf", "--lang", "en", "-o", str(path))
    assert "56 min" in words_of(path.read_bytes())
    entry = lived.entries.select_related("content").order_by("-number")[0]
    assert entry.kind == "incident.exported"
    assert entry.content.body["actor"] == {"id": None, "name": "operator"}


@pytest.mark.django_db
def test_it_writes_json_to_standard_output(lived, capfdbinary):
    call_command(NAME, lived.reference, "--format", "json", "--lang", "en")
    body = json.loads(capfdbinary.readouterr().out)
    assert body["format"] == "crisisdesk-postmortem/1"
    assert body["figures"]["to_first"]["delay"]["text"] == "56 min"


@pytest.mark.django_db
def test_a_person_takes_what_their_rights_allow(lived, tmp_path, karim, zoe, bruno, ines):
    path = str(tmp_path / "report.json")
    common = (lived.reference, "--format", "json", "-o", path)
    call_command(NAME, *common, "--as", karim.email, "--privileged")
    assert SECRET in (tmp_path / "report.json").read_text()
    # For a stranger there is no such incident, in the same words as for a wrong reference.
    assert refused(*common, "--as", zoe.email) == 2
    assert refused("CR-1999-0001", "--format", "json", "--as", karim.email) == 2
    assert refused(*common, "--as", bruno.email) == 1
    assert refused(*common, "--as", ines.email) == 1


@pytest.mark.django_db
def test_privileged_entries_never_leave_with_nobody(lived, tmp_path):
    path = tmp_path / "report.json"
    assert refused(lived.reference, "--format", "json", "--privileged", "-o", str(path)) == 1
    assert not path.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["docx", "html", "md"])
def test_a_format_to_come_is_wrong_usage(lived, form):
    assert refused(lived.reference, "--format", form) == 2


@pytest.mark.django_db
def test_an_unknown_person_or_reference_is_wrong_usage(lived):
    assert refused(lived.reference, "--format", "json", "--as", "nobody@desk.test") == 2
    assert refused("CR-1999-0001", "--format", "json") == 2


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_leaves_no_entry(lived, tmp_path):
    before = lived.last_entry_number
    target = str(tmp_path / "missing" / "report.json")
    assert refused(lived.reference, "--format", "json", "-o", target) == 2
    lived.refresh_from_db()
    assert lived.last_entry_number == before
