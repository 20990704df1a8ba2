"""Writing beside others: who is here, the files that go with a text, what the draft was before."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from crisisdesk.kit import bell
from crisisdesk.kit.http import DeskRequest
from crisisdesk.kit.refusals import Refused
from incidents.access import VIEW, incident_view
from incidents.evidence.handing_out import hand_out
from incidents.models import Channel, Draft, Incident, Statement
from incidents.statements import company, rules
from incidents.statements.actions import together
from incidents.statements.difference import difference
from incidents.statements.forms import AttachForm
from incidents.statements.views import DRAFT, FOLDER, find, number_in
from incidents.statements.views.writing import keep_and_change_files


class NotChosen(Refused):
    """Attaching asks for a file."""


@incident_view(VIEW, method="GET")
def presence(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    present = company.present(found, but=request.user, at=request.at)
    context = {"incident": incident, "number": number, "present": present}
    return render(request, f"{FOLDER}presence.html", context)


@incident_view(DRAFT, method="POST")
def present(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """Come or stay, by script while the editor is used; with `leaving`, go."""
    found = find(incident, number)
    leaving = "leaving" in request.POST
    if together.be_present(found, leaving=leaving, by=request.user, at=request.at):
        bell.ring(str(incident.pk), 0, "presence")
    return HttpResponse(status=204)


@incident_view(DRAFT, method="POST")
def attach(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = AttachForm(request.POST, request.FILES)

    def attach_them() -> Draft:
        if not form.is_valid():
            raise NotChosen(_("No file was chosen. Nothing was attached."))
        files = form.cleaned_data["attached"]
        return together.attach_files(found, files=files, by=request.user, at=request.at)

    if not request.htmx:
        return keep_and_change_files(request, found, attach_them)
    if form.is_valid():
        attach_them()
        form = AttachForm()
    return _attached(request, found, form)


@incident_view(DRAFT, method="POST")
def detach(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    sha256 = request.POST.get("sha256", "")

    def take_out() -> Draft:
        return together.remove_attachment(found, sha256=sha256, by=request.user, at=request.at)

    if not request.htmx:
        return keep_and_change_files(request, found, take_out)
    take_out()
    return _attached(request, found, AttachForm())


def _attached(request: DeskRequest, statement: Statement, form: AttachForm) -> HttpResponse:
    """Answer with the list: attaching is no entry of its own that a panel could hear of."""
    statement.draft.refresh_from_db()
    context = {
        "incident": statement.incident,
        "number": statement.number,
        "rows": company.attachments(statement.draft.attachments),
        "attach_form": form,
    }
    status = 422 if form.errors else 200
    answer = render(request, f"{FOLDER}attaching.html", context, status=status)
    answer["Draft-Revision"] = str(statement.draft.revision)
    return answer


@incident_view(VIEW, method="GET")
def attachment(
    _request: DeskRequest, incident: Incident, number: int, sha256: str
) -> HttpResponseBase:
    """Hand out a file that a version or the draft carries, to whoever may see the statement."""
    piece = company.attached(find(incident, number), sha256)
    if piece is None:
        raise Http404
    return hand_out(piece)


@incident_view(DRAFT, method="GET")
def earlier(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    """What the draft was before, to take words back from; `?revision=` shows one of them."""
    found = find(incident, number)
    states = company.earlier_states(found)
    wanted = number_in(request, "revision")
    asked = wanted if wanted is not None else next((one.revision for one in states), None)
    kept = company.kept(found, asked) if asked is not None else None
    if kept is None and wanted is not None:
        raise Http404
    context = {
        "incident": incident,
        "statement": found,
        "states": states,
        "kept": kept,
        "pieces": difference(kept.text, found.draft.text).pieces if kept else (),
        "own": [
            (Channel(c).label, kept.channel_texts[c]) for c in rules.in_order(kept.channel_texts)
        ]
        if kept
        else [],
        "may_edit": "edit" in rules.moves_from(found.status),
    }
    return render(request, f"{FOLDER}earlier.html", context)
