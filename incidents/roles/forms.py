"""The shape of what people type to give a role and to let somebody in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from teams.models import Role, User

STAYS: Final = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


class PersonField(forms.CharField):
    """
    A person by name or e-mail address, found while typing (a list offered by the browser).

    Works without script; two people of one name are told apart by their addresses.
    """

    def __init__(self, **options: Any) -> None:
        self.people: QuerySet[User] = User.objects.none()
        options.setdefault("max_length", 254)
        widget = forms.TextInput(
            attrs={"list": options.pop("offers", "people"), "autocomplete": "off"}
        )
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> User | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = list(self.people.filter(email__iexact=typed)) or list(
            self.people.filter(name__iexact=typed)
        )
        if len(found) > 1:
            raise ValidationError(
                _("Several people are called %(name)s. Give the e-mail address."),
                params={"name": typed},
            )
        if not found:
            raise ValidationError(
                _("Nobody here is called %(name)s. Choose somebody from the list."),
                params={"name": typed},
            )
        return found[0]


class _WithPeople(forms.Form):
    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.people = people


class HandOverForm(_WithPeople):
    user = PersonField(
        label=_("Who takes it"), error_messages={"required": _("Say who takes the role.")}
    )
    deputy = PersonField(
        label=_("Deputy"),
        required=False,
        help_text=_("Has the same rights, and steps in when the holder does not answer."),
    )
    note = forms.CharField(
        label=_("What they should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("user") and given.get("user") == given.get("deputy"):
            self.add_error("deputy", _("The deputy is somebody other than the holder."))
        return given


class AssignForm(HandOverForm):
    role = forms.ModelChoiceField(
        label=_("Role"),
        queryset=Role.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a role"),
        error_messages={"required": _("Choose the role.")},
    )
    field_order = ("role", "user", "deputy", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Role.objects.all()


class DeputyForm(_WithPeople):
    deputy = PersonField(
        label=_("Deputy"), required=False, help_text=_("Leave it empty to have no deputy.")
    )


class InviteForm(_WithPeople):
    user = PersonField(
        label=_("Who is let in"),
        offers="everyone",
        error_messages={"required": _("Say who is let in.")},
    )
    stay = forms.ChoiceField(
        label=_("For how long"),
        choices=[
            ("day", _("24 hours")),
            ("week", _("7 days")),
            ("month", _("30 days")),
            ("open", _("until somebody ends it")),
        ],
        initial="week",
    )


class ExcludeForm(_WithPeople):
    user = PersonField(
        label=_("Who is excluded"),
        offers="everyone",
        error_messages={"required": _("Say who is excluded.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in one sentence. It goes on the record.")},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in one sentence. It goes on the record.")},
    )
