"""How far a round of sign-off is, as finished rows for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crisisdesk.kit.lists import some_of
from incidents.signoff import releases, rules, seat_words

# The states of a seat that hold a sign-off: of this text, or of the one before a typo was mended.
SIGNED, CARRIED = "approved", "carried"
HELD: Final = (SIGNED, CARRIED)


@dataclass(frozen=True)
class OtherRow:
    """Somebody who may take the seat in the holder's place, from a time on (None: now)."""

    name: str
    capacity: str
    since: datetime | None


@dataclass(frozen=True)
class SeatRow:
    """
    A role or person asked to sign: who may, who did. `who`, `struck`, `text` suit {% stages %}.

    `role`: what is asked, of a seat that asks a person (`is_named`) how they came to be asked.
    `others`: who else may sign and from when (None: now), in the order in which the right widens.
    `agreed_by`: the approver who is said to have agreed by word of mouth. `carried_by` signed
    `carried_version`, and only a typo was mended since. `excluded_at`: since when whoever signed
    or agreed is excluded from the incident. `is_missing`: the text lacks this sign-off still.
    `is_stuck`: whoever holds it may not sign this text, and nobody else may. `due_at`: by when it
    is signed, or for an agreement by word of mouth, confirmed.
    """

    state: str
    role: str
    slug: str
    is_named: bool
    holder: str
    away_until: str
    others: tuple[OtherRow, ...]
    signer: str
    agreed_by: str
    carried_by: str
    carried_version: int
    excluded_at: datetime | None
    capacity: str
    deputy_of: str
    decided_at: datetime | None
    comment: str
    is_mine: bool
    my_capacity: str
    due_at: datetime | None
    struck: str
    text: str
    is_missing: bool
    is_stuck: bool

    @property
    def asked(self) -> str:
        """Whose seat it is, where it is named among those that are missing."""
        whose = self.holder if self.is_named else self.role
        words = {"role": whose, "name": self.holder}
        known = bool(self.holder) and self.holder != whose
        if self.state == "oral":
            words["name"] = self.agreed_by
            if self.agreed_by == whose:
                return _("%(name)s (by word of mouth, not confirmed yet)") % words
            return _("%(role)s (%(name)s, by word of mouth, not confirmed yet)") % words
        return _("%(role)s (%(name)s)") % words if known else whose

    @property
    def who(self) -> str:
        return str(capfirst(self.role))

    @property
    def given_by(self) -> str:
        return self.signer or self.carried_by or self.agreed_by

    @property
    def is_unfilled(self) -> bool:
        return not self.holder and not self.given_by and not self.others

    @property
    def stands_in(self) -> bool:
        return bool(self.my_capacity) and self.my_capacity != rules.Capacity.HOLDER


@dataclass(frozen=True)
class StageRow:
    order: int
    needed: int
    opened_at: datetime | None
    due_at: datetime | None
    completed_at: datetime | None
    seats: tuple[SeatRow, ...]

    @property
    def is_choice(self) -> bool:
        """Not everybody who is asked has to sign."""
        return self.needed < len(self.seats)

    @property
    def signed(self) -> int:
        """Count who signed this very text, of those who are needed."""
        return min(self.needed, sum(seat.state == SIGNED for seat in self.seats))

    @property
    def carried(self) -> int:
        """Count whose sign-off stands over a typo, of those who are needed beside the signed."""
        return min(self.needed - self.signed, sum(seat.state == CARRIED for seat in self.seats))

    @property
    def missing(self) -> tuple[str, ...]:
        """Whose sign-off it lacks, in words: all of them, or some of them where that is enough."""
        names = [seat.asked for seat in self.seats if seat.is_missing]
        lacking = self.needed - (len(self.seats) - len(names))
        return tuple(names) if lacking >= len(names) else (some_of(names, lacking),)

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.completed_at is None


@dataclass(frozen=True)
class RoundRow:
    """A round; `outcome_words` say how it stands or ended, and why where it is void."""

    pk: int
    outcome: str
    opened_at: datetime
    closed_at: datetime | None
    policy: str
    stages: tuple[StageRow, ...]
    owed: tuple[releases.OwedRow, ...] = ()
    outcome_words: str = ""

    @property
    def seats(self) -> list[SeatRow]:
        return [seat for stage in self.stages for seat in stage.seats]

    @property
    def needed(self) -> int:
        return sum(stage.needed for stage in self.stages)

    @property
    def signed(self) -> int:
        """Count who signed this very text; an agreement by word of mouth is no sign-off."""
        return sum(stage.signed for stage in self.stages)

    @property
    def carried(self) -> int:
        """Count who is not asked again: they signed the text before a typo was mended."""
        return sum(stage.carried for stage in self.stages)

    @property
    def asked(self) -> int:
        """Count the sign-offs that this very text needs."""
        return self.needed - self.carried

    @property
    def signed_words(self) -> str:
        """Say who signed this very text."""
        return seat_words.signed([seat.signer for seat in self.seats if seat.state == SIGNED])

    @property
    def carried_words(self) -> str:
        """Say who signed which version before it, where only a typo was mended since."""
        stand = [seat for seat in self.seats if seat.state == CARRIED]
        return seat_words.stand([(seat.carried_by, seat.carried_version) for seat in stand])

    @property
    def excluded(self) -> list[SeatRow]:
        """Return the seats whose sign-off counts although its signer is excluded by now."""
        return [seat for seat in self.seats if seat.excluded_at and seat.state in HELD]

    @property
    def unconfirmed(self) -> int:
        """Count the agreements by word of mouth that their approver has not confirmed."""
        return sum(seat.state == "oral" for seat in self.seats)

    @property
    def confirmed(self) -> int:
        return sum(seat.state == "confirmed" for seat in self.seats)

    @property
    def missing(self) -> tuple[str, ...]:
        """Whose sign-off the text lacks, in words (see `releases.missing`)."""
        return tuple(words for stage in self.stages for words in stage.missing)

    @property
    def due_at(self) -> datetime | None:
        return next((s.due_at for s in self.stages if s.is_open), None)

    @property
    def my_turn(self) -> bool:
        return any(seat.is_mine for seat in self.seats)
