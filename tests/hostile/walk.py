"""Every address of the installation, and who walks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from teams.models import User

# Django's own, which name what this installation has not.
UNNAMEABLE: Final = {"admin:app_list", "admin:view_on_site", "admin:jsi18n"}


@dataclass(frozen=True)
class Walk:
    """`addresses`: by name; `people`: one of each kind, None for nobody."""

    addresses: dict[str, str]
    people: dict[str, User | None]

    def signed_in(self, who: str, **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        user = self.people[who]
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


def addresses(known: Mapping[str, Any]) -> dict[str, str]:
    """Return an address for each name; what `known` does not name is made up."""
    made_up = {"IntConverter": 1, "SlugConverter": "x", "StringConverter": "x"}
    found = {}
    for name, asked in patterns(get_resolver().url_patterns):
        if name in UNNAMEABLE:
            continue
        given = {
            one: known.get(one, made_up.get(type(kind).__name__, known["person"]))
            for one, kind in asked.items()
        }
        try:
            found[name] = reverse(name, kwargs=given)
        except NoReverseMatch:  # an address with a regular expression of its own
            continue
    for model in admin.site._registry:
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found[f"{label}_changelist"] = reverse(f"{label}_changelist")
        found[f"{label}_add"] = reverse(f"{label}_add")
        first = model._default_manager.first()
        if first is not None:
            for act in ("change", "delete", "history"):
                found[f"{label}_{act}"] = reverse(f"{label}_{act}", args=[first.pk])
    return found


def patterns(among: list[Any], space: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for one in among:
        asked = one.pattern.converters
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            for name, more in patterns(one.url_patterns, inner):
                yield name, {**asked, **more}
        elif one.name:
            yield f"{space}{one.name}", asked


def read(answer: Any) -> str:
    """The whole answer as one text: status line, headers and body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{answer.status_code}\n{heads}\n\n{body.decode(errors='replace')}"
