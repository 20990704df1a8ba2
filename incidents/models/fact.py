from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import AppendOnly
from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Incident
from incidents.models.statement import Statement


class Fact(models.Model):
    """
    What the room knows, or does not know yet: one line of the ledger.

    `changes` counts its changes of state or words; a citation remembers at which it was made.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("unconfirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUTED = "refuted", _("refuted")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="facts")
    number = models.PositiveIntegerField()
    text = models.TextField(_("fact"))
    state = models.CharField(max_length=12, choices=State, default=State.UNCONFIRMED)
    source = models.CharField(_("source"), max_length=300, blank=True)
    link = models.URLField(_("link"), max_length=2000, blank=True)
    changes = models.PositiveIntegerField(default=0)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = (
            models.UniqueConstraint(fields=("incident", "number"), name="fact_numbers_unique"),
            models.CheckConstraint(
                name="fact_state_known",
                condition=Q(state__in=["unconfirmed", "confirmed", "refuted"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.number} {self.state}"


class FactChange(AppendOnly):
    """One state of a fact: what it said, from which source, why it changed."""

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    text = models.TextField()
    state = models.CharField(max_length=12, choices=Fact.State)
    source = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=2000, blank=True)
    reason = models.TextField(blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("fact", "number"), name="fact_change_numbers_unique"),
        )

    def __str__(self) -> str:
        return f"change {self.number} of fact {self.fact_id}"


class Citation(models.Model):
    """
    A statement (a line to take is one) stands on a fact.

    `seen_change`: the change of the fact that the author last looked at; a later one flags the
    statement until somebody says that it still holds, or corrects it.
    """

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="citations")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="citations")
    seen_change = models.PositiveIntegerField(default=0)
    cited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    cited_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("fact", "statement"), condition=Q(ended_at=None), name="cited_once"
            ),
        )

    def __str__(self) -> str:
        return f"fact {self.fact_id} in {self.statement_id}"


NOTED = event(
    "fact.noted",
    _("Noted fact {number}, {state}: {text}"),
    category=Category.FACT,
    icon="list-details",
)
CONFIRMED = event(
    "fact.confirmed",
    _("Confirmed fact {number}: {text} (source: {source})"),
    heard_by=Hearing.CITING,
    category=Category.FACT,
    icon="circle-check",
)
REFUTED = event(
    "fact.refuted",
    _("Fact {number} turned out wrong: {text} (reason: {reason})"),
    heard_by=Hearing.CITING,
    category=Category.FACT,
    icon="circle-x",
)
REOPENED = event(
    "fact.reopened",
    _("Fact {number} is open again: {text} (reason: {reason})"),
    heard_by=Hearing.CITING,
    category=Category.FACT,
    icon="help-circle",
)
REWORDED = event(
    "fact.reworded",
    _("Reworded fact {number}: {text} (before: {before})"),
    heard_by=Hearing.CITING,
    category=Category.FACT,
    icon="pencil",
)
CITED = event(
    "statement.cited",
    _("{title} rests on fact {cites}"),
    category=Category.STATEMENT,
    icon="link",
)
UNCITED = event(
    "statement.uncited",
    _("{title} no longer rests on fact {fact_number}. {reason}"),
    category=Category.STATEMENT,
    icon="link-off",
)
STILL_HOLDS = event(
    "statement.still_holds",
    _("{title} still holds with what we now know of fact {fact_number}. Reason: {reason}"),
    category=Category.STATEMENT,
    icon="check",
)
