"""Fields that several slices ask for."""

from __future__ import annotations

from typing import Any

from django import forms


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
