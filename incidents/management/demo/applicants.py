"""Addresses of applicants in an open copy line: just opened, the first answer in sign-off."""

from __future__ import annotations

from incidents.lifecycle.actions import open_incident
from incidents.management.demo.house import House, Story, log, sign, staff, version, write
from incidents.models import Incident, Occurred
from incidents.severity.actions import assess_severity

FACTS = {
    "people_harmed": "none",
    "vulnerable_people": False,
    "personal_data": "confirmed",
    "legal_exposure": "possible",
    "trust_impact": "medium",
    "business_impact": "low",
    "reach": "<1k",
    "velocity": "<2x",
    "origin": "internal",
}
LETTER = """Yesterday evening we sent an e-mail to 214 people who have applied to us, with all addresses visible to everyone. That should not have happened, and we are sorry.

Only the e-mail address was visible; no name, no application. We ask you to delete the message. We have told the data protection authority.

Antoine Leroy, our data protection officer, answers you at dpo@verdier.example. We write to you again tomorrow."""


def tell(house: House) -> Story:
    antoine, thomas, karim = house["antoine"], house["thomas"], house["karim"]
    at = yield house.clock("21:30")
    incident = open_incident(
        house.team,
        title="Applicant e-mail addresses exposed in a mailing",
        kind=Incident.Kind.DATA_BREACH,
        what_happened="A mailing to 214 applicants went out with every address in the copy line.",
        occurred=Occurred.exactly(house.clock("20:02")),
        where="E-mail; 14 posts since on X",
        link="https://x.example/search?q=candidature+verdier",
        confidentiality=Incident.Confidentiality.RESTRICTED,
        by=antoine,
        at=at,
    )
    roles = {
        "communications_lead": (thomas, house["claire"]),
        "legal_counsel": (karim, house["sophie"]),
        "dpo": (antoine, karim),
        "it_liaison": (house["samuel"], None),
    }
    staff(incident, roles, by=antoine, at=at)
    at = yield house.clock("21:36")
    assess_severity(
        incident,
        facts=FACTS,
        reason="214 addresses, confirmed by IT. Who has noticed outside is not known yet.",
        by=antoine,
        at=at,
    )
    at = yield house.clock("21:37")
    log(
        incident,
        "fact",
        "214 recipients, one field: the address. The mailing tool has been stopped.",
        by=house["samuel"],
        at=at,
        earlier=5,
    )
    at = yield house.clock("21:40")
    letter = write(
        incident,
        title="First response to applicants",
        kind="apology",
        to="victims",
        channels={"email": ""},
        text=LETTER,
        by=antoine,
        at=at,
    )
    version(letter, "To the 214 people, before anyone else.", by=antoine, at=at, submit=True)
    at = yield house.clock("21:47")
    sign(letter, by=thomas, at=at, comment="Clear and short. Keep it so.")
