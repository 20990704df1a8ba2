"""Nobody waits for who is away: the right to sign widens as the desk's clock moves on.

Thomas leads communications and is on a plane. He has handed over to Ana; Élise is his deputy;
the team lists Claire; Camille is a colleague of another function, whom nobody ever asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import services
from tests.journeys import acts
from tests.journeys.conftest import DeskServer, running_desk
from tests.journeys.eye import Eye
from tests.processes import eventually

pytestmark = pytest.mark.xdist_group("later")  # one desk for both: on one worker

ANA, ELISE = "ana.lopes@verdier.example", "elise.martin@verdier.example"
CAMILLE = "camille.dubois@verdier.example"
# Of the thirty minutes of a moderate incident: the deputy from 15, the list from 22 and a half.
TO_HALF_TIME, TO_THREE_QUARTERS, PAST_THE_END = 15, 8, 10
BY_DELEGATION = "Ana Lopes, by delegation of Thomas Nguyen,"
AS_DEPUTY = "Élise Martin, deputy of Thomas Nguyen,"
FROM_LIST = "Claire Morvan, from the team’s list,"
ANA_JOINS = f"""
from django.utils.timezone import now
from teams.actions import add_person, join_team
from teams.models import Function, Team
press = Function.objects.get(slug="communications")
ana = add_person(
    email="{ANA}", name="Ana Lopes", password="{{password}}", function=press, by=None, at=now()
)
join_team(ana, Team.objects.get(), by=None, at=now())
"""


@dataclass
class Clock:
    """The clock of one desk: web server, worker and beat all read it (see `later`)."""

    server: DeskServer

    def forward(self, *, minutes: float) -> None:
        file = self.server.running.data / "seconds-ahead.txt"
        now = float(file.read_text("ascii")) if file.exists() else 0.0
        new = file.with_suffix(".new")
        new.write_text(str(now + minutes * 60), "ascii")
        new.replace(file)
        self.server.signed_in.clear()  # who was there half an hour ago proves it again


@pytest.fixture(scope="module")
def desk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk of its own: what is moved forward never comes back."""
    services.demand("chromium")
    settings = {"DJANGO_SETTINGS_MODULE": "tests.journeys.later"}
    with running_desk("sqlite", tmp_path_factory.mktemp("later") / "data", **settings) as server:
        server.tell(ANA_JOINS.format(password=server.password(acts.THOMAS)))
        server.passwords[ANA] = server.password(acts.THOMAS)
        yield server


@pytest.fixture
def clock(desk_server: DeskServer) -> Clock:
    return Clock(desk_server)


def go_away(page: Any) -> None:
    """Say from a telephone until when one is away."""
    page.goto("/profile/absence/")
    page.fill("#absence_ends_at", "tomorrow 18:00")
    page.locator("form[action$='/absence/record/'] button[type=submit]").tap()
    page.wait_for_selector("section[aria-labelledby=absences] li")


def hand_over(thomas: Any, to: str) -> None:
    """Say, on the same page, who signs meanwhile: somebody of the same function."""
    offered = thomas.locator("[name=to] option").all_inner_texts()
    assert to in offered
    assert "Camille Dubois" not in offered
    thomas.select_option("[name=to]", label=to)
    thomas.fill("#hand-over_ends_at", "tomorrow 18:00")
    thomas.fill("[name=reason]", "On a plane")
    thomas.locator("form[action$='/hand-over/'] button[type=submit]").tap()
    thomas.wait_for_selector(f"section[aria-labelledby=hand-over] li :text('{to}')")


def a_room(ines: Any, role: str, *, holder: str, deputy: str) -> str:
    """Open an incident of moderate severity, in which somebody holds the role that signs."""
    room = acts.open_incident(ines, "A letter from a lawyer")
    acts.assess(ines, room, {"people_harmed": "possible"}, "Two calls.")
    ines.goto(f"{room}roles/")
    ines.select_option("#assign [name=role]", role)
    ines.fill("#assign [name=user]", holder)
    ines.fill("#assign [name=deputy]", deputy)
    with ines.expect_response("**/roles/assign/") as answer:
        ines.click("#assign button[type=submit]")
    assert answer.value.status == 204, answer.value.text()
    return room


def ask(ines: Any, room: str, title: str) -> str:
    """Put a text to sign-off; return its address."""
    statement = acts.begin_statement(ines, room, title, kind="holding", channel="website")
    acts.write_draft(ines, f"We have the letter and answer it today. {title}.")
    acts.save_version(ines, "First words")
    acts.submit(ines)
    return statement


