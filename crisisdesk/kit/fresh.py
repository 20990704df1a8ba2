"""
Is it still the person who signed in? What binds a company asks again when the session is old.

    decision --fresh--> decided
    decision --old----> kept --proof of identity--> shown again, with what was typed --tap--> decided

A session lasts weeks, so that a link opens at once; this is what protects a telephone left on a
table. Nothing decides by itself: what was kept is shown, and the person taps again.

Asked for is whatever changes what counts as signed (decisions, releases, attestations, withdrawals)
and who may sign: roles, deputies, hand-overs, lists, absences, circuits, approvers from outside,
languages, exclusions, all that an administrator changes. Not asked for is what only tells what
happened: a publication is recorded by whoever posted it, at once, and calls nothing signed that was
not; the log, facts and severity neither. `tests/sign_in/test_who_is_asked.py` holds the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from crisisdesk.kit.http import DeskRequest, declare, done
from crisisdesk.kit.refusals import NEVER_ECHOED

SESSION_KEY: Final = "kept_decisions"
# Hosts side by side have clocks that differ a little; further ahead is no proof.
SKEW: Final = timedelta(minutes=1)
KEPT_FOR: Final = timedelta(hours=12)
KEPT_PAGES: Final = 5


@dataclass(frozen=True)
class Kept:
    """A decision that was asked and not taken: which, and every field as it was sent."""

    asked: str
    typed: Mapping[str, str] = field(default_factory=dict)
    ticked: Mapping[str, list[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    def every(self, name: str) -> list[str]:
        """Every value of a field that takes several."""
        return list(self.ticked.get(name, []))


def fresh(request: HttpRequest, *, at: datetime) -> bool:
    """
    Say whether this person proved who they are in this session, SIGNOFF_CONFIRM_AFTER ago at most.

    A session of which nobody knows when it began is old. The last sign-in of the account says
    nothing: it may have been on another device.
    """
    limit: timedelta | None = settings.SIGNOFF_CONFIRM_AFTER
    if limit is None:
        return True
    proofs = [float(proof["at"]) for proof in get_authentication_records(request, _person(request))]
    return bool(proofs) and -SKEW <= timedelta(seconds=at.timestamp() - max(proofs)) <= limit


def confirm_first(request: DeskRequest, *, page: str, asked: str) -> HttpResponse:
    """Keep what was sent, decide nothing, and lead over the proof of identity back to the page."""
    sent = {
        # A password is never kept: its field comes back empty.
        k: "" if "password" in k else v
        for k, v in request.POST.dict().items()
        if k not in NEVER_ECHOED
    }
    ticked = {k: request.POST.getlist(k) for k in sent if "password" not in k}
    record = {"asked": asked, "typed": sent, "ticked": ticked, "at": request.at.timestamp()}
    others = {k: v for k, v in _all(request).items() if k != page}
    newest = sorted(others.items(), key=lambda one: one[1]["at"])[1 - KEPT_PAGES :]
    _write(request, {**dict(newest), page: record})
    way = f"{reverse('account_reauthenticate')}?{urlencode({'next': page})}"
    return done(request, page=way, move=True)


def kept(request: HttpRequest, *, page: str, at: datetime) -> Kept | None:
    """Return what this person was about to decide on this page, and has not decided yet."""
    record = _all(request).get(page)
    if record is None or at.timestamp() - record["at"] > KEPT_FOR.total_seconds():
        return None
    # What an older release kept has no `ticked`.
    return Kept(record["asked"], record["typed"], record.get("ticked", {}))


def forget(request: HttpRequest, *, page: str) -> None:
    """Let go of what was kept for a page: it is decided."""
    pages = _all(request)
    if pages.pop(page, None) is not None:
        _write(request, pages)


def once_more(address: str) -> str:
    """Return the page that shows what was sent to an address, and sends it once more."""
    return f"{reverse('once_more')}?{urlencode({'to': address})}"


def asked_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """
    Ask who is there before a view of which the form is not filled again by its own page.

    What was sent waits on the page of `once_more`. It stands below the gate, so that nobody who
    may not is asked; files are not kept.
    """

    @wraps(view)
    def sure(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = confirm_here(request, at=request.at)
        if refused is not None:
            return refused
        answer = view(request, *args, **kwargs)
        if answer.status_code < 400:
            forget(request, page=once_more(request.get_full_path()))
        return answer

    return declare(sure, asks_who_is_there=True)


def confirm_here(request: DeskRequest, *, at: datetime) -> HttpResponse | None:
    """Return the way to the proof where the session is old, and back to what was sent here."""
    if fresh(request, at=at):
        return None
    request.at = at
    here = request.get_full_path()
    return confirm_first(request, page=once_more(here), asked=here)


def _person(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _all(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What is kept for whoever is signed in now; never what somebody else typed."""
    stored = request.session.get(SESSION_KEY) or {}
    return dict(stored["pages"]) if stored.get("person") == request.user.pk else {}


def _write(request: HttpRequest, pages: Mapping[str, Any]) -> None:
    request.session[SESSION_KEY] = {"person": request.user.pk, "pages": dict(pages)}
