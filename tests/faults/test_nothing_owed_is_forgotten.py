"""
A worker killed again and again, a broker that forgets everything: no reminder is lost, none repeated.

The mail server counts by Message-ID. A mail may arrive twice only where nobody could know whether
it had arrived, and then the message says so.
"""

from __future__ import annotations

import sys
from collections import Counter

from tests.mail_sink import Sink
from tests.processes import Machine, eventually

STORY = """
from datetime import timedelta
from django.utils.timezone import now
from incidents.clocks.actions import make_promise
from incidents.lifecycle.actions import open_incident
from incidents.models import Promise
from teams.models import Audience, Membership, Team, User

at = now() - timedelta(minutes=40)
team = Team.objects.create(slug="verdier", name="Maison Verdier", prefix="MV")
people = []
for number in range(12):
    person = User.objects.create_user(f"person{number}@desk.test", name=f"Person {number}")
    Membership.objects.create(team=team, user=person)
    people.append(person)
for number in range(3):
    incident = open_incident(
        team, title="Fragments", kind="product", what_happened="A picture.", occurred=None,
        where="Instagram", link="", confidentiality="team", by=people[0], at=at)
    for person in people:
        make_promise(
            incident, audience=Audience.objects.get(slug="media"), channel="",
            subject=f"answer {number}", due_at=at + timedelta(minutes=15), owner=person,
            source=Promise.Source.HAND, by=people[0], at=at)
"""
WAITING = """
from incidents.models import Message, Outbox, Step
from django.utils.timezone import now
from datetime import timedelta
overdue = Step.objects.filter(taken_at=None, dropped_at=None, at__lte=now() - timedelta(seconds=5))
answer = {
    "steps": overdue.count(),
    "outbox": Outbox.objects.filter(taken_at=None).count(),
    "mails": Message.objects.filter(channel="email", state__in=["waiting", "leased"]).count(),
}
"""
RESULT = """
from collections import Counter
from incidents.models import Delivery, Message, Step, Entry
rows = list(Delivery.objects.values_list("reason", "person", "channel"))
answer = {
    "mails": {
        str(one.uuid): [one.state, one.doubts, one.person.email]
        for one in Message.objects.filter(channel="email").select_related("person")
    },
    "repeated_deliveries": len(rows) - len(set(rows)),
    "owners": sorted(set(Delivery.objects.filter(
        reason__startswith="step:", channel="email").values_list("person__email", flat=True))),
    "taken": Step.objects.exclude(taken_at=None).filter(name="due").count(),
    "escalations": Entry.objects.filter(kind="reminder.escalated").count(),
    "escalated_steps": Step.objects.exclude(taken_at=None).filter(
        name__in=["deputy", "lead", "sponsor"]).count(),
}
"""


def test_killing_the_worker_in_the_middle_loses_nothing_and_repeats_nothing_confirmed(
    machine: Machine, sink: Sink
):
    machine.tell(STORY)
    sink.pause = 1.0  # the first worker dies while the server has the text and has not answered
    machine.start("worker")
    machine.start("beat")
    sink.wait_for(1, seconds=60)
    machine.kill("worker")
    machine.empty_broker()

    sink.pause = 0.05
    for count in (6, 14):
        machine.start("worker")
        sink.wait_for(count, seconds=60)
        machine.kill("worker")
    machine.kill("beat")
    machine.empty_broker()
    machine.start("worker")
    machine.start("beat")
    eventually(
        lambda: not any(machine.tell(WAITING).values()),
        seconds=150,  # a lease of 60 s, and a slow machine
        what="Everything that was owed being sent",
    )

    result = machine.tell(RESULT)
    arrived = Counter(_uuid(one.message["Message-ID"]) for one in sink.mails)
    _say(result, arrived)
    assert set(arrived) == set(result["mails"])
    assert {state for state, _doubts, _to in result["mails"].values()} == {"delivered"}
    repeated = {key for key, times in arrived.items() if times > 1}
    doubted = {key for key, (_state, doubts, _to) in result["mails"].items() if doubts}
    assert repeated <= doubted
    assert result["repeated_deliveries"] == 0
    assert result["taken"] == 36
    assert result["owners"] == sorted(f"person{number}@desk.test" for number in range(12))
    assert result["escalations"] == result["escalated_steps"]


def _uuid(message_id: str) -> str:
    return message_id.strip("<> ").partition("@")[0]


def _say(result: dict[str, dict[str, list[str]]], arrived: Counter[str]) -> None:
    """Tell the figures to whoever reads the run (pytest -s)."""
    doubted = sum(1 for _state, doubts, _to in result["mails"].values() if doubts)
    sys.stdout.write(
        f"mails {len(result['mails'])}, arrived {sum(arrived.values())}, "
        f"lost {len(set(result['mails']) - set(arrived))}, in doubt {doubted}, "
        f"repeated {sum(arrived.values()) - len(arrived)}, kills 3\n"
    )
