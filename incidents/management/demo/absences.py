"""Who stands in for whom: the team's lists, a leave, a morning and a night handed over."""

from __future__ import annotations

from typing import Final

from incidents.management.demo.house import House, Story, role
from teams.actions.absence import delegate_signoff, record_absence
from teams.actions.stand_ins import list_stand_in

LISTS: Final = {
    "communications_lead": ("claire", "elise"),
    "social_media_lead": ("lucas",),
    "legal_counsel": ("sophie",),
    "executive_sponsor": ("marc",),
    "quality_lead": ("yann",),
}


def tell(house: House) -> Story:
    at = yield house.clock("9:00", days=-8)
    for slug, names in LISTS.items():
        for name in names:
            list_stand_in(house.team, role=role(slug), user=house[name], by=house["samuel"], at=at)
    ines, pauline = house["ines"], house["pauline"]
    at = yield house.clock("18:10", days=-1)
    record_absence(
        pauline,
        starts_at=house.clock("18:30", days=-1),
        ends_at=house.clock("8:00", days=5),
        note="Leave; in an emergency by telephone",
        by=pauline,
        at=at,
    )
    at = yield house.clock("19:20", days=-1)
    record_absence(
        ines,
        starts_at=house.clock("8:30"),
        ends_at=house.clock("12:00"),
        note="At the food fair; by SMS, the halls have hardly any network",
        by=ines,
        at=at,
    )
    delegate_signoff(
        ines,
        to=house["lucas"],
        team=house.team,
        role=None,
        starts_at=house.clock("8:30"),
        ends_at=house.clock("12:00"),
        reason="At the food fair, hardly any network",
        by=ines,
        at=at,
    )
    at = yield house.clock("21:20")
    delegate_signoff(
        ines,
        to=house["lucas"],
        team=house.team,
        role=role("social_media_lead"),
        starts_at=house.clock("0:30", days=1),
        ends_at=house.clock("7:30", days=1),
        reason="Relief: Lucas watches the accounts while I sleep",
        by=ines,
        at=at,
    )
