"""Writing together: who is at the text, what was kept of it, comments and suggestions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.models.events import Category, Hearing, event
from incidents.models.statement import Channel, Statement, Version


class Presence(models.Model):
    """Somebody has the editor of a statement open; stale after some seconds. No act."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("statement", "user"), name="one_presence_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} at {self.statement_id}"


class KeptDraft(models.Model):
    """What a draft was at a revision: the ground of a merge, and the way back to lost words."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="kept_drafts")
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    channel_texts = models.JSONField(default=dict)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("statement", "revision"), name="kept_once"),)

    def __str__(self) -> str:
        return f"{self.statement_id} at revision {self.revision}"


class Comment(models.Model):
    """
    Words about a passage, or about the whole; an answer has a `parent`.

    `anchor` (see `statements.anchors`) is the passage in the text of `version` (of `channel`,
    if one is named); where it stands in a later text is worked out at reading. Only the first
    of a thread is resolved.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="comments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=16, choices=Channel, blank=True)
    anchor = models.JSONField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answers")
    text = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.statement_id}"


class Suggestion(models.Model):
    """
    Other wording for a passage, proposed by somebody who does not become its author.

    `anchor` is the passage in the text of `version` (of `channel`, if one is named).
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ADOPTED = "adopted", _("adopted")
        DECLINED = "declined", pgettext_lazy("suggestion", "declined")
        WITHDRAWN = "withdrawn", _("taken back")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="suggestions")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="suggestions")
    channel = models.CharField(max_length=16, choices=Channel, blank=True)
    anchor = models.JSONField()
    wording = models.TextField(blank=True)
    why = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = (
            models.CheckConstraint(
                name="suggestion_state_known",
                condition=Q(state="open", settled_at=None)
                | Q(state__in=["adopted", "declined", "withdrawn"], settled_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"suggestion {self.pk} for {self.statement_id}"


COMMENTED = event(
    "comment.added",
    _("Commented on {title}, version {version}: {text}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="message-2",
)
COMMENTED_ON_DRAFT = event(
    "comment.added_to_draft",
    _("Commented on the draft of {title}: {text}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="message-2",
)
COMMENTED_PASSAGE = event(
    "comment.added_to_passage",
    _("Commented on “{quote}” in {title}, version {version}: {text}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="message-2",
)
# Told to everyone who spoke in the thread.
ANSWERED = event(
    "comment.answered",
    _("Answered a comment on {title}: {text}"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="message-2",
)
RESOLVED = event(
    "comment.resolved",
    _("Resolved a comment on {title}: {comment}"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="check",
)
REOPENED = event(
    "comment.reopened",
    _("Reopened a comment on {title}: {comment}"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="arrow-back-up",
)
SUGGESTED = event(
    "suggestion.made",
    _("Suggested other wording for {title}, version {version}: “{wording}” for “{quote}”. {text}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="pencil",
)
SUGGESTED_TO_STRIKE = event(
    "suggestion.made_to_strike",
    _("Suggested to strike “{quote}” from {title}, version {version}. {text}"),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="pencil",
)
ADOPTED = event(
    "suggestion.adopted",
    _("Adopted the suggestion of {person} for {title}: “{wording}” for “{quote}”"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="check",
)
ADOPTED_TO_STRIKE = event(
    "suggestion.adopted_to_strike",
    _("Adopted the suggestion of {person} for {title}: struck “{quote}”"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="check",
)
DECLINED = event(
    "suggestion.declined",
    _("Declined the suggestion of {person} for {title}: “{quote}” stays. {text}"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="ban",
)
TAKEN_BACK = event(
    "suggestion.taken_back",
    _("Took back a suggestion for {title}: “{quote}” stays"),
    category=Category.STATEMENT,
    icon="arrow-back-up",
)
