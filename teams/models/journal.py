from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import ChainedContent, ChainedEntry
from teams.models.team import Team


class JournalEntry(ChainedEntry):
    """One change of a team's people, roles, policies or rubrics; chained like a timeline."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="journal")
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = (
            models.UniqueConstraint(fields=("team", "number"), name="journal_numbers_unique"),
        )

    def __str__(self) -> str:
        return f"{self.team_id}/{self.number} {self.kind}"


class JournalContent(ChainedContent):
    entry = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )

    def __str__(self) -> str:
        return f"content of journal entry {self.pk}"
