from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.append_only import AppendOnly
from incidents.models.events import Category, Hearing, event
from incidents.models.incident import Incident
from teams.models import Audience


class Channel(models.TextChoices):
    WEBSITE = "website", _("website")
    PRESS_RELEASE = "press_release", _("press release")
    X = "x", "X"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    TIKTOK = "tiktok", "TikTok"
    EMAIL = "email", _("e-mail")
    LETTER = "letter", _("letter")
    SMS = "sms", "SMS"
    VIDEO = "video", _("video")
    INTRANET = "intranet", _("intranet")
    TELEPHONE = "telephone", _("telephone")


class Statement(models.Model):
    """
    One message for one audience in one language on one or more channels.

    `master`: the statement that this one translates. `corrects`, `supersedes`: the published
    one that this one sets right, or takes the place of once it is published. `prepared_from`:
    the signed version of a prepared text that it began with.
    """

    class Kind(models.TextChoices):
        HOLDING = "holding", _("holding statement")
        UPDATE = "update", _("update")
        APOLOGY = "apology", _("apology")
        DENIAL = "denial", _("denial")
        CORRECTION = "correction", _("correction")
        CLOSING = "closing", _("closing statement")
        INTERNAL = "internal", _("internal message")
        LINE = "line", _("line to take")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_SIGNOFF = "in_signoff", _("in sign-off")
        GOOD = "good", _("good to publish")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    audience = models.ForeignKey(
        Audience, on_delete=models.PROTECT, related_name="+", verbose_name=_("audience")
    )
    language = models.CharField(_("language"), max_length=2, default="en")
    channels = models.JSONField(_("channels"), default=list)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    master = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="translations"
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="successors"
    )
    prepared_from = models.ForeignKey(
        "incidents.Version", on_delete=models.PROTECT, null=True, related_name="uses"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        default_permissions = ("view",)
        permissions = (("sign_statement", "Can sign this statement"),)
        constraints = (
            models.UniqueConstraint(fields=("incident", "number"), name="statement_numbers_unique"),
            models.CheckConstraint(
                name="statement_status_known",
                condition=Q(
                    status__in=[
                        "draft",
                        "in_signoff",
                        "good",
                        "published",
                        "superseded",
                        "withdrawn",
                    ]
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.number} {self.title}"


class Draft(models.Model):
    """
    The text being written: autosaved, never signed. `revision` guards against lost words.

    `attachments`: [{"sha256", "evidence" (key), "name", "content_type"}]; `values`: of the
    variables of the prepared text that it began with, by name.
    """

    statement = models.OneToOneField(
        Statement, on_delete=models.PROTECT, primary_key=True, related_name="draft"
    )
    text = models.TextField(blank=True)
    channel_texts = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft of {self.pk}, revision {self.revision}"


class DraftAuthor(models.Model):
    """Who has put words into the draft since the last version."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("statement", "user"), name="one_draft_author"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} writes {self.statement_id}"


class Version(AppendOnly):
    """
    An immutable text. Sign-offs bind its fingerprint (see `statements.rules.fingerprint`).

    `attachments` and `values` as in the draft; `master_version`: what a translation translates.
    """

    class Change(models.TextChoices):
        MATERIAL = "material", _("material")
        TYPO = "typo", _("typo")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Statement.Kind)
    language = models.CharField(max_length=2)
    audience = models.CharField(max_length=40)
    text = models.TextField()
    channel_texts = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    master_version = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="translated_as"
    )
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    change = models.CharField(max_length=8, choices=Change, default=Change.MATERIAL)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = (
            models.UniqueConstraint(fields=("statement", "number"), name="version_numbers_unique"),
        )
        indexes = (
            models.Index(fields=["statement", "fingerprint"], name="versions_by_fingerprint"),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} v{self.number}"


class VersionAuthor(AppendOnly):
    """
    Who may not sign this version.

    Whoever wrote any part of it since the last fully approved version: carried on from version
    to version until one is fully approved.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "user"), name="one_author_per_version"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} wrote {self.version_id}"


class Publication(AppendOnly):
    """
    Words of ours that stood outside, as a person recorded it.

    `signed`: the version, with a complete round bound to its fingerprint (the database checks).
    `break_glass`, `oral`: the version, with the release that a named person made (checked too).
    `unsigned`: what appeared without sign-off, never refused and never dressed up; its text is
    `posted_text`, statement and version may be missing.
    """

    class Basis(models.TextChoices):
        SIGNED = "signed", _("signed")
        BREAK_GLASS = "break_glass", _("break-glass release")
        ORAL = "oral", _("oral agreement")
        UNSIGNED = "unsigned", _("without sign-off")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="publications")
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, related_name="publications"
    )
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, related_name="publications"
    )
    round = models.ForeignKey(
        "incidents.Round", on_delete=models.PROTECT, null=True, related_name="publications"
    )
    release = models.ForeignKey(
        "incidents.Release", on_delete=models.PROTECT, null=True, related_name="publications"
    )
    basis = models.CharField(max_length=12, choices=Basis)
    fingerprint = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=16, choices=Channel)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    is_internal = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    link = models.URLField(max_length=2000, blank=True)
    posted_text = models.TextField(blank=True)
    differs = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = (
            models.CheckConstraint(
                name="signed_publication_names_its_round",
                condition=Q(basis="unsigned")
                | Q(statement__isnull=False, version__isnull=False, round__isnull=False),
            ),
            models.CheckConstraint(
                name="publication_basis_known",
                condition=Q(basis__in=["signed", "break_glass", "oral", "unsigned"]),
            ),
            models.CheckConstraint(
                name="unsigned_publication_has_no_round",
                condition=~Q(basis="unsigned") | Q(round=None, version=None),
            ),
            models.CheckConstraint(
                name="released_publication_names_its_release",
                condition=Q(basis__in=["break_glass", "oral"], release__isnull=False)
                | Q(basis__in=["signed", "unsigned"], release=None),
            ),
            models.UniqueConstraint(
                fields=("version", "channel"),
                condition=~Q(basis="unsigned"),
                name="one_publication_per_channel",
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} on {self.channel}"


DRAFTED = event(
    "statement.drafted",
    _("Started a statement: {title}"),
    category=Category.STATEMENT,
    icon="file-pencil",
)
BEGAN_PREPARED = event(
    "statement.began_prepared",
    _("Took {title} from the prepared text {prepared}, version {version}"),
    category=Category.STATEMENT,
    icon="book",
)
BRIEF_CHANGED = event(
    "statement.brief_changed",
    _("Changed {title}: {statement_kind} for {audience}, on {channels}"),
    category=Category.STATEMENT,
    icon="edit",
)
VERSION_SAVED = event(
    "statement.version_saved",
    _("Saved {title}, version {version}. {reason}"),
    category=Category.STATEMENT,
    icon="versions",
)
SUBMITTED = event(
    "statement.submitted",
    _("Asked for sign-off of {title}, version {version}"),
    category=Category.STATEMENT,
    icon="rubber-stamp",
)
PUBLISHED = event(
    "statement.published",
    _("Published {title}, version {version}, on {channel}"),
    heard_by=Hearing.ROOM,
    category=Category.STATEMENT,
    icon="speakerphone",
)
PUBLISHED_DIFFERENTLY = event(
    "statement.published_differently",
    _("Published {title}, version {version}, on {channel}: the text online is not the signed text"),
    heard_by=Hearing.ROOM,
    category=Category.STATEMENT,
    icon="alert-circle",
)
PUBLISHED_UNSIGNED = event(
    "statement.published_unsigned",
    _("Appeared without sign-off on {channel}: {text}"),
    heard_by=Hearing.ROOM,
    category=Category.STATEMENT,
    icon="alert-circle",
)
WITHDRAWN = event(
    "statement.withdrawn",
    _("Withdrew {title}. Reason: {reason}"),
    heard_by=Hearing.ROOM,
    category=Category.STATEMENT,
    icon="arrow-back",
)
PUBLISHED_RELEASED = event(
    "statement.published_released",
    _(
        "Published {title}, version {version}, on {channel}, released by {released_by} without"
        " {missing}"
    ),
    heard_by=Hearing.ROOM,
    category=Category.STATEMENT,
    icon="speakerphone",
)
PUBLISHED_RELEASED_DIFFERENTLY = event(
    "statement.published_released_differently",
    _(
        "Published {title}, version {version}, on {channel}, released by {released_by} without"
        " {missing}: the text online is not the text that was released"
    ),
    heard_by=Hearing.ROOM,
    category=Category.STATEMENT,
    icon="alert-circle",
)
SUPERSEDED = event(
    "statement.superseded",
    _("{title} is superseded by {after}"),
    heard_by=Hearing.ROOM,
    category=Category.STATEMENT,
    icon="versions",
)
