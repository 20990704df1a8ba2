"""The lived-in example: told once, its sign-ins shown at every start."""

from __future__ import annotations

from tests.processes import RunningDesk, tell

LEAD = "claire.morvan@verdier.example"


def test_the_example_is_told_once_and_its_sign_ins_are_shown_every_time(desk: RunningDesk) -> None:
    desk.start("--demo")
    first = desk.wait_until_ready(seconds=300)
    people = tell(desk.known, "from teams.models import User; answer = User.objects.count()")
    desk.interrupt()
    assert LEAD in first

    desk.start("--demo")
    second = desk.wait_until_ready()
    assert (
        first.partition("Ready")[2].splitlines()[1:]
        == second.partition("Ready")[2].splitlines()[1:]
    )
    assert people == tell(
        desk.known, "from teams.models import User; answer = User.objects.count()"
    )


def test_an_installation_with_people_of_its_own_gets_no_example(desk: RunningDesk) -> None:
    tell(
        desk.known,
        "from teams.models import Function, User\n"
        "User.objects.create_user('ada@desk.test', 'x', name='Ada', "
        "function=Function.objects.first())",
    )
    desk.start("--demo")
    said = desk.wait_until_ready()
    assert "the demo was not added" in said.lower()
    assert LEAD not in said
