"""A person's own messages, the bell, and in a demonstration their mails."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from crisisdesk.kit.http import DeskRequest, done, whole_number
from incidents.notifications import actions, queries


@login_required
@require_GET
def notices(request: DeskRequest) -> HttpResponse:
    """The inbox, the newest first; `?before=` goes back."""
    at = now()
    before = whole_number(request.GET.get("before", ""))
    rows = queries.inbox(request.user, at=at, before=before)
    context = {
        "rows": rows,
        "unread": queries.unread_count(request.user, at=at),
        "earlier": rows[-1].pk if len(rows) == queries.PAGE else None,
        "troubled": queries.troubled(request.user, at=at),
        "shows_mails": settings.DEMO,
    }
    return render(request, "incidents/notifications/page.html", context)


@login_required
@require_GET
def bell(request: DeskRequest) -> HttpResponse:
    unread = queries.unread_count(request.user, at=now())
    return render(request, "incidents/notifications/bell.html", {"unread": unread})


@login_required
@require_POST
def read(request: DeskRequest) -> HttpResponse:
    """Mark as read: the messages named, or all."""
    given = request.POST.getlist("message")
    named = [pk for pk in map(whole_number, given) if pk is not None]
    actions.mark_read(request.user, messages=named if given else None, at=now())
    return done(request, page=reverse("incidents:notices"), move=True)


@login_required
@require_GET
def mails(request: DeskRequest) -> HttpResponse:
    """The mails that the demonstration kept for this person."""
    if not settings.DEMO:
        raise Http404
    return render(
        request, "incidents/notifications/mails.html", {"mails": queries.own_mails(request.user)}
    )
