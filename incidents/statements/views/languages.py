"""The other languages of a text: beginning one, vouching for one, asking somebody to read."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from crisisdesk.kit import fresh
from crisisdesk.kit.http import DeskRequest, done
from crisisdesk.kit.refusals import Refused
from incidents.access import incident_view
from incidents.models import Incident
from incidents.statements import languages
from incidents.statements.actions import translating
from incidents.statements.sharing_forms import AttestationForm, ReaderForm, TranslationForm
from incidents.statements.views import DRAFT, address, find
from teams.models import User

COMMENT = "incidents.comment"


class NotReadable(Refused):
    """What was sent is not what the page sends."""


def _not_readable(form: forms.Form) -> NotReadable:
    return NotReadable(" ".join(str(said) for words in form.errors.values() for said in words))


@incident_view(DRAFT, method="POST")
def translate(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = TranslationForm(request.POST)
    if not form.is_valid():
        raise _not_readable(form)
    made = translating.translate_statement(
        found, **form.cleaned_data, by=request.user, at=request.at
    )
    return done(request, page=address("statement-edit", incident, made.number), move=True)


@incident_view(COMMENT, method="POST")
def attest(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    form = AttestationForm(request.POST)
    if not form.is_valid():
        raise _not_readable(form)
    page = address("statement", incident, number)
    if not fresh.fresh(request, at=request.at):
        return fresh.confirm_first(request, page=page, asked="attest")
    translating.attest_translation(found, **form.cleaned_data, by=request.user, at=request.at)
    fresh.forget(request, page=page)
    return done(request, page=page, move=True)


@incident_view(COMMENT, method="POST")
def ask_reader(request: DeskRequest, incident: Incident, number: int) -> HttpResponse:
    found = find(incident, number)
    readers = tuple(
        languages.ReaderRow(str(one.uuid), one.name)
        for one in languages.readers_of(found, at=request.at)
    )
    form = ReaderForm(request.POST, readers=readers)
    if not form.is_valid():
        raise _not_readable(form)
    reader = get_object_or_404(User, uuid=form.cleaned_data["reader"])
    translating.ask_for_reader(
        found,
        version=form.cleaned_data["version"],
        reader=reader,
        by=request.user,
        at=request.at,
    )
    return done(request, page=address("statement-decide", incident, number), move=True)
