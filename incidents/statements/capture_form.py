"""The file that may come with a publication: how it stood there, at the time."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CaptureForm(forms.Form):
    capture = forms.FileField(
        label=_("Capture"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*,video/*,audio/*,application/pdf"}),
        help_text=_(
            "Screenshot or recording, at most 25 MB. It is kept as evidence with its SHA-256."
        ),
    )

    @property
    def lost(self) -> str:
        """The name of a file that was sent and, since nothing is recorded yet, is not kept."""
        sent = self.files.get("capture")
        return str(sent.name) if sent else ""
