"""What a file is by its content, and how it may be given back. Pure."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

import puremagic

from incidents.timeline.rules import PICTURES

LARGEST: Final = 25 * 1024 * 1024
MOST_AT_ONCE: Final = 10
LONGEST_NAME: Final = 200
UNKNOWN: Final = "application/octet-stream"
TEXT: Final = "text/plain"
HEAD: Final = 64 * 1024
# What the content shows for certain; anything else is handed over as bytes or as plain text.
KNOWN: Final = PICTURES | {
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "image/heic",
    "image/tiff",
    "video/mp4",
    "video/quicktime",
    "video/webm",
}


# What a capture of something that stands outside can be.
CAPTURES: Final = ("image/", "video/", "audio/", "application/pdf")


def kind_of(content: bytes) -> str:
    """Return the media type that the first bytes show, whatever the name claims."""
    try:
        found = puremagic.from_string(content[:HEAD], mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found in KNOWN:
        return found
    return TEXT if _is_text(content[:HEAD]) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head[: max(0, len(head) - 4)].decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 8 and error.start > 0
    return True


def clean_name(name: str) -> str:
    """Return the bare name of a file: no folders, no control characters, not too long."""
    bare = PurePath(name.replace("\\", "/")).name
    bare = "".join(c for c in bare if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()
    stem, dot, suffix = bare.rpartition(".")
    if dot and len(bare) > LONGEST_NAME:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"[-LONGEST_NAME:]
    return bare[:LONGEST_NAME] or "file"


def place(sha256: str) -> str:
    """Return the path under which a content is stored: it has one, whoever adds it."""
    return f"evidence/{sha256[:2]}/{sha256}"
