"""What people do with the words."""

from __future__ import annotations

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from crisisdesk.kit.refusals import Refused
from incidents.models import (
    Round,
    Suggestion,
    Version,
)
from incidents.statements import actions, rules
from incidents.statements.actions import suggesting
from incidents.statements.actions.writing import Conflict
from tests.incidents.signoff.machine.world import MATERIAL, TYPO, World, people, texts


class Writing(World):
    """Typing, saving, mending, suggesting, going back."""

    @rule(who=people, text=texts, late=st.booleans())
    def type_words(self, who: str, text: str, late: bool) -> None:
        self.statement.draft.refresh_from_db()
        revision = self.statement.draft.revision - (1 if late else 0)
        answer = self.attempt(
            lambda: actions.save_draft(
                self.statement,
                text=text,
                channel_texts={},
                revision=max(revision, 0),
                by=self.cast[who],
                at=self.at,
            )
        )
        if isinstance(answer, Conflict):
            assert answer.draft.text == self.typed
        elif not isinstance(answer, Refused) and rules.as_typed(text) != self.typed:
            self.typed = rules.as_typed(text)
            self.pending.add(who)

    @rule(who=people, submit=st.booleans(), change=st.sampled_from([TYPO, MATERIAL]))
    def save_version(self, who: str, submit: bool, change: str) -> None:
        last, living = self.newest(), self.approved()
        self.attempt(
            lambda: actions.save_version(
                self.statement,
                reason="",
                change=change,
                submit=submit,
                by=self.cast[who],
                at=self.at,
            )
        )
        self.a_version_was_made(who, last, living)

    def a_version_was_made(self, who: str, last: Version | None, living: int | None) -> None:
        made = self.newest()
        if made is None or made == last:
            return
        carried = set() if last is None or living == last.number else self.wrote[last.number]
        old = [v.number for v in self.statement.versions.all() if v != made and self.same(v, made)]
        revived = set().union(*(self.wrote[n] for n in old))
        self.wrote[made.number] = (self.pending or {who}) | carried | revived
        self.pending = set()

    @precondition(lambda self: self.wrote)
    @rule(who=people, place=st.integers(0, 2), said=st.sampled_from([TYPO, TYPO, MATERIAL]))
    def mend_a_typo(self, who: str, place: int, said: str) -> None:
        """And let the round go on to its end."""
        self.statement.draft.refresh_from_db()
        letters = ["checking", "cheking", "chekking"]
        now = next((word for word in letters if word in self.typed), None)
        if now is not None:
            self.type_words(who, self.typed.replace(now, letters[place]), False)
            self.save_version(who, False, said)
            self.everyone_signs()
            if place == 1:
                self.publish("claire", "x")

    @staticmethod
    def same(one: Version, other: Version) -> bool:
        return (one.text, one.channel_texts) == (other.text, other.channel_texts)

    def approved(self) -> int | None:
        found = Round.objects.filter(
            version__statement=self.statement, outcome=Round.Outcome.APPROVED
        ).first()
        return found.version.number if found else None

    @precondition(lambda self: self.wrote)
    @rule(who=people, old=st.integers(1, 3))
    def go_back(self, who: str, old: int) -> None:
        version = self.statement.versions.filter(number=old).first()
        if version is None:
            return
        answer = self.attempt(
            lambda: actions.go_back_to(
                self.statement, version=version, by=self.cast[who], at=self.at
            )
        )
        if not isinstance(answer, Refused):
            self.typed = version.text
            self.pending |= {who} | self.wrote[version.number]

    @precondition(lambda self: self.wrote)
    @rule(proposer=people, adopter=people, save=st.booleans())
    def suggest_and_adopt(self, proposer: str, adopter: str, save: bool) -> None:
        last, living = self.newest(), self.approved()
        assert last is not None
        made = self.attempt(
            lambda: suggesting.suggest_wording(
                self.statement,
                wording="looking into",
                why="Plainer",
                at_passage={"version": last.number, "words": "checking"},
                by=self.cast[proposer],
                at=self.at,
            )
        )
        if not isinstance(made, Suggestion):
            return
        answer = self.attempt(
            lambda: suggesting.adopt_suggestion(made, save=save, by=self.cast[adopter], at=self.at)
        )
        if isinstance(answer, Refused):
            return
        event("adopted")
        self.statement.draft.refresh_from_db()
        self.typed = self.statement.draft.text
        assert "looking into" in self.typed
        self.pending.add(adopter)
        if save:
            self.a_version_was_made(adopter, last, living)
