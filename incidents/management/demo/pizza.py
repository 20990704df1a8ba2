"""The evening of the pizza: from a video to a recall notice that waits for two signatures."""

from __future__ import annotations

from datetime import datetime, timedelta

from incidents.clocks.actions import make_promise, record_silence
from incidents.evidence.actions import log_with_evidence
from incidents.lifecycle.actions import (
    change_confidentiality,
    change_status,
    open_incident,
)
from incidents.management.demo import pizza_notice
from incidents.management.demo import pizza_words as words
from incidents.management.demo.house import (
    House,
    Story,
    audience,
    log,
    picture,
    publish,
    role,
    sign,
    staff,
    version,
    write,
)
from incidents.models import Incident, Occurred, Promise, Statement
from incidents.roles.actions import assign_role, decline_role, invite_person
from incidents.severity.actions import assess_severity

FIRST_FACTS = {
    "people_harmed": "none",
    "personal_data": "none",
    "legal_exposure": "none",
    "trust_impact": "medium",
    "business_impact": "low",
    "at_fault": "unknown",
    "reach": "10k-100k",
    "velocity": "5-20x",
    "origin": "isolated",
    "amplifiers": "none",
}
SECOND_FACTS = {
    **FIRST_FACTS,
    "people_harmed": "possible",
    "legal_exposure": "possible",
    "business_impact": "medium",
    "velocity": ">20x",
    "origin": "several_similar",
    "amplifiers": "influencer",
}
THIRD_FACTS = {
    **SECOND_FACTS,
    "people_harmed": "confirmed",
    "vulnerable_people": True,
    "legal_exposure": "regulator",
    "trust_impact": "high",
    "reach": "100k-1m",
    "amplifiers": "regional_media",
}


def tell(house: House) -> Story:
    """The whole evening; each part begins where the one before has ended."""
    at = yield house.clock("17:31")
    incident = open_incident(
        house.team,
        title="Plastic fragments reported in Bella pizza",
        kind=Incident.Kind.PRODUCT,
        what_happened="A video shows a blue fragment in a Bella Quattro Formaggi pizza. "
        "92 mentions in 15 minutes, the usual is 13.",
        occurred=Occurred.exactly(house.clock("17:04")),
        where="TikTok",
        link="https://tiktok.example/@lea.cuisine/video/7340021",
        confidentiality=Incident.Confidentiality.TEAM,
        by=house["claire"],
        at=at,
    )
    yield from _first_hour(house, incident)
    yield from _questions(house, incident)
    yield from _second_wave(house, incident)
    yield from pizza_notice.tell_notice(house, incident)


def _first_hour(house: House, incident: Incident) -> Story:
    claire, ines, thomas, karim = house["claire"], house["ines"], house["thomas"], house["karim"]
    at = yield house.clock("17:36")
    roles = {
        "communications_lead": (thomas, house["elise"]),
        "social_media_lead": (ines, house["lucas"]),
        "legal_counsel": (karim, house["sophie"]),
        "customer_care_lead": (house["julien"], house["amel"]),
        "quality_lead": (house["nadia"], house["yann"]),
    }
    staff(incident, roles, by=claire, at=at)
    at = yield house.clock("17:38")
    assess_severity(
        incident, facts=FIRST_FACTS, reason="Video spreads, one complaint", by=ines, at=at
    )
    at = yield house.clock("17:44")
    change_status(
        incident,
        to=Incident.Status.ACTIVE,
        reason="Real and ours: the box is in the video.",
        by=claire,
        at=at,
    )
    at = yield house.clock("17:52")
    log(
        incident,
        "message_in",
        "A second customer, Nantes: blue piece, lot L6061. Picture asked for.",
        by=house["julien"],
        at=at,
        earlier=6,
    )
    at = yield house.clock("17:58")
    said = house.shown(house.clock("20:30"))
    short = words.HOLDING_X.format(next_update=said)
    holding = write(
        incident,
        title="Holding statement",
        kind="holding",
        to="customers",
        channels={"x": short, "instagram": ""},
        text=words.HOLDING.format(next_update=said),
        by=ines,
        at=at,
    )
    at = yield house.clock("18:06")
    version(holding, "First answer, before the questions pile up.", by=ines, at=at, submit=True)
    at = yield house.clock("18:12")
    log(
        incident,
        "fact",
        "Three complaints now, all with lots L6061 to L6063, all from line 3.",
        by=house["nadia"],
        at=at,
        earlier=4,
        key_moment=True,
    )
    at = yield house.clock("18:15")
    sign(holding, by=thomas, at=at)
    at = yield house.clock("18:17")
    staff(incident, {"spokesperson": (thomas, None)}, by=claire, at=at)
    at = yield house.clock("18:20")
    assess_severity(
        incident, facts=SECOND_FACTS, reason="3 customers with the same lots", by=claire, at=at
    )
    at = yield house.clock("18:24")
    sign(holding, by=karim, at=at, comment="Vu. Ne rien dire de la cause.")
    at = yield house.clock("18:27")
    publish(holding, ["x", "instagram"], by=ines, at=at, next_update_at=house.clock("20:30"))


