"""The shape of what people type about facts."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import capital_letter
from incidents.facts import rules
from incidents.models import Fact
from incidents.timeline.composer import Words

# Browsers and people write addresses without a scheme; a secure one is assumed.
SECURE: Final = "https"
HOW: Final = _("Who said so, or which document: “Nadia Benali, plant”, “lab report 4711”.")


def source(*, required: bool, explained: bool = True) -> Words:
    return Words(
        label=_("Source"),
        max_length=300,
        required=required,
        help_text=HOW if explained else "",
        error_messages={"required": _("Say by what it is confirmed.")},
    )


def link() -> forms.URLField:
    return forms.URLField(label=_("Link"), max_length=2000, required=False, assume_scheme=SECURE)


def reason(*, required: bool) -> Words:
    return Words(
        label=_("Reason"),
        max_length=2000,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why in one sentence; it stays with the fact.")},
    )


class NoteForm(forms.Form):
    """One line and Enter."""

    text = Words(
        label=_("Fact"),
        max_length=rules.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write what is known, or asked.")},
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            (state.value, capital_letter(state.label))
            for state in (Fact.State.UNCONFIRMED, Fact.State.CONFIRMED)
        ],
        initial=Fact.State.UNCONFIRMED,
        widget=forms.RadioSelect,
    )
    source = source(required=False, explained=False)
    link = link()

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("state") == Fact.State.CONFIRMED and not given.get("source"):
            self.add_error("source", _("A confirmed fact comes with its source."))


class SeenForm(forms.Form):
    """What every change carries: the change of the fact that was on the screen."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ConfirmForm(SeenForm):
    source = source(required=True)
    link = link()


class RefuteForm(SeenForm):
    reason = reason(required=True)
    source = source(required=False)


class ReopenForm(SeenForm):
    reason = reason(required=True)


class RewordForm(SeenForm):
    """`needs_source`: other words for what is confirmed are confirmed anew."""

    text = Words(
        label=_("Fact"), max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = source(required=False)
    link = link()
    reason = reason(required=False)

    def __init__(self, *args: Any, needs_source: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].required = needs_source
