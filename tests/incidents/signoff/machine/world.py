"""One statement, the people around it, and a world that changes under it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from crisisdesk.kit.refusals import Refused
from incidents.models import (
    Exclusion,
    Incident,
    Round,
    Statement,
    Version,
)
from incidents.signoff import actions as signoff
from incidents.signoff.actions.policies import add_policy, retire_policy
from incidents.signoff.policies.terms import Terms, stage_body
from teams.actions.absence import delegate_signoff, record_absence
from teams.models import User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import WORDS, draft

TEXTS = [
    WORDS,
    WORDS + " Do not eat it.",
    "We apologise.",
    WORDS + "  \r\n",
    WORDS.replace("checking", "cheking"),
    WORDS.replace("checking", "chekking"),
    WORDS.replace("L2231", "L2237"),
]
PEOPLE = ["claire", "karim", "sophie", "helene", "thomas", "ines", "ana"]
people = st.sampled_from(PEOPLE)
texts = st.sampled_from(TEXTS)
DECIDED = ("signoff.approved", "signoff.changes_requested", "signoff.refused")
STANDING_IN = ("_as_deputy", "_as_delegate", "_from_list")
TYPO, MATERIAL = Version.Change.TYPO, Version.Change.MATERIAL


def terms(*roles: str, **others: Any) -> Terms:
    stage = stage_body({"roles": list(roles), "minutes": 10})
    return Terms("Ours", "La nôtre", (stage,), **{"always": ("legal_counsel",), **others})


POLICIES = [
    terms("communications_lead"),
    terms("legal_counsel", "executive_sponsor", allows_typo=False),
    terms("communications_lead", "legal_counsel", allows_break_glass=False),
    terms("communications_lead", "legal_counsel", always=()),
]


WORLD = [
    "time_passes",
    "time_passes",
    "karim_hands_over",
    "somebody_is_away",
    "somebody_is_the_subject",
    "the_policy_changes",
    "severity_changes",
]


class World(RuleBasedStateMachine):
    """One statement in the hands of several people; `wrote` is counted without the database."""

    save_version: Any  # acts that are written further on
    everyone_signs: Any
    publish: Any
    cast: dict[str, User]
    incident: Incident

    @initialize(
        kind=st.sampled_from([Statement.Kind.HOLDING, Statement.Kind.APOLOGY]),
        head_start=st.sampled_from(["signed", "submitted", "signed", "saved", "drafted"]),
    )
    def begin(self, kind: str, head_start: str) -> None:
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.at = NINE
        self.statement = draft(self.incident, self.cast["ines"], NINE, kind=kind)
        self.pending = {"ines"}  # who typed since the newest version
        self.wrote: dict[int, set[str]] = {}  # version number: who may not sign it
        self.typed = WORDS
        self.checked = 0
        self.policy: Any = None
        self.seen_newest: dict[int, int] = {}  # decision: newest version when it was made
        if head_start != "drafted":
            self.save_version("ines", head_start != "saved", MATERIAL)
        if head_start == "signed":
            self.everyone_signs()

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

    @rule(what=st.sampled_from(WORLD), much=st.integers(0, 3))
    def the_world_changes(self, what: str, much: int) -> None:
        """Time goes by; people are away, hand over, become the subject; rules and levels change."""
        getattr(self, what)(much)

    def time_passes(self, much: int) -> None:
        self.at += timedelta(minutes=1 + 8 * much)

    def karim_hands_over(self, much: int) -> None:
        self.attempt(
            lambda: delegate_signoff(
                self.cast["karim"],
                to=self.cast["ana"],
                team=self.incident.team,
                role=None,
                starts_at=self.at,
                ends_at=self.at + timedelta(minutes=1 + 20 * much),
                reason="Court",
                by=self.cast["karim"],
                at=self.at,
            )
        )

    def somebody_is_away(self, much: int) -> None:
        who = ["karim", "thomas", "helene", "ines"][much]
        self.attempt(
            lambda: record_absence(
                self.cast[who],
                starts_at=self.at,
                ends_at=self.at + timedelta(minutes=30),
                by=self.cast[who],
                at=self.at,
            )
        )

    def somebody_is_the_subject(self, much: int) -> None:
        who = ["karim", "sophie", "thomas", "karim"][much]
        running = Exclusion.objects.filter(user=self.cast[who], ended_at=None)
        if not running.update(ended_at=self.at):
            Exclusion.objects.create(
                incident=self.incident,
                user=self.cast[who],
                reason="It is about them",
                excluded_by=self.cast["claire"],
                excluded_at=self.at,
            )

    def the_policy_changes(self, much: int) -> None:
        rounds = dict(Round.objects.values_list("pk", "policy"))
        if self.policy is not None:
            retire_policy(self.policy, team=self.incident.team, by=None, at=self.at)
        self.policy = add_policy(self.incident.team, terms=POLICIES[much], by=None, at=self.at)
        assert rounds == dict(Round.objects.values_list("pk", "policy"))

    def severity_changes(self, much: int) -> None:
        level = much + 1
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

    def name_of(self, one: User) -> str:
        return next(name for name, user in self.cast.items() if user.pk == one.pk)
