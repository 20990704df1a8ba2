"""What an installation speaks of: functions, roles and audiences, in both languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Catalogued(models.Model):
    """A row with a stable slug and a name in English and in French."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ("order", "slug")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


class Function(Catalogued):
    """Where a person works: communications, legal, customer service, executive board ..."""

    class Meta(Catalogued.Meta):
        verbose_name = _("function")
        verbose_name_plural = _("functions")


class Role(Catalogued):
    """What a person does in a crisis; the duties are shown to whoever receives the role."""

    duties_en = models.TextField(_("duties in English"), blank=True)
    duties_fr = models.TextField(_("duties in French"), blank=True)
    # Empty: the function of whoever holds the role.
    function = models.ForeignKey(
        Function,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("function"),
        help_text=_(
            "Only its people may take over this role's sign-off. "
            "Empty: people of the function of whoever holds the role."
        ),
    )

    class Meta(Catalogued.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    @property
    def duties(self) -> str:
        """The duties in the reader's language, one a line."""
        return self.duties_fr if (get_language() or "en").startswith("fr") else self.duties_en


class Audience(Catalogued):
    """Somebody the organisation owes words to."""

    is_internal = models.BooleanField(_("inside the organisation"), default=False)

    class Meta(Catalogued.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
