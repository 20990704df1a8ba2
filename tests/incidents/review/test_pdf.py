"""The PDF: tagged, searchable, literal, in the incident's zone and the chosen language."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.utils import timezone, translation
from pypdf import PdfReader

from incidents.review import actions, pdf, typeset
from incidents.review.as_json import as_json
from incidents.review.documents import make
from incidents.review.queries.rows import Audience
from incidents.timeline.actions import log_entry
from tests.conftest import make_a_drill
from tests.incidents.review.conftest import MINUTE, SECRET, words_of


@pytest.fixture
def printed(nine):
    def make_one(incident, **options) -> bytes:
        chosen = {
            "form": "pdf",
            "language": "en",
            "audience": Audience.INTERNAL,
            "with_privileged": False,
            **options,
        }
        return make(incident, **chosen, at=nine + 180 * MINUTE).body

    return make_one


@pytest.mark.django_db
def test_it_is_tagged_titled_and_says_its_language(lived, printed):
    file = PdfReader(BytesIO(printed(lived)))
    root = file.root_object
    assert "/StructTreeRoot" in root
    assert "/Marked': True" in str(root["/MarkInfo"])
    assert str(root["/Lang"]) == "en"
    assert file.metadata is not None
    assert file.metadata.title == "Post-mortem: Plastic fragments reported in Bella pizza"


@pytest.mark.django_db
def test_its_text_holds_every_fingerprint_and_the_head_of_the_chain(lived, good, printed):
    words = words_of(printed(lived))
    assert good.versions.get().fingerprint in words
    assert lived.last_entry_hash in words


@pytest.mark.django_db
def test_it_shows_the_same_figures_as_the_json(lived, printed, reported):
    words = words_of(printed(lived))
    with translation.override("en"), timezone.override("Europe/Paris"):
        told = json.loads(as_json(reported(lived)))
    assert {tile["key"] for tile in told["tiles"]} >= {"to_first", "promises", "signoff_median"}
    for tile in told["tiles"]:
        assert tile["value"] in words
    assert told["figures"]["to_first"]["delay"] == {
        "low_minutes": 56,
        "high_minutes": 56,
        "approximate": False,
        "text": "56 min",
    }


@pytest.mark.django_db
def test_times_are_those_of_the_incidents_zone(lived, printed):
    assert "1 March 2030, 10:56" in words_of(printed(lived))


@pytest.mark.django_db
def test_in_french_it_reads_french(lived, printed):
    words = words_of(printed(lived, language="fr")).replace("\u00a0", " ")
    assert "1er mars 2030 à 10 h 56" in words or "1er mars 2030, 10 h 56" in words


@pytest.mark.django_db
def test_nothing_privileged_is_printed_unless_asked_for(lived, printed):
    assert SECRET not in words_of(printed(lived))
    assert "1 privileged entry is left out." in words_of(printed(lived))
    assert SECRET in words_of(printed(lived, with_privileged=True))


HOSTILE = [
    '#panic() #import "x" $sum_x^2$ @ref <label> `raw` // and /* comments */ \\ end',
    "= Not a heading\n/ not: a term\n+ 1. not numbers",
    "{{ braces }} [brackets] ~tilde~ -- --- ... 'quotes' \"more\"",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_literally(lived, claire, nine, printed, text):
    log_entry(lived, kind="fact", text=text, occurred=None, by=claire, at=nine)
    # A long line may break after any sign: compare without the white space.
    words = "".join(words_of(printed(lived)).split())
    for line in text.split("\n"):
        assert "".join(line.split()) in words


@pytest.mark.django_db
def test_other_scripts_and_emoji_are_printed(lived, claire, nine, printed):
    text = "Regarde 😀 日本語 Ελληνικά Привет"
    log_entry(lived, kind="fact", text=text, occurred=None, by=claire, at=nine)
    words = words_of(printed(lived))
    for part in text.split():
        assert part in words


@pytest.mark.django_db
def test_what_no_font_can_show_is_named_by_its_number(lived, claire, nine, printed):
    text = "Sumerian 𒀀 and a turn \u202e of direction and \u0007 a bell"
    log_entry(lived, kind="fact", text=text, occurred=None, by=claire, at=nine)
    words = words_of(printed(lived))
    assert "U+12000" in words
    assert "U+202E" in words
    assert "U+0007" in words


@pytest.mark.django_db
def test_right_to_left_text_does_not_stop_it(lived, claire, nine, printed):
    log_entry(lived, kind="fact", text="مرحبا שלום", occurred=None, by=claire, at=nine)
    assert lived.reference in words_of(printed(lived))


def test_what_joins_emoji_shows_nothing_of_itself():
    assert typeset.printable("👩\u200d🔬\ufe0f") == "👩🔬"
    assert typeset.printable({"type": "quote", "text": "a\tb"}) == {"type": "quote", "text": "a b"}


@pytest.mark.django_db
def test_a_drill_says_so_on_every_page(lived, printed):
    make_a_drill(lived)
    lived.refresh_from_db()
    pages = PdfReader(BytesIO(printed(lived))).pages
    assert len(pages) > 1
    assert all("DRILL" in page.extract_text() for page in pages)


@pytest.mark.django_db
def test_a_report_that_takes_too_long_is_refused_with_a_sentence(lived, reported, monkeypatch):
    monkeypatch.setattr(pdf, "LIMIT_SECONDS", 0.001)
    with pytest.raises(pdf.NotSet, match="more than a minute"):
        pdf.pdf(reported(lived))


@pytest.mark.django_db
def test_lessons_and_actions_are_printed(lived, claire, karim, nine, printed):
    actions.summarise(lived, summary="We answered within the hour.", revision=0, by=claire, at=nine)
    actions.add_lesson(lived, kind="keep", text="One voice", by=claire, at=nine)
    actions.add_action(
        lived, text="New blades", owner=karim, due_on=nine.date(), by=claire, at=nine
    )
    words = words_of(printed(lived))
    assert "We answered within the hour." in words
    assert "One voice" in words
    assert "New blades Karim Haddad" in words
