"""A process killed with -9 between any two writes of an act leaves the act undone, wholly."""

from __future__ import annotations

from tests.processes import Machine

STORY = """
from tests.incidents.signoff import racer
from tests.faults.axe import hew
from incidents.models import Decision, Publication, Version

racer.cast()
begun, waiting, good = (racer.fresh(state) for state in ("draft", "signoff", "good"))
seen = Version.objects.get(statement=waiting)
acts = {
    "submit": lambda: racer.act("save_version", begun, "ines", reason="First", submit=True),
    "approve": lambda: racer.act(
        "approve", waiting, "karim", version=1, fingerprint=seen.fingerprint
    ),
    "publish": lambda: racer.act("publish", good, "claire", channel="x"),
}
answer = {name: hew(act) for name, act in acts.items()}
answer["decisions"] = Decision.objects.filter(version__statement=waiting).count()
answer["publications"] = Publication.objects.count()
"""


def test_every_write_of_an_act_can_be_the_last(machine: Machine) -> None:
    found = machine.tell(STORY)
    assert found.pop("decisions") == 1
    assert found.pop("publications") == 1
    for name, said in found.items():
        assert said["wrong"] == [], name
        assert said["done"], name
        assert said["blows"] > 3, name
