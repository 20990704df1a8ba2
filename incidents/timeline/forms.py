"""The shape of what a person adds to an entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import PersonChoice, row_choice
from incidents.timeline.composer import Words
from teams.models import User


class CorrectionForm(forms.Form):
    text = Words(label=_("What is right"), widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = Words(label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))


class ReaderForm(forms.Form):
    """Whom counsel lets read; only people who can enter the room are offered."""

    reader = PersonChoice(label=_("Who may read it"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        row_choice(self, "reader").queryset = people
