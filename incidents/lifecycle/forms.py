"""The shape of what people type to open an incident and to move it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import PersonChoice, choice, row_choice
from incidents.lifecycle import queries
from incidents.lifecycle.queries import MoveRow
from incidents.models import Incident, Occurred
from incidents.timeline import spoken
from incidents.timeline.calendar import NotATime
from teams.models import Team, User
from teams.queries import members

# Browsers and people write addresses without a scheme; a secure one is assumed.
SECURE = "https"


class OpenForm(forms.Form):
    """The fewest fields: a tired person fills them in under a minute."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    title = forms.CharField(
        label=_("What is it about"),
        max_length=200,
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose the nearest one")), *Incident.Kind.choices],
        error_messages={"required": _("Choose the kind that comes nearest; it can be wrong.")},
    )
    what_happened = forms.CharField(
        label=_("What happened"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is known, and how we know it. It stands on top of the room."),
        error_messages={"required": _("Say what happened; one sentence is enough.")},
    )
    first_seen = forms.CharField(
        label=_("First seen when"),
        max_length=80,
        required=False,
        help_text=_("14:05, yesterday around noon, this morning, 9 April. As exactly as known."),
    )
    where = forms.CharField(label=_("First seen where"), max_length=200, required=False)
    link = forms.URLField(label=_("Link"), max_length=2000, required=False, assume_scheme=SECURE)
    capture = forms.FileField(label=_("Capture"), required=False)
    confidentiality = forms.ChoiceField(
        label=_("Who sees it"), widget=forms.RadioSelect, initial=Incident.Confidentiality.TEAM
    )
    is_drill = forms.BooleanField(
        label=_("This is a drill: the signals are invented"), required=False
    )

    def __init__(self, *args: Any, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        teams = queries.teams_to_open_in(user, at=at)
        self.teams = list(teams)
        row_choice(self, "team").queryset = teams
        self.fields["key"].initial = uuid4
        if self.teams:
            self.fields["team"].initial = self.teams[0].pk
        if len(self.teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
        choice(self, "confidentiality").choices = self._seen_by()

    def _seen_by(self) -> list[tuple[str, Any]]:
        only = self.teams[0] if len(self.teams) == 1 else None
        everyone = (
            _("Everyone in the team %(team)s (%(people)s people)")
            % {"team": only.name, "people": only.people}  # type: ignore[attr-defined]
            if only
            else _("Everyone in the team")
        )
        return [
            (Incident.Confidentiality.TEAM, everyone),
            (
                Incident.Confidentiality.RESTRICTED,
                _("Only you, and whom you assign or invite"),
            ),
        ]

    def clean_first_seen(self) -> Occurred | None:
        said = self.cleaned_data["first_seen"].strip()
        if not said:
            return None
        try:
            return spoken.parse(said, zone=ZoneInfo(self.user.zone), at=self.at)
        except NotATime as error:
            raise ValidationError(str(error)) from error


class LibraryForm(forms.Form):
    """Who keeps and signs the prepared texts to begin with; roles are given out there later on."""

    communications_lead = PersonChoice(
        label=_("Communications lead"), queryset=User.objects.none(), to_field_name="uuid"
    )
    legal_counsel = PersonChoice(
        label=_("Legal counsel"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("nobody yet"),
    )

    def __init__(self, *args: Any, team: Team, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("communications_lead", "legal_counsel"):
            row_choice(self, name).queryset = members(team, at=at)

    @property
    def holders(self) -> dict[str, User]:
        return {slug: person for slug, person in self.cleaned_data.items() if person}


class MoveForm(forms.Form):
    """Where the incident goes, and why."""

    to = forms.ChoiceField(
        label=_("Where to"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the incident goes.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes into the timeline, with your name."),
        error_messages={"required": _("Say why in one sentence; it goes into the timeline.")},
    )
    without_post_mortem = forms.BooleanField(
        label=_("Close without an accepted post-mortem"), required=False
    )

    def __init__(self, *args: Any, moves: list[MoveRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A move that someone else made meanwhile is refused by the verb, in words that help.
        known = {str(value): "" for value in Incident.Status.values}
        words = {row.to: row.words for row in moves}
        shown = words if not self.is_bound else {**words, **self._chosen(known, words)}
        choice(self, "to").choices = list(shown.items())
        if not any(row.needs_waiver for row in moves):
            del self.fields["without_post_mortem"]

    def _chosen(self, known: dict[str, str], words: dict[str, str]) -> dict[str, str]:
        given = self.data.get(self.add_prefix("to"), "")
        if given not in known or given in words:
            return {}
        return {given: str(Incident.Status(given).label)}


class AccessForm(forms.Form):
    """Who sees the incident, and why that changes."""

    to = forms.ChoiceField(choices=Incident.Confidentiality, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes into the timeline, with your name."),
        error_messages={"required": _("Say why in one sentence; it goes into the timeline.")},
    )
