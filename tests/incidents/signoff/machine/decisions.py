"""What people decide about the words."""

from __future__ import annotations

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from crisisdesk.kit.refusals import Refused
from incidents.models import (
    Decision,
    Publication,
    Release,
    Round,
)
from incidents.signoff import queries
from incidents.signoff.actions import releasing
from incidents.statements import actions
from tests.incidents.signoff.machine.words import Writing
from tests.incidents.signoff.machine.world import people, texts


class Deciding(Writing):
    """Signing, releasing, publishing, withdrawing."""

    @rule(who=people)
    def submit(self, who: str) -> None:
        self.attempt(
            lambda: actions.submit_statement(self.statement, by=self.cast[who], at=self.at)
        )

    @precondition(lambda self: self.wrote)
    @rule(
        who=people,
        verb=st.sampled_from(["approve_statement"] * 6 + ["request_changes", "refuse_statement"]),
        behind=st.sampled_from([0, 0, 0, 1]),
        forged=st.sampled_from([False] * 5 + [True]),
    )
    def decide(self, who: str, verb: str, behind: int, forged: bool) -> None:
        newest = self.newest()
        assert newest is not None
        seen = self.statement.versions.filter(number=newest.number - behind).first() or newest
        answer = self.attempt(
            lambda: getattr(actions, verb)(
                self.statement,
                version=seen.number,
                fingerprint="0" * 64 if forged else seen.fingerprint,
                comment="Because.",
                by=self.cast[who],
                at=self.at,
            )
        )
        if isinstance(answer, Decision):
            assert not forged
            self.seen_newest[answer.pk] = newest.number

    @precondition(lambda self: self.wrote)
    @rule(who=people, channel=st.sampled_from(["x", "website"]), text=texts)
    def everyone_signs_and_somebody_publishes(self, who: str, channel: str, text: str) -> None:
        """The whole way, with words typed at the last moment: they go nowhere."""
        self.submit(who)
        self.everyone_signs()
        self.type_words(who, text, False)
        self.publish(who, channel)

    def everyone_signs(self) -> None:
        for _stage in range(4):
            round_ = queries.living_round(self.statement.pk)
            if round_ is None or round_.outcome != Round.Outcome.OPEN:
                return
            for one in queries.signers(round_, at=self.at):
                self.decide(self.name_of(one), "approve_statement", 0, False)

    @precondition(lambda self: self.wrote)
    @rule(
        who=st.sampled_from(["claire", "helene", "ines"]),
        forged=st.sampled_from([False] * 4 + [True]),
    )
    def break_the_glass(self, who: str, forged: bool) -> None:
        newest = self.newest()
        assert newest is not None
        answer = self.attempt(
            lambda: releasing.release_statement(
                self.statement,
                version=newest.number,
                fingerprint="0" * 64 if forged else newest.fingerprint,
                reason="People may be hurt",
                by=self.cast[who],
                at=self.at,
            )
        )
        if isinstance(answer, Release):
            assert not forged
            assert who != "ines"
            event("released")

    @precondition(lambda self: self.wrote)
    @rule(place=st.integers(0, 2), who=st.sampled_from(["claire", "helene"]), other=st.booleans())
    def agree_on_the_telephone(self, place: int, who: str, other: bool) -> None:
        newest, round_ = self.newest(), queries.living_round(self.statement.pk)
        assert newest is not None
        seats = list(queries.open_seats(round_)) if round_ else []
        if round_ is None or not seats:
            return
        seat = seats[place % len(seats)]
        able = [
            self.name_of(one)
            for one in queries.signers(round_, at=self.at)
            if any(
                c.seat == seat for c in queries.capacities(round_, one, self.incident, at=self.at)
            )
        ]
        approver = "ines" if other or not able else able[0]
        answer = self.attempt(
            lambda: releasing.record_oral_agreement(
                self.statement,
                version=newest.number,
                fingerprint=newest.fingerprint,
                seat=seat.key,
                approver=self.cast[approver],
                reason="Read aloud at the airport",
                by=self.cast[who],
                at=self.at,
            )
        )
        if isinstance(answer, Release) and place == 2:
            self.everyone_signs()
            self.publish("claire", "x")
        if isinstance(answer, Release):
            assert approver not in self.wrote[newest.number]
            assert approver != who
            event("agreed orally")

    @rule(
        who=people, verb=st.sampled_from(["confirm_agreement", "deny_agreement", "review_release"])
    )
    def settle_a_release(self, who: str, verb: str) -> None:
        release = Release.objects.filter(outcome="").order_by("pk").first()
        if release is None:
            return
        answer = self.attempt(
            lambda: getattr(releasing, verb)(
                release, words="So it was", by=self.cast[who], at=self.at
            )
        )
        if not isinstance(answer, Refused) and verb != "review_release":
            assert release.approver == self.cast[who]

    @rule(who=people, channel=st.sampled_from(["website", "x", "x", "letter"]))
    def publish(self, who: str, channel: str) -> None:
        answer = self.attempt(
            lambda: actions.record_publication(
                self.statement,
                channel=channel,
                published_at=self.at,
                by=self.cast[who],
                at=self.at,
            )
        )
        event("published" if isinstance(answer, Publication) else "not published")

    @rule(who=people, sure=st.sampled_from([False] * 7 + [True]))
    def withdraw(self, who: str, sure: bool) -> None:
        if sure:
            self.attempt(
                lambda: actions.withdraw_statement(
                    self.statement, reason="Overtaken", by=self.cast[who], at=self.at
                )
            )
