from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import ChainedContent, ChainedEntry
from incidents.models.events import Category, event
from incidents.models.incident import Incident
from incidents.models.occurred import Occurred, PartOfDay, Precision


class Entry(ChainedEntry):
    """
    One thing that happened: the link in the chain, and what lists need to find it.

    The columns below repeat what the content says, so that pages can filter and sort without
    opening it; `verify_timeline` compares the two.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=60)
    category = models.CharField(max_length=12, choices=Category)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    occurred_from = models.DateTimeField()
    occurred_until = models.DateTimeField()
    precision = models.CharField(max_length=12, choices=Precision)
    part_of_day = models.CharField(max_length=16, choices=PartOfDay, blank=True)
    approximate = models.BooleanField(default=False)
    is_privileged = models.BooleanField(default=False)
    is_key_moment = models.BooleanField(default=False)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = (
            models.UniqueConstraint(fields=("incident", "number"), name="entry_numbers_unique"),
        )
        indexes = (
            models.Index(fields=("incident", "occurred_from", "number")),
            models.Index(fields=("incident", "category", "occurred_from", "number")),
        )

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.number} {self.kind}"

    @property
    def occurred(self) -> Occurred:
        return Occurred(
            earliest=self.occurred_from,
            latest=self.occurred_until,
            precision=Precision(self.precision),
            part_of_day=self.part_of_day,
            approximate=self.approximate,
        )


class EntryContent(ChainedContent):
    """
    What an entry says.

    `body`: {"kind", "actor": {"id", "name"} or null, "on_behalf_of", "occurred": {"earliest",
    "latest", "precision", "part_of_day", "approximate", "written", "offset"}, "text",
    "privileged", "key_moment", "corrects": number or null, "facts": {...}}.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )

    def __str__(self) -> str:
        return f"content of entry {self.pk}"


class PrivilegedReader(models.Model):
    """Someone whom counsel named to see one privileged entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "user"), name="one_reader_per_entry"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} reads {self.entry_id}"


class Outbox(models.Model):
    """An entry still to be announced. Written with the entry, taken by the notifier."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("entry",), name="outbox_waiting", condition=models.Q(taken_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"outbox {self.pk}"


NOTED = event("entry.noted", "{text}", category=Category.FACT, icon="file-text")
DECIDED = event("entry.decided", "{text}", category=Category.DECISION, icon="gavel")
MESSAGE_IN = event("entry.message_in", "{text}", category=Category.MESSAGE, icon="message")
MESSAGE_OUT = event("entry.message_out", "{text}", category=Category.MESSAGE, icon="send")
CORRECTED = event(
    "entry.corrected",
    _("Corrects entry {corrected}: {text}"),
    category=Category.FACT,
    icon="pencil",
)
RECLASSIFIED = event(
    "entry.reclassified",
    _("Entry {entry} is privileged from now on. Reason: {reason}"),
    category=Category.FACT,
    icon="shield-lock",
)
READER_NAMED = event(
    "entry.reader_named",
    _("{person} may read the privileged entry {entry}"),
    category=Category.FACT,
    icon="shield-lock",
)
# In a restored record: what the export held back. Only number and hash came along.
WITHHELD = event(
    "entry.withheld", _("Not part of the export"), category=Category.FACT, icon="shield-lock"
)

# What the file of a past crisis tells. A statement in it was made by someone else's rules: it
# is an entry, never a signed statement. Its facts are listed in archive/rules.py.
SIGNAL = event("event.signal", "{text}", category=Category.FACT, icon="radar-2")
THEIR_STATEMENT = event(
    "event.statement", "{text}", category=Category.STATEMENT, icon="speakerphone"
)
THEIR_DECISION = event("event.decision", "{text}", category=Category.DECISION, icon="gavel")
MEDIA = event("event.media", "{text}", category=Category.MESSAGE, icon="news")
ACTION = event("event.action", "{text}", category=Category.FACT, icon="activity")
OUTCOME = event("event.outcome", "{text}", category=Category.FACT, icon="flag")
