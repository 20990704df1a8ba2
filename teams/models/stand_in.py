from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models.catalogue import Role
from teams.models.team import Team


class StandIn(models.Model):
    """Whom a team trusts to take a role when holder, delegate and deputy do not answer."""

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="stand_ins", verbose_name=_("team")
    )
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, related_name="+", verbose_name=_("role")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="stands_in",
        verbose_name=_("person"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ("role__order", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=("team", "role", "user"), name="listed_once_per_role"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.team}"
