"""What the bench of sign-off signs: a critical incident, and a long text with a long history."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from incidents.lifecycle.actions import change_status, open_incident
from incidents.management.demo.house import House, audience, sign, staff, version
from incidents.management.demo.pizza import THIRD_FACTS
from incidents.models import Channel, Draft, Incident, Severity, Statement
from incidents.severity.actions import assess_severity
from incidents.statements.actions.signing import request_changes
from incidents.statements.actions.writing import draft_statement, save_draft
from teams.models import User

SIGNERS: Final = {
    "communications_lead": ("thomas", "lucas"),
    "legal_counsel": ("karim", "sophie"),
    "executive_sponsor": ("helene", "marc"),
}
AUTHOR: Final = "ines"
AUTHORS_ROLE: Final = "social_media_lead"
SHORT: Final = "Do not eat Bella pizzas of lots L6061 to L6064. What we know: verdier.example/bella"
MINUTE: Final = timedelta(minutes=1)
PARAGRAPH: Final = 75
SENTENCE: Final = 15
# Of so many versions one was in sign-off and came back with changes; so each signer has a base.
SENT_BACK: Final = 10
LINES: Final = (
    "we the a of to in and for that is are this with not on by it our your from at as "
    "pizza lot product customers fragments plastic line factory check recall refund shop shelf "
    "box batch sale supplier laboratory results authorities doctor children family safety quality "
    "today tomorrow morning evening Monday since before after until now soon "
    "have has been was were will can may must found stopped returned informed examined withdrawn "
    "kept sold bought eaten reported confirmed known unknown possible certain every each other "
    "first second new same blue small large rigid frozen fresh whole free open local national "
    "telephone website letter question answer cause origin machine part belt seal change cost"
)
VOCABULARY: Final = LINES.split()


class Words:
    """A text of an exact number of words that changes by one sentence at a time."""

    def __init__(self, count: int, *, seed: int) -> None:
        self._choice = random.Random(seed)  # noqa: S311 - words, not secrets
        self._words = [self._choice.choice(VOCABULARY) for _ in range(count)]

    def change(self) -> str:
        """Write one sentence anew, and return the text."""
        length = min(SENTENCE, len(self._words))
        start = self._choice.randrange(0, len(self._words) - length + 1, length)
        self._words[start : start + length] = self._choice.choices(VOCABULARY, k=length)
        return self.text

    @property
    def text(self) -> str:
        paragraphs = _cut(self._words, PARAGRAPH)
        return "\n\n".join(
            " ".join(" ".join(part).capitalize() + "." for part in _cut(paragraph, SENTENCE))
            for paragraph in paragraphs
        )


def _cut(words: list[str], length: int) -> list[list[str]]:
    return [words[start : start + length] for start in range(0, len(words), length)]


def critical_incident(house: House, *, at: datetime) -> Incident:
    """Open an incident of the worst level, with everyone in place who signs there."""
    lead = house["claire"]
    incident = open_incident(
        house.team,
        title="Plastic fragments reported in Bella pizza",
        kind=Incident.Kind.PRODUCT,
        what_happened="A video shows a blue fragment in a pizza.",
        occurred=None,
        where="TikTok",
        link="",
        confidentiality=Incident.Confidentiality.TEAM,
        by=lead,
        at=at,
    )
    roles: dict[str, tuple[User, User | None]] = {
        role: (house[holder], house[deputy]) for role, (holder, deputy) in SIGNERS.items()
    }
    staff(incident, {**roles, AUTHORS_ROLE: (house[AUTHOR], None)}, by=lead, at=at)
    assess_severity(
        incident,
        facts=THIRD_FACTS,
        reason="A child was seen by a doctor.",
        override=Severity.CRITICAL,
        override_reason="The full circuit is measured.",
        by=lead,
        at=at,
    )
    active = Incident.Status.ACTIVE
    change_status(incident, to=active, reason="It is real, and ours.", by=lead, at=at)
    return incident


def statement_with_history(
    house: House, words: Words, *, versions: int, at: datetime
) -> tuple[Statement, datetime]:
    """
    Write a statement through the verbs until it has so many versions; the newest is a draft.

    Now and then a version was in sign-off: two people approved, counsel sent it back.
    """
    author = house[AUTHOR]
    statement = draft_statement(
        critical_incident(house, at=at),
        title="What we know about Bella pizza",
        kind=Statement.Kind.UPDATE,
        audience=audience("public"),
        language="en",
        channels=[Channel.WEBSITE, Channel.X],
        by=author,
        at=at,
    )
    every = max(1, versions // SENT_BACK)
    for number in range(1, versions + 1):
        at += MINUTE
        draft = Draft.objects.get(statement=statement)
        own = {Channel.X.value: SHORT}
        text = words.change()
        save_draft(
            statement, text=text, channel_texts=own, revision=draft.revision, by=author, at=at
        )
        back = number % every == 0 and number < versions
        version(statement, f"Sentence {number} is clearer", by=author, at=at, submit=back)
        if back:
            _send_back(house, statement, at=at)
    _count_rows()
    return Statement.objects.select_related("incident").get(pk=statement.pk), at


def _send_back(house: House, statement: Statement, *, at: datetime) -> None:
    for name in ("thomas", "helene"):
        sign(statement, by=house[name], at=at)
    newest = statement.versions.latest("number")
    request_changes(
        statement,
        version=newest.number,
        fingerprint=newest.fingerprint,
        comment="Name the lots.",
        by=house["karim"],
        at=at,
    )


def _count_rows() -> None:
    """Let PostgreSQL know how much there is now, as it finds out by itself within a minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
