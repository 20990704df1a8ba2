from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from teams.models.catalogue import Function
from teams.models.zones import validate_zone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValidationError(_("A person needs an e-mail address."))
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the e-mail address is the login. Nobody is a superuser in a room."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("function")
    )
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ENGLISH
    )
    reads = models.JSONField(_("reads"), default=list, blank=True)
    zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Paris", validators=[validate_zone]
    )
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_address"),)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Take a new person to read the language their pages begin in, unless told otherwise."""
        if self._state.adding and not self.reads:
            self.reads = [self.language]
        super().save(*args, **kwargs)

    def reads_language(self, code: str) -> bool:
        """
        Say whether a text in this language can be put before the person: what is on record.

        The language of their pages says nothing about it: anyone may switch that with one tap.
        """
        return code in self.reads

    @property
    def initials(self) -> str:
        parts = [p for p in self.name.split() if p]
        return (parts[0][0] + parts[-1][0] if len(parts) > 1 else self.name[:2]).upper()
