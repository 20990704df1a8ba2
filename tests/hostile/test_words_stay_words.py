"""Whatever people type is shown as words: in pages, scripts' data, mails, exports, subjects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from incidents.clocks.actions import make_promise
from incidents.evidence.actions import add_evidence
from incidents.facts.actions import note_fact
from incidents.lifecycle.actions import open_incident
from incidents.models import Channel, Incident, Message, Promise, Statement
from incidents.notifications.actions import empty_outbox
from incidents.notifications.letters import write as write_letter
from incidents.review.actions import add_action, add_lesson, summarise
from incidents.roles.actions import assign_role
from incidents.signoff.actions.policies import add_policy
from incidents.statements import actions
from incidents.statements.actions.discussing import add_comment
from incidents.statements.actions.suggesting import suggest_wording
from incidents.timeline.actions import log_entry
from teams import actions as teams
from teams.models import Audience, Function, Role, Team, User
from tests.conftest import member, person
from tests.hostile.walk import addresses, read
from tests.incidents.signoff.test_policies import stage, terms
from tests.test_access import signed_in

pytestmark = pytest.mark.django_db
# Ends a tag, an attribute, a textarea, a script, a title; runs where anything of it runs.
BITE: Final = (
    "</script></textarea></title>\"'><img src=x onerror=alert(7)><script>alert(7)</script>"
)
HEADS: Final = "Recall\r\nBcc: everyone@press.test\r\n\r\nHello"
ENDLESS: Final = {"incidents:stream"}


class Alarm(HTMLParser):
    """Looks for what would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        runs = [name for name in given if name.startswith("on")]
        links = [str(given.get(name)) for name in ("href", "src", "action", "formaction")]
        if tag == "img" and given.get("src") == "x":
            runs.append("img")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            runs.append("script")
        runs += [link for link in links if link.lower().strip().startswith("javascript:")]
        if runs:
            self.found.append(f"<{tag}> {runs}")


def alarms(html: str) -> list[str]:
    alarm = Alarm()
    alarm.feed(html)
    return alarm.found


def test_the_alarm_rings() -> None:
    for poison in (BITE, '<a href="JavaScript:alert(1)">', "<p onclick=x>", "<script>1</script>"):
        assert alarms(poison)


Room = tuple[Incident, Statement, User, dict[str, Any]]


@pytest.fixture
def bitten(team: Team, claire: User, karim: User, today: datetime) -> Room:
    """A room in which every word that somebody can type bites."""
    claire.name, claire.title = BITE[:120], "<script>alert(7)</script>"
    claire.is_staff = True
    claire.save()
    team.memberships.filter(user=claire).update(is_admin=True)
    teams.change_team(team, changes={"name": BITE[:80]}, by=claire, at=today)
    for model in (Role, Audience, Function):
        model.objects.update(name_en=BITE[:80], name_fr=BITE[:80])
    incident = open_incident(
        team, title=BITE, kind=Incident.Kind.PRODUCT, what_happened=BITE, occurred=None,
        where=BITE, link="https://a.test/?" + BITE, confidentiality=Incident.Confidentiality.TEAM,
        by=claire, at=today,
    )  # fmt: skip
    assign_role(
        incident, role=Role.objects.get(slug="legal_counsel"), user=karim, note=BITE,
        by=claire, at=today,
    )  # fmt: skip
    statement = _statement(incident, claire, karim, today)
    named = _the_rest(incident, claire, today)
    fact = note_fact(incident, text=BITE, by=claire, at=today)
    policy = add_policy(
        team, terms=terms(stage("legal_counsel"), severity=1, name_en=BITE[:80], name_fr=BITE[:80]),
        by=claire, at=today,
    )  # fmt: skip
    known = {
        "reference": incident.reference, "slug": team.slug, "number": statement.number,
        "person": claire.uuid, "statement": statement.uuid, "pk": policy.pk, "fact": fact.number,
        "lineage": policy.lineage, "part": "lessons", "sha256": "0" * 64, **named,
    }  # fmt: skip
    return incident, statement, claire, known


def _statement(incident: Incident, by: User, other: User, at: datetime) -> Statement:
    statement = actions.draft_statement(
        incident, title=BITE, kind="holding", audience=Audience.objects.get(slug="public"),
        language="en", channels=["website", "x"], text=f"{BITE} and {{product}}", by=by, at=at,
    )  # fmt: skip
    actions.save_version(statement, reason=BITE, submit=True, by=by, at=at)
    where: Any = {"version": 1, "words": "<script>alert(7)"}
    add_comment(statement, text=BITE, at_passage=where, by=other, at=at)
    suggest_wording(statement, wording=BITE, why=BITE, at_passage=where, by=other, at=at)
    return statement


