"""What an entry is made of. Pure: no query, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from crisisdesk.kit import chain
from crisisdesk.kit.refusals import Refused
from incidents.models import Entry, EventKind, Occurred
from incidents.models import timeline as events
from incidents.models.incident import Head
from teams.models import User
from teams.models.catalogue import Catalogued

# What a person may log by hand.
LOGGED: Final[dict[str, EventKind]] = {
    "fact": events.NOTED,
    "decision": events.DECIDED,
    "message_in": events.MESSAGE_IN,
    "message_out": events.MESSAGE_OUT,
}
# Pictures are shown in their place, all other files are handed over to be saved.
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
# Who acts at the command line without a name of this installation.
OPERATOR: Final = "operator"
LONGEST_TEXT: Final = 100_000
# An entry is called late when it came this long after what it tells.
LATE_FROM: Final = timedelta(minutes=2)
DOUBLE_CLICK: Final = timedelta(minutes=1)

SHAPES: Final[list[tuple[type, Callable[[Any], dict[str, Any]]]]] = [
    (User, lambda v: {"id": str(v.uuid), "name": v.name}),
    (Catalogued, lambda v: {"slug": v.slug, "en": v.name_en, "fr": v.name_fr}),
    (models.Choices, lambda v: {"one_of": type(v).__qualname__, "value": v.value}),
    (datetime, lambda v: {"time": chain.instant(v)}),
]


class Unwritable(Refused):
    """Words that no database, or no one else's screen, could keep."""


def plain(value: Any) -> Any:
    """
    Turn a fact into JSON that reads the same in another installation.

    A person becomes {"id", "name"}, a catalogue row {"slug", "en", "fr"}, a choice {"one_of",
    "value"}, a time {"time"}; lists and dicts are turned piece by piece. Two shapes are written
    by whoever tells them: {"some": n, "of": [...]} where n of these are enough, and a person from
    outside with "external": true.
    """
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    for shape, write in SHAPES:
        if isinstance(value, shape):
            return write(value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def actor_fact(by: User | None, name: str) -> dict[str, Any] | None:
    """Say who acted: a person of this installation, a name from elsewhere, or nobody."""
    if by is not None:
        return {"id": str(by.uuid), "name": by.name}
    return {"id": None, "name": name} if name else None


def occurred_fact(occurred: Occurred) -> dict[str, Any]:
    return {
        "earliest": chain.instant(occurred.earliest),
        "latest": chain.instant(occurred.latest),
        "precision": str(occurred.precision),
        "part_of_day": str(occurred.part_of_day),
        "approximate": occurred.approximate,
        "written": occurred.written,
        "offset": occurred.offset,
    }


def content(
    kind: EventKind,
    *,
    actor: dict[str, Any] | None,
    on_behalf_of: str,
    occurred: Occurred,
    text: str,
    privileged: bool,
    key_moment: bool,
    corrects: int | None,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Return the content of an entry, as the commitment and the export have it."""
    return {
        "kind": kind.name,
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "occurred": occurred_fact(occurred),
        "text": text,
        "privileged": privileged,
        "key_moment": key_moment,
        "corrects": corrects,
        "facts": plain(facts),
    }


def columns(kind: EventKind, body: dict[str, Any], occurred: Occurred) -> dict[str, Any]:
    """Return the columns that repeat the content for lists."""
    return {"category": kind.category, **repeated(body, occurred)}


def repeated(body: dict[str, Any], occurred: Occurred) -> dict[str, Any]:
    return {
        "kind": body["kind"],
        "occurred_from": occurred.earliest,
        "occurred_until": occurred.latest,
        "precision": occurred.precision,
        "part_of_day": occurred.part_of_day,
        "approximate": occurred.approximate,
        "is_privileged": body["privileged"],
        "is_key_moment": body["key_moment"],
    }


def previous_hash(head: Head) -> str:
    """Return what the next entry calls its previous hash; a restored chain is bound, not grown."""
    if head.last_entry_number != head.sealed_number:
        return head.last_entry_hash
    return chain.genesis(
        str(head.uuid),
        foreign_head=head.sealed_head,
        foreign_number=head.sealed_number,
    )


def counted(counts: Mapping[str, int], entry: Entry) -> dict[str, int]:
    """Return the incident's counters with one entry more."""
    keys = ["all", str(entry.category)]
    if entry.is_key_moment:
        keys.append("key_moment")
    if entry.is_privileged:
        keys += _hidden_keys(entry)
    return _one_more(counts, keys)


def hidden_too(counts: Mapping[str, int], entry: Entry) -> dict[str, int]:
    """Return the counters after an entry was reclassified as privileged."""
    return _one_more(counts, _hidden_keys(entry))


def _hidden_keys(entry: Entry) -> list[str]:
    # By category too, so that a count tells nothing to those who may not see the entry.
    keys = ["privileged", f"privileged_{entry.category}"]
    return [*keys, "privileged_key_moment"] if entry.is_key_moment else keys


def _one_more(counts: Mapping[str, int], keys: list[str]) -> dict[str, int]:
    return {**counts, **{key: counts.get(key, 0) + 1 for key in keys}}


def check_words(*values: Any) -> None:
    """
    Look for characters that cannot be kept, in texts, lists and dicts.

    :raises Unwritable: for NUL, half a character (a lone surrogate), or a text too long.
    """
    for value in values:
        if isinstance(value, Mapping):
            check_words(*value.keys(), *value.values())
        elif isinstance(value, (list, tuple)):
            check_words(*value)
        elif isinstance(value, str) and (why := unwritable(value)):
            raise Unwritable(why)


def unwritable(text: str) -> str:
    """Say why a text cannot be kept; nothing when it can."""
    if len(text) > LONGEST_TEXT:
        return _("The text is too long: %(length)s characters, at most %(most)s.") % {
            "length": len(text),
            "most": LONGEST_TEXT,
        }
    if "\x00" in text:
        return _("The text holds a NUL character, which cannot be kept. Remove it.")
    if any("\ud800" <= c <= "\udfff" for c in text):
        return _("The text holds half a character, which cannot be kept. Remove it.")
    return ""


def late_by(occurred: Occurred, recorded_at: datetime) -> timedelta | None:
    """Return how long after the event it was written down; the least, where its end is vague."""
    gap = recorded_at - occurred.latest
    return gap if gap >= LATE_FROM else None
