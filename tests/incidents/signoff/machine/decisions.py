"""What people decide about the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from crisisdesk.kit.refusals import Refused
from incidents.models import Decision, Publication, Release, Statement
from incidents.signoff.actions import releasing
from incidents.signoff.actions.refused import OwnWords
from incidents.signoff.reading import NotRead
from incidents.statements import actions
from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.entitled import ANNE, ANNES_SEAT, RANK, Hands
from tests.incidents.signoff.machine.publishing import Checking
from tests.incidents.signoff.machine.reading import SeatRow, moment, whose_turn
from tests.incidents.signoff.machine.world import (
    CONFIRM,
    DENY,
    EVERYONE,
    MATERIAL,
    PEOPLE,
    channels,
    everyone,
    people,
    texts,
)

APPROVE = "approve_statement"
forgeries = st.sampled_from(["", "", "", "", "zeros", "before"])


class Deciding(Checking):
    """Signing, releasing, publishing, withdrawing."""

    can_read: Any
    attest: Any

    @rule(who=people)
    def submit(self, who: str) -> None:
        answer = self.attempt(
            lambda: actions.submit_statement(self.statement, by=self.cast[who], at=self.at)
        )
        if not isinstance(answer, Refused):
            assert self.said[max(self.said)].frame == self.frame, "asked for what it is not"

    def able(self, who: str) -> dict[str, str]:
        """Return the seats of the newest version that a person may take now, and as what."""
        newest = self.newest()
        seats = reading.seats_of_version(newest.pk) if newest else []
        return self.able_in(who, seats, newest.number) if newest and seats else {}

    def able_in(
        self, who: str, seats: list[SeatRow], number: int, *, but_for_the_rules: bool = False
    ) -> dict[str, str]:
        out = {self.name_of(pk) for s in seats for pk in (s.signer, s.approver) if pk}
        barred, hands = self.wrote[number] | out, self.hands
        if but_for_the_rules:
            barred, hands = set(), self._as_if_nothing_held(who)
        found: dict[str, str] = {}
        for one in whose_turn(seats):
            if one.is_taken:
                continue
            gone = (self.at - moment(one.opened_at)).total_seconds() / (60 * one.minutes)
            gone = 1.0 if but_for_the_rules else gone
            if one.role == ANNES_SEAT:
                asked = self.is_asked_from_outside(one.statement) or but_for_the_rules
                capacity = "holder" if who == ANNE and who not in barred and asked else None
            else:
                capacity = hands.signs_as(who, one.role, barred=barred, gone_by=gone, at=self.at)
            if capacity:
                found[one.role] = capacity
        return found

    def _as_if_nothing_held(self, who: str) -> Hands:
        """Return whose hands it would be in: hand-overs without an end, and nobody shut out."""
        given = [
            (one, to, start, datetime.max.replace(tzinfo=UTC))
            for one, to, start, _ in self.hands.handed_over
        ]
        if who in self.hands.excluded:
            return Hands(handed_over=given)
        return replace(self.hands, handed_over=given, excluded=set())

    def tempted(self) -> list[str]:
        """Return who could sign but for one rule: wrote it, has signed, is excluded, too early or late."""
        newest = self.newest()
        seats = reading.seats_of_version(newest.pk) if newest else []
        if newest is None or not seats:
            return []
        return [
            who
            for who in EVERYONE
            if not self.able_in(who, seats, newest.number)
            and self.able_in(who, seats, newest.number, but_for_the_rules=True)
        ]

    def forged(self, how: str, newest: reading.Newest) -> str:
        """Return a fingerprint that is not this text's: of nothing, or of the words before."""
        before = reading.version_of(self.statement.pk, newest.number - 1)
        if before is None and self.before is not None:
            before = reading.version_of(self.before.pk)
        return before.fingerprint if how == "before" and before else "0" * 64

    @precondition(lambda self: self.wrote)
    @rule(
        who=everyone,
        verb=st.sampled_from([APPROVE] * 6 + ["request_changes", "refuse_statement"]),
        behind=st.sampled_from([0, 0, 0, 1]),
        forged=forgeries,
    )
    def decide(self, who: str, verb: str, behind: int, forged: str) -> None:
        """Whoever may, can; whoever may not, cannot: by what the machine works out beforehand."""
        newest = self.newest()
        assert newest is not None
        seen = reading.version_of(self.statement.pk, newest.number - behind) or newest
        able = self.able(who)
        answer = self.attempt(
            lambda: getattr(actions, verb)(
                self.statement,
                version=seen.number,
                fingerprint=self.forged(forged, newest) if forged else seen.fingerprint,
                comment="Because.",
                by=self.cast[who],
                at=self.at,
            )
        )
        readable = verb != APPROVE or self.can_read(who, newest.number)
        proper = bool(able) and not forged and seen == newest and readable
        assert isinstance(answer, Decision) == proper, (who, able, forged, seen, newest, answer)
        if isinstance(answer, Decision):
            self.was_entitled(answer.pk, who, able, newest)
        elif able and isinstance(answer, NotRead):
            self.note("refused what they do not read")
        elif able:
            self.note("refused what was not on the screen")
        elif who == ANNE and who in self.tempted():
            self.note("refused who was shown it no longer")
        elif who in self.hands.excluded and who in self.tempted():
            self.note("refused who is excluded")
        elif isinstance(answer, OwnWords):
            self.note("refused their own words")

    def was_entitled(
        self, decision: int, who: str, able: dict[str, str], newest: reading.Newest
    ) -> None:
        """Compare what is on record with who could sign what, a moment before."""
        row = reading.first(
            "SELECT d.signer_id, d.capacity, d.deputy_of_id, d.version_id, d.fingerprint,"
            " COALESCE(t.slug, p.email),"
            " r.version_id, r.fingerprint FROM incidents_decision d"
            " JOIN incidents_seat e ON e.id = d.seat_id"
            " LEFT JOIN teams_role t ON t.id = e.role_id"
            " LEFT JOIN teams_user p ON p.id = e.person_id"
            " JOIN incidents_round r ON r.id = d.round_id WHERE d.id = %s",
            decision,
        )
        assert row is not None
        signer, capacity, deputy_of, version, fingerprint, role, of_round, bound = row
        assert self.name_of(signer) == who
        assert who not in self.wrote[newest.number]
        assert version == of_round == newest.pk
        assert fingerprint == bound == newest.fingerprint
        assert able.get(role) == capacity == min(able.values(), key=RANK.index)
        holder = self.hands.holder.get(role)
        stood_for = self.name_of(deputy_of) if deputy_of else None
        assert stood_for == (None if capacity == "holder" else holder)
        self.decided[decision] = who
        self.note(f"signed: {capacity}" if who != ANNE else "signed: from outside")

    def everyone_signs(self, *, late: bool = False, forged: str = "") -> None:
        """Let the round go on to its end, by anyone who may; `late`: whoever stands behind."""
        newest = self.newest()
        if newest is not None and self.said[newest.number].frame.language != "en":
            self.let_somebody_vouch(newest.number)
        if tempted := self.tempted():
            one = next((one for one in tempted if one in self.hands.excluded), "")
            self.decide(one or tempted[self.entries() % len(tempted)], APPROVE, 0, "")
        for _sign in range(6):
            seats = reading.seats_of_version(newest.pk) if newest else []
            if newest is None or not seats:
                return
            could = [
                (able, who)
                for who in EVERYONE
                if (able := self.able_in(who, seats, newest.number))
                and self.can_read(who, newest.number)
            ]
            if not could:
                return
            behind = max(could, key=lambda one: max(map(RANK.index, one[0].values())))
            given = next((one for one in could if "delegate" in one[0].values()), None)
            turn = self.entries()
            who = (behind if late else (given if turn % 2 else None) or could[turn % len(could)])[1]
            if forged:
                self.decide(who, APPROVE, 0, forged)
            self.decide(who, APPROVE, 0, "")

    def let_somebody_vouch(self, number: int) -> None:
        """Whoever does not read it tries to sign it first."""
        blind = (who for who in EVERYONE if not self.can_read(who, number) and self.able(who))
        if who := next(blind, ""):
            self.decide(who, APPROVE, 0, "")
            self.attest(("karim", "claire", "sophie")[self.entries() % 3])

    @precondition(lambda self: self.wrote)
    @rule(who=people, channel=channels, text=texts, late=st.booleans())
    def everyone_signs_and_somebody_publishes(
        self, who: str, channel: str, text: str, late: bool
    ) -> None:
        """The whole way, with words typed at the last moment: they go nowhere."""
        self.submit(who)
        if late:
            self.time_passes(3)
        self.everyone_signs(late=late)
        self.type_words(who, text, False)
        self.publish(who, channel)

    @precondition(lambda self: self.wrote)
    @rule(who=people, text=texts, worst=st.integers(0, 4), late=st.booleans())
    def it_was_thought_worse(self, who: str, text: str, worst: int, late: bool) -> None:
        """The severity rises and falls again, and new words are asked of everyone all the same."""
        if worst > 1:
            return
        for level in (worst, 2 + worst):
            self.severity_changes(level)
            self.look_at_rounds()
        self.type_words(who, text, False)
        self.save_version(who, False, MATERIAL)
        if late:
            self.look_at_rounds()
            self.type_words(who, text + " We will say more at noon.", False)
            self.save_version(who, False, MATERIAL)

    @precondition(lambda self: self.wrote)
    @rule(
        who=st.sampled_from(["claire", "helene", "ines"]),
        forged=forgeries,
        then=st.sampled_from(["", "publish", "review"]),
    )
    def break_the_glass(self, who: str, forged: str, then: str) -> None:
        newest = self.newest()
        assert newest is not None
        answer = self.attempt(
            lambda: releasing.release_statement(
                self.statement,
                version=newest.number,
                fingerprint=self.forged(forged, newest) if forged else newest.fingerprint,
                reason="People may be hurt",
                by=self.cast[who],
                at=self.at,
            )
        )
        if isinstance(answer, Release):
            assert not forged
            assert self.hands.may_break_the_glass(who)
            self.was_released(answer)
            self.note("released: break_glass")
            if then == "publish":
                self.publish("claire", "website")
            if then == "review":
                self.settle_a_release(
                    "helene" if who == "claire" else "claire", "review_release", False
                )

    @precondition(lambda self: self.wrote)
    @rule(
        place=st.integers(0, 2),
        who=st.sampled_from(["claire", "helene"]),
        other=st.sampled_from(["", "", "", "ines", "thomas"]),
        then=st.sampled_from(["", CONFIRM, DENY]),
    )
    def agree_on_the_telephone(self, place: int, who: str, other: str, then: str) -> None:
        newest = self.newest()
        assert newest is not None
        open_seats = [s for s in whose_turn(reading.seats_of_version(newest.pk)) if not s.is_taken]
        if not open_seats:
            return
        seat = open_seats[place % len(open_seats)].role
        able = [one for one in PEOPLE if one != who and seat in self.able(one)]
        approver = other or next(iter(able), "ines")
        answer = self.attempt(
            lambda: releasing.record_oral_agreement(
                self.statement,
                version=newest.number,
                fingerprint=newest.fingerprint,
                seat=seat,
                approver=self.cast[approver],
                reason="Read aloud at the airport",
                by=self.cast[who],
                at=self.at,
            )
        )
        if isinstance(answer, Release):
            assert approver in able
            assert self.can_read(approver, newest.number)
            assert approver not in self.wrote[newest.number]
            assert self.hands.may_break_the_glass(who)
            self.was_released(answer)
            self.note("released: oral")
            if place == 2:
                self.everyone_signs()
                self.publish("claire", "x")
            if then:
                self.settle_a_release(approver, then, False)

    @rule(
        who=people,
        verb=st.sampled_from([CONFIRM, CONFIRM, DENY, "review_release"]),
        proper=st.booleans(),
    )
    def settle_a_release(self, who: str, verb: str, proper: bool) -> None:
        release = Release.objects.filter(outcome="").order_by("pk").first()
        if release is None:
            return
        if proper and release.approver is not None:
            who = self.name_of(release.approver.pk)
        answer = self.attempt(
            lambda: getattr(releasing, verb)(
                release, words="So it was", by=self.cast[who], at=self.at
            )
        )
        if isinstance(answer, Refused):
            return
        self.note(f"release settled: {verb}")
        assert who != self.name_of(release.released_by_id)
        if verb != "review_release":
            assert release.approver == self.cast[who]

    @rule(who=people, channel=channels)
    def somebody_publishes(self, who: str, channel: str) -> None:
        self.publish(who, channel)

    def publish(self, who: str, channel: str, *, statement: Statement | None = None) -> Any:
        """Record it; refused or not as the machine expects."""
        statement = statement or self.statement
        behind = self.is_left_behind(statement)
        seen = self.original if self.entries() % 2 else None
        expected = self.standing(statement, channel) and (not behind or seen is not None)
        answer = self.attempt(
            lambda: actions.record_publication(
                statement,
                channel=channel,
                published_at=self.at,
                posted_text=self.goes_out(statement, channel),
                original_seen=seen,
                by=self.cast[who],
                at=self.at,
            )
        )
        assert isinstance(answer, Publication) == expected, (answer, behind, seen)
        if isinstance(answer, Publication):
            assert not answer.differs
            assert bool(answer.note) == behind
            self.note("published: behind its original, and said so") if behind else None
            self.was_published(answer.pk, statement)
        elif behind and self.standing(statement, channel):
            self.note("refused: behind its original, and not said")
        return answer

    def goes_out(self, statement: Statement, channel: str) -> str:
        """Return the text that is signed for a channel, as it is pasted back."""
        said = self.spoken[statement.pk]
        if not said or channel not in said[max(said)].frame.channels:
            return ""
        return said[max(said)].on(channel)

    @precondition(lambda self: self.before)
    @rule(who=people, channel=channels, away=st.sampled_from([False, False, True]))
    def of_the_one_before(self, who: str, channel: str, away: bool) -> None:
        """The first statement goes out on another channel, or is withdrawn."""
        self.withdraw(who, True, self.before) if away else self.publish(
            who, channel, statement=self.before
        )

    @rule(who=people, sure=st.sampled_from([False] * 7 + [True]))
    def withdraw(self, who: str, sure: bool, statement: Statement | None = None) -> None:
        if sure:
            self.attempt(
                lambda: actions.withdraw_statement(
                    statement or self.statement,
                    reason="Overtaken",
                    by=self.cast[who],
                    at=self.at,
                )
            )
