"""An administrator changes a policy and sees what follows; a writer begins with a prepared text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.eye import Eye

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)
VALUES = {
    "What was reported": "a plastic fragment",
    "Product": "Bella pizza",
    "Who checks": "our supplier",
    "Time of next update": "15:00",
}
RETIRE_WHAT_IS_LEFT = """
from django.utils.timezone import now
from incidents.models import Policy
from incidents.signoff.actions import policies
left = Policy.objects.filter(is_active=True).exclude(team=None).select_related("team")
answer = len([policies.retire_policy(one, team=one.team, by=None, at=now()) for one in left])
"""


def team_of(page: Any) -> str:
    """Go to the page of the team; return its address."""
    page.goto("/teams/")
    return str(page.url)


@pytest.fixture
def as_shipped(desk_server: Any) -> Iterator[None]:
    """The desk is everyone's: whatever happens here, the next journey meets the shipped circuits."""
    yield
    desk_server.tell(RETIRE_WHAT_IS_LEFT)


@pytest.mark.usefixtures("as_shipped")
def test_a_policy_is_tried_before_it_is_saved_keeps_its_versions_and_is_retired(
    sign_in: Any,
) -> None:
    page = sign_in(acts.CLAIRE, reduced_motion="reduce")
    eye = Eye(page)
    page.goto(f"{team_of(page)}policies/")
    eye.look(everywhere=True)
    row = page.locator("li", has_text="Minor: social media lead or communications lead").first
    row.get_by_role("link", name="Change").click()
    eye.look(everywhere=True)
    page.get_by_role("button", name="Add a stage").click()
    page.get_by_role("heading", name="Stage 3").wait_for()
    page.locator("[name=stage_2_roles][value=legal_counsel]").check()
    page.locator("#answer", has_text="then legal counsel, within").wait_for()
    assert "Today it asks: social media lead or communications lead" in page.inner_text("#answer")
    eye.look(everywhere=False)
    page.get_by_role("button", name="Save as the team's own").click()
    page.wait_for_url("**/policies/")
    own = page.locator("li", has_text="The team's own").first
    assert "then legal counsel" in own.inner_text()
    own.get_by_role("link", name="Versions").click()
    eye.look(everywhere=True)

    page.go_back()
    own.get_by_role("link", name="Change").click()
    page.locator("[data-dialog=retire]").click()
    page.locator("#retire form button[type=submit]").click()
    page.wait_for_url("**/policies/")
    assert page.locator("li", has_text="The team's own").count() == 0
    eye.verdict()


def test_a_prepared_text_is_filled_in_and_only_one_person_signs(sign_in: Any) -> None:
    writer, counsel = (sign_in(who, reduced_motion="reduce") for who in (acts.INES, acts.KARIM))
    eye, signer = Eye(writer), Eye(counsel)
    writer.goto(f"{team_of(writer)}prepared/")
    eye.look(everywhere=True)
    room = acts.open_incident(writer, "A fragment in a pizza")
    acts.assess(writer, room, {"people_harmed": "confirmed"}, "A child was treated.")
    acts.assign(writer, room, {"legal_counsel": "Karim Haddad"})
    writer.goto(f"{room}statements/")
    writer.get_by_role("link", name="Start from a prepared text").click()
    eye.look(everywhere=True)
    writer.get_by_role("link", name="Use it Something is wrong with a product").click()
    eye.look(everywhere=True)
    for name, value in VALUES.items():
        with writer.expect_response("**/fill/"):
            writer.get_by_label(name, exact=True).fill(value)
    writer.locator("#filled mark", has_text="15:00").first.wait_for()
    eye.look(everywhere=False)
    writer.get_by_role("button", name="Ask for sign-off").click()
    writer.wait_for_url("**/statements/1/")
    assert "Everything else was signed on" in writer.inner_text("main")
    eye.look(everywhere=True)
    counsel.goto(f"{room}statements/1/decide/")
    assert counsel.locator("mark", has_text="Bella pizza").count() >= 1
    signer.look(everywhere=True)
    acts.approve(counsel, f"{room}statements/1/")
    writer.goto(f"{room}statements/1/")
    assert "Good to publish" in writer.inner_text("main")
    eye.verdict()
    signer.verdict()
