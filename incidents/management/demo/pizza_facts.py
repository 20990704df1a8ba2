"""What the room knew of the pizza and when: the ledger, what cites it, the lines for the telephone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from incidents.facts.actions import confirm_fact, note_fact, refute_fact, reword_fact
from incidents.management.demo import pizza_words as words
from incidents.management.demo.house import House, Story, audience, log, sign
from incidents.models import Fact, Incident, Statement
from incidents.statements.actions.citing import cite_facts, still_holds
from incidents.statements.actions.lines import draft_line
from teams.models import User

LOTS: Final = "Hard blue plastic in 3 lots, L6061 to L6063"
MORE_LOTS: Final = "Hard blue plastic in 4 lots, L6061 to L6064"
WHICH_LOTS: Final = """Three lots: L6061, L6062 and L6063, best before 28 February 2027. The lot number is on the short side of the box, under the date.

Any other lot is not concerned as far as we know. If you are not sure, do not eat it and keep the box."""
WHAT_TO_DO: Final = """Do not eat it. Keep the box: we need the lot number. Take the pizza back to the shop, you get your money without a receipt.

If someone has swallowed a piece and feels pain, call a doctor or dial 15."""
OTHERS: Final = """Bella is made on one line of its own. We are checking every product of that line and will say what we find, whatever it is."""


def tell(house: House) -> Story:
    """Beside the evening itself: each fact at the time at which somebody learned it."""
    nadia, julien, ines = house["nadia"], house["julien"], house["ines"]
    at = yield house.clock("17:55")
    incident = Incident.objects.get(team=house.team, title__startswith="Plastic fragments")
    glass = note_fact(incident, text="The piece in the video is glass", by=house["lucas"], at=at)
    at = yield house.clock("18:13")
    lots = note_fact(incident, text=LOTS, by=nadia, at=at)
    at = yield house.clock("18:18")
    log(
        incident,
        "decision",
        "One spokesperson: Thomas Nguyen.",
        why="Three people had already been called by the press.",
        by=house["claire"],
        at=at,
    )
    at = yield house.clock("18:30")
    note_fact(incident, text="How many boxes were sold", by=julien, at=at)
    other = note_fact(incident, text="Whether other products ran on line 3", by=nadia, at=at)
    at = yield house.clock("18:41")
    refute_fact(
        glass,
        reason="The customer in Nantes brought the piece in: it is plastic.",
        by=nadia,
        at=at,
    )
    at = yield house.clock("19:46")
    confirm_fact(lots, source="Log of line 3, and three boxes that came back", by=nadia, at=at)
    at = yield house.clock("19:50")
    _cite(incident, "Update: three lots named", lots, by=ines, at=at)
    _cite(incident, "Questions and answers, customer service", lots, by=ines, at=at)
    at = yield house.clock("20:38")
    child = note_fact(
        incident,
        text="1 child slightly hurt in Rennes, home again",
        state=Fact.State.CONFIRMED,
        source="The mother, by telephone; the doctor’s note follows",
        by=julien,
        at=at,
    )
    at = yield house.clock("20:54")
    note_fact(
        incident,
        text="18,400 boxes delivered since 2 March",
        state=Fact.State.CONFIRMED,
        source="Delivery notes, Laval",
        by=house["yann"],
        at=at,
    )
    note_fact(incident, text="Lab result: expected Friday, 11:00", by=nadia, at=at)
    at = yield house.clock("21:23")
    notice = _cite(incident, words.RECALL_TITLE, lots, by=ines, at=at)
    at = yield house.clock("21:34")
    _cite(incident, "Answer to Le Fil Info", other, by=house["thomas"], at=at)
    yield from _lines(house, incident, lots)
    at = yield house.clock("21:40")
    reword_fact(
        lots,
        text=MORE_LOTS,
        source="Log of line 3: the scraper blade was changed inside L6064",
        by=nadia,
        at=at,
    )
    at = yield house.clock("21:41")
    log(
        incident,
        "decision",
        "All Bella production stopped.",
        why="A fourth lot shows that the cause is not found yet.",
        by=house["helene"],
        at=at,
    )
    at = yield house.clock("21:43")
    lots.refresh_from_db()
    still_holds(
        notice, fact=lots, change=lots.changes, reason="v3 names the four lots.", by=ines, at=at
    )
    cite_facts(notice, facts=[child], by=ines, at=at)
    yield from _last_line(house, incident, other)


def _lines(house: House, incident: Incident, lots: Fact) -> Story:
    """The answers for the telephone, signed by three; one falls with its fact."""
    at = yield house.clock("21:35")
    which = _line(house, incident, "Which lots are concerned?", WHICH_LOTS, [lots], at=at)
    what = _line(house, incident, "What do I do with the pizza?", WHAT_TO_DO, [], at=at)
    for signer, time in (("thomas", "21:36"), ("karim", "21:37"), ("helene", "21:39")):
        at = yield house.clock(time)
        for one in (which, what):
            sign(one, by=house[signer], at=at)


def _last_line(house: House, incident: Incident, other: Fact) -> Story:
    """An answer that stands on what is not confirmed, and waits for Hélène."""
    at = yield house.clock("21:45")
    question = "Are other Maison Verdier products concerned?"
    line = _line(house, incident, question, OTHERS, [other], at=at)
    for signer, time in (("thomas", "21:47"), ("karim", "21:48")):
        at = yield house.clock(time)
        sign(line, by=house[signer], at=at)


def _line(
    house: House,
    incident: Incident,
    question: str,
    answer: str,
    facts: Iterable[Fact],
    *,
    at: datetime,
) -> Statement:
    return draft_line(
        incident,
        question=question,
        answer=answer,
        audience=audience("customers"),
        language="en",
        channels=["telephone", "email"],
        facts=facts,
        submit=True,
        by=house["ines"],
        at=at,
    )


def _cite(incident: Incident, title: str, *facts: Fact, by: User, at: datetime) -> Statement:
    statement = incident.statements.get(title=title, master=None)
    cite_facts(statement, facts=facts, by=by, at=at)
    return statement
