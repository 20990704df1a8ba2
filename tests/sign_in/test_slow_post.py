"""How long the page of sign-in takes says nothing about who has an account."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client

from teams.models import User
from tests.sign_in.hands import ask_for_code, code_in

pytestmark = pytest.mark.django_db

ANSWERED, ARRIVED = Event(), Event()
ARRIVALS: list[EmailMessage] = []


class SlowPost(BaseEmailBackend):
    """A mail server that takes no letter before the page has answered."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if ANSWERED.wait(timeout=10):
            ARRIVALS.extend(email_messages)
        ARRIVED.set()
        return len(email_messages)


def test_the_page_answers_before_the_mail_server_does(karim: User, settings: Any) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = f"{__name__}.SlowPost"
    page = ask_for_code(Client(), karim.email)
    assert page.status_code == 200
    assert not ARRIVED.is_set()
    ANSWERED.set()
    assert ARRIVED.wait(timeout=10)
    assert ARRIVALS[0].to == [karim.email]
    assert code_in(ARRIVALS[0])
