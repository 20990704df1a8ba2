"""What a round asks, what a release needs, what may be called published: looked at as it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from incidents.models import Release, Statement
from incidents.signoff.policies.terms import Terms
from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.entitled import (
    FROM_OUTSIDE,
    Plan,
    asked_of,
    covers,
    fits,
)
from tests.incidents.signoff.machine.reading import SeatRow, stages_of
from tests.incidents.signoff.machine.says import Says
from tests.incidents.signoff.machine.starts import SHIPPED
from tests.incidents.signoff.machine.words import Writing
from tests.incidents.signoff.machine.world import TYPO

# A safety warning to victims never waits.
NEVER_WAITS = "victims"
UNPUBLISHED_SOMEWHERE = ("in_signoff", "good", "published")


@dataclass
class Known:
    """A round as the machine knows it: under which terms it opened, and what it must ask."""

    statement: int
    number: int
    terms: Terms
    plan: Plan
    demands: list[Plan] = field(default_factory=list)


class Checking(Writing):
    """The machine's account of rounds, and its questions to each release and publication."""

    is_as_prepared: Any
    is_asked_from_outside: Any
    is_left_behind: Any
    rounds: dict[int, Known]
    worst: dict[int, int]

    def look_at_rounds(self) -> None:
        """
        See what is asked: never less than at submission, nor than a raised severity added.

        A milder level takes nothing back: what was asked for an earlier version is asked again.
        """
        by_round: dict[int, list[SeatRow]] = {}
        for one in reading.seats_in_play(self.incident.pk, max(self.rounds, default=0)):
            by_round.setdefault(one.round, []).append(one)
        for pk, seats in by_round.items():
            plan = plan_of(seats)
            known = self.rounds.get(pk)
            if known is None:
                known = self.rounds[pk] = self._first_seen(seats[0], plan)
            assert covers(plan, known.plan), "what was asked is asked no more"
            known.plan = plan
            # A raised severity does not ask again whoever has signed this very text.
            signed = tuple((frozenset({s.role}), 1) for s in seats if s.verdict == "approve")
            for wanted in known.demands:
                assert covers((*plan, *signed), wanted), (plan, signed, wanted)
            self._is_what_it_says(pk, seats)

    def _first_seen(self, seat: SeatRow, plan: Plan) -> Known:
        statement = seat.statement
        number = self.number_of(seat.version)
        said = self.spoken[statement][number]
        known = Known(statement, number, self.terms_for(statement, said), plan)
        wanted = self._asked_now(statement, number)
        assert covers(plan, wanted), (plan, wanted)
        assert "{product}" not in said.text, "a text with a hole is asked to be signed"
        before = [one for one in self.rounds.values() if one.statement == statement]
        worst = self.worst.get(statement)
        if before and worst is not None and self.level is not None and worst < self.level:
            self.note("asked at a worse level before")
            still = before[-1].plan
            if not self.is_asked_from_outside(statement):
                still = tuple(one for one in still if one != FROM_OUTSIDE[0])
            assert covers(plan, still), (plan, still)
        elif self.is_as_prepared(statement, said):
            assert covers(wanted, plan), ("asked more than its prepared text needs", plan)
            self.note("asked: as prepared")
        elif statement in self.made_from:
            self.note("asked: prepared, and touched")
        self._was_asked_at(statement)
        return known

    def number_of(self, version: int) -> int:
        row = reading.first("SELECT number FROM incidents_version WHERE id = %s", version)
        assert row is not None
        return int(row[0])

    def terms_for(self, statement: int, said: Says) -> Terms:
        """Return under which terms a version is asked: the team's own where they fit throughout."""
        own = self.terms
        frame = said.frame
        if own is None or self.is_as_prepared(statement, said):
            return SHIPPED
        return own if all(fits(own, frame, one) for one in frame.channels) else SHIPPED

    def _asked_now(self, statement: int, number: int) -> Plan:
        said = self.spoken[statement][number]
        prepared = self.is_as_prepared(statement, said)
        asked = asked_of(said.frame, level=self.level, own=self.terms, prepared=prepared)
        return (*asked, *FROM_OUTSIDE) if self.is_asked_from_outside(statement) else asked

    def _was_asked_at(self, statement: int) -> None:
        if self.level is not None:
            self.worst[statement] = min(self.level, self.worst.get(statement, self.level))

    def demand_more(self, *, only: set[int] | None = None, because: str = "severity") -> None:
        """The severity was raised: what is unpublished somewhere must ask what it asks now."""
        before = {pk: known.plan for pk, known in self.rounds.items()}
        self.look_at_rounds()
        glass = {
            pk
            for (pk,) in reading.rows(
                "SELECT round_id FROM incidents_release WHERE form = 'break_glass'"
            )
        }
        for pk, version, status in reading.rows(
            "SELECT r.id, v.id, s.status FROM incidents_round r"
            " JOIN incidents_version v ON v.id = r.version_id"
            " JOIN incidents_statement s ON s.id = v.statement_id"
            " WHERE r.outcome IN ('open', 'approved', 'released')"
        ):
            out = {channel for channel, _basis in self._publications(version)}
            known = self.rounds.get(pk)
            if known is None or (only is not None and known.statement not in only):
                continue
            channels = self.spoken[known.statement][known.number].frame.channels
            if pk in glass or status not in UNPUBLISHED_SOMEWHERE or out.issuperset(channels):
                continue
            wanted = self._asked_now(known.statement, known.number)
            if pk not in before or not covers(before[pk], wanted):
                self.note(f"{because} added stages" if pk in before else f"{because} asked anew")
            known.demands.append(wanted)
            self._was_asked_at(known.statement)

    def _is_what_it_says(self, pk: int, seats: list[SeatRow]) -> None:
        """Approved: every stage has its people, none by word of mouth; released: somebody did."""
        outcome = seats[0].outcome
        if outcome not in ("approved", "released"):
            return
        is_met = all(
            sum(s.is_taken for s in stage) >= stage[0].needed for stage in stages_of(seats)
        )
        orally = any(one.release for one in seats)
        if outcome == "approved":
            assert is_met
            assert not orally
        elif not (is_met and orally):
            assert reading.first(
                "SELECT id FROM incidents_release WHERE round_id = %s AND form = 'break_glass'", pk
            )

    def was_released(self, release: Release) -> None:
        """A named person, a reason, this text, and a circuit that allows it."""
        self.look_at_rounds()
        row = reading.first(
            "SELECT l.fingerprint, r.fingerprint, v.fingerprint, l.reason, l.round_id"
            " FROM incidents_release l JOIN incidents_round r ON r.id = l.round_id"
            " JOIN incidents_version v ON v.id = l.version_id WHERE l.id = %s",
            release.pk,
        )
        newest = self.newest()
        assert row is not None
        assert newest is not None
        assert row[0] == row[1] == row[2] == newest.fingerprint
        assert row[3]
        said = self.said[newest.number]
        assert said.frame == self.frame, "released for what it is not any more"
        never_waits = said.frame.audience == NEVER_WAITS
        assert never_waits or self.rounds[row[4]].terms.allows_break_glass

    def _publications(self, version: int) -> list[tuple[str, str]]:
        return [
            (channel, basis)
            for channel, basis in reading.rows(
                "SELECT channel, basis FROM incidents_publication WHERE version_id = %s", version
            )
        ]

    def standing(self, statement: Statement, channel: str) -> bool:
        """Say whether a publication of this statement on this channel can be recorded now."""
        row = reading.first("SELECT status FROM incidents_statement WHERE id = %s", statement.pk)
        newest = reading.version_of(statement.pk)
        if row is None or newest is None or row[0] not in ("good", "published"):
            # Superseded: the successor is out, and nothing is published at an earlier time here.
            return False
        seats = reading.seats_of_version(newest.pk)
        if not seats or seats[0].outcome not in ("approved", "released"):
            return False
        out = {one for one, _basis in self._publications(newest.pk)}
        releases = reading.rows(
            "SELECT form, outcome FROM incidents_release WHERE round_id = %s", seats[0].round
        )
        glass = any(form == "break_glass" for form, _outcome in releases)
        denied = any(outcome == "denied" for _form, outcome in releases) and not glass
        channels = self.spoken[statement.pk][newest.number].frame.channels
        return channel in channels and channel not in out and not denied

    def was_published(self, publication: int, statement: Statement) -> None:
        """Exactly the newest text of this statement, signed in full or released by name."""
        self.look_at_rounds()
        row = reading.first(
            "SELECT p.basis, p.fingerprint, p.version_id, p.round_id, p.statement_id,"
            " r.version_id, r.fingerprint, l.round_id, l.fingerprint, l.form, l.reason"
            " FROM incidents_publication p JOIN incidents_round r ON r.id = p.round_id"
            " LEFT JOIN incidents_release l ON l.id = p.release_id WHERE p.id = %s",
            publication,
        )
        newest = reading.version_of(statement.pk)
        assert row is not None
        assert newest is not None
        basis, fingerprint, version, round_, of, signed, bound, released, shown, form, reason = row
        assert of == statement.pk
        assert version == signed == newest.pk
        said = self.spoken[statement.pk][newest.number]
        assert fingerprint == newest.fingerprint == bound == said.fingerprint(statement.uuid)
        if basis == "signed":
            self.was_signed(round_, newest, statement)
        else:
            assert (released, shown, form) == (round_, fingerprint, basis)
            assert reason
        self.seen.add(publication)
        self.published.add(statement.pk)
        self.note(f"published: {basis}")
        for way in ("corrects", "supersedes"):
            if getattr(statement, f"{way}_id"):
                self.note(f"published: {way}")
        self._what_went_out(statement, said, self.rounds[round_].plan)

    def _what_went_out(self, statement: Statement, said: Says, plan: Plan) -> None:
        """Count it, so that nobody thinks something was tried that was not."""
        found = {
            "a picture": said.files,
            "own words for a channel": any(words for _channel, words in said.texts),
            "to another audience": said.frame.audience != "public",
            "as prepared": self.is_as_prepared(statement.pk, said),
            "two of three": any((len(roles), needed) == (3, 2) for roles, needed in plan),
            "signed from outside": FROM_OUTSIDE[0] in plan,
            "a translation": statement.pk == self.translated,
        }
        for what in [one for one, so in found.items() if so]:
            self.note(f"published: {what}")

    def was_signed(self, round_: int, newest: reading.Newest, statement: Statement) -> None:
        """Every stage has enough people: of this text, or of one that only a typo parts from it."""
        seats = reading.rows(
            "SELECT g.id, g.needed, t.slug, d.id, d.verdict, d.fingerprint, d.capacity, c.id,"
            " c.verdict, v.number, v.statement_id FROM incidents_stage g"
            " JOIN incidents_seat e ON e.stage_id = g.id"
            " LEFT JOIN teams_role t ON t.id = e.role_id"
            " LEFT JOIN incidents_decision d ON d.seat_id = e.id"
            " LEFT JOIN incidents_decision c ON c.id = e.carried_from_id"
            " LEFT JOIN incidents_version v ON v.id = c.version_id WHERE g.round_id = %s",
            round_,
        )
        known = self.rounds[round_]
        stages: dict[int, tuple[int, set[str]]] = {}
        fresh = 0
        for stage, needed, role, given, verdict, seen, capacity, carried, before, old, of in seats:
            signed = stages.setdefault(stage, (needed, set()))[1]
            if given is not None:
                assert (verdict, seen) == ("approve", newest.fingerprint)
                signed.add(self.decided[given])
                fresh += 1
                if capacity != "holder":
                    self.note("published: a stand-in signed")
            elif carried is not None:
                assert newest.change == TYPO
                assert (before, of) == ("approve", statement.pk)
                assert known.terms.allows_typo
                assert role not in known.terms.always
                said = self.spoken[statement.pk]
                assert said[newest.number].is_but_a_typo_from(said[old])
                assert self.decided[carried] not in self.written[statement.pk][newest.number]
                signed.add(self.decided[carried])
                self.note("published: a typo was carried")
        assert fresh
        assert all(len(signed) >= needed for needed, signed in stages.values())


def plan_of(seats: list[SeatRow]) -> Plan:
    return tuple(
        (frozenset(one.role for one in stage), stage[0].needed) for stage in stages_of(seats)
    )
