"""The shape of what people type to promise, to move and to say why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit import ahead
from crisisdesk.kit.forms import PersonChoice
from incidents.models import Channel, Incident
from teams.models import Audience, User


class AheadField(forms.CharField):
    """A time to come, typed as people say it, in the incident's zone."""

    def __init__(self, **options: Any) -> None:
        self.zone, self.at = ZoneInfo("UTC"), datetime.max.replace(tzinfo=UTC)
        options.setdefault("help_text", _("15:00, tomorrow 9:00, 12/03 08:00, in 45 min"))
        options.setdefault("max_length", 40)
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**options)

    def clean(self, value: Any) -> datetime | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            when = ahead.read(typed, zone=self.zone, at=self.at)
        except (ahead.NotAhead, OverflowError) as wrong:
            raise ValidationError(
                _("“%(typed)s” is not a time. Write 15:00, tomorrow 9:00 or in 45 min."),
                params={"typed": typed},
            ) from wrong
        if when <= self.at:
            raise ValidationError(_("This time has passed. Write a later one."))
        return when


class TimedForm(forms.Form):
    """A form whose times are read in the incident's zone, from the moment of the call."""

    def __init__(self, *args: Any, incident: Incident, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AheadField):
                field.zone, field.at = ZoneInfo(incident.zone), at


class PromiseForm(TimedForm):
    audience = forms.ModelChoiceField(
        label=_("To whom"), queryset=Audience.objects.all(), empty_label=None
    )
    subject = forms.CharField(
        label=_("What is promised"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_at = AheadField(label=_("By when"))
    owner = PersonChoice(label=_("Who keeps it"), queryset=User.objects.none(), empty_label=None)
    channel = forms.ChoiceField(
        label=_("On which channel"),
        choices=[("", _("whichever")), *Channel.choices],
        required=False,
    )

    def __init__(self, *args: Any, owners: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101 - declared above
        owner.queryset = owners


class MoveForm(TimedForm):
    due_at = AheadField(label=_("New time"))
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
