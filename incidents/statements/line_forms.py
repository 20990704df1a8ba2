"""The shape of what people type about lines to take and about the facts of a statement."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import row_choice
from incidents.models import Channel, Fact
from incidents.timeline.composer import Words
from incidents.timeline.rules import LONGEST_TEXT
from teams.models import Audience, User

# Where questions come in: a line is for those who answer them.
USUAL: Final = (Channel.TELEPHONE, Channel.EMAIL)


class FactsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Facts of the ledger, each with its state."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        if obj.state == Fact.State.CONFIRMED:
            return str(obj.text)
        return _("%(text)s (%(state)s)") % {"text": obj.text, "state": obj.get_state_display()}


class LineForm(forms.Form):
    """A question that is coming, the answer, and what the answer stands on."""

    question = forms.CharField(
        label=_("The question that is coming"),
        max_length=200,
        help_text=_("As people ask it: “Is my lot concerned?”"),
        error_messages={"required": _("Write the question as people ask it.")},
    )
    answer = forms.CharField(
        label=_("The answer"),
        strip=False,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what may be said.")},
    )
    audience = forms.ModelChoiceField(
        label=_("Who asks"), queryset=Audience.objects.all(), to_field_name="slug"
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=User.Language, widget=forms.RadioSelect
    )
    facts = FactsField(label=_("The facts behind it"), queryset=Fact.objects.none(), required=False)
    submit = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, facts: QuerySet[Fact], **options: Any) -> None:
        super().__init__(*args, **options)
        row_choice(self, "facts").queryset = facts


class CiteForm(forms.Form):
    facts = FactsField(
        label=_("Facts"),
        queryset=Fact.objects.none(),
        error_messages={"required": _("Choose at least one fact.")},
    )

    def __init__(self, *args: Any, facts: QuerySet[Fact], **options: Any) -> None:
        super().__init__(*args, **options)
        row_choice(self, "facts").queryset = facts


class HoldsForm(forms.Form):
    """`change`: the change of the fact that was on the screen."""

    change = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = Words(
        label=_("Why it still holds"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why in one sentence; it goes into the timeline.")},
    )


class DropForm(forms.Form):
    reason = Words(label=_("Reason"), max_length=2000, required=False)