def _the_rest(incident: Incident, by: User, at: datetime) -> dict[str, Any]:
    log_entry(incident, text=BITE, kind="decision", occurred=None, why=BITE, by=by, at=at)
    file = SimpleUploadedFile(f"{BITE[-30:]}.html", b"<script>alert(7)</script>")
    piece = add_evidence(incident, file=file, by=by, at=at)
    actions.record_unsigned(
        incident, channel=Channel.X, audience=Audience.objects.get(slug="public"),
        published_at=at, link="https://a.test/", text=BITE, by=by, at=at,
    )  # fmt: skip
    promise = make_promise(
        incident, audience=Audience.objects.get(slug="customers"), channel="", subject=BITE[:120],
        due_at=at + timedelta(hours=1), owner=by, source=Promise.Source.HAND, by=by, at=at,
    )  # fmt: skip
    lesson = add_lesson(incident, kind="keep", text=BITE, by=by, at=at)
    action = add_action(incident, text=BITE, owner=by, due_on=at.date(), by=by, at=at)
    teams.record_absence(by, starts_at=at, ends_at=None, note=BITE[:200], by=by, at=at)
    teams.delegate_signoff(
        by, to=member(incident.team, person("Ben Two")), team=incident.team, role=None,
        starts_at=at, ends_at=at + timedelta(days=1), reason=BITE[:200], by=by, at=at,
    )  # fmt: skip
    return {
        "promise": promise.pk, "due": promise.due.pk, "lesson": lesson.pk, "action": action.pk,
        "evidence": piece.pk,
    }  # fmt: skip


def test_nothing_that_was_typed_runs_on_any_page(bitten: Room) -> None:
    _incident, _text, claire, known = bitten
    client, opened = signed_in(claire), 0
    every = addresses(known)
    every["piece"] = reverse(
        "incidents:evidence-file", args=[known["reference"], known["evidence"]]
    )
    ran = {}
    for name in every.keys() - ENDLESS:
        for more in ("", "?q=" + BITE.replace("&", "%26"), "?only=" + BITE + "&page=" + BITE):
            if more and "panel" not in name and name not in {"incidents:lines", "incidents:ours"}:
                continue
            answer: Any = client.get(every[name] + more)
            if answer.status_code == 200:
                opened += 1
            kind = answer.get("Content-Type", "")
            body = read(answer).partition("\n\n")[2]
            inline = not answer.get("Content-Disposition", "").startswith("attachment")
            if kind.startswith(("text/html", "image/svg", "application/xhtml")) and inline:
                found = alarms(body)
                if found:
                    ran[name + more[:6]] = found[:3]
    assert ran == {}
    assert opened > 90


def test_a_file_that_says_it_is_a_page_is_saved_and_never_opened(bitten: Room) -> None:
    incident, _text, claire, known = bitten
    url = reverse("incidents:evidence-file", args=[incident.reference, known["evidence"]])
    answer: Any = signed_in(claire).get(url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert not answer["Content-Type"].startswith("text/html")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "\n" not in answer["Content-Disposition"]


def test_a_report_as_json_holds_the_words_and_is_saved(bitten: Room, today: datetime) -> None:
    """As PDF: tests/incidents/review/test_pdf.py."""
    incident, _text, claire, _known = bitten
    summarise(incident, summary=BITE, revision=0, by=claire, at=today)
    url = reverse("incidents:report-export", args=[incident.reference])
    sent = {"form": "json", "audience": "internal", "language": "en"}
    answer: Any = signed_in(claire).post(url, sent)
    assert answer.status_code == 200
    assert json.loads(answer.content)["about"]["title"] == BITE
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/json"


def test_nothing_that_was_typed_runs_in_a_mail_or_gets_into_its_heads(
    bitten: Room, today: datetime
) -> None:
    incident, _text, _claire, _known = bitten
    Incident.objects.filter(pk=incident.pk).update(title=HEADS)
    empty_outbox(at=today)
    letters = [
        letter
        for one in Message.objects.filter(channel=Message.Channel.EMAIL)
        if (letter := write_letter(one, at=today)) is not None
    ]
    assert letters
    for letter in letters:
        assert alarms(str(letter.alternatives[0][0])) == []
        assert letter.subject == incident.reference
        mime = letter.message()
        assert "bcc" not in {name.lower() for name in mime}
        assert "Bcc: everyone" not in str(mime).partition("\n\n")[0]


@pytest.mark.parametrize("make", [str, "{}\r\nBcc: x@y.test".format])
def test_a_name_with_a_line_break_breaks_no_mail(
    bitten: Room, today: datetime, make: Callable[[str], str]
) -> None:
    """Names stand in mails; addresses are checked when they are given."""
    incident, _text, claire, _known = bitten
    User.objects.filter(pk=claire.pk).update(name=make("Claire"))
    log_entry(incident, text="x", kind="decision", occurred=None, why="y", by=claire, at=today)
    empty_outbox(at=today)
    for one in Message.objects.filter(channel=Message.Channel.EMAIL):
        letter = write_letter(one, at=today)
        if letter is not None:
            assert "bcc" not in {name.lower() for name in letter.message()}
