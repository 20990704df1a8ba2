"""
Rule 9: privileged words and restricted rooms, looked for in everything that leaves the desk.

One secret in the compartment and one restricted room; every address, export, mail and notice is
read by each person who may not know.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from incidents.evidence.actions import add_evidence
from incidents.lifecycle.actions import change_confidentiality, open_incident
from incidents.models import Entry, Incident, Message
from incidents.notifications.actions import empty_outbox
from incidents.notifications.letters import write as write_letter
from incidents.roles.actions import accept_role, assign_role
from incidents.timeline.actions import correct_entry, log_entry, reclassify_entry
from teams.models import Role, User
from tests.conftest import member, person
from tests.hostile.walk import Walk, read

pytestmark = pytest.mark.django_db
SECRET: Final = "Xylophone-privileged-advice"
TITLE: Final = "Quokka-restricted-title"
ENDLESS: Final = {"incidents:stream"}


@pytest.fixture
def counsel(incident: Incident, people: dict[str, User]) -> User:
    return people["counsel"]


@pytest.fixture
def advised(walk: Walk, incident: Incident, counsel: User, today: datetime) -> Entry:
    """Counsel's advice, a correction of it, a file beside it, and an entry reclassified later."""
    said: dict[str, Any] = {"kind": "decision", "occurred": None, "by": counsel, "at": today}
    secret = log_entry(
        incident,
        text=f"{SECRET} one",
        why=f"{SECRET} why",
        key_moment=True,
        privileged=True,
        **said,
    )
    add_evidence(
        incident,
        file=SimpleUploadedFile(f"{SECRET}.txt", SECRET.encode()),
        entry=secret,
        by=counsel,
        at=today,
    )
    correct_entry(secret, text=f"{SECRET} corrected", by=counsel, at=today)
    later = log_entry(incident, text=f"{SECRET} two", privileged=False, **said)
    reclassify_entry(later, reason="Legal advice", by=counsel, at=today)
    return secret


def everything(walk: Walk, who: str, numbers: list[int], incident: Incident) -> dict[str, str]:
    """All that a person can make the desk say by reading, and by asking for an export."""
    client = walk.signed_in(who)
    every = {name: walk.addresses[name] for name in walk.addresses.keys() - ENDLESS}
    timeline = reverse("incidents:timeline", args=[incident.reference])
    for name, query in {
        "search": f"?q={SECRET}",
        "privileged": "?only=privileged",
        "decisions": "?only=decision",
        "moments": "?only=key",
    }.items():
        every[f"timeline {name}"] = timeline + query
    for number in numbers:
        every[f"entry {number}"] = reverse("incidents:entry", args=[incident.reference, number])
    every["ours"] = reverse("incidents:ours") + f"?q={SECRET}"
    found = {name: read(client.get(url)) for name, url in every.items()}
    for name, sent in {
        "record-export": {"privileged": "on"},
        "report-export": {"form": "json", "audience": "internal", "language": "en",
                          "privileged": "on"},
        "ours-ask": {"text": SECRET},
    }.items():  # fmt: skip
        found[f"POST {name}"] = read(client.post(walk.addresses[f"incidents:{name}"], sent))
    return found


def leaks(found: dict[str, str], *words: str) -> list[str]:
    return [name for name, said in found.items() for word in words if word in said]


@pytest.mark.parametrize(
    "kinds",
    [("lead", "executive"), ("member", "excluded")],
    ids=["roles", "others"],
)
def test_privileged_words_are_nowhere_for_whom_they_are_not(
    walk: Walk, advised: Entry, incident: Incident, kinds: tuple[str, ...]
) -> None:
    numbers = [one.number for one in incident.entries.filter(number__gte=advised.number)]
    for who in kinds:
        found = everything(walk, who, numbers, incident)
        # What one asked for is written in the field that one asked in.
        assert leaks(found, SECRET + " ", SECRET + ".txt") == [], who


