"""The shape of what is asked of the whole desk."""

from __future__ import annotations

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from incidents.timeline.rules import LONGEST_TEXT

NOTHING: Final = _("Paste the text, as much of it as there is.")


class OursForm(forms.Form):
    """A text that somebody found. A validator, not `max_length`: browsers cut without a word."""

    text = forms.CharField(
        label=_("The text you found"),
        strip=False,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": NOTHING},
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise ValidationError(NOTHING)
        return text