def _questions(house: House, incident: Incident) -> Story:
    ines, thomas, sophie = house["ines"], house["thomas"], house["sophie"]
    at = yield house.clock("18:50")
    asked = write(
        incident,
        title="Questions and answers, customer service",
        kind="internal",
        to="employees",
        channels={"intranet": ""},
        text=words.QUESTIONS,
        by=ines,
        at=at,
    )
    at = yield house.clock("19:05")
    version(asked, "For the eleven people on the phones.", by=ines, at=at, submit=True)
    at = yield house.clock("19:18")
    sign(asked, by=thomas, at=at)
    at = yield house.clock("19:38")
    sign(asked, by=sophie, at=at, comment="Pour Karim, en réunion avec l’usine.")
    at = yield house.clock("19:42")
    publish(asked, ["intranet"], by=thomas, at=at)


def _second_wave(house: House, incident: Incident) -> Story:
    claire, ines, thomas, karim = house["claire"], house["ines"], house["thomas"], house["karim"]
    at = yield house.clock("19:48")
    update = _draft_update(house, incident, at=at)
    at = yield house.clock("19:58")
    version(update, "Names the lots, as Quality confirmed them.", by=ines, at=at, submit=True)
    at = yield house.clock("20:06")
    sign(update, by=thomas, at=at)
    at = yield house.clock("20:19")
    sign(update, by=karim, at=at, comment="« Peuvent contenir » est exact à cette heure.")
    at = yield house.clock("20:20")
    log(
        incident,
        "message_out",
        "Called the DDPP of Mayenne: three lots, one line stopped. They want the traceability of "
        "the lots in writing.",
        by=karim,
        at=at,
        earlier=3,
    )
    make_promise(
        incident,
        audience=audience("authorities"),
        channel="email",
        subject="DDPP: written answer on the traceability of the lots",
        due_at=house.clock("21:43"),
        owner=karim,
        source=Promise.Source.HAND,
        by=karim,
        at=at,
    )
    at = yield house.clock("20:24")
    publish(update, ["website", "x"], by=ines, at=at, next_update_at=house.clock("22:15"))
    at = yield house.clock("20:35")
    log_with_evidence(
        incident,
        files=[picture("box-L6062.png")],
        kind="message_in",
        text="A mother in Rennes: her son, 7, cut his gum on a blue piece. Seen by a doctor, home "
        "again. Lot L6062.",
        occurred=Occurred.exactly(house.clock("20:05")),
        key_moment=True,
        by=house["julien"],
        at=at,
    )
    at = yield house.clock("20:48")
    assess_severity(
        incident,
        facts=THIRD_FACTS,
        reason="A child of 7 in Rennes was seen by a doctor. Two networks and one newspaper.",
        by=claire,
        at=at,
    )
    at = yield house.clock("20:50")
    change_confidentiality(
        incident,
        to=Incident.Confidentiality.RESTRICTED,
        reason="A child is named in what we receive.",
        by=claire,
        at=at,
    )
    yield from _more_people(house, incident)


def _draft_update(house: House, incident: Incident, *, at: datetime) -> Statement:
    said = house.shown(house.clock("22:15"))
    return write(
        incident,
        title="Update: three lots named",
        kind="update",
        to="customers",
        channels={"website": "", "x": words.UPDATE_X.format(next_update=said)},
        text=words.UPDATE.format(next_update=said),
        by=house["ines"],
        at=at,
    )


def _more_people(house: House, incident: Incident) -> Story:
    claire, lucas = house["claire"], house["lucas"]
    at = yield house.clock("20:52")
    roles = {
        "executive_sponsor": (house["helene"], house["marc"]),
        "monitoring_analyst": (house["elise"], None),
        "recall_lead": (house["yann"], house["nadia"]),
    }
    staff(incident, roles, by=claire, at=at)
    offer = assign_role(incident, role=role("scribe"), user=lucas, by=claire, at=at)
    at = yield house.clock("20:56")
    invite_person(incident, user=house["antoine"], ends_at=at + timedelta(days=7), by=claire, at=at)
    at = yield house.clock("20:58")
    log(
        incident,
        "fact",
        "Do not state a cause before the lab report. Write “pieces were found”, not “a blade "
        "failed”. Do not name the supplier.",
        by=house["karim"],
        at=at,
        privileged=True,
    )
    at = yield house.clock("21:01")
    decline_role(
        offer,
        reason="Je réponds aux commentaires ce soir, je ne peux pas tenir la main courante.",
        by=lucas,
        at=at,
    )
    at = yield house.clock("21:07")
    log(
        incident,
        "decision",
        "Recall lots L6061 to L6063 from shops and from homes.",
        why="Rejected: withdrawal from shops only, because boxes already sold would stay in "
        "freezers.",
        by=house["helene"],
        at=at,
        earlier=2,
        key_moment=True,
    )
    at = yield house.clock("21:20")
    log(
        incident,
        "message_out",
        "Called the family in Rennes: the boy is well. We pay the doctor and call again tomorrow.",
        by=house["julien"],
        at=at,
        on_behalf_of="Hélène Verdier",
    )
    record_silence(
        incident,
        reason="The recall text is in sign-off; half a notice would confuse. The update promised "
        "for later tonight stands.",
        by=house["thomas"],
        at=at,
    )
