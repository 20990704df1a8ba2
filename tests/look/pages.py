"""A small site of its own, without a database: every component, and a form that meets trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import engines
from django.urls import path
from django.utils.timezone import now

from crisisdesk.urls import urlpatterns as real
from incidents.models import Occurred

HEARD: list[str] = []
PERSON = SimpleNamespace(
    pk=7,
    is_authenticated=True,
    is_staff=True,
    name="Karim Haddad",
    email="karim@desk.test",
    title="Legal",
    zone="UTC",
)


class NoteForm(forms.Form):
    text = forms.CharField(
        label="What happened", widget=forms.Textarea, validators=[MaxLengthValidator(40)]
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[("f", "Fact"), ("d", "Decision")], widget=forms.RadioSelect
    )


def context(**more: Any) -> dict[str, Any]:
    return {"user": PERSON, "server_now": now(), "theme": "system", **more}


def draw(request: HttpRequest, source: str, *, status: int = 200, **more: Any) -> HttpResponse:
    text = engines["django"].from_string(source).render(context(**more), request)
    return HttpResponse(text, status=status)


NOTE = """{% load desk %}<form id="note" method="post" action="/try/" hx-post="/try/"
  hx-swap="outerHTML" data-keep="note">{% csrf_token %}{% error_summary form %}
  {% field form.text rows=3 %}{% field form.kind look="seg" %}
  <output data-counts="id_text" data-limit="10"></output>
  <button class="btn btn-primary" type="submit">Add entry</button></form>"""
PAGE = """{% extends "base.html" %}{% load desk %}{% block title %}Look{% endblock %}
{% block content %}<h1>Look</h1>{% card "c" "A form" %}<div class="card-body">BODY</div>{% endcard %}
{% endblock %}{% block dialogs %}CLOSE{% endblock %}"""
CLOSE = (
    '{% include "components/reason_dialog.html" with key="close" title="Close it?" '
    'action="/try/" submit="Close the incident" %}'
)
OPENER = (
    '<button class="btn" id="opener" type="button" popovertarget="close" '
    'data-dialog="close">Close</button>'
)


def note_page(request: HttpRequest) -> HttpResponse:
    form = NoteForm(initial={"text": request.GET.get("text", "")})
    return draw(request, PAGE.replace("BODY", NOTE + OPENER).replace("CLOSE", CLOSE), form=form)


def attempt(request: HttpRequest) -> HttpResponse:
    """Answer as the text asks: refuse, sign-out, break, forbid; else check it and take it."""
    said = request.POST.get("text", "") or request.POST.get("reason", "")
    HEARD.append(said)
    if said.startswith("refuse"):
        return render(
            request, "components/refusal.html", {"reason": "v4 exists, read it."}, status=409
        )
    if said.startswith("sign-out"):
        return redirect("/accounts/login/?next=/")
    if said.startswith("break"):
        return HttpResponse("It broke.", status=500)
    if said.startswith("forbid"):
        return HttpResponse(status=403)
    form = NoteForm(request.POST)
    if "reason" not in request.POST and not form.is_valid():
        return draw(request, NOTE, status=422, form=form)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect("/clocks/")


def plain(request: HttpRequest) -> HttpResponse:
    """Show the form as a browser without htmx would send it."""
    source = NOTE.replace('hx-post="/try/"', "")
    page = PAGE.replace("BODY", source).replace("CLOSE", "")
    return draw(request, page, form=NoteForm())


def clocks(request: HttpRequest) -> HttpResponse:
    at = now()
    source = """{% load desk %}<ul class="cd-clocks">{% clock_tile "Soon over" due_at=soon %}
    {% clock_tile "Later" due_at=later %}</ul><p>{% due soon %}</p>"""
    page = PAGE.replace("BODY", source).replace("CLOSE", "")
    soon, later = at + timedelta(seconds=8), at + timedelta(minutes=50)
    return draw(request, page, soon=soon, later=later)


class BoxesForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        choices=[("f", "Fact"), ("d", "Decision")], widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField()


def small(request: HttpRequest) -> HttpResponse:
    """Show what a thumb can miss, and what a narrow phone cuts."""
    source = """{% load desk %}<p class="cd-meta"><a href="/">{% icon "arrow-left" %} Back</a></p>
    <p class="mt-2 cd-meta"><a href="/">The text</a></p>
    <p class="cd-title"><a href="/">A title</a></p>
    <p class="cd-line"><span>Backed</span><a class="ms-auto" href="/">In</a></p>
    <details><summary class="cd-meta">More</summary>It</details>
    <p class="cd-line" id="sign">{% icon "alert-circle" %}<span>{{ words }}</span></p>
    <header class="card-header"><select class="form-select form-select-sm w-auto">
      <option>Compared with v1</option></select><fieldset class="cd-seg">
      <label><input type="radio" name="v"><span>12 changes made</span></label>
      <label><input type="radio" name="v"><span id="second">Clean text only</span></label>
    </fieldset></header>{% field form.kinds %}{% field form.kinds look="many" %}{% field form.sure %}"""
    page = PAGE.replace("BODY", source).replace("CLOSE", "")
    words = "The file that was chosen is not kept yet: choose the file again."
    return draw(request, page, form=BoxesForm(), words=words)


def everything(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    at = now()
    form = NoteForm({"text": ""})
    stages = [
        {"state": state, "who": "Legal", "struck": "approved v2", "text": "void since v3"}
        for state in ("approved", "void", "refused", "changes", "waiting", "skipped", "todo")
    ]
    changes = [("=", "We recall "), ("-", "three"), ("+", "four"), ("=", " lots.")]
    day = Occurred(datetime(2026, 3, 12, tzinfo=UTC), datetime(2026, 3, 13, tzinfo=UTC))
    return render(
        request,
        "look.html",
        context(
            form=form,
            stages=stages,
            changes=changes,
            occurred=day,
            at=at,
            soon=at + timedelta(minutes=6),
            later=at + timedelta(minutes=72),
            past=at - timedelta(minutes=11),
            text="**Stop** eating it.\n\n- keep the box\n- call 0 800\n\nhttps://a.example/",
            incident=SimpleNamespace(is_drill=True),
            frame=SimpleNamespace(team="Maison Verdier", open_incidents=4, unread=3),
        ),
    )


urlpatterns = [
    path("", note_page),
    path("try/", attempt),
    path("plain/", plain),
    path("clocks/", clocks),
    path("small/", small),
    path("everything/", everything),
    *real,
]
