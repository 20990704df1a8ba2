"""The whole story, from moving in to the moment at which the reader comes in."""

from __future__ import annotations

from datetime import datetime, timedelta

from incidents.archive.reading import take_in
from incidents.management.demo import (
    absences,
    applicants,
    clockwork,
    depot,
    gratin,
    pizza,
    pizza_facts,
    pizza_together,
    prepared,
)
from incidents.management.demo.house import HERE, House, Story, move_in


def tell(now: datetime) -> House:
    """Tell everything; `now` is when the reader comes in, the story is dated back from it."""
    house = move_in(now.replace(second=0, microsecond=0))
    parts = (
        past_crises,
        absences.tell,
        prepared.tell,
        gratin.tell,
        depot.tell,
        pizza.tell,
        pizza_facts.tell,
        pizza_together.in_french,
        pizza_together.to_the_family,
        pizza_together.in_the_margin,
        pizza_together.to_those_who_work,
        applicants.tell,
    )
    clockwork.play(house, [part(house) for part in parts])
    return house


def past_crises(house: House) -> Story:
    """Real crises of others, taken from public sources: to read, and to compare times with."""
    for number, file in enumerate(sorted((HERE / "crises").glob("*.json"))):
        at = yield house.now - timedelta(days=6) + timedelta(minutes=number)
        take_in(house.team, file.read_bytes(), filename=file.name, by=house["claire"], at=at)
