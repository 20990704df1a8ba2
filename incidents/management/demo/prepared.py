"""The prepared texts of the house: written and signed in quiet days, before anybody needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from incidents.lifecycle.actions import open_library
from incidents.management.demo.house import House, Story, role, sign, version, write
from incidents.models import Incident
from incidents.roles.actions import accept_role, assign_role

DAY: Final = -8
STAFF: Final = "Ce que nous disons aux équipes"
WRITTEN: Final[list[dict[str, Any]]] = [
    {
        "title": "Something is wrong with a product",
        "kind": "holding",
        "to": "public",
        "language": "en",
        "text": """We have been told of {what was reported} in connection with {product}.

We are checking it now with {who checks}, and we have asked our shops to set the lots concerned aside. If you have one at home, keep it and do not eat it.

We will say more here by {time of next update}.""",
        "channels": {
            "website": "",
            "press_release": "",
            "x": "{product}: we have been told of {what was reported} and are checking it."
            " If you have one at home, do not eat it. More here by {time of next update}.",
        },
    },
    {
        "title": "Un produit est mis en cause",
        "kind": "holding",
        "to": "public",
        "language": "fr",
        "text": """Nous avons été informés de {ce qui est signalé}, en lien avec {produit}.

Nous vérifions en ce moment avec {qui vérifie} et avons demandé à nos magasins de retirer les lots concernés. Si vous en avez chez vous, ne les consommez pas.

Prochain point ici même à {heure du prochain point}.""",
        "channels": {"website": "", "press_release": "", "facebook": ""},
    },
    {
        "title": STAFF,
        "kind": "internal",
        "to": "employees",
        "language": "fr",
        "text": """Vous lirez aujourd’hui que {ce qui est signalé}. Voici ce que nous savons\u00a0: {ce que nous savons}.

Ne répondez pas en notre nom\u00a0: transmettez les questions à {contact}. Nous vous tiendrons informés à {heure du prochain point}, avant la presse.""",
        "channels": {"intranet": "", "email": ""},
    },
]


def tell(house: House) -> Story:
    at = yield house.clock("10:00", days=DAY)
    library = open_library(
        house.team,
        holders={"communications_lead": house["thomas"], "legal_counsel": house["karim"]},
        by=house["claire"],
        at=at,
    )
    at = yield at + timedelta(minutes=2)
    for assignment in library.assignments.order_by("pk"):
        accept_role(assignment, by=assignment.user, at=at)
    _let_ines_write(library, house, at=at)
    for text in WRITTEN:
        at = yield at + timedelta(minutes=40)
        statement = write(library, **text, by=house["ines"], at=at)
        version(statement, "For the day we need it", by=house["ines"], at=at, submit=True)
        for signer in ("thomas", "karim"):
            at = yield at + timedelta(minutes=35)
            sign(statement, by=house[signer], at=at)


def _let_ines_write(library: Incident, house: House, *, at: Any) -> None:
    offer = assign_role(
        library, role=role("social_media_lead"), user=house["ines"], by=house["thomas"], at=at
    )
    accept_role(offer, by=house["ines"], at=at)
