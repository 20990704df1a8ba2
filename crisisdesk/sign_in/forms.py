"""What people type to prove who they are."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm, ResetPasswordForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class CodeRequestForm(RequestLoginCodeForm):  # type: ignore[misc]
    _user: Any = None

    def clean_email(self) -> str:
        """Send to the address a person has now, never to one they had."""
        given = str(super().clean_email())
        if self._user and self._user.email.lower() != given.lower():
            self._user = None
        return given


class NewPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    users: Any

    def clean_email(self) -> str:
        given = str(super().clean_email())
        self.users = [user for user in self.users if user.email.lower() == given.lower()]
        return given


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "data-not-kept": True,
            }
        ),
    )


class PasskeyForm(SignupWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name"), max_length=60, required=False)


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name"), max_length=60)
