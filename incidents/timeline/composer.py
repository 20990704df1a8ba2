"""
The shape of an entry written by hand: text, kind, when, why, files.

Its own module, for the evidence slice takes it too: words and files come in one form.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import FilesField
from incidents.models import Occurred
from incidents.timeline import spoken
from incidents.timeline.calendar import NotATime
from incidents.timeline.rules import LONGEST_TEXT, unwritable

KINDS: Final = (
    ("fact", _("Fact")),
    ("decision", _("Decision")),
    ("message_in", _("Message in")),
    ("message_out", _("Message out")),
)


class Words(forms.CharField):
    """A text that can be kept whole, down to its last character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=True, **{"max_length": LONGEST_TEXT, **options})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if why := unwritable(value):
            raise ValidationError(why)


class OccurredField(forms.CharField):
    """When something happened, as people say it; empty is now."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=spoken.LONGEST, **options)

    def at(self, text: str, *, at: datetime) -> Occurred | None:
        if not text:
            return None
        try:
            return spoken.parse(text, zone=reader_zone(), at=at)
        except NotATime as no:
            raise ValidationError(str(no)) from None


def reader_zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_current_timezone_name())


class EntryForm(forms.Form):
    """What happened; `at` is the present, beyond which nothing has occurred."""

    text = Words(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, initial="fact", widget=forms.RadioSelect
    )
    occurred = OccurredField(label=_("Occurred at"), required=False)
    why = Words(
        label=_("Why it was decided"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    on_behalf_of = Words(label=_("On behalf of"), required=False, max_length=120)
    key_moment = forms.BooleanField(label=_("Key moment"), required=False)
    privileged = forms.BooleanField(label=_("Privileged"), required=False)
    attached = FilesField(label=_("Attach"), required=False)

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at

    def clean_occurred(self) -> Occurred | None:
        field = self.fields["occurred"]
        assert isinstance(field, OccurredField)  # noqa: S101
        return field.at(self.cleaned_data["occurred"], at=self.at)
