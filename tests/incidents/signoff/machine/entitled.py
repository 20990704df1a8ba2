"""
Who may sign, worked out a second time from what the people did: no query, nothing of the engine.

PRODUCT 7: the holder, and whom they handed their sign-off to; the deputy from half of the time,
the team's list from three quarters; each at once where nobody before them is within reach; never
outside the function; never who is excluded, wrote the text, or has had their say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import product

from incidents.signoff.policies.terms import Terms
from tests.incidents.signoff.machine.says import Frame

COMMUNICATIONS, LEGAL = "communications_lead", "legal_counsel"
EXECUTIVE, SOCIAL = "executive_sponsor", "social_media_lead"
FUNCTIONS = {
    "claire": "communications",
    "karim": "legal",
    "sophie": "legal",
    "helene": "executive",
    "thomas": "communications",
    "ines": "marketing",
    "ana": "legal",
}
# A social media lead sits where the house puts them: the holder's function counts.
OF_ROLES = {COMMUNICATIONS: "communications", LEGAL: "legal", EXECUTIVE: "executive"}
HELD = {LEGAL: "karim", EXECUTIVE: "helene", COMMUNICATIONS: "thomas", SOCIAL: "ines"}
LISTED = {COMMUNICATIONS: "claire", LEGAL: "ana"}
RANK = ("holder", "delegate", "deputy", "listed")

Window = tuple[str, str, datetime, datetime]  # who, to whom ("" where they are away), from, to


@dataclass
class Hands:
    """Who holds what, stands behind whom, is away, has handed over, is the subject."""

    holder: dict[str, str] = field(default_factory=lambda: dict(HELD))
    deputy: dict[str, str] = field(default_factory=lambda: {LEGAL: "sophie"})
    handed_over: list[Window] = field(default_factory=list)
    absent: list[Window] = field(default_factory=list)
    excluded: set[str] = field(default_factory=set)

    def exclude(self, who: str) -> None:
        """Their deputies take over; they stand behind nobody any more."""
        self.excluded.add(who)
        for role in [role for role, one in self.holder.items() if one == who]:
            del self.holder[role]
            heir = self.deputy.pop(role, "")
            if heir and heir not in self.excluded:
                self.holder[role] = heir
        self.deputy = {role: one for role, one in self.deputy.items() if one != who}

    def give(self, role: str, who: str) -> None:
        self.holder[role] = who
        self.deputy.pop(role, None)

    def may_break_the_glass(self, who: str) -> bool:
        """Crisis lead or executive sponsor; the deputy has the rights of the holder."""
        ours = ("claire", self.holder.get(EXECUTIVE), self.deputy.get(EXECUTIVE))
        return who in ours and who not in self.excluded

    def signs_as(
        self, who: str, role: str, *, barred: Collection[str], gone_by: float, at: datetime
    ) -> str | None:
        """Return in which capacity a person may take a seat of this role now, or None."""
        if who in barred or who in self.excluded:
            return None
        rows = self._rows(role, at)
        for place, (capacity, people) in enumerate(rows):
            if who not in people:
                continue
            since = {"deputy": 0.5, "listed": 0.75}.get(capacity, 0.0)
            before = [one for _capacity, row in rows[:place] for one in row]
            if gone_by >= since or not any(self._near(one, barred, at) for one in before):
                return capacity
            return None
        return None

    def _rows(self, role: str, at: datetime) -> list[tuple[str, list[str]]]:
        """Return holder, delegates, deputy and list: nobody but the holder outside the function."""
        holder, deputy = self.holder.get(role, ""), self.deputy.get(role, "")
        function = OF_ROLES.get(role) or FUNCTIONS.get(holder)
        given = [
            to for who, to, start, end in self.handed_over if who == holder and start <= at < end
        ]
        behind = (given, [deputy], [LISTED.get(role, "")])
        fit = [[one for one in row if one and FUNCTIONS[one] == function] for row in behind]
        return list(zip(RANK, [[holder] if holder else [], *fit], strict=True))

    def _near(self, who: str, barred: Collection[str], at: datetime) -> bool:
        is_away = any(one == who and start <= at < end for one, _to, start, end in self.absent)
        return not is_away and who not in barred and who not in self.excluded


Plan = tuple[tuple[frozenset[str], int], ...]  # stages: of these roles, so many sign

THREE: Plan = ((frozenset({COMMUNICATIONS, LEGAL, EXECUTIVE}), 3),)
# PRODUCT 5, the last column; a level that was never given asks what critical asks.
BY_LEVEL: dict[int | None, Plan] = {
    None: THREE,
    1: THREE,
    2: ((frozenset({COMMUNICATIONS}), 1), (frozenset({LEGAL}), 1)),
    3: ((frozenset({COMMUNICATIONS}), 1),),
    4: ((frozenset({SOCIAL, COMMUNICATIONS}), 1),),
}
APOLOGY: dict[int | None, Plan] = {
    2: (*BY_LEVEL[2], (frozenset({EXECUTIVE}), 1)),
    3: (*BY_LEVEL[3], (frozenset({EXECUTIVE}), 1)),
    4: (*BY_LEVEL[3], (frozenset({EXECUTIVE}), 1)),
}


# Of a prepared text with nothing but its variables filled in.
REDUCED: Plan = ((frozenset({COMMUNICATIONS, LEGAL}), 1),)
# Somebody from outside is asked by name: the key of their seat.
ANNE, ANNES_SEAT = "anne", "anne@desk.test"
FROM_OUTSIDE: Plan = ((frozenset({ANNES_SEAT}), 1),)


def asked_of(frame: Frame, *, level: int | None, own: Terms | None, prepared: bool) -> Plan:
    """
    Return what must be asked: on each channel, what its most specific policy asks.

    `own`: the team's own policy, which goes first where it fits; `prepared`: as it was signed
    beforehand.
    """
    if prepared:
        return BY_LEVEL[4] if level == 4 else REDUCED
    executive: Plan = ((frozenset({EXECUTIVE}), 1),) if frame.kind == "apology" else ()
    house = APOLOGY.get(level, BY_LEVEL[level]) if executive else BY_LEVEL[level]
    found: Plan = ()
    for channel in frame.channels:
        found += stages_of(own) if own and fits(own, frame, channel) else house
    return (*dict.fromkeys(found), *executive)


def fits(own: Terms, frame: Frame, channel: str) -> bool:
    asked = (own.channel, own.language, own.audience)
    is_so = (channel, frame.language, frame.audience)
    return all(wanted in ("", here) for wanted, here in zip(asked, is_so, strict=True))


def stages_of(own: Terms) -> Plan:
    return tuple(
        (frozenset(one["roles"]), one["needed"] or len(one["roles"])) for one in own.stages
    )


@cache
def covers(has: Plan, wanted: Plan) -> bool:
    """Say whether whatever set of roles satisfies one circuit satisfies the other too."""
    roles = sorted(set().union(*(stage for stage, _needed in (*has, *wanted))))
    for there in product((False, True), repeat=len(roles)):
        signed = {role for role, is_there in zip(roles, there, strict=True) if is_there}
        if _is_met(has, signed) and not _is_met(wanted, signed):
            return False
    return True


def _is_met(plan: Plan, signed: set[str]) -> bool:
    return all(len(signed & roles) >= needed for roles, needed in plan)
