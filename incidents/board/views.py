"""The desk, the lists, the room and what keeps it live. All of them only read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crisisdesk.kit.http import DeskRequest
from crisisdesk.kit.questions import read_only
from crisisdesk.kit.times import due_state
from incidents.access import VIEW, incident_view
from incidents.board.forms import OursForm
from incidents.board.queries import incidents as lists
from incidents.board.queries import needs
from incidents.board.queries import pulse as pulses
from incidents.board.queries.inbox import inbox
from incidents.board.queries.situation import situation
from incidents.clocks import queries as clocks
from incidents.models import Incident, Severity
from incidents.roles import queries as roles
from incidents.signoff import queries as signoff
from incidents.signoff import waiting
from incidents.statements import ours as asking
from incidents.statements import queries as statements
from incidents.timeline import queries as timeline

ON_A_PAGE: Final = 40
OURS: Final = "incidents/statements/ours.html"
TABS: Final = {
    *("room", "roles", "severity", "statements", "decide", "facts", "lines", "report", "state")
}


@login_required
@require_GET
def desk(request: DeskRequest) -> HttpResponse:
    request.at = now()
    return render(request, "incidents/board/desk.html", _desk(request))


@login_required
@require_GET
def desk_needs(request: DeskRequest) -> HttpResponse:
    """The desk's two lists again, for a page that stays open."""
    request.at = now()
    return render(request, "incidents/board/desk.html#lists", _desk(request))


@login_required
@require_GET
def sign_offs(request: DeskRequest) -> HttpResponse:
    """What waits for one's own sign-off; somebody from outside has a list of their own."""
    request.at = now()
    context = {"inbox": inbox(request.user, at=request.at)}
    return render(request, "incidents/board/inbox.html", context)


@login_required
@require_GET
def sign_offs_mark(request: DeskRequest) -> HttpResponse:
    """The link of the top bar again, with how many texts wait."""
    request.at = now()
    waits = waiting.count(request.user, at=request.at)
    return render(request, "incidents/board/inbox_mark.html", {"to_sign": waits})


@login_required
@require_GET
def incident_list(request: DeskRequest) -> HttpResponse:
    request.at = now()
    status = request.GET.get("status", "running")
    severity = request.GET.get("severity", "")
    found = lists.found(request.user, status=status, severity=severity, at=request.at)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": lists.rows(list(page)),
        "status": status,
        "severity": severity,
        "statuses": Incident.Status.choices,
        "severities": list(Severity),
    }
    return render(request, "incidents/board/list.html", context)


@login_required
@require_GET
def reports(request: DeskRequest) -> HttpResponse:
    request.at = now()
    page = Paginator(lists.ended(request.user, at=request.at), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "rows": lists.rows(list(page))}
    return render(request, "incidents/board/reports.html", context)


@login_required
@require_GET
def ours(request: DeskRequest) -> HttpResponse:
    return render(request, OURS, {"form": OursForm()})


@login_required
@require_POST
def ours_ask(request: DeskRequest) -> HttpResponse:
    """A question: was this ever published by us? Nothing of it is kept; whole page without htmx."""
    request.at = now()
    form = OursForm(request.POST)
    template = f"{OURS}#answer" if request.htmx else OURS
    if not form.is_valid():
        return render(request, template, {"form": form, "asked": True}, status=422)
    with read_only():
        answer = asking.ask(form.cleaned_data["text"], user=request.user, at=request.at)
        return render(request, template, {"form": form, "answer": answer})


@incident_view(VIEW, method="GET")
def room(request: DeskRequest, incident: Incident) -> HttpResponse:
    if incident.is_library:
        return redirect("incidents:statements", incident.reference)
    user, rights, at = request.user, request.rights, request.at
    reader = timeline.reader_of(user, rights)
    context = {
        "incident": incident,
        "clocks": clocks.header_clocks(incident, at=at),
        "statements": statements.panel(incident, user=user, rights=rights, at=at),
        "promises": clocks.panel(incident, user=user, rights=rights, at=at),
        "situation": situation(incident, user=user, rights=rights),
        "timeline": timeline.page(incident, reader=reader),
        "composer": _composer(request, incident),
        "roles": roles.panel(incident, user=user, rights=rights, at=at),
        "brief": True,
    }
    return render(request, "incidents/board/room.html", context)


@incident_view(VIEW, method="GET")
def situation_panel(request: DeskRequest, incident: Incident) -> HttpResponse:
    context = {
        "incident": incident,
        "situation": situation(incident, user=request.user, rights=request.rights),
    }
    return render(request, "incidents/board/situation.html", context)


@incident_view(VIEW, method="GET")
def header(request: DeskRequest, incident: Incident) -> HttpResponse:
    """The strip again, for the page it stands on."""
    tab = request.GET.get("tab", "")
    context = {"incident": incident, "tab": tab if tab in TABS else "room"}
    return render(request, "incidents/board/header.html", context)


@never_cache
@incident_view(VIEW, method="GET")
def pulse(request: DeskRequest, incident: Incident) -> HttpResponse:
    """Say where the record stands, and what has news since the number the page has seen."""
    after = request.GET.get("after", "")
    seen = int(after) if after.isdecimal() and len(after) < 10 else 0
    told = {
        "number": incident.last_entry_number,
        "subjects": pulses.subjects_after(incident, seen),
        "at": request.at.isoformat(),
    }
    return JsonResponse(told)


@incident_view(VIEW, method="GET")
def stream(_request: DeskRequest, _incident: Incident) -> HttpResponse:
    """Answer where no ASGI server stands in front (`runserver`): the page polls instead."""
    return HttpResponse(status=503)


def _composer(request: DeskRequest, incident: Incident) -> SafeString:
    """Return the composer as its own slice draws it: forms do not leave their slice."""
    if "log_entry" not in request.rights:
        return SafeString("")
    view = resolve(reverse("incidents:timeline-composer", args=[incident.reference])).func
    return SafeString(view(request, reference=incident.reference).content.decode())


def _desk(request: DeskRequest) -> dict[str, Any]:
    user, at = request.user, request.at
    running = lists.running(user, at=at)
    held = lists.holders(running)
    to_sign = _to_sign(request)
    found = needs.order(
        [
            *to_sign,
            *needs.promises(user, running),
            *needs.escalated(user, running, at=at, signs=to_sign),
            *needs.to_correct(user, running, held),
            *needs.offers(user, running),
            *needs.led(user, running, held),
            *needs.orphaned(user, running, held, at=at),
            *needs.to_publish(user, running),
            *needs.released(user, at=at),
        ],
        at=at,
    )
    rows = lists.by_urgency(lists.rows(running, held=held))
    return {
        "needs": found,
        "overdue": sum(_is_overdue(row.due_at, at) for row in found),
        "next_due": min((row.update_due for row in rows if row.update_due), default=None),
        "rows": rows,
        "people": lists.on_duty(rows, held),
    }


def _to_sign(request: DeskRequest) -> list[needs.NeedRow]:
    return [
        needs.NeedRow(
            kind="signoff",
            reference=row.reference,
            incident="",
            what=row.title,
            due_at=row.due_at,
            who=row.role,
            target=row.statement,
            version=row.version,
            language=row.language,
        )
        for row in signoff.waiting_for(request.user, at=request.at)
    ]


def _is_overdue(due_at: datetime | None, at: datetime) -> bool:
    return due_at is not None and due_state(due_at, now=at) == "overdue"
