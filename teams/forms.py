"""What people may say about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.models import User

# The zones people live in; the aliases and fixed offsets of the database are left out.
AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def zone_choices() -> list[tuple[str, str]]:
    names = sorted(z for z in available_timezones() if z.split("/")[0] in AREAS)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


if TYPE_CHECKING:
    PersonForm = forms.ModelForm[User]
else:
    PersonForm = forms.ModelForm


class ProfileForm(PersonForm):
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("All times are shown in this zone; an incident's own zone beside it."),
    )

    class Meta:
        model = User
        fields = ("name", "language", "zone", "theme")
        labels = {"name": _("Name"), "language": _("Language"), "theme": _("Theme")}
        help_texts = {
            "language": _("Pages and messages. Statements keep the language they are written in."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