def may_sign(page: Any, statement: str) -> bool:
    """Say whether the page of the decision lets this reader sign, and the inbox says the same."""
    page.goto("/sign-offs/")
    link = f"section[aria-labelledby=waiting-h] a[href='{urlsplit(statement).path}decide/']"
    waits: int = page.locator(link).count()
    page.goto(f"{statement}decide/")
    assert page.locator("[data-approve]").count() == waits
    return waits == 1


def panel(page: Any, statement: str) -> str:
    page.goto(statement)
    return str(page.inner_text("#signoff-panel"))


def sign(page: Any, statement: str, *, words: str, told: str) -> None:
    """Sign with a thumb: before and after, the page says for whom."""
    page.goto(f"{statement}decide/")
    page.locator("[data-approve]").tap()
    assert words in page.inner_text("#confirm")
    page.locator("#confirm form button[type=submit]").tap()
    page.wait_for_url(statement)
    assert told in page.inner_text("#signoff-panel")
    eye = Eye(page)
    eye.look(everywhere=False)
    eye.verdict()


def link_in_mail(server: DeskServer, email: str, statement: str) -> str:
    """Return the link of the mail that asks somebody to decide, as it was sent."""
    wanted = f"{statement}decide/"

    def arrived() -> bool:
        return any(email in m.recipients and wanted in m.text for m in server.sink.mails)

    eventually(arrived, seconds=30, what=f"The mail to {email}")
    return wanted


def who_may_sign(sign_in: Any, statement: str, *asked: str) -> list[str]:
    """Look with everyone's telephone."""
    return [who for who in asked if may_sign(sign_in(who, phone=True), statement)]


def test_from_the_delegate_to_the_deputy_to_the_list_and_to_nobody_else(
    desk_server: DeskServer, clock: Clock, sign_in: Any
) -> None:
    thomas, ines = sign_in(acts.THOMAS, phone=True), sign_in(acts.INES)
    go_away(thomas)
    hand_over(thomas, "Ana Lopes")
    room = a_room(ines, "communications_lead", holder="Thomas Nguyen", deputy="Élise Martin")
    first, second, third = (ask(ines, room, title) for title in ("One", "Two", "Three"))
    said = panel(ines, first)
    assert "Thomas Nguyen is away until" in said
    assert "Ana Lopes may sign by delegation now" in said
    assert "Élise Martin may sign as deputy from" in said
    assert "Claire Morvan may sign from the team’s list from" in said
    everyone = (ANA, ELISE, acts.CLAIRE, CAMILLE)
    assert who_may_sign(sign_in, first, *everyone) == [ANA]
    ana = sign_in(ANA, phone=True, reduced_motion="reduce")
    sign(ana, first, words="by delegation of Thomas Nguyen", told=f"{BY_DELEGATION} approved v1")

    clock.forward(minutes=TO_HALF_TIME)
    assert who_may_sign(sign_in, second, ELISE, acts.CLAIRE, CAMILLE) == [ELISE]
    elise = sign_in(ELISE, phone=True, reduced_motion="reduce")
    link_in_mail(desk_server, ELISE, second)
    sign(elise, second, words="as deputy of Thomas Nguyen", told=f"{AS_DEPUTY} approved v1")

    clock.forward(minutes=TO_THREE_QUARTERS)
    assert who_may_sign(sign_in, third, acts.CLAIRE, CAMILLE) == [acts.CLAIRE]
    clock.forward(minutes=PAST_THE_END)
    assert who_may_sign(sign_in, third, acts.CLAIRE, CAMILLE) == [acts.CLAIRE]
    claire = sign_in(acts.CLAIRE, phone=True, reduced_motion="reduce")
    assert "Camille Dubois" not in panel(claire, third)
    sign(claire, third, words="from the team’s list, for Thomas", told=f"{FROM_LIST} approved v1")
    claire.goto(f"{second}proof/")
    assert "as deputy of Thomas Nguyen" in claire.inner_text("main")


def test_an_absence_alone_hands_nothing_over_and_the_deputy_is_asked_until_it_ends(
    sign_in: Any,
) -> None:
    elise, claire, ana = (sign_in(who, phone=True) for who in (ELISE, acts.CLAIRE, ANA))
    go_away(elise)
    ines = sign_in(acts.INES)
    room = a_room(ines, "communications_lead", holder="Élise Martin", deputy="Claire Morvan")
    first, second = ask(ines, room, "One"), ask(ines, room, "Two")
    assert [may_sign(page, first) for page in (claire, ana)] == [True, False]
    sign(
        claire,
        first,
        words="as deputy of Élise Martin",
        told="Claire Morvan, deputy of Élise Martin, approved v1",
    )
    elise.goto("/profile/absence/")
    elise.locator("form[action$='/cancel/'] button").tap()
    elise.wait_for_selector("section[aria-labelledby=absences] :text('You are there.')")
    assert [may_sign(page, second) for page in (elise, claire)] == [True, False]
