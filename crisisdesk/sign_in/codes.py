"""One e-mailed code for whoever is signed in: allauth has it for signing in only."""

from __future__ import annotations

from typing import Any, Final

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.userkit import user_id_to_str
from django.http import HttpRequest

CODE_STATE: Final = "confirmation_code"


class ConfirmationCode(AbstractCodeVerificationProcess):  # type: ignore[misc]
    """Its state lies in the session of the person it was sent to, and serves nobody else."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=state,
            user=request.user,
        )
        self.request = request

    @classmethod
    def begin(cls, request: HttpRequest) -> None:
        process = cls(request, cls.initial_state(request.user, email=request.user.email))  # type: ignore[union-attr]
        process.send()
        process.persist()

    @classmethod
    def resume(cls, request: HttpRequest) -> ConfirmationCode | None:
        state = request.session.get(CODE_STATE)
        if not state or state["user_id"] != user_id_to_str(request.user):
            return None
        process: ConfirmationCode | None = cls(request, state).abort_if_invalid()
        return process

    @staticmethod
    def used(request: HttpRequest) -> None:
        request.session.pop(CODE_STATE, None)

    def send(self) -> None:
        adapter, address = get_adapter(), self.state["email"]
        self.state["code"] = adapter.generate_login_code()
        context = {"request": self.request, "code": self.state["code"]}
        adapter.send_mail("account/email/login_code", address, context)

    def persist(self) -> None:
        self.request.session[CODE_STATE] = self.state

    def abort(self) -> None:
        self.used(self.request)
