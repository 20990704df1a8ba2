"""Names one after the other inside a sentence: A, B and C; one of A and B."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def all_of(names: Sequence[str]) -> str:
    return _joined(names, pgettext("list of signers", "and"))


def any_of(names: Sequence[str]) -> str:
    return _joined(names, pgettext("list of signers", "or"))


def some_of(names: Sequence[str], n: int) -> str:
    """Say that some of these are enough."""
    if n == 1:
        return _("one of %(names)s") % {"names": all_of(names)}
    return _("%(n)s of %(names)s") % {"n": n, "names": all_of(names)}


def _joined(names: Sequence[str], last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
