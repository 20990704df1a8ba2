from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.events import Category, Hearing, event
from incidents.models.signoff import Round, Seat
from incidents.models.statement import Version


class Release(models.Model):
    """
    Letting a text out without all its sign-offs, by a named person with a reason.

    `break_glass`: without whoever is missing, over a refusal too. `oral`: an absent approver
    agreed on the telephone, the text and its fingerprint read aloud; they confirm it afterwards.
    Bound to version and fingerprint; the database refuses any other. `missing`: the roles and
    people as name facts, {"some": n, "of": [...]} where n of these were enough. Owed until
    `settled_at`: a review, or the approver's confirmation.
    """

    class Form(models.TextChoices):
        BREAK_GLASS = "break_glass", _("break-glass release")
        ORAL = "oral", _("oral agreement")

    class Outcome(models.TextChoices):
        REVIEWED = "reviewed", _("reviewed")
        CONFIRMED = "confirmed", _("confirmed")
        DENIED = "denied", _("not confirmed")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="releases")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="releases")
    fingerprint = models.CharField(max_length=64)
    form = models.CharField(max_length=12, choices=Form)
    reason = models.TextField()
    over_refusal = models.BooleanField(default=False)
    missing = models.JSONField(default=list)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="releases")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField()
    owed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    owed_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = (
            models.CheckConstraint(
                name="release_form_known",
                condition=Q(form="break_glass", seat=None, approver=None)
                | Q(form="oral", seat__isnull=False, approver__isnull=False),
            ),
            models.CheckConstraint(
                name="release_outcome_known",
                condition=Q(outcome__in=["", "reviewed", "confirmed", "denied"]),
            ),
            models.CheckConstraint(
                name="settled_release_says_how",
                condition=Q(outcome="", settled_at=None, settled_by=None)
                | (~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
            models.CheckConstraint(name="release_gives_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=("round",),
                condition=Q(form="break_glass"),
                name="one_break_glass_per_round",
            ),
            models.UniqueConstraint(fields=("seat",), name="one_oral_agreement_per_seat"),
        )

    def __str__(self) -> str:
        return f"{self.form} of round {self.round_id}"


RELEASED = event(
    "release.made",
    _("Released {title}, version {version}, without {missing}. Reason: {reason}"),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="urgent",
)
RELEASED_OVER_REFUSAL = event(
    "release.made_over_refusal",
    _(
        "Released {title}, version {version}, over the refusal of {refused_by}, without {missing}."
        " Reason: {reason}"
    ),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="urgent",
)
AGREED = event(
    "release.agreed",
    _(
        "{person} agreed by word of mouth to {title}, version {version}, as {role}; to be confirmed"
        " by {due}. {reason}"
    ),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="phone",
)
COMPLETED = event(
    "release.completed",
    _("{title}, version {version}, is released: agreed by word of mouth, not signed, by {missing}"),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="urgent",
)
REVIEWED = event(
    "release.reviewed",
    _("Reviewed the release of {title}, version {version}: {words}"),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="eye-check",
)
CONFIRMED = event(
    "release.confirmed",
    _("Confirmed the oral agreement to {title}, version {version}. {words}"),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="circle-check",
)
DENIED = event(
    "release.denied",
    _(
        "Denied the oral agreement to {title}, version {version}: {words}. It was not published;"
        " its sign-off is void"
    ),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="ban",
)
DENIED_AFTER_PUBLICATION = event(
    "release.denied_after_publication",
    _(
        "Denied the oral agreement to {title}, version {version}, which is published on"
        " {channels}: {words}"
    ),
    heard_by=Hearing.CIRCUIT,
    category=Category.STATEMENT,
    icon="alert-circle",
)
