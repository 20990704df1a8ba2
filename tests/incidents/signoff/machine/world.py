"""One incident, the people around it, and a world that changes under their statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import copy, deepcopy
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import currently_in_test_context, event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from crisisdesk.kit.refusals import Refused
from incidents.models import Assessment, Assignment, Exclusion, Incident, Statement, Version
from incidents.roles.actions import assign_role, exclude_person, name_deputy, readmit_person
from incidents.severity.actions import assess_severity
from incidents.signoff.actions.policies import add_policy, retire_policy
from incidents.signoff.policies.terms import Terms
from teams.actions.absence import delegate_signoff, record_absence
from teams.models import Role, User
from tests.conftest import NINE
from tests.incidents.signoff.conftest import WORDS
from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.entitled import (
    ANNE,
    COMMUNICATIONS,
    EXECUTIVE,
    LEGAL,
    Hands,
)
from tests.incidents.signoff.machine.says import Frame, Says
from tests.incidents.signoff.machine.starts import POLICIES, WORLD, Start

TEXTS = [
    WORDS,
    WORDS + " Do not eat it.",
    "We apologise.",
    WORDS + "  \r\n",
    WORDS.replace("checking", "cheking"),
    WORDS.replace("checking", "checkng"),
    WORDS.replace("checking", "chekking"),
    WORDS.replace("L2231", "L2237"),
]
PEOPLE = ["claire", "karim", "sophie", "helene", "thomas", "ines", "ana"]
EVERYONE = [*PEOPLE, ANNE]
people = st.sampled_from(PEOPLE)
everyone = st.sampled_from(EVERYONE)
texts = st.sampled_from(TEXTS)
channels = st.sampled_from(["website", "x", "x", "letter"])
TYPO, MATERIAL = Version.Change.TYPO, Version.Change.MATERIAL
SUBJECTS = {"karim": LEGAL, "sophie": LEGAL, "thomas": COMMUNICATIONS, "helene": EXECUTIVE}


CONFIRM, DENY = "confirm_agreement", "deny_agreement"
ACCOUNT = (
    "at",
    "incident",
    "hands",
    "subject",
    "level",
    "policy",
    "terms",
    "checked",
    "decided",
    "seen",
    "published",
    "rounds",
    "worst",
    "told",
    "before",
    "statements",
    "statement",
    "written",
    "wrote",
    "typed",
    "pending",
    "frame",
    "own",
    "files",
    "spoken",
    "said",
    "guests",
    "made_from",
    "is_in_use",
    "translated",
    "original",
    "master",
    "behind",
    "vouched",
)


class World(RuleBasedStateMachine):
    """
    A statement in the hands of several people.

    The machine keeps its own account of it: `wrote` (who may not sign which version), `typed`,
    `hands`, `level`; it is compared with what the verbs allow and with what the tables say.
    """

    happened: ClassVar[Counter[str]] = Counter()
    submit: Any
    decide: Any
    save_version: Any  # acts that are written further on
    everyone_signs: Any
    publish: Any
    break_the_glass: Any
    agree_on_the_telephone: Any
    correct: Any
    the_rules_hold: Any
    counted: Any
    begin_with: Any
    do_also: Any
    write_the_original: Any
    prepared_text: ClassVar[Version]  # signed beforehand, in the team's library
    account: ClassVar[dict[str, Any]]
    names: ClassVar[dict[int, str]]
    demand_more: Any
    rounds: dict[int, Any]
    worst: dict[int, int]
    own: dict[str, str]
    files: frozenset[str]
    cast: dict[str, User]
    incident: Incident

    @classmethod
    def prepared(cls, start: Start) -> dict[str, Any]:
        """Bring a statement so far, once for several lives; return the machine's account of it."""
        machine = cls()
        machine.open(start)
        return {name: vars(machine)[name] for name in ACCOUNT}

    @initialize()
    def begin(self) -> None:
        """Go on from where the start left off; what this life does is undone at its end."""
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        vars(self).update(deepcopy(self.account))

    def open(self, start: Start) -> None:
        self.at = NINE
        self.incident = copy(type(self).incident)
        self.hands = Hands()
        self.subject: dict[str, Exclusion] = {}
        self.level: int | None = None
        self.policy: Any = None
        self.terms: Terms | None = None  # of the team's own policy
        self.checked = 0  # the last entry that was looked at
        self.decided: dict[int, str] = {}  # decision: its signer, entitled when it was made
        self.seen: set[int] = set()  # publications, each looked at when it was made
        self.published: set[int] = set()  # statements
        self.rounds = {}
        self.worst = {}  # statement: the worst level at which its sign-off was asked
        self.told: Counter[str] = self.counted()  # acts that the entries tell of
        self.before: Statement | None = None  # what the statement corrects or takes the place of
        self.statements: dict[int, Statement] = {}
        self.written: dict[int, dict[int, set[str]]] = {}
        self.spoken: dict[int, dict[int, Says]] = {}
        self.guests: dict[int, Any] = {}  # statement: who from outside is shown it
        self.made_from: set[int] = set()  # statements begun with the prepared text
        self.is_in_use = True  # the prepared text
        self.translated = 0  # the statement that is a translation, and of what
        self.master: Statement | None = None
        self.original = 0  # its newest version
        self.behind: dict[int, int] = {}  # version of the translation: of the original
        self.vouched: dict[tuple[int, int], set[tuple[str, int]]] = {}
        self.begin_with(start)
        if start.level:
            self.severity_changes(start.level - 1)
        if start.world:
            self.the_world_changes(start.world, start.much)
        self.do_also(start)
        if start.status != "drafted":
            self.go_as_far_as(start)
        self.the_rules_hold()

    def go_as_far_as(self, start: Start) -> None:
        self.save_version("ines", start.status != "saved", MATERIAL)
        if start.status in ("signed", "published", "corrected"):
            self.everyone_signs()
        if start.status == "released":
            self.break_the_glass("claire", "", ["", "publish", "review", ""][start.much])
        if start.status == "agreed":
            then = (CONFIRM, DENY, CONFIRM, "")[start.much]
            self.agree_on_the_telephone(1 + start.much % 2, "claire", "", then)
        if start.status in ("published", "corrected"):
            self.publish("claire", "x")
        if start.status == "corrected" and self.statement.pk in self.published:
            self.correct("thomas", TEXTS[1], "supersedes", False, "x")
            self.save_version("thomas", True, MATERIAL)
        if self.master is not None and start.much < 2:
            self.write_the_original(TEXTS[1])

    def begun(self, statement: Statement, text: str, authors: set[str], frame: Frame) -> None:
        """Go on with a statement that has just been begun with these words of these people."""
        self.statement = statement
        self.statements[statement.pk] = statement
        self.typed = text
        self.pending = authors  # who typed since the newest version
        self.wrote = self.written[statement.pk] = {}  # version number: who may not sign it
        self.said = self.spoken[statement.pk] = {}  # version number: what it says
        self.frame, self.own, self.files = frame, {}, frozenset()

    def teardown(self) -> None:
        if hasattr(self, "rollback"):
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    def note(self, what: str) -> None:
        """Count what happened: a rule that is never put to the test proves nothing."""
        if currently_in_test_context():
            event(what)
        self.happened[what] += 1

    def entries(self) -> int:
        found = reading.first(
            "SELECT last_entry_number FROM incidents_incident WHERE id = %s", self.incident.pk
        )
        return int(found[0]) if found else 0

    def attempt(self, call: Callable[[], Any]) -> Any:
        """Do it, or be refused without a trace."""
        before = self.entries()
        try:
            return call()
        except Refused as refusal:
            assert self.entries() == before
            return refusal

    def newest(self) -> reading.Newest | None:
        return reading.version_of(self.statement.pk)

    @rule(what=st.sampled_from(WORLD), much=st.integers(0, 3))
    def the_world_changes(self, what: str, much: int) -> None:
        """Time goes by; people are away, hand over, become the subject; rules and levels change."""
        getattr(self, what)(much)

    def time_passes(self, much: int) -> None:
        self.at += timedelta(minutes=1 + 8 * much)

    def karim_hands_over(self, much: int) -> None:
        to = ["ana", "ana", "sophie", "claire"][much]
        ends_at = self.at + timedelta(minutes=10 + 10 * much)
        answer = self.attempt(
            lambda: delegate_signoff(
                self.cast["karim"],
                to=self.cast[to],
                team=self.incident.team,
                role=None,
                starts_at=self.at,
                ends_at=ends_at,
                reason="Court",
                by=self.cast["karim"],
                at=self.at,
            )
        )
        if not isinstance(answer, Refused):
            assert to != "claire", "a sign-off left its function"
            self.hands.handed_over.append(("karim", to, self.at, ends_at))
            self.note("handed over")

    def somebody_is_away(self, much: int) -> None:
        who = ["karim", "thomas", "helene", "ines"][much]
        ends_at = self.at + timedelta(minutes=30)
        answer = self.attempt(
            lambda: record_absence(
                self.cast[who], starts_at=self.at, ends_at=ends_at, by=self.cast[who], at=self.at
            )
        )
        if not isinstance(answer, Refused):
            self.hands.absent.append((who, "", self.at, ends_at))

    def somebody_is_the_subject(self, much: int) -> None:
        """Or is so no longer, and has their role again."""
        who, role = list(SUBJECTS.items())[much]
        facts: dict[str, Any] = {"by": self.cast["claire"], "at": self.at, "reason": "About them"}
        if who not in self.subject:
            made = self.attempt(lambda: exclude_person(self.incident, self.cast[who], **facts))
            assert isinstance(made, Exclusion), made
            self.subject[who] = made
            self.hands.exclude(who)
            self.note("excluded")
            if self.wrote:
                self.decide(who, "approve_statement", 0, "")
            return
        self.attempt(lambda: readmit_person(self.subject.pop(who), **facts))
        self.hands.excluded.discard(who)
        given = self.attempt(
            lambda: assign_role(
                self.incident,
                role=Role.objects.get(slug=role),
                user=self.cast[who],
                replaces=self.assignment(role),
                by=facts["by"],
                at=self.at,
            )
        )
        if isinstance(given, Assignment):
            self.hands.give(role, who)

    def assignment(self, role: str) -> Assignment | None:
        held = self.incident.assignments.filter(role__slug=role, state__in=["offered", "accepted"])
        return held.select_related("role").first()

    def a_deputy_is_named(self, much: int) -> None:
        deputy = ["", "claire", "ines", "ana"][much]
        held = self.assignment(COMMUNICATIONS)
        if held is None:
            return
        answer = self.attempt(
            lambda: name_deputy(
                held, deputy=self.cast.get(deputy), by=self.cast["claire"], at=self.at
            )
        )
        if not isinstance(answer, Refused):
            self.hands.deputy[COMMUNICATIONS] = deputy

    def the_policy_changes(self, much: int) -> None:
        sql = "SELECT id, policy_id FROM incidents_round ORDER BY id"
        rounds = reading.rows(sql)
        if self.policy is not None:
            retire_policy(self.policy, team=self.incident.team, by=None, at=self.at)
        self.terms = POLICIES[(much + self.entries()) % len(POLICIES)]
        self.policy = add_policy(self.incident.team, terms=self.terms, by=None, at=self.at)
        assert rounds == reading.rows(sql)

    def severity_changes(self, much: int) -> None:
        level = much + 1
        was, self.level = self.level, level
        answer = self.attempt(
            lambda: assess_severity(
                self.incident,
                facts={"people_harmed": "none"},
                reason="The laboratory called",
                override=level,
                override_reason="It said so",
                by=self.cast["claire"],
                at=self.at,
            )
        )
        assert isinstance(answer, Assessment), answer
        if was is None or level < was:
            self.demand_more()

    def name_of(self, one: int) -> str:
        return self.names[one]
