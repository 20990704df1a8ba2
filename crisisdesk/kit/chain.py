"""
A hash chain whose content can be withheld, or destroyed, while the chain still verifies.

    commitment = SHA-256( salt || canonical(content) )
    hash       = SHA-256( canonical({format, previous, number, recorded_at, commitment}) )

`canonical` is the JSON Canonicalization Scheme of RFC 8785. All digests are lower-case hex of
64 characters; a salt is 32 random bytes, written as hex. The format is final: a change of it is
a new value of `format`, never another meaning of an old one. Serves the timeline and the team's
journal; the stand-alone verifier shares no code with it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import rfc8785

ENTRY_FORMAT: Final = "crisisdesk-entry/1"
CHAIN_FORMAT: Final = "crisisdesk-chain/1"


@dataclass(frozen=True)
class Link:
    """One entry as the chain sees it; hex digests, `recorded_at` as `instant` writes it."""

    number: int
    recorded_at: str
    previous: str
    commitment: str
    hash: str


@dataclass(frozen=True)
class Fault:
    """The first entry that does not fit, and why, as a sentence in English."""

    number: int
    why: str


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value."""
    return rfc8785.dumps(value)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def instant(at: datetime) -> str:
    """Write an aware time as UTC with microseconds, `2026-03-12T20:54:12.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_salt() -> str:
    return secrets.token_hex(32)


def commit(content: Mapping[str, Any], salt: str) -> str:
    """Return the salted commitment to a content."""
    return digest(bytes.fromhex(salt) + canonical(dict(content)))


def opens(commitment: str, content: Mapping[str, Any], salt: str) -> bool:
    """Tell whether content and salt are what the commitment was made from."""
    try:
        return hmac.compare_digest(commitment, commit(content, salt))
    except ValueError:
        return False


def genesis(subject: str, *, foreign_head: str = "", foreign_number: int = 0) -> str:
    """
    Return what the first entry calls its previous hash.

    It names the subject (a UUID), so that no chain passes for another's; the second chain of a
    restored incident also binds the head and the number at which the foreign chain ends.
    """
    value: dict[str, Any] = {"format": CHAIN_FORMAT, "subject": subject}
    if foreign_head:
        value |= {"foreign_head": foreign_head, "foreign_number": foreign_number}
    return digest(canonical(value))


def link_hash(*, previous: str, number: int, recorded_at: str, commitment: str) -> str:
    return digest(
        canonical(
            {
                "format": ENTRY_FORMAT,
                "previous": previous,
                "number": number,
                "recorded_at": recorded_at,
                "commitment": commitment,
            }
        )
    )


def first_fault(
    links: Iterable[Link], *, start: str, head: str, last: int, first: int = 1
) -> Fault | None:
    """
    Return the first entry that breaks the chain, or None.

    `start` is the genesis, `head` and `last` the hash and number that the owner of the chain
    remembers: without them a cut tail could not be seen.
    """
    previous, expected = start, first
    for item in links:
        why = _why_not(item, previous=previous, expected=expected, last=last)
        if why:
            return Fault(expected, why)
        previous, expected = item.hash, expected + 1
    if expected - 1 != last:
        return Fault(expected, f"The end is cut: entry {expected} to {last} are missing.")
    if not hmac.compare_digest(previous, head):
        return Fault(last, f"Entry {last} is not the one that was last recorded.")
    return None


def _why_not(item: Link, *, previous: str, expected: int, last: int) -> str:
    """Say why this link does not stand here, or nothing."""
    if item.number != expected:
        return f"Entry {expected} is missing: entry {item.number} follows."
    if not hmac.compare_digest(item.previous, previous):
        return f"Entry {item.number} does not follow the one before it."
    computed = link_hash(
        previous=previous,
        number=item.number,
        recorded_at=item.recorded_at,
        commitment=item.commitment,
    )
    if not hmac.compare_digest(item.hash, computed):
        return f"Entry {item.number} was changed: its hash does not fit."
    if item.number > last:
        return f"Entry {item.number} was added past the end of the record."
    return ""
