"""Somebody from outside: shown one statement until a time, asked by name, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from crisisdesk.kit.refusals import Refused
from incidents.models import ExternalApprover, Round
from incidents.statements.actions import sharing
from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.around import Around
from tests.incidents.signoff.machine.decisions import APPROVE
from tests.incidents.signoff.machine.entitled import ANNE, ANNES_SEAT, FROM_OUTSIDE


@dataclass
class Guest:
    """What somebody from outside was told: to sign or to read, and until when."""

    row: ExternalApprover
    signs: bool
    until: datetime


class Outside(Around):
    """Inviting, ending, going on without them."""

    def is_shown(self, statement: int) -> bool:
        guest = self.guests.get(statement)
        return guest is not None and self.at < guest.until

    def is_asked_from_outside(self, statement: int) -> bool:
        return self.is_shown(statement) and self.guests[statement].signs

    def invite(self, *, signs: bool, minutes: int) -> None:
        self.look_at_rounds()
        shown, until = self.is_shown(self.statement.pk), self.at + timedelta(minutes=minutes)
        answer = self.attempt(
            lambda: sharing.invite_approver(
                self.statement,
                email=ANNES_SEAT,
                name="Anne Leroy",
                language="en",
                signs=signs,
                ends_at=until,
                by=self.cast["claire"],
                at=self.at,
            )
        )
        if isinstance(answer, Refused):
            return
        assert not shown, "shown twice"
        self.guests[self.statement.pk] = Guest(answer, signs, until)
        self.note("invited to sign" if signs else "invited to read")
        newest = self.newest()
        seats = reading.seats_of_version(newest.pk) if newest else []
        if signs and seats and seats[0].outcome in ("open", "approved", "released"):
            self.rounds[seats[0].round].demands.append(FROM_OUTSIDE)
            self.note("invited into a round that runs")

    def end(self) -> None:
        guest = self.guests[self.statement.pk]
        answer = self.attempt(
            lambda: sharing.end_external_approver(guest.row, by=self.cast["claire"], at=self.at)
        )
        if not isinstance(answer, Refused):
            guest.until = min(guest.until, self.at)
            self.note("ended from outside")

    @rule(
        signs=st.sampled_from([True, True, True, False]),
        minutes=st.sampled_from([9, 60, 600]),
        then=st.sampled_from(["", "sign", "sign", "out", "end", "end", "without"]),
    )
    def somebody_from_outside(self, signs: bool, minutes: int, then: str) -> None:
        """
        Is invited, and signs, or is ended and tries all the same; whoever is left goes on.

        Where they are ended their seat stays, until everyone is asked anew without them.
        """
        self.invite(signs=signs, minutes=minutes)
        if then in ("sign", "out") and self.wrote:
            self.submit("ines")
            self.everyone_signs()
        if then in ("end", "without") and self.statement.pk in self.guests:
            self.end()
        if self.wrote and then:
            self.decide(ANNE, APPROVE, 0, "")
        if then == "without":
            self.ask_without()
        if then in ("out", "without") and self.wrote:
            self.everyone_signs()
            self.publish("claire", "x")

    def ask_without(self) -> None:
        guest = self.guests.get(self.statement.pk)
        if guest is None:
            return
        answer = self.attempt(
            lambda: sharing.ask_without_external(
                guest.row, reason="Abroad", by=self.cast["claire"], at=self.at
            )
        )
        if isinstance(answer, Round):
            assert not self.is_shown(self.statement.pk)
            assert not reading.first(
                "SELECT id FROM incidents_decision WHERE round_id = %s", answer.pk
            ), "a sign-off was taken over"
            self.note("asked without who is outside")
