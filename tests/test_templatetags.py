"""The look's tags: times, lengths, deadlines, badges, texts and fields, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from crisisdesk.kit import rich_text, times
from incidents.models import Occurred, Severity
from incidents.models.occurred import PartOfDay, Precision

ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2026, 3, 12, 20, 5, 12, tzinfo=UTC)  # 21:05 in Paris
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def paris() -> Iterator[None]:
    with timezone.override(ZoneInfo("Europe/Paris")), translation.override("en"):
        yield


def draw(source: str, **context: object) -> str:
    context.setdefault("server_now", AT)
    return Template("{% load desk %}" + source).render(Context(context)).strip()


def test_times_are_written_in_the_readers_zone() -> None:
    assert times.clock_time(AT) == "21:05"
    assert times.day_time(AT) == "12 March 2026, 21:05"
    with timezone.override(ZoneInfo("America/New_York")):
        assert times.clock_time(AT) == "16:05"


def test_french_times_keep_number_and_unit_together() -> None:
    with translation.override("fr"):
        assert times.clock_time(AT) == f"21{NBSP}h{NBSP}05"
        assert times.clock_time(AT.replace(minute=0)) == f"21{NBSP}h"
        assert times.day_long(AT) == "jeudi 12 mars 2026"
        assert times.day_short(AT) == "jeu. 12 mars"
        assert times.day(datetime(2026, 4, 1, 12, tzinfo=UTC)) == "1er avril 2026"
        assert times.duration(timedelta(minutes=66)) == f"1{NBSP}h{NBSP}06"


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=56), "56 min"),
        (timedelta(minutes=59, seconds=40), "1 h 00"),
        (timedelta(hours=1, minutes=6), "1 h 06"),
        (timedelta(hours=47, minutes=59), "47 h 59"),
        (timedelta(days=3, hours=4), "3 days 4 h"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_lengths_are_as_short_as_they_can_be(length: timedelta, written: str) -> None:
    assert times.duration(length) == written


def test_an_uncertain_length_is_an_interval() -> None:
    low, high = timedelta(minutes=44), timedelta(minutes=56)
    assert times.duration_between(low, high) == "44 to 56 min"
    assert times.duration_between(low, timedelta(minutes=66)) == "44 min to 1 h 06"
    assert times.duration_between(low, low) == "44 min"


@pytest.mark.parametrize(
    ("left", "state", "text"),
    [
        (timedelta(hours=1, minutes=6), "running", "in 1 h 06"),
        (timedelta(minutes=21), "running", "in 21 min"),
        (timedelta(minutes=5, seconds=48), "soon", "in 6 min"),
        (timedelta(0), "soon", "in 1 min"),
        (timedelta(minutes=-11), "overdue", "Overdue 11 min"),
        (timedelta(hours=12), "running", "Fri 13, 09:05"),
    ],
)
def test_a_deadline_says_how_it_stands(left: timedelta, state: str, text: str) -> None:
    due = times.due(AT + left, now=AT)
    assert (due.state, due.text) == (state, text)


def test_a_settled_deadline_says_when_and_whether_it_was_late() -> None:
    kept = times.due(AT, now=AT, met_at=AT - timedelta(minutes=5))
    late = times.due(AT, now=AT, met_at=AT + timedelta(minutes=5))
    assert (kept.state, kept.text) == ("met", "Kept 21:00")
    assert (late.state, late.text) == ("late", "Late, 21:10")
    assert times.due(None, now=AT).state == "none"
    assert times.due(AT, now=AT + timedelta(days=2), met_at=AT).text == "Kept Thu 12, 21:05"
    assert times.due(AT, now=AT + timedelta(days=20), met_at=AT).text == "Kept 12 March 2026"


def test_the_incidents_zone_stands_beside_the_readers_only_where_it_differs() -> None:
    assert times.elsewhere(AT, ZoneInfo("Europe/Berlin")) == ""
    assert times.elsewhere(AT, ZoneInfo("America/New_York")) == "16:05 (New York)"
    assert times.elsewhere(AT, ZoneInfo("Asia/Tokyo")) == "Fri 13, 05:05 (Tokyo)"
    with translation.override("fr"):
        assert "(Londres)" in times.elsewhere(AT, ZoneInfo("Europe/London"))
    shown = draw("{% when at 'clock_time' zone='America/New_York' %}", at=AT)
    assert "2026-03-12T21:05:12+01:00" in shown
    assert "16:05 (New York)" in shown


def test_an_unknown_hour_is_never_made_up() -> None:
    day = Occurred(AT, AT + timedelta(days=1), Precision.DAY)
    part = Occurred(AT, AT, Precision.PART_OF_DAY, part_of_day=PartOfDay.MORNING)
    hour = Occurred(AT.replace(minute=0, second=0), AT.replace(hour=21, minute=0), Precision.HOUR)
    about = Occurred(AT, AT, Precision.MINUTE, approximate=True)
    assert draw("{{ o|occurred }}", o=day) == "time unknown"
    assert draw("{{ o|occurred_on }}", o=day) == "12 March 2026"
    assert draw("{{ o|occurred }}", o=part) == "morning"
    assert draw("{{ o|occurred }}", o=hour) == "21:00 to 22:00"
    assert draw("{{ o|occurred }}", o=about) == "about 21:05"


def test_a_day_is_a_day_where_it_happened() -> None:
    midnight_in_new_york = datetime(2026, 3, 12, 4, tzinfo=UTC)
    known = Occurred(midnight_in_new_york, midnight_in_new_york + timedelta(days=1), Precision.DAY)
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        assert draw("{{ o|occurred_on:'America/New_York' }}", o=known) == "12 March 2026"


@pytest.mark.parametrize("level", [1, "1", "critical", Severity.CRITICAL])
def test_severity_shows_number_name_and_shape(level: object) -> None:
    badge = draw("{% sev level %}", level=level)
    assert 'data-level="critical"' in badge
    assert "1 Critical" in badge
    assert "#i-alert-octagon-filled" in badge
    assert "Not assessed" in draw("{% sev level %}", level=None)


def test_a_running_clock_ticks_and_a_met_one_does_not() -> None:
    running = draw("{% clock_tile 'Next update' due_at=at %}", at=AT + timedelta(minutes=21))
    assert 'data-state="running"' in running
    assert 'data-clock="tile"' in running
    assert "21 min" in running
    met = draw(
        "{% clock_tile 'First response' due_at=due met_at=met started_at=start %}",
        due=AT + timedelta(hours=1),
        met=AT + timedelta(minutes=56),
        start=AT,
    )
    assert 'data-state="met"' in met
    assert "data-clock" not in met
    assert "Met in</b> " in met
    assert "56 min" in met


def test_a_template_without_the_time_says_so() -> None:
    with pytest.raises(TypeError, match="server_now"):
        Template("{% load desk %}{% due at %}").render(Context({"at": AT}))


HOSTILE = '<script>alert(1)</script> **bold** [x](javascript:alert(1)) "<img onerror=a>"'


def test_light_formatting_lets_no_markup_through() -> None:
    html = str(rich_text.rich(HOSTILE))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<strong>bold</strong>" in html


def test_light_formatting_makes_paragraphs_lists_and_links() -> None:
    html = str(rich_text.rich("One\ntwo\n\n- a\n- b\n\n1. x\n\nSee https://a.example/x_y_z."))
    assert "<p>One<br>two</p>" in html
    assert "<ul><li>a</li><li>b</li></ul>" in html
    assert "<ol><li>x</li></ol>" in html
    assert '<a href="https://a.example/x_y_z" rel="noopener noreferrer">' in html
    assert rich_text.rich("2 * 3 * 4 and snake_case_name") == "<p>2 * 3 * 4 and snake_case_name</p>"


@pytest.mark.parametrize(
    "nasty",
    ["**a ", "**a *b", "*a ", "_a ", "*", "***a", "[", "[a](http://", "[a](", "http://.", "\n "],
)
def test_no_text_however_hostile_is_read_more_than_once(nasty: str) -> None:
    # A pattern that begins anew at every mark would take minutes with these.
    html = str(rich_text.rich(nasty * (100_000 // len(nasty)) + "end"))
    assert html.endswith(("end</p>", "end</a></p>"))


def test_bold_holds_italics_and_a_link_holds_its_whole_address() -> None:
    assert rich_text.rich_line("**a *b* c**") == "<strong>a <em>b</em> c</strong>"
    assert rich_text.rich_line("**a** and **b**") == "<strong>a</strong> and <strong>b</strong>"
    assert rich_text.rich_line("[[a](https://a.example/?b=1&c)]") == (
        '[<a href="https://a.example/?b=1&amp;c" rel="noopener noreferrer">a</a>]'
    )


def test_a_link_cannot_smuggle_an_attribute() -> None:
    html = str(rich_text.rich('[x](https://a.example/"onmouseover="alert(1))'))
    assert '"onmouseover' not in html


def test_changed_words_are_read_out_and_can_be_jumped_to() -> None:
    pieces = [("=", "We recall "), ("-", "three"), ("+", "four"), ("=", " lots <b>.")]
    html = draw("{{ pieces|word_changes }}", pieces=pieces)
    assert '<span class="cd-change" id="c1"><del><span class="visually-hidden">removed: ' in html
    assert "added: </span>four</ins></span> lots &lt;b&gt;." in html
    with translation.override("fr"):
        assert "three" in draw("{{ pieces|word_changes }}", pieces=pieces)


def test_removed_and_added_words_never_run_together() -> None:
    html = str(rich_text.changes([("-", "three"), ("+", "four")], removed="-", added="+"))
    assert "</del> <ins>" in html
    html = str(rich_text.changes([("-", "three "), ("+", "four ")], removed="-", added="+"))
    assert "</del><ins>" in html


def test_changed_words_keep_their_bold_and_stay_harmless() -> None:
    pieces = [("=", "**Recall** of "), ("+", "**four** <b>lots"), ("=", " ** half")]
    html = str(rich_text.changes(pieces, removed="-", added="+"))
    assert "<strong>Recall</strong> of" in html
    assert "<strong>four</strong> &lt;b&gt;lots</ins>" in html
    assert " ** half" in html


def test_a_change_over_two_paragraphs_leaves_no_element_open() -> None:
    html = str(rich_text.changes([("+", "One.\n\nTwo.")], removed="-", added="+"))
    assert html.count("<p>") == html.count("</p>") == 2
    for paragraph in html.split("\n"):
        assert paragraph.count("<ins>") == paragraph.count("</ins>") == 1
        assert paragraph.count("<span") == paragraph.count("</span>")


def test_fingerprints_are_shown_in_groups() -> None:
    assert draw("{{ d|fingerprint }}", d="7f3a91c2d04eb8a6ffff") == "7f3a 91c2 d04e b8a6"
    assert draw("{{ d|fingerprint:0 }}", d="7f3a91c2ff") == "7f3a 91c2 ff"


class PlanForm(forms.Form):
    title = forms.CharField(label="Title", help_text="In one line.")
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    tell = forms.BooleanField(label="Tell them", required=False)


def test_a_field_ties_label_help_and_error_together() -> None:
    form = PlanForm({"title": ""})
    html = draw("{% error_summary f %}{% field f.title %}{% field f.kind look='seg' %}", f=form)
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'for="id_title"' in html
    assert 'href="#id_title"' in html
    assert "Not saved: 2 things to correct." in html
    assert '<fieldset class="cd-seg"' in html


def test_what_is_not_required_says_optional() -> None:
    assert "optional" in draw("{% field f.a %}", f=_form(forms.CharField(required=False)))
    assert "optional" not in draw("{% field f.a %}", f=_form(forms.CharField()))


def _form(field: forms.Field) -> forms.Form:
    form = forms.Form()
    form.fields["a"] = field
    return form


def test_frames_hold_what_they_are_given() -> None:
    html = draw(
        "{% card 'roles' 'Roles' count=0 %}<p>{{ word }}</p>{% endcard %}"
        "{% dialog 'close' 'Close it?' %}<form></form>{% enddialog %}"
        "{% nothing %}<p>None.</p>{% endnothing %}{% alert 'Lost' %}x{% endalert %}"
        "{% note %}y{% endnote %}",
        word="a < b",
    )
    assert '<h2 id="roles">Roles</h2><span class="cd-count">0</span>' in html
    assert "<p>a &lt; b</p>" in html
    assert '<dialog id="close" aria-labelledby="close-h" popover="manual">' in html


def test_a_refused_dialog_is_open_without_script_too() -> None:
    assert " open data-open" in draw("{% dialog 'k' 't' opened=True %}x{% enddialog %}")


def test_initials_are_of_the_first_and_last_name() -> None:
    assert draw("{{ n|initials }}", n="Claire Anne Morvan") == "CM"
    assert draw("{{ n|initials }}", n="Zoé") == "Z"
    assert draw("{{ n|initials }}", n="") == "?"


def test_the_words_of_the_scripts_keep_their_gap() -> None:
    html = draw("{% words %}")
    assert '<span data-word="due-in">in %s</span>' in html
    assert '<span data-word="level-1">1 Critical</span>' in html


def test_every_word_a_script_speaks_is_there() -> None:
    spoken = set()
    for script in (ROOT / "static/js").glob("*.js"):
        spoken |= set(re.findall(r'cd\.word\("([a-z-]+)"[,)]', script.read_text()))
    given = set(re.findall(r'data-word="([a-z0-9-]+)"', draw("{% words %}")))
    assert spoken
    assert spoken <= given


def test_every_icon_named_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([a-z0-9-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    named = set()
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', template.read_text()))
    for source in [*(ROOT / "incidents").rglob("*.py"), *(ROOT / "teams").rglob("*.py")]:
        named |= set(re.findall(r'\bicon(?:_name)?="([a-z0-9-]+)"', source.read_text()))
    assert named
    assert named <= sprite, f"Not in static/icons/sprite.svg: {sorted(named - sprite)}"


def test_the_sprite_holds_only_icons_that_something_names() -> None:
    sprite = set(re.findall(r'id="i-([a-z0-9-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/js").glob("*.js")]
    for app in ("crisisdesk", "teams", "incidents"):
        sources += (ROOT / app).rglob("*.py")
    quoted = set[str]()
    for source in sources:
        quoted |= set(re.findall(r"[\"']([a-z0-9-]+)[\"']", source.read_text()))
    assert sprite <= quoted, f"Take out of static/icons/sprite.svg: {sorted(sprite - quoted)}"
