"""What somebody points at in a text, and the anchor that it gets."""

from __future__ import annotations

from typing import Any, Final, TypedDict

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Statement, Version
from incidents.statements import passages, rules

_QUOTED: Final = 200


class NothingSaid(Refused):
    """A comment without words, or a suggestion that changes nothing."""


class NoVersion(Refused):
    """There is no such version to speak of."""


class Pointed(TypedDict, total=False):
    """What somebody points at: words of a version (of a channel's own text), and their surroundings."""

    version: int
    channel: str
    words: str
    before: str
    after: str


def version_of(statement: Statement, number: int) -> Version | None:
    """Return the version spoken of; none where the statement has none yet."""
    found: Version | None = statement.versions.filter(number=number).first()
    if found is None and (number or statement.versions.exists()):
        raise NoVersion(_("There is no such version. Nothing was kept."))
    return found


def anchored(
    version: Version, pointed: Pointed, *, must: bool = False
) -> tuple[dict[str, Any] | None, str, str]:
    """Return the anchor of a passage, the channel whose own text it is in, and its words."""
    given = pointed.get("channel", "")
    channel = given if version.channel_texts.get(given) else ""
    words = pointed.get("words", "")
    if not words.strip() and not must:
        return None, channel, ""
    text = rules.text_for(version.text, version.channel_texts, channel)
    start, end = passages.locate(
        text, words, before=pointed.get("before", ""), after=pointed.get("after", "")
    )
    return passages.anchored(text, (start, end)), channel, text[start:end]


def short(text: str) -> str:
    return str(Truncator(text).chars(_QUOTED))
