"""
Mail backends: one that knows how far it came, one that keeps mails for the demonstration.

Django's own cannot tell a mail refused from a mail whose answer was lost; the difference decides
whether a repeat is possible.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from typing import Any, Final

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from incidents.models import StoredMail
from incidents.notifications.rules import Answer, Outcome, answer_to

TROUBLE: Final = (smtplib.SMTPException, OSError)


class _Telling:
    """Remembers that the text of a mail was handed over and its answer is still out."""

    in_doubt = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.in_doubt = True
        try:
            answered: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPResponseException:
            self.in_doubt = False
            raise
        self.in_doubt = False
        return answered


class _SMTP(_Telling, smtplib.SMTP):
    pass


class _SMTPS(_Telling, smtplib.SMTP_SSL):
    pass


class PostBackend(EmailBackend):
    """Django's SMTP backend, which can say whether a mail that failed may have arrived."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SMTPS if self.use_ssl else _SMTP

    @property
    def in_doubt(self) -> bool:
        return bool(getattr(self.connection, "in_doubt", False))


class StoredMailBackend(BaseEmailBackend):
    """Keeps mails in the database, where their addressees read them: the demonstration's post."""

    in_doubt = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            html = ""
            if isinstance(mail, EmailMultiAlternatives):
                html = next((str(a[0]) for a in mail.alternatives if a[1] == "text/html"), "")
            StoredMail.objects.create(
                to=", ".join(mail.recipients()),
                subject=str(mail.subject),
                plain=str(mail.body),
                html=html,
                message_id=mail.extra_headers.get("Message-ID", ""),
            )
        return len(email_messages)


def send(connection: Any, letter: EmailMessage) -> Outcome:
    """
    Send one letter and say what became of it; never raises for the sake of the post.

    An unknown backend that fails leaves a doubt: nobody knows how far it came.
    """
    try:
        connection.open()
    except TROUBLE as trouble:
        return Outcome(Answer.LATER, _said(trouble), server_away=True)
    try:
        connection.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = dict(refused.recipients.values())
        return Outcome(answer_to(min(codes)), f"{min(codes)} {_text(codes[min(codes)])}")
    except smtplib.SMTPResponseException as refused:
        words = f"{refused.smtp_code} {_text(refused.smtp_error)}"
        return Outcome(answer_to(refused.smtp_code), words)
    except (ValueError, UnicodeError) as wrong:
        return Outcome(Answer.NEVER, _said(wrong))
    except TROUBLE as trouble:
        unknown = getattr(connection, "in_doubt", True)
        return Outcome(Answer.UNKNOWN if unknown else Answer.LATER, _said(trouble))
    return Outcome(Answer.ACCEPTED)


def close(connection: Any) -> None:
    """Hang up; a line that is already dead is no trouble."""
    try:
        connection.close()
    except TROUBLE:
        connection.connection = None


def _said(trouble: BaseException) -> str:
    return f"{type(trouble).__name__}: {trouble}"[:500]


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
