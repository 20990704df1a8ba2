"""When a person is away, and to whom they hand their sign-off meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from teams.models.catalogue import Role
from teams.models.team import Team


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def standing(self, at: datetime) -> AbsenceQuerySet:
        """Leave those that were cancelled or are over; one that ends now is over."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), cancelled_at=None)

    def running(self, at: datetime) -> AbsenceQuerySet:
        return self.standing(at).filter(starts_at__lte=at)


class Absence(models.Model):
    """A person is away; without an end until further notice, as with an illness."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="absences",
        verbose_name=_("person"),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    note = models.CharField(_("note for colleagues"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("recorded"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("The end comes after the beginning."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.starts_at:%Y-%m-%d %H:%M}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def standing(self, at: datetime) -> DelegationQuerySet:
        """Leave those that were revoked or are over; one that ends now is over."""
        return self.filter(ends_at__gt=at, revoked_at=None)

    def running(self, at: datetime) -> DelegationQuerySet:
        return self.standing(at).filter(starts_at__lte=at)


class Delegation(models.Model):
    """A dated hand-over of a person's sign-off in a team: for one role, or for all of theirs."""

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("team")
    )
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegations_given",
        verbose_name=_("who hands over"),
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegations_received",
        verbose_name=_("who takes over"),
    )
    role = models.ForeignKey(
        Role,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("role"),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("recorded"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="delegation_ends_after_it_starts",
                violation_error_message=_("The end comes after the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")),
                name="nobody_delegates_to_themself",
                violation_error_message=_("Nobody hands over to themself."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver} · {self.ends_at:%Y-%m-%d %H:%M}"
