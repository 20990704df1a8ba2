"""The files that show how something stood outside, as a report names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.evidence.rows import Piece


@dataclass(frozen=True)
class CaptureRow:
    """A capture; `entry` is the one that it came with."""

    pk: int
    name: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime
    entry: int | None
    is_privileged: bool


def capture_row(piece: Piece) -> CaptureRow:
    return CaptureRow(
        pk=piece.pk,
        name=piece.name,
        size=piece.size,
        sha256=piece.sha256,
        added_by=piece.added_by,
        added_at=piece.added_at,
        entry=piece.entry,
        is_privileged=piece.is_privileged,
    )
