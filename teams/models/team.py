from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models.person import User
from teams.models.zones import validate_zone


class TeamQuerySet(models.QuerySet["Team"]):
    def lock(self, pk: int) -> Team:
        """Return the team with its row locked: one writer at a time in its journal."""
        return self.select_for_update().get(pk=pk)


class Team(models.Model):
    """Those who run crises together; owns incidents and a journal."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(
        _("prefix of references"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]*$", _("Capital letters and digits only."))],
    )
    zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Paris", validators=[validate_zone]
    )
    language = models.CharField(
        _("language"), max_length=2, choices=User.Language, default=User.Language.ENGLISH
    )
    last_entry_number = models.PositiveIntegerField(default=0, editable=False)
    last_entry_hash = models.CharField(max_length=64, default="", editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a team. `is_admin`: edits its people, roles, policies and rubrics."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    is_admin = models.BooleanField(_("administrator of the team"), default=False)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(fields=("team", "user"), name="one_membership_per_team"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"
