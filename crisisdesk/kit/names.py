"""The order in which names stand in a list: É beside E, whatever the database thinks of accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Named(Protocol):
    """Anything with a name: a person, a team."""

    name: str


Some = TypeVar("Some", bound=Named)


def place(name: str) -> tuple[str, str]:
    """Return what to sort a name by: its bare letters, then the name itself."""
    bare = (one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return "".join(bare).casefold(), name


def by_name(people: Iterable[Some]) -> list[Some]:
    """Return them as a directory lists them; for lists that are short enough to be read."""
    return sorted(people, key=lambda one: place(one.name))
