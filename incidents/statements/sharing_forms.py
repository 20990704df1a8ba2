"""The shape of what people type to show a text outside, and about its other languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit import ahead
from crisisdesk.kit.forms import choice
from incidents.statements.languages import ReaderRow
from teams.models import User

TO_SIGN = "sign"
TO_READ = "read"


class ApproverForm(forms.Form):
    """Who is shown the text, for what, until when."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("They enter with a code that is sent there."),
        error_messages={"required": _("Give the address that the code is sent to.")},
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Give the name that goes on the record.")},
    )
    language = forms.ChoiceField(
        label=_("They read"), choices=User.Language, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(
        label=_("For what"),
        choices=[(TO_SIGN, _("To sign it")), (TO_READ, _("Only to read it"))],
        initial=TO_SIGN,
        widget=forms.RadioSelect,
    )
    ends_at = forms.CharField(
        label=_("Until when"),
        max_length=40,
        help_text=_("Tomorrow 18:00, 24/12 08:00. At most 90 days."),
        error_messages={"required": _("Say when it ends.")},
    )

    def __init__(self, *args: Any, zone: ZoneInfo, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.at = zone, at

    def clean_ends_at(self) -> datetime:
        said: str = self.cleaned_data["ends_at"].strip()
        try:
            return ahead.read(said, zone=self.zone, at=self.at)
        except ahead.NotAhead as error:
            raise ValidationError(
                _("This time cannot be read. Write tomorrow 18:00, or 24/12 08:00.")
            ) from error

    @property
    def facts(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["signs"] = given.pop("purpose") == TO_SIGN
        return given


class TranslationForm(forms.Form):
    language = forms.ChoiceField(choices=User.Language)
    copy = forms.BooleanField(required=False)


class AttestationForm(forms.Form):
    """What was on the reader's screen, and their note."""

    version = forms.IntegerField(min_value=1)
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$")
    original = forms.IntegerField(min_value=1, required=False)
    note = forms.CharField(required=False, max_length=2000)


class ReaderForm(forms.Form):
    """Whom a signer asks to read the text for them."""

    version = forms.IntegerField(min_value=1)
    reader = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, readers: tuple[ReaderRow, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "reader").choices = [(one.uuid, one.name) for one in readers]
