"""What people do with the words."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from crisisdesk.kit.refusals import Refused
from incidents.models import Statement, Suggestion
from incidents.statements import actions, rules
from incidents.statements.actions import suggesting
from incidents.statements.actions.writing import Conflict
from teams.models import Audience
from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.says import Says, says
from tests.incidents.signoff.machine.world import (
    MATERIAL,
    TYPO,
    World,
    channels,
    people,
    texts,
)

SPELLINGS = ["checking", "cheking", "checkng"]


class Writing(World):
    """Typing, saving, mending, suggesting, going back; beginning what sets the first one right."""

    @rule(who=people, text=texts, late=st.booleans())
    def type_words(self, who: str, text: str, late: bool) -> None:
        self.keep(who, text, self.own, late=late)

    def keep(self, who: str, text: str, own: dict[str, str], *, late: bool = False) -> None:
        """Have a draft saved; `late`: from a screen on which the last words are not."""
        revision = reading.draft_of(self.statement.pk).revision
        answer = self.attempt(
            lambda: actions.save_draft(
                self.statement,
                text=text,
                channel_texts=own,
                revision=max(revision - (1 if late else 0), 0),
                by=self.cast[who],
                at=self.at,
            )
        )
        words = (rules.as_typed(text), own)
        if isinstance(answer, Conflict):
            assert answer.draft.text == self.typed
        elif not isinstance(answer, Refused) and words != (self.typed, self.own):
            self.typed, self.own = words
            self.pending.add(who)

    @rule(who=people, submit=st.booleans(), change=st.sampled_from([TYPO, MATERIAL]))
    def save_version(self, who: str, submit: bool, change: str) -> None:
        last, approved = self.newest(), self.approved()
        answer = self.attempt(
            lambda: actions.save_version(
                self.statement,
                reason="",
                change=change,
                submit=submit,
                by=self.cast[who],
                at=self.at,
            )
        )
        self.a_version_was_made(who, last, approved)
        if not isinstance(answer, Refused):
            assert self.said[max(self.said)] == self.saying(), "not what was typed"

    def saying(self) -> Says:
        """Return what a version would say that is saved now."""
        return says(self.frame, self.typed, self.own, self.files)

    def a_version_was_made(
        self, who: str, last: reading.Newest | None, approved: int | None
    ) -> None:
        """Work out whose words a new version holds, and that it holds what was typed."""
        made = self.newest()
        if made is None or (last is not None and made.pk == last.pk):
            return
        now = self.saying()
        assert made.text == now.text
        assert made.fingerprint == now.fingerprint(self.statement.uuid)
        carried = set() if last is None or approved == last.number else self.wrote[last.number]
        same = [self.wrote[number] for number, one in self.said.items() if one == now]
        self.wrote[made.number] = (self.pending or {who}) | carried | set().union(*same)
        self.pending = set()
        self.said[made.number] = now
        if self.statement.pk == self.translated:
            self.behind[made.number] = self.original

    def approved(self) -> int | None:
        """Return the number of the version that is fully signed now."""
        found = reading.first(
            "SELECT v.number FROM incidents_round r JOIN incidents_version v ON v.id = r.version_id"
            " WHERE v.statement_id = %s AND r.outcome = 'approved'",
            self.statement.pk,
        )
        return found[0] if found else None

    @precondition(lambda self: self.wrote)
    @rule(
        who=people,
        step=st.sampled_from([1, 2]),
        digit=st.sampled_from([False, False, False, True]),
        said=st.sampled_from([TYPO, TYPO, TYPO, MATERIAL]),
        signed=st.booleans(),
    )
    def mend_a_typo(self, who: str, step: int, digit: bool, said: str, signed: bool) -> None:
        """And let the round go on to its end; a digit comes with it where that is tried."""
        now = next((word for word in SPELLINGS if word in self.typed), None)
        if now is None:
            return
        if signed:
            self.submit(who)
            self.everyone_signs()
        text = self.typed.replace(now, SPELLINGS[(SPELLINGS.index(now) + step) % 3])
        self.type_words(who, text.replace("L2231", "L2237") if digit else text, False)
        self.save_version(who, False, said)
        self.everyone_signs()
        self.publish("claire", "x")

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
            said = self.said[old]
            self.typed, self.files = said.text, said.files
            self.own = {channel: words for channel, words in said.texts if words}
            self.pending |= {who} | self.wrote[version.number]
            self.note("went back")

    @precondition(lambda self: self.wrote)
    @rule(proposer=people, adopter=people, save=st.booleans())
    def suggest_and_adopt(self, proposer: str, adopter: str, save: bool) -> None:
        last, approved = self.newest(), self.approved()
        assert last is not None
        if "checking" not in last.text:
            return
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
        self.note("adopted")
        draft = reading.draft_of(self.statement.pk)
        assert (draft.own, draft.files) == (self.own, self.files)
        self.typed = draft.text
        assert "looking into" in self.typed
        self.pending.add(adopter)
        if save:
            self.a_version_was_made(adopter, last, approved)

    @precondition(lambda self: self.statement.pk in self.published)
    @rule(
        who=people,
        text=texts,
        how=st.sampled_from(["corrects", "supersedes", "supersedes"]),
        whole=st.booleans(),
        channel=channels,
    )
    def correct(self, who: str, text: str, how: str, whole: bool, channel: str) -> None:
        """
        Begin what sets the published one right or takes its place; it goes through the same life.

        `whole`: at once, to its publication, and at each step without the sign-offs of the first.
        """
        before, out = self.statement, self.newest()
        assert out is not None
        taken_from = before.versions.get(pk=out.pk)
        signed = self.approved() == out.number
        kind = Statement.Kind.CORRECTION if how == "corrects" else self.frame.kind
        frame = replace(self.frame, kind=kind)
        answer = self.attempt(
            lambda: actions.draft_statement(
                self.incident,
                title="Correction",
                kind=frame.kind,
                audience=Audience.objects.get(slug=frame.audience),
                language=frame.language,
                channels=frame.channels,
                text=text,
                taken_from=taken_from,
                by=self.cast[who],
                at=self.at,
                **{how: before},
            )
        )
        assert isinstance(answer, Statement), answer
        self.before = before
        authors = {who} | (set() if signed else self.written[before.pk][out.number])
        self.begun(answer, rules.as_typed(text), authors, frame)
        self.note(f"begun: {how}")
        if whole:
            for step in (lambda: None, lambda: self.save_version(who, False, TYPO)):
                step()
                assert isinstance(self.publish(who, channel), Refused)
            self.save_version(who, True, MATERIAL)
            assert isinstance(self.publish(who, channel), Refused)
            self.everyone_signs(forged="before")
            self.publish(who, channel)
