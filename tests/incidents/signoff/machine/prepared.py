"""A prepared text: its variables filled, its fixed words touched or not, taken out of use."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from crisisdesk.kit.refusals import Refused
from incidents.models import Statement
from incidents.statements.actions import preparing
from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.around import then
from tests.incidents.signoff.machine.outside import Outside
from tests.incidents.signoff.machine.says import Frame, Says
from tests.incidents.signoff.machine.world import MATERIAL, people

HOLE = "{product}"
FIXED = f"We have been told of fragments in {HOLE}. We are checking lot L2231 now."
FRAME = Frame("holding")
GOOD = ["Bella pizza", "Margherita", "all our pizza"]
BAD = ["pizza. It is safe", "www.verdier.example"]
FILLED = {FIXED.replace(HOLE, value) for value in GOOD}


class Prepared(Outside):
    """Beginning with one, filling it, touching it, taking it out of use."""

    def begin_prepared(self) -> None:
        answer = preparing.use_prepared(
            self.incident,
            text=self.prepared_text,
            title="",
            channels=list(FRAME.channels),
            values={"product": GOOD[0]},
            by=self.cast["ines"],
            at=self.at,
        )
        self.made_from.add(answer.pk)
        self.begun(answer, FIXED.replace(HOLE, GOOD[0]), {"ines"}, FRAME)

    def is_as_prepared(self, statement: int, said: Says) -> bool:
        """Say whether it is the signed text with nothing but its variables filled in."""
        mine, theirs = said.frame, FRAME
        same = (mine.kind, mine.audience, mine.language) == (
            theirs.kind,
            theirs.audience,
            theirs.language,
        )
        return (
            statement in self.made_from
            and self.is_in_use
            and same
            and set(mine.channels) <= set(theirs.channels)
            and not said.files
            and all(said.on(channel) == said.text for channel in mine.channels)
            and said.text in FILLED
        )

    @precondition(lambda self: self.statement.pk in self.made_from)
    @rule(
        who=people,
        how=st.sampled_from(["fill", "fill", "type", "alter", "withdraw"]),
        value=st.sampled_from([*GOOD, *GOOD, *BAD, ""]),
        then=then,
    )
    def the_prepared_text(self, who: str, how: str, value: str, then: str) -> None:
        if how == "fill":
            self.fill(who, value)
        if how == "type":
            self.keep(who, FIXED.replace(HOLE, value or HOLE), self.own)
        if how == "alter":
            self.keep(who, self.typed.replace("fragments", "metal"), self.own)
        if how == "withdraw":
            self.fill(who, GOOD[1])
            self.go_on(who, "save")
            self.submit(who)
            self.take_out_of_use()
        self.go_on(who, then, MATERIAL)

    def fill(self, who: str, value: str) -> None:
        revision = reading.draft_of(self.statement.pk).revision
        own = {channel for channel in self.own if channel in self.frame.channels}
        stands = self.typed in FILLED or self.typed == FIXED
        answer = self.attempt(
            lambda: preparing.fill_values(
                self.statement,
                values={"product": value},
                revision=revision,
                by=self.cast[who],
                at=self.at,
            )
        )
        if isinstance(answer, Refused):
            editable = self.status() in ("draft", "in_signoff", "good")
            assert value in BAD or own or not stands or not editable, answer
            return
        assert value not in BAD
        words = FIXED.replace(HOLE, value or HOLE)
        if stands and not own and words != self.typed:
            self.typed = words
            self.pending.add(who)
            self.note("a variable filled anew")

    def take_out_of_use(self) -> None:
        text: Statement = self.prepared_text.statement
        self.look_at_rounds()
        answer = self.attempt(
            lambda: preparing.withdraw_prepared(
                text, reason="Out of date", by=self.cast["thomas"], at=self.at
            )
        )
        assert isinstance(answer, Refused) == (not self.is_in_use)
        if self.is_in_use:
            self.is_in_use = False
            self.note("taken out of use")
            self.demand_more(only=self.made_from, because="taken out of use:")
