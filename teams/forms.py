"""What people may say about themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit import ahead
from crisisdesk.kit.names import place
from teams import rules
from teams.models import Role, Team, User

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


class ReadsField(forms.MultipleChoiceField):
    """The languages a person reads, and so may sign in; the one of their pages is another thing."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("I can read and sign texts in"))
        options.setdefault(
            "help_text",
            _(
                "Tick what you read for certain; your teams’ journals say so. The language of your"
                " pages is another thing."
            ),
        )
        super().__init__(
            choices=settings.LANGUAGES,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **options,
        )


class ProfileForm(PersonForm):
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("All times are shown in this zone; an incident's own zone beside it."),
    )

    reads = ReadsField()

    class Meta:
        model = User
        fields = ("name", "language", "reads", "zone", "theme")
        labels = {"name": _("Name"), "language": _("Language"), "theme": _("Theme")}
        help_texts = {
            "language": _("Pages and messages. Statements keep the language they are written in."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


FAR: Final = datetime.max.replace(tzinfo=UTC)


class MomentField(forms.CharField):
    """
    A time as people say it, in the reader's zone: tomorrow 9:00, 24/12 08:00, 2026-12-24.

    A day without an hour begins at 0:00; as an end (`whole_day`) it counts to its last minute.
    """

    def __init__(self, *, whole_day: bool = False, **options: Any) -> None:
        self.zone, self.at, self.whole_day = ZoneInfo("UTC"), FAR, whole_day
        options.setdefault("max_length", 40)
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**options)

    def clean(self, value: Any) -> datetime | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return self._read(typed).astimezone(UTC)
        except (ahead.NotAhead, OverflowError) as wrong:
            raise ValidationError(
                _("“%(typed)s” is not a time. Write tomorrow 9:00, 24/12 08:00 or 24/12."),
                params={"typed": typed},
            ) from wrong

    def _read(self, typed: str) -> datetime:
        try:
            return ahead.read(typed, zone=self.zone, at=self.at)
        except ahead.NotAhead:
            day = ahead.read(f"{typed} 0:00", zone=self.zone, at=self.at)
            return day + timedelta(days=1) if self.whole_day else day


class PeriodForm(forms.Form):
    """From when, until when; times are read in the reader's zone, from the moment of the call."""

    about = "period"

    starts_at = MomentField(
        label=_("From"),
        required=False,
        help_text=_("Empty: from now on. Else tomorrow 9:00, 24/12 08:00, or a day alone."),
    )

    def __init__(self, *args: Any, zone: str, at: datetime, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{self.about}_%s"
        super().__init__(*args, **kwargs)
        self.at = at
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.zone, field.at = ZoneInfo(zone), at

    def clean_starts_at(self) -> datetime:
        return self.cleaned_data["starts_at"] or self.at


class AbsenceForm(PeriodForm):
    about = "absence"

    ends_at = MomentField(
        label=_("Until"),
        required=False,
        whole_day=True,
        help_text=_("A day alone counts whole. Empty: until further notice."),
    )
    note = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("The teams read it: how to be reached, for example. The reason stays private."),
    )


class HandOverForm(PeriodForm):
    about = "hand-over"

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), to_field_name="slug", empty_label=None
    )
    to = forms.ModelChoiceField(
        label=_("To whom"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose a person"),
        error_messages={"required": _("Say who takes over.")},
        help_text=_("Somebody of the same function: a sign-off never leaves it."),
    )
    role = forms.ModelChoiceField(
        label=_("For which role"),
        queryset=Role.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("All roles"),
    )
    ends_at = MomentField(
        label=_("Until"),
        whole_day=True,
        help_text=_("A day alone counts whole. It ends by itself."),
        error_messages={"required": _("Say until when: a hand-over has an end.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It stays in the journal of the team."),
        error_messages={"required": _("Say why, in a few words.")},
    )
    field_order = ("team", "to", "role", "starts_at", "ends_at", "reason")

    def __init__(
        self, *args: Any, giver: User, teams: QuerySet[Team], people: QuerySet[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        team, to = self.fields["team"], self.fields["to"]
        if isinstance(team, forms.ModelChoiceField) and isinstance(to, forms.ModelChoiceField):
            team.queryset = teams
            # Anybody of the team is read, so that the verb can say why not; only who could sign
            # is offered, and whoever was chosen stays chosen.
            to.queryset = people
            could = [one for one in people if rules.same_function(one, None, giver)]
            chosen = self._chosen("to")
            to.choices = by_function(
                [*could, *(one for one in people if str(one.uuid) == chosen and one not in could)],
                first=giver,
            )
            self._offer_roles(giver)
            if not [one for one in could if one != giver]:
                to.help_text = _("Nobody else of this function is in the team.")
        if len(teams) == 1:
            self.initial["team"] = teams[0].slug
            team.widget = forms.HiddenInput()

    def _chosen(self, name: str) -> str:
        return str((self.data if self.is_bound else self.initial).get(name) or "")

    def _offer_roles(self, giver: User) -> None:
        """Offer the roles that somebody of the giver's function signs for, and the one chosen."""
        role = self.fields["role"]
        if isinstance(role, forms.ModelChoiceField):
            chosen = self._chosen("role")
            offered = [
                (one.slug, one.name)
                for one in Role.objects.all()
                if one.function_id in (None, giver.function_id) or one.slug == chosen
            ]
            role.choices = [("", role.empty_label), *offered]


class StandInForm(forms.Form):
    role = forms.ModelChoiceField(
        label=_("Role"),
        queryset=Role.objects.all(),
        to_field_name="slug",
        empty_label=_("Choose a role"),
        error_messages={"required": _("Choose the role.")},
    )
    user = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose a person.")},
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        kwargs["auto_id"] = "stand-in_%s"
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people
            field.choices = by_function(people)


Choices: TypeAlias = list[tuple[Any, Any]]


def by_function(people: Iterable[User], *, first: User | None = None) -> Choices:
    """Group people by their function, that of `first` on top and without themself."""
    groups: dict[str, Choices] = {}
    own = first.function_id if first else None
    for one in sorted(people, key=lambda one: (one.function_id != own, place(one.name))):
        if one != first:
            name = one.function.name if one.function else str(_("No function"))
            groups.setdefault(name, []).append((str(one.uuid), one.name))
    return [("", _("Choose a person")), *groups.items()]
