"""The shape of what people fill into a prepared text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import capital_letter, choice
from incidents.models import Channel, Version
from incidents.statements import prepared, rules, variables


class ValueField(forms.CharField):
    """One line that fits into a sentence; where it may `wait`, it may still be empty."""

    def __init__(self, *, may_wait: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.may_wait = may_wait

    def clean(self, value: Any) -> str:
        if self.may_wait and not str(value or "").strip():
            return ""
        given = str(super().clean(value))
        if wrong := variables.check_value(given):
            raise ValidationError(capfirst(prepared.WHY[wrong]))
        return given


class ValuesForm(forms.Form):
    """A field for each variable of a prepared text; `whole` asks for every one of them."""

    def __init__(
        self,
        *args: Any,
        text: Version,
        values: Mapping[str, str] | None = None,
        whole: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.text, self.whole = text, whole
        self.variables = {f"value_{n}": name for n, name in enumerate(prepared.names_of(text))}
        for key, name in self.variables.items():
            self.fields[key] = ValueField(
                label=capfirst(name),
                may_wait=not whole,
                initial=(values or {}).get(name, ""),
                error_messages={
                    "required": _("Still empty. A text is signed when everything is filled in.")
                },
            )

    @property
    def value_fields(self) -> list[Any]:
        """The fields of the variables, for the template."""
        return [self[key] for key in self.variables]

    @property
    def values(self) -> dict[str, str]:
        """What was given, by variable; what cannot be taken is left out."""
        given = {name: self.cleaned_data.get(key, "") for key, name in self.variables.items()}
        return {name: value for name, value in given.items() if value.strip()}


class UseForm(ValuesForm):
    """What the statement that begins with a prepared text is called, and where it goes."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("For the room only; it is never published.")
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that the prepared text was signed for."),
        error_messages={"required": _("Choose at least one channel.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signed_for = rules.in_order(self.text.channel_texts)
        channels = choice(self, "channels")
        channels.choices = [(c, capital_letter(Channel(c).label)) for c in signed_for]
        channels.initial = signed_for
        self.fields["title"].initial = self.text.statement.title
