"""Who comes next when nobody answers to a step. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from incidents.clocks.rules import Addressee

# Where a step finds nobody (no deputy, a role unfilled, the room closed to them) it climbs.
CLIMB: Final[dict[Addressee, tuple[Addressee, ...]]] = {
    Addressee.OWNER: (Addressee.DEPUTY, Addressee.LEAD, Addressee.SPONSOR),
    Addressee.DEPUTY: (Addressee.LEAD, Addressee.SPONSOR, Addressee.OWNER),
    Addressee.LEAD: (Addressee.SPONSOR, Addressee.OWNER),
    Addressee.SPONSOR: (Addressee.LEAD, Addressee.OWNER),
}
LEADERS: Final = {Addressee.LEAD: "crisis_lead", Addressee.SPONSOR: "executive_sponsor"}
LONGEST_SNOOZE: Final = timedelta(hours=24)
