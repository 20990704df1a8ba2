"""The same message in two languages: the original goes on, a reader vouches, a signer reads or not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from incidents.models import Attestation, Statement, Version
from incidents.statements import actions
from incidents.statements.actions import translating
from tests.conftest import NINE
from tests.incidents.signoff.conftest import WORDS, draft
from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.prepared import Prepared
from tests.incidents.signoff.machine.says import Frame, reads
from tests.incidents.signoff.machine.starts import Start
from tests.incidents.signoff.machine.world import people, texts


class Languages(Prepared):
    """Translating, attesting; the original changes meanwhile."""

    def begin_with(self, start: Start) -> None:
        """Begin the statement of a life: written, made of a prepared text, or translated."""
        if start.origin == "prepared":
            self.begin_prepared()
            return
        frame = Frame(start.kind)
        written = draft(self.incident, self.cast["ines"], NINE, kind=start.kind)
        if start.origin != "translated":
            self.begun(written, WORDS, {"ines"}, frame)
            return
        by = self.cast["ines"]
        actions.save_version(written, reason="", by=by, at=NINE)
        self.master, self.original = written, 1
        made = translating.translate_statement(written, language="fr", copy=False, by=by, at=NINE)
        self.translated = made.pk
        self.begun(made, "", set(), Frame(start.kind, language="fr"))
        self.keep("ines", WORDS, {})

    def is_left_behind(self, statement: Statement) -> bool:
        """Say whether the original has gone on since, and no reader says that it says the same."""
        said = self.spoken[statement.pk]
        if statement.pk != self.translated or not said:
            return False
        vouched = {original for _who, original in self.vouched.get((statement.pk, max(said)), ())}
        return self.behind[max(said)] != self.original and self.original not in vouched

    def can_read(self, who: str, number: int) -> bool:
        """Say whether they read this version, or another reader says what it says."""
        others = {one for one, _o in self.vouched.get((self.statement.pk, number), ())} - {who}
        return reads(who, self.said[number].frame.language) or bool(others)

    @precondition(lambda self: self.master)
    @rule(text=texts, publish=st.booleans())
    def the_original_goes_on(self, text: str, publish: bool) -> None:
        """Perhaps between the sign-off of its translation and its publication."""
        if publish and self.wrote:
            self.submit("ines")
            self.everyone_signs()
        self.write_the_original(text)
        if publish:
            self.publish("claire", "x")
            self.publish("claire", "website")

    def write_the_original(self, text: str) -> None:
        master, by = self.master, self.cast["ines"]
        assert master is not None
        revision = reading.draft_of(master.pk).revision
        self.attempt(
            lambda: actions.save_draft(
                master, text=text, channel_texts={}, revision=revision, by=by, at=self.at
            )
        )
        made = self.attempt(lambda: actions.save_version(master, reason="", by=by, at=self.at))
        if isinstance(made, Version):
            self.original = made.number
            self.note("the original went on")

    @precondition(lambda self: self.wrote and self.said[max(self.said)].frame.language != "en")
    @rule(who=people)
    def somebody_vouches(self, who: str) -> None:
        self.attest(who)

    def attest(self, who: str) -> None:
        """Whoever reads both and wrote nothing of it may say once that they say the same."""
        newest = self.newest()
        if newest is None or who in self.hands.excluded:
            return
        is_made = self.statement.pk == self.translated
        original = self.original if is_made else 0
        key = (self.statement.pk, newest.number)
        codes = {self.said[newest.number].frame.language, *(["en"] if is_made else [])}
        proper = (
            all(reads(who, code) for code in codes)
            and who not in self.wrote[newest.number]
            and (who, original) not in self.vouched.get(key, set())
        )
        answer = self.attempt(
            lambda: translating.attest_translation(
                self.statement,
                version=newest.number,
                fingerprint=newest.fingerprint,
                original=original or None,
                note="It says this.",
                by=self.cast[who],
                at=self.at,
            )
        )
        assert isinstance(answer, Attestation) == proper, answer
        if proper:
            self.vouched.setdefault(key, set()).add((who, original))
            self.note("vouched for")
