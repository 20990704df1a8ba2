"""The shape of what people type into a post-mortem, and of what they ask to export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit.forms import PersonChoice
from incidents.models import Action, Lesson
from incidents.review.queries.rows import Audience
from teams.models import User

MOST = 20_000


class _OnTopOf(forms.Form):
    """
    Words written on top of a revision.

    `seen` comes with a conflict: the revision that the person has now read as well.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    @property
    def read(self) -> int:
        seen = self.cleaned_data["seen"]
        return int(self.cleaned_data["revision"] if seen is None else seen)


class SummaryForm(_OnTopOf):
    summary = forms.CharField(
        label=_("In short"),
        help_text=_("What happened, how we answered, what we would do otherwise. No blame."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=MOST,
    )


class LessonForm(forms.Form):
    kind = forms.ChoiceField(label=_("Under"), choices=Lesson.Kind.choices)
    text = forms.CharField(
        label=_("Lesson"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MOST
    )


class LessonChangeForm(LessonForm, _OnTopOf):
    """A lesson in other words, on top of what was read."""


class RevisionForm(_OnTopOf):
    """An act on what was read, without words."""


class ActionForm(forms.Form):
    text = forms.CharField(
        label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MOST
    )
    owner = PersonChoice(label=_("Owner"), queryset=User.objects.none())
    due_on = forms.DateField(
        label=_("By"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101 for the type
        owner.queryset = people


class ActionChangeForm(ActionForm, _OnTopOf):
    state = forms.ChoiceField(label=_("State"), choices=Action.State.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MOST
    )


class ExportForm(forms.Form):
    form = forms.ChoiceField(
        label=_("Format"), choices=[("pdf", "PDF"), ("json", "JSON")], initial="pdf"
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("fr", "français")]
    )
    audience = forms.ChoiceField(
        label=_("For"),
        choices=[
            (Audience.INTERNAL, _("internal use")),
            (Audience.PUBLIC, _("the public: only what was public already")),
        ],
        initial=Audience.INTERNAL,
    )
    privileged = forms.BooleanField(
        label=_("Include privileged entries; the file must then not be passed on"),
        required=False,
    )
