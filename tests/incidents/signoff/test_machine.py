"""
Any order of acts by anyone: rules 1 to 4 and 6 hold.

A few hundred lives of a statement; SIGNOFF_RUNS in the environment asks for more.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crisisdesk.kit.refusals import Refused
from incidents.models import Decision, Incident, Publication, Round, Statement, Version
from incidents.signoff import actions as signoff
from incidents.statements import actions, rules
from incidents.statements.actions.writing import Conflict
from teams.models import User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import WORDS, draft

TEXTS = [WORDS, WORDS + " Do not eat it.", "We apologise.", WORDS + "  \r\n"]
PEOPLE = ["claire", "karim", "sophie", "helene", "thomas", "ines"]
people = st.sampled_from(PEOPLE)
texts = st.sampled_from(TEXTS)
DECIDED = ("signoff.approved", "signoff.changes_requested", "signoff.refused")


class Life(RuleBasedStateMachine):
    """One statement in the hands of several people; `wrote` is counted without the database."""

    cast: dict[str, User]
    incident: Incident

    @initialize(kind=st.sampled_from([Statement.Kind.HOLDING, Statement.Kind.APOLOGY]))
    def begin(self, kind: str) -> None:
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.at = NINE
        self.statement = draft(self.incident, self.cast["ines"], NINE, kind=kind)
        self.pending = {"ines"}  # who typed since the newest version
        self.wrote: dict[int, set[str]] = {}  # version number: who may not sign it
        self.typed = WORDS
        self.checked = 0
        self.seen_newest: dict[int, int] = {}  # decision: newest version when it was made

    def teardown(self) -> None:
        if hasattr(self, "rollback"):
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    def entries(self) -> int:
        return Incident.objects.get(pk=self.incident.pk).last_entry_number

    def attempt(self, call: Callable[[], Any]) -> Any:
        """Do it, or be refused without a trace."""
        before = self.entries()
        try:
            return call()
        except Refused as refusal:
            assert self.entries() == before
            return refusal

    def newest(self) -> Version | None:
        found: Version | None = self.statement.versions.order_by("-number").first()
        return found

    @rule(minutes=st.integers(1, 25))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

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

    @rule(who=people, submit=st.booleans())
    def save_version(self, who: str, submit: bool) -> None:
        last, living = self.newest(), self.approved()
        self.attempt(
            lambda: actions.save_version(
                self.statement, reason="", submit=submit, by=self.cast[who], at=self.at
            )
        )
        made = self.newest()
        if made is None or made == last:
            return
        carried = set() if last is None or living == last.number else self.wrote[last.number]
        old = [v.number for v in self.statement.versions.all() if v != made and self.same(v, made)]
        revived = set().union(*(self.wrote[n] for n in old))
        self.wrote[made.number] = (self.pending or {who}) | carried | revived
        self.pending = set()

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
    @rule()
    def everyone_signs(self) -> None:
        for _stage in range(3):
            for one in PEOPLE:
                if not self.approved():
                    self.decide(one, "approve_statement", 0, False)

    @rule(who=people, channel=st.sampled_from(["website", "x", "letter"]))
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

    @rule(level=st.sampled_from([1, 2, 3, 4]))
    def severity_changes(self, level: int) -> None:
        raised = not self.incident.severity or level < self.incident.severity
        asked = self.asked()
        self.incident.refresh_from_db()
        self.incident.severity = level
        self.incident.save(update_fields=["severity"])
        if raised:
            signoff.tighten(self.incident, by=self.cast["claire"], at=self.at)
        assert asked <= self.asked()

    def asked(self) -> set[int]:
        """The seats of the living round: never fewer than were asked."""
        return set(
            Round.objects.filter(
                version__statement=self.statement, outcome__in=["open", "approved"]
            ).values_list("stages__seats__role", flat=True)
        )

    @rule(who=people, sure=st.sampled_from([False, False, False, True]))
    def withdraw(self, who: str, sure: bool) -> None:
        if sure:
            self.attempt(
                lambda: actions.withdraw_statement(
                    self.statement, reason="Overtaken", by=self.cast[who], at=self.at
                )
            )

    @invariant()
    def the_rules_hold(self) -> None:
        if not hasattr(self, "statement"):
            return
        self.nothing_typed_is_lost()
        if (now := self.entries()) == self.checked:
            return
        self.checked = now
        self.nothing_is_published_that_was_not_signed()
        self.nobody_signs_their_own_words_nor_what_they_did_not_see()
        self.one_act_is_one_entry()

    def nothing_is_published_that_was_not_signed(self) -> None:
        for one in Publication.objects.filter(statement=self.statement):
            version, round_ = one.version, one.round
            assert version
            assert round_
            assert one.channel in version.channel_texts
            assert one.fingerprint == version.fingerprint == round_.fingerprint
            assert version.fingerprint == rules.fingerprint(
                statement=self.statement.uuid,
                kind=version.kind,
                language=version.language,
                audience=version.audience,
                text=version.text,
                channel_texts=version.channel_texts,
            )
            assert round_.stages.exists()
            for stage in round_.stages.all():
                approvals = Decision.objects.filter(
                    seat__stage=stage, verdict="approve", fingerprint=one.fingerprint
                )
                assert len({d.signer_id for d in approvals}) >= stage.needed
            assert not round_.decisions.exclude(verdict="approve").exists()
        self.statement.refresh_from_db()
        if self.statement.status == Statement.Status.PUBLISHED:
            assert self.statement.publications.filter(basis="signed").exists()
        if self.statement.status == Statement.Status.GOOD:
            newest = self.newest()
            assert newest is not None
            assert self.approved() == newest.number

    def nobody_signs_their_own_words_nor_what_they_did_not_see(self) -> None:
        names = {user.pk: name for name, user in self.cast.items()}
        for one in Decision.objects.filter(version__statement=self.statement):
            assert names[one.signer_id] not in self.wrote[one.version.number]
            assert one.fingerprint == one.version.fingerprint == one.round.fingerprint
            assert one.version.number == self.seen_newest[one.pk]

    def nothing_typed_is_lost(self) -> None:
        self.statement.draft.refresh_from_db()
        assert self.statement.draft.text == self.typed

    def one_act_is_one_entry(self) -> None:
        kinds = list(self.incident.entries.values_list("kind", flat=True))
        assert len(kinds) == self.entries()
        decided = [k for k in kinds if k.removesuffix("_as_deputy") in DECIDED]
        assert len(decided) == Decision.objects.count()
        assert kinds.count("statement.version_saved") == Version.objects.count()
        assert kinds.count("statement.published") == Publication.objects.count()


@pytest.mark.django_db
def test_any_order_of_acts_keeps_the_rules(
    staffed: Incident,
    claire: User,
    karim: User,
    sophie: User,
    helene: User,
    thomas: User,
    ines: User,
) -> None:
    counsel = staffed.assignments.get(role__slug="legal_counsel")
    counsel.deputy = sophie
    counsel.save()
    for person in (claire, karim, sophie, helene, thomas, ines):
        person.refresh_from_db()
    given = {
        "cast": {
            "claire": claire,
            "karim": karim,
            "sophie": sophie,
            "helene": helene,
            "thomas": thomas,
            "ines": ines,
        },
        "incident": staffed,
    }
    run_state_machine_as_test(
        type("Life", (Life,), given),
        settings=settings(
            max_examples=int(os.environ.get("SIGNOFF_RUNS", "60")),
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
