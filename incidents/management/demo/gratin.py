"""A complaint about prices: minor, answered, watched."""

from __future__ import annotations

from incidents.lifecycle.actions import change_status, open_incident
from incidents.management.demo.house import (
    House,
    Story,
    log,
    publish,
    sign,
    staff,
    version,
    write,
)
from incidents.models import Incident, Occurred
from incidents.severity.actions import assess_severity

FACTS = {
    "people_harmed": "none",
    "vulnerable_people": False,
    "personal_data": "none",
    "legal_exposure": "none",
    "trust_impact": "low",
    "business_impact": "low",
    "at_fault": "accidental",
    "reach": "1k-10k",
    "velocity": "<2x",
    "origin": "isolated",
    "amplifiers": "none",
}
ANSWER = """Vous avez raison : le prix au kilo de notre gratin est passé de 7,20 à 8,10 euros en changeant de barquette. Nous aurions dû l’écrire sur l’emballage.

C’est corrigé sur toutes les barquettes produites depuis lundi. Nous vous disons demain avant {next_update} quand elles seront en magasin."""
UPDATE = """Les nouvelles barquettes de gratin, avec l’ancien et le nouveau prix au kilo, sont en magasin à partir de jeudi."""
DAY = -1


def tell(house: House) -> Story:
    julien, ines = house["julien"], house["ines"]
    at = yield house.clock("8:02", days=DAY)
    incident = open_incident(
        house.team,
        title="Price-per-kilo complaint, Gratin range",
        kind=Incident.Kind.BRAND_DECISION,
        what_happened="A customer compares two trays of gratin: less inside, same price. 40 replies.",
        occurred=Occurred.exactly(house.clock("7:15", days=DAY)),
        where="Facebook",
        link="https://facebook.example/verdier/posts/1182",
        confidentiality=Incident.Confidentiality.TEAM,
        by=julien,
        at=at,
    )
    at = yield house.clock("8:20", days=DAY)
    assess_severity(incident, facts=FACTS, reason="40 replies, calm.", by=julien, at=at)
    staff(incident, {"social_media_lead": (ines, house["lucas"])}, by=julien, at=at)
    at = yield house.clock("8:30", days=DAY)
    change_status(
        incident, to=Incident.Status.ACTIVE, reason="The customer is right.", by=julien, at=at
    )
    log(
        incident,
        "decision",
        "We say that the customer is right, and print both prices.",
        why="Every other answer would be argued against with our own trays.",
        by=julien,
        at=at,
    )
    yield from _answered(house, incident)


def _answered(house: House, incident: Incident) -> Story:
    julien, ines = house["julien"], house["ines"]
    at = yield house.clock("10:40", days=DAY)
    promised = house.clock("10:00")
    answer = write(
        incident,
        title="Réponse sur le prix au kilo",
        kind="holding",
        to="customers",
        channels={"facebook": ""},
        text=ANSWER.format(next_update=house.shown(promised, in_french=True)),
        language="fr",
        by=julien,
        at=at,
    )
    version(answer, "Vérifié avec le contrôle de gestion.", by=julien, at=at, submit=True)
    at = yield house.clock("10:58", days=DAY)
    sign(answer, by=ines, at=at)
    at = yield house.clock("11:12", days=DAY)
    publish(answer, ["facebook"], by=julien, at=at, next_update_at=promised)
    at = yield house.clock("18:00", days=DAY)
    change_status(
        incident,
        to=Incident.Status.MONITORING,
        reason="Nine mentions an hour; steady.",
        by=julien,
        at=at,
    )
    at = yield house.clock("9:20")
    update = write(
        incident,
        title="Date des nouvelles barquettes",
        kind="update",
        to="customers",
        channels={"facebook": ""},
        text=UPDATE,
        language="fr",
        by=julien,
        at=at,
    )
    version(update, "La date vient de la logistique.", by=julien, at=at, submit=True)
    at = yield house.clock("9:31")
    # Inès is at a fair; until noon Lucas signs for her.
    sign(update, by=house["lucas"], at=at)
    at = yield house.clock("9:34")
    publish(update, ["facebook"], by=julien, at=at, next_update_at=house.clock("10:00", days=1))
