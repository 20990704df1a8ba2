"""A text that cannot wait: read aloud, released, confirmed from a phone; each page looked at."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.eye import Eye

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)


def test_an_oral_agreement_is_recorded_and_denied_and_the_text_is_released(sign_in: Any) -> None:
    claire, karim = (sign_in(who, reduced_motion="reduce") for who in (acts.CLAIRE, acts.KARIM))
    leader, counsel = Eye(claire), Eye(karim)
    room = acts.open_incident(claire, "A smell of almonds in a yoghurt")
    acts.assess(claire, room, {"people_harmed": "possible"}, "Two calls.")
    acts.assign(claire, room, {"communications_lead": "Karim Haddad"})
    statement = acts.begin_statement(claire, room, "Do not eat it", kind="holding", channel="x")
    acts.write_draft(claire, "Do not eat the yoghurt of lot 7.")
    acts.save_version(claire, "First words")
    acts.submit(claire)

    claire.goto(f"{statement}agreement/")
    leader.look(everywhere=True)
    claire.locator("[name=who]").first.check()
    claire.check("[name=read_aloud]")
    claire.fill("[name=reason]", "On the telephone from the train.")
    claire.click("main form button[type=submit]")
    claire.wait_for_url(statement)
    assert "agreed by word of mouth" in claire.inner_text("main")

    karim.goto("/")
    karim.click("main a[href*='/releases/']")
    karim.wait_for_url(re.compile(r"/releases/\d+/$"))
    counsel.look(everywhere=True)
    karim.fill("[name=words]", "J'ai entendu un autre texte.")
    karim.click("main form button[formaction$='/deny/']")
    karim.wait_for_selector("main form", state="detached")
    counsel.look(everywhere=True)

    claire.goto(f"{statement}releasing/")
    leader.look(everywhere=True)
    claire.fill("[name=reason]", "Children eat it tonight.")
    claire.click("main form button[type=submit]")
    claire.wait_for_url(statement)
    leader.look(everywhere=True)

    claire.goto(f"{statement}publication/?channel=x")
    claire.fill("[name=posted_text]", "Do not eat the yoghurt of lot 8.")
    claire.click("main form button[type=submit]")
    claire.wait_for_selector("#other-words")
    leader.look(everywhere=True)
    claire.click("#other-words button.btn-primary")
    claire.wait_for_url(statement)
    words = claire.inner_text("main")
    assert "not the text that was released" in words
    leader.look(everywhere=True)

    claire.goto("/incidents/ours/")
    claire.fill("[name=text]", "Do not eat the yoghurt of lot 8.")
    claire.click("main form button[type=submit]")
    claire.wait_for_selector("#answer li")
    assert "Yes, this is ours" in claire.inner_text("#answer")
    leader.look(everywhere=True)
    leader.verdict()
    counsel.verdict()
