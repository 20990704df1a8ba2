"""People from outside who see one statement, and readers who attest a translation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from crisisdesk.kit.append_only import AppendOnly
from incidents.models.events import Category, Hearing, event
from incidents.models.statement import Statement, Version


class StatementUserPermission(UserObjectPermissionBase):
    """A right on one statement; guardian knows no end, the gate checks `ends_at`."""

    content_object = models.ForeignKey(Statement, on_delete=models.CASCADE)
    ends_at = models.DateTimeField()


class StatementGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Statement, on_delete=models.CASCADE)


class ExternalApprover(models.Model):
    """
    Somebody from outside who is shown one statement until `ends_at`, and nothing else.

    With `signs` they have a seat of their own in its circuit; an end, or leaving, gives no
    approval: the seat stays until someone with the right takes the request back.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="externals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signs = models.BooleanField(default=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("external approver")
        verbose_name_plural = _("external approvers")
        constraints = (
            models.UniqueConstraint(
                fields=("statement", "user"),
                condition=Q(ended_at=None),
                name="one_external_invitation",
            ),
            models.CheckConstraint(
                name="external_ends_after_invitation",
                condition=Q(ends_at__gt=models.F("invited_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} for {self.statement_id}"


class Attestation(AppendOnly):
    """
    A named reader says that a version says in its language what the master says.

    Given anew when the master has changed.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attestations")
    fingerprint = models.CharField(max_length=64)
    master_version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    attested_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("version", "reader", "master_version"), name="one_attestation_per_reading"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reader_id} attests {self.version_id}"


INVITED = event(
    "approver.invited",
    _("{person}, from outside, is asked to sign {title}, until {until}"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="user-plus",
)
SHOWN = event(
    "approver.shown",
    _("{title} is shown to {person}, from outside, to read, until {until}"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="eye",
)
ENDED = event(
    "approver.ended",
    _("{title} is no longer shown to {person}, from outside. It is no approval"),
    category=Category.STATEMENT,
    icon="user-minus",
)
ASKED_WITHOUT = event(
    "approver.asked_without",
    _(
        "Sign-off of {title}, version {version}, is asked anew from everyone, without {person}."
        " Reason: {reason}"
    ),
    heard_by=Hearing.AUTHORS,
    category=Category.STATEMENT,
    icon="rubber-stamp",
)
TRANSLATION_BEGUN = event(
    "statement.translation_begun",
    _("Started the version of {original} in another language ({language})"),
    category=Category.STATEMENT,
    icon="language",
)
ATTESTED = event(
    "statement.attested",
    _(
        "Attests, having read both: version {version} of {title} says what the original says. {text}"
    ),
    heard_by=Hearing.SIGNERS,
    category=Category.STATEMENT,
    icon="eye-check",
)
ATTESTED_ALONE = event(
    "statement.attested_alone",
    _("Attests, having read version {version} of {title}: {text}"),
    heard_by=Hearing.SIGNERS,
    category=Category.STATEMENT,
    icon="eye-check",
)
READER_ASKED = event(
    "statement.reader_asked",
    _("{person} is asked to read {title}, version {version}, for somebody who does not read it"),
    heard_by=Hearing.PERSON,
    category=Category.STATEMENT,
    icon="eye",
)
