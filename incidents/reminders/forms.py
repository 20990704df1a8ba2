from __future__ import annotations

from datetime import timedelta
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

SNOOZES: Final = {
    "10": timedelta(minutes=10),
    "20": timedelta(minutes=20),
    "60": timedelta(hours=1),
}


class SnoozeForm(forms.Form):
    """For how long, and why. What is owed stays owed at its time."""

    length = forms.ChoiceField(
        label=_("Remind again in"),
        choices=[("10", _("10 min")), ("20", _("20 min")), ("60", _("1 hour"))],
        initial="10",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
