from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    privileged = forms.BooleanField(label=_("With what only counsel may see"), required=False)
