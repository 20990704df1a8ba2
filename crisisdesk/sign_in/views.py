"""The ways in, and the proofs that an old session asks for."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import (
    BaseReauthenticateView,
    ConfirmLoginCodeView,
    LoginView,
    PasswordSetView,
    ReauthenticateView,
    RequestLoginCodeView,
)
from allauth.core import ratelimit
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from crisisdesk.kit import fresh as kit
from crisisdesk.kit.fresh import fresh, kept
from crisisdesk.kit.http import DeskRequest
from crisisdesk.sign_in.acts import words_of
from crisisdesk.sign_in.adapters import TOO_MANY
from crisisdesk.sign_in.chosen import sent
from crisisdesk.sign_in.codes import ConfirmationCode
from crisisdesk.sign_in.forms import CodeForm
from crisisdesk.sign_in.named import subject


def _with_next(request: HttpRequest, url: str) -> str:
    wanted = get_next_redirect_url(request)
    return str(add_query_params(url, {"next": wanted})) if wanted else url


class KeepsNext(View):
    """Carries the page that was asked for through every return to the beginning."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect):
            back = response.url.startswith(reverse("account_login")) and "?" not in response.url
            return HttpResponseRedirect(_with_next(request, response.url)) if back else response
        return response


class StartsAnew(View):
    """Forgets a code that waits: who asks again, or takes the password, means this one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            clear_login(request)
        return super().dispatch(request, *args, **kwargs)


def _post_is_kept() -> bool:
    """True where no mail leaves the house: the pages say so."""
    return not (settings.EMAIL_CONFIGURED or settings.TESTING)


class SignInView(KeepsNext, StartsAnew, LoginView):  # type: ignore[misc]
    pass


class RequestCodeView(KeepsNext, StartsAnew, RequestLoginCodeView):  # type: ignore[misc]
    def get_form_kwargs(self) -> dict[str, Any]:
        """Take the address from the page of sign-in too, where it is called `login`."""
        given: dict[str, Any] = super().get_form_kwargs()
        if self.request.method == "POST" and "login" in self.request.POST:
            given["data"] = {"email": self.request.POST["login"]}
        return given


class ConfirmCodeView(KeepsNext, ConfirmLoginCodeView):  # type: ignore[misc]
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Count tries by address as well: each browser has its own, and there are many."""
        address = self._process.state["email"].lower()
        limited = ratelimit.consume_or_429(request, action="confirm_login_code", key=address)
        return limited or super().post(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "post_is_kept": _post_is_kept()}


class PasskeySignInView(KeepsNext, LoginWebAuthnView):  # type: ignore[misc]
    pass


# Who is there, once more


@method_decorator(login_required, name="dispatch")
class ConfirmView(ReauthenticateView):  # type: ignore[misc]
    """Every proof on one page; nobody proves twice."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if fresh(request, at=now()):
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        person = self.request.user
        context["waits"] = kept(self.request, page=self.get_next_url() or "", at=now())
        if Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists():
            context["js_data"] = {"request_options": passkeys.begin_authentication(person)}
        return context


class ConfirmByPasskeyView(ReauthenticateWebAuthnView):  # type: ignore[misc]
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return redirect(_with_next(request, reverse("account_reauthenticate")))

    def form_invalid(self, form: Any) -> Any:
        super().form_invalid(form)  # leaves the message
        return redirect(_with_next(self.request, reverse("account_reauthenticate")))


@method_decorator(login_required, name="dispatch")
class ConfirmByCodeView(BaseReauthenticateView):  # type: ignore[misc]
    """Sends a code to whoever is signed in (`action=send`), and takes it."""

    form_class = CodeForm
    template_name = "account/reauthenticate_code.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if ConfirmationCode.resume(request) is None:
            return redirect(_with_next(request, reverse("account_reauthenticate")))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.POST.get("action") == "send":
            return self._send(request)
        if ConfirmationCode.resume(request) is None:
            return self._again(_("This code is no longer valid. Ask for another."))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        process = ConfirmationCode.resume(self.request)
        return {**super().get_form_kwargs(), "code": process.code if process else ""}

    def form_valid(self, form: Any) -> Any:
        ConfirmationCode.used(self.request)
        person = self.request.user
        record_authentication(
            self.request, person, method="code", email=person.email, reauthenticated=True
        )
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> Any:
        process = ConfirmationCode.resume(self.request)
        if process and process.record_invalid_attempt():
            return super().form_invalid(form)
        return self._again(_("This was not the code. Ask for another."))

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "post_is_kept": _post_is_kept()}

    def _send(self, request: HttpRequest) -> HttpResponse:
        address = self.request.user.email.lower()
        if not ratelimit.consume(request, action="request_login_code", key=address):
            return self._again(TOO_MANY)
        ConfirmationCode.begin(request)
        return redirect(_with_next(request, reverse("account_reauthenticate_code")))

    def _again(self, why: Any) -> HttpResponse:
        messages.error(self.request, why)
        return redirect(_with_next(self.request, reverse("account_reauthenticate")))


@login_required
@require_GET
def once_more(request: DeskRequest) -> HttpResponse:
    """Show what was sent with an old session and not done; nothing is done by looking at it."""
    at = now()
    waits = kept(request, page=kit.once_more(request.GET.get("to", "")), at=at)
    if waits is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    fields = [(name, value) for name in waits.typed for value in waits.every(name)]
    act, where = words_of(waits.asked)
    context = {
        "action": waits.asked,
        "act": act,
        "where": where,
        "named": subject(waits.asked, user=request.user, at=at),
        "fields": fields,
        "passwords": [name for name in waits.typed if name not in waits.ticked],
        "sent": sent(waits, user=request.user, at=at),
    }
    return render(request, "account/once_more.html", context)


# The keys to the house


class FreshFirst(View):
    """A key to the house is changed by whom a decision would believe."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not fresh(request, at=now()):
            way = reverse("account_reauthenticate")
            return redirect(add_query_params(way, {"next": request.path}))
        return super().dispatch(request, *args, **kwargs)


@method_decorator(login_required, name="dispatch")
class FirstPasswordView(FreshFirst, PasswordSetView):  # type: ignore[misc]
    """A first password would confirm an old session by itself."""


@method_decorator(login_required, name="dispatch")
class RenamePasskeyView(FreshFirst, EditWebAuthnView):  # type: ignore[misc]
    pass


@method_decorator(login_required, name="dispatch")
class RemovePasskeyView(FreshFirst, RemoveWebAuthnView):  # type: ignore[misc]
    pass


@method_decorator(login_required, name="dispatch")
class AddPasskeyView(FreshFirst, AddWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Ask the browser for a passkey that needs no address, and checks who holds it."""
        context: dict[str, Any] = super().get_context_data(**more)
        options = passkeys.begin_registration(self.request.user, passwordless=True)
        context["js_data"] = {"creation_options": options}
        return context