def test_the_walk_would_find_them(
    walk: Walk, advised: Entry, incident: Incident, counsel: User
) -> None:
    walk.people["counsel"] = counsel
    found = everything(walk, "counsel", [advised.number], incident)
    shown = leaks(found, SECRET + " ", SECRET + ".txt")
    assert {f"entry {advised.number}", "incidents:evidence"} <= set(shown)
    assert "POST record-export" in shown


def test_privileged_words_are_in_no_mail_and_no_notice_of_anybody_else(
    advised: Entry, incident: Incident, counsel: User, today: datetime
) -> None:
    empty_outbox(at=today)
    sent = Message.objects.filter(incident=incident, channel=Message.Channel.EMAIL)
    assert sent
    for one in sent.exclude(person=counsel):
        letter = write_letter(one, at=today)
        if letter is not None:
            assert SECRET not in letter.message().as_string()
            assert SECRET not in letter.body + str(letter.alternatives[0][0])
            assert SECRET not in letter.subject


def test_privileged_words_are_in_no_output_of_a_command_for_a_lead(
    advised: Entry, incident: Incident, people: dict[str, User], capsys: Any
) -> None:
    by = people["lead"].email
    for name, more in {
        "export_incident": ["--format", "json"],
        "export_postmortem": ["--format", "json"],
        "verify_timeline": [],
    }.items():
        given = [incident.reference, *more] + ([] if "verify" in name else ["--as", by])
        try:
            call_command(name, *given)
        except SystemExit as end:
            assert not end.code, name  # noqa: PT017 - what is printed is looked at below
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err


@pytest.fixture
def restricted(
    walk: Walk, people: dict[str, User], incident: Incident, today: datetime
) -> Incident:
    """A room of Claire and her counsel alone, with work that waits in it."""
    lead = people["lead"]
    hidden = open_incident(
        incident.team,
        title=TITLE,
        kind=Incident.Kind.CONDUCT,
        what_happened=f"{TITLE} happened",
        occurred=None,
        where="",
        link="",
        confidentiality=Incident.Confidentiality.TEAM,
        by=lead,
        at=today,
    )
    change_confidentiality(hidden, to="restricted", reason=f"{TITLE} is named", by=lead, at=today)
    offer = assign_role(
        hidden,
        role=Role.objects.get(slug="legal_counsel"),
        user=people["counsel"],
        by=lead,
        at=today,
    )
    accept_role(offer, by=people["counsel"], at=today + timedelta(seconds=1))
    return hidden


def test_a_restricted_room_is_nowhere_for_whom_it_is_not(
    walk: Walk, restricted: Incident, people: dict[str, User]
) -> None:
    walk.people["other admin"] = _administrator(restricted)
    here = {
        name: url.replace(str(_first(walk)), restricted.reference)
        for name, url in walk.addresses.items()
    }
    for who in ("executive", "other admin"):
        client = walk.signed_in(who)
        found = {}
        for name, url in here.items():
            # Its own address stands in the page that says there is nothing.
            said = read(client.get(url)) if name not in ENDLESS else ""
            found[f"{name} {url}"] = said.replace(url, "").partition("\n\n")[2]
        assert leaks(found, TITLE) == [], who
        named = [
            one for one in leaks(found, restricted.reference) if restricted.reference not in one
        ]
        assert named == [], who


def _first(walk: Walk) -> str:
    return walk.addresses["incidents:room"].strip("/").split("/")[-1]


def _administrator(incident: Incident) -> User:
    admin = member(incident.team, person("Adele Admin"), is_admin=True)
    admin.is_staff = admin.is_superuser = True
    admin.save()
    return admin


def test_a_restricted_room_is_in_nobody_elses_mail_and_no_subject(
    restricted: Incident, people: dict[str, User], today: datetime
) -> None:
    empty_outbox(at=today)
    inside = {people["lead"].pk, people["counsel"].pk}
    sent = Message.objects.filter(incident=restricted)
    assert {one.person_id for one in sent} <= inside
    for one in sent.filter(channel=Message.Channel.EMAIL):
        letter = write_letter(one, at=today)
        assert letter is None or TITLE not in letter.subject
