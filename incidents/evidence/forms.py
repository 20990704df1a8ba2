from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import FilesField


class EvidenceForm(forms.Form):
    attached = FilesField(label=_("Files"))
