"""Fields that several slices ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.utils.functional import lazy
from django.utils.text import capfirst

from crisisdesk.kit.names import by_name

capital_letter = lazy(capfirst, str)


def capitals(choices: type[models.TextChoices]) -> list[tuple[str, Any]]:
    """Return choices for a form, where each stands alone; in sentences they are small."""
    return [(value, capital_letter(label)) for value, label in choices.choices if value]


def choice(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return a field whose choices are known only when its form is made."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field of choices")
    return field


def row_choice(form: forms.BaseForm, name: str) -> forms.ModelChoiceField[Any]:
    """Return a field that chooses among rows which are known only when its form is made."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} is no field that chooses among rows")
    return field


class _InOrder(ModelChoiceIterator):  # type: ignore[type-arg]
    """What a field of people offers: by name, É beside E."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(one) for one in by_name(self.queryset))


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Chooses one person among a few."""

    iterator = _InOrder


class Files(forms.ClearableFileInput):
    """A plain input for several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files, as a list; an empty file is left to whoever keeps it."""

    widget = Files

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)

    def clean(self, value: Any, initial: Any = None) -> list[Any]:
        given = [one for one in value or [] if one is not None]
        if not given:
            super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in given]
