"""What a statement is and where it may go. Pure: no query, no clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from crisisdesk.kit import chain
from incidents.models import Channel, Statement

Status = Statement.Status
Kind = Statement.Kind
FORMAT: Final = "crisisdesk-statement/1"

MOVES: Final[dict[str, dict[str, str]]] = {
    "edit": {
        Status.DRAFT: Status.DRAFT,
        Status.IN_SIGNOFF: Status.IN_SIGNOFF,
        Status.GOOD: Status.GOOD,
    },
    "save": {
        Status.DRAFT: Status.DRAFT,
        Status.IN_SIGNOFF: Status.IN_SIGNOFF,
        Status.GOOD: Status.IN_SIGNOFF,
    },
    "submit": {Status.DRAFT: Status.IN_SIGNOFF},
    "decide": {Status.IN_SIGNOFF: Status.IN_SIGNOFF},
    "publish": {
        Status.GOOD: Status.PUBLISHED,
        Status.PUBLISHED: Status.PUBLISHED,
        # On another channel, before its successor was out.
        Status.SUPERSEDED: Status.SUPERSEDED,
    },
    "supersede": {Status.PUBLISHED: Status.SUPERSEDED},
    "withdraw": {
        Status.DRAFT: Status.WITHDRAWN,
        Status.IN_SIGNOFF: Status.WITHDRAWN,
        Status.GOOD: Status.WITHDRAWN,
        Status.PUBLISHED: Status.WITHDRAWN,
        Status.SUPERSEDED: Status.WITHDRAWN,
    },
}


# What nobody reads as ours any more; and what is out as it was signed or released.
GONE: Final = (Status.WITHDRAWN, Status.SUPERSEDED)
OUT: Final = (Status.PUBLISHED, Status.SUPERSEDED)
# What people begin to write; lines to take have a page of their own, and what sets right is no
# first message.
KINDS_TO_BEGIN: Final = tuple(kind for kind in Kind.values if kind != Kind.LINE)
KINDS_TO_CORRECT: Final = (Kind.CORRECTION, Kind.APOLOGY, Kind.UPDATE)
# The moves with which words go out: none of a prepared text, which is used in incidents.
OUTSIDE: Final = frozenset({"publish", "supersede"})


def next_status(status: str, move: str) -> str | None:
    """Return where the move leads from here, or None when it is not allowed."""
    return MOVES[move].get(status)


def moves_from(status: str) -> frozenset[str]:
    """Return the moves open from here, for the buttons."""
    return frozenset(move for move, steps in MOVES.items() if status in steps)


def as_typed(text: str) -> str:
    """Return a draft's text: NFC and line feeds, nothing that was typed taken away."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def normalise(text: str) -> str:
    """
    Return a text as versions keep it: NFC, line feeds, no blanks at the ends of lines and text.

    What nobody can see makes no new version and voids no sign-off.
    """
    return "\n".join(line.rstrip() for line in as_typed(text).split("\n")).strip()


def channel_texts(channels: Iterable[str], own: Mapping[str, str], text: str) -> dict[str, str]:
    """
    Return the texts of a version per channel: own words, or empty where the text itself goes.

    Every channel of the statement has its key, so that the fingerprint binds the channels too.
    """
    wanted = in_order(channels)
    own = {c: normalise(own.get(c, "")) for c in wanted}
    return {c: "" if own[c] == text else own[c] for c in wanted}


def in_order(channels: Iterable[str]) -> list[str]:
    """Return known channels in the order in which people are used to see them."""
    given = set(channels)
    return [c for c in Channel.values if c in given]


def text_for(text: str, texts: Mapping[str, str], channel: str) -> str:
    """Return the exact text that goes out on a channel."""
    return texts.get(channel) or text


def fingerprint(
    *,
    statement: UUID,
    kind: str,
    language: str,
    audience: str,
    text: str,
    channel_texts: Mapping[str, str],
    attachments: Sequence[str] = (),
) -> str:
    """Return the SHA-256 (hex) over everything that a sign-off binds (see `bound`)."""
    return chain.digest(
        bound(
            statement=statement,
            kind=kind,
            language=language,
            audience=audience,
            text=text,
            channel_texts=channel_texts,
            attachments=attachments,
        )
    )


def bound(
    *,
    statement: UUID,
    kind: str,
    language: str,
    audience: str,
    text: str,
    channel_texts: Mapping[str, str],
    attachments: Sequence[str] = (),
) -> bytes:
    """
    Return the RFC 8785 form of everything that a sign-off binds: its SHA-256 is the fingerprint.

    `attachments` are SHA-256 digests, sorted. The format is final: a change of it is a new
    value of `format`.
    """
    body: dict[str, Any] = {
        "format": FORMAT,
        "statement": str(statement),
        "kind": str(kind),
        "language": language,
        "audience": audience,
        "text": text,
        "channel_texts": {str(c): t for c, t in channel_texts.items()},
        "attachments": sorted(attachments),
    }
    return chain.canonical(body)


def same_words(posted: str, signed: str) -> bool:
    """Tell whether what stands outside is the signed text; blanks and line breaks do not count."""
    return as_typed(posted).split() == as_typed(signed).split()
