"""What CrisisDesk decides differently from django-allauth: who, by which proofs, in which words."""

from __future__ import annotations

import logging
import smtplib
from threading import Thread
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as asked
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

logger = logging.getLogger(__name__)
SECOND_STEP: Final = "allauth.mfa.stages.AuthenticateStage"
TOO_MANY: Final = _lazy("Too many attempts. Wait five minutes, then try again.")


def _post(letter: EmailMessage) -> None:
    """Hand one letter over; it touches no database."""
    try:
        letter.send()
    except (smtplib.SMTPException, OSError):
        logger.exception("A mail about signing in could not be sent.")


class StaffOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _lazy("This is not the code of the newest mail."),
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_login_stages(self) -> list[str]:
        return [stage for stage in super().get_login_stages() if stage != SECOND_STEP]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Name one page that shows every proof, and the proofs that post elsewhere."""
        if not user.is_authenticated:
            return []
        here = [
            {"id": name, "description": "", "url": reverse(f"account_{name}")}
            for name in ("reauthenticate", "reauthenticate_code")
        ]
        return here + [m for m in super().get_reauthentication_methods(user) if "mfa" in m["id"]]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """
        Write to a person in their language.

        A mail that cannot be sent breaks no page: the page offers to send another, and says the
        same for an address that nobody has. It waits for no mail server either: how long an
        answer takes would tell the two apart.
        """
        person = get_user_model().objects.filter(email__iexact=email).first()
        request = asked.request
        site = {"request": request, "email": email, "current_site": get_current_site(request)}
        with override(person.language if person else get_language()):
            letter = self.render_mail(template_prefix, email, {**site, **context})
        if settings.EMAIL_CONFIGURED:
            # No daemon: whoever stops the server waits for the letter, EMAIL_TIMEOUT at most.
            Thread(target=_post, args=(letter,)).start()
        else:
            _post(letter)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class PasskeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _lazy("This passkey was not accepted. Try again, or take another way."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(n)s") % {"n": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "CrisisDesk"}
