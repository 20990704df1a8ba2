"""The proof of a version as a JSON object, for a file: times UTC, codes instead of words. Pure."""

from __future__ import annotations

import json
from typing import Any, Final

from crisisdesk.kit import chain
from incidents.evidence.rows import Piece
from incidents.models import Release
from incidents.statements.proof import OutRow, Proof, RoundProof, SignOffRow, StandsRow
from incidents.statements.standing import ReleaseRow

FORMAT: Final = "crisisdesk-proof/1"


def as_json(proof: Proof) -> dict[str, Any]:
    """
    Return everything that the page shows; `bound` is what the fingerprint covers.

    A privileged capture leaves no room by this file, whoever takes it; it says how many.
    """
    every = [(one, row) for one in proof.rounds for row in one.sign_offs]
    stood = [row for one in proof.rounds for row in one.stands]
    released = [row for one in proof.rounds for row in one.releases]
    return {
        "format": FORMAT,
        "incident": proof.reference,
        "statement": {"uuid": proof.statement, "number": proof.number, "title": proof.title},
        "version": proof.version,
        "saved_by": proof.saved_by,
        "saved_at": chain.instant(proof.saved_at),
        "fingerprint": proof.fingerprint,
        "bound": json.loads(proof.bound),
        "sign_offs": [_told(row, one) for one, row in every],
        "not_asked_again": [_told_stands(row) for row in stood],
        "releases": [_told_release(row) for row in released],
        "publications": [_told_out(row) for row in proof.publications],
        "privileged_left_out": sum(piece.is_privileged for _row, piece in proof.captured),
    }


def _told(row: SignOffRow, one: RoundProof) -> dict[str, Any]:
    seen = row.screen
    return {
        "stage": row.stage,
        "seat": row.seat,
        "verdict": row.verdict,
        "signer": row.signer,
        "capacity": row.capacity,
        "deputy_of": row.deputy_of,
        "version": row.version,
        "fingerprint": row.fingerprint,
        "decided_at": chain.instant(row.decided_at),
        "comment": row.comment,
        "round": one.outcome,
        "on_screen": {
            "base_version": seen.base_version,
            "base_fingerprint": seen.base_fingerprint,
            "language": seen.language,
            "reason": seen.reason,
            "attested_by": seen.attested_by,
            "original": {"made_from": seen.made_from, "newest": seen.original}
            if seen.original
            else None,
            "facts": [{"fact": fact.number, "state": fact.state} for fact in seen.facts],
        },
    }


def _told_stands(row: StandsRow) -> dict[str, Any]:
    told = {**vars(row), "decided_at": chain.instant(row.decided_at)}
    # Who is excluded is a fact of today, and none of the sign-off that the file proves.
    del told["excluded_at"], told["capacity_words"]
    return told


def _told_release(row: ReleaseRow) -> dict[str, Any]:
    return {
        "form": Release.Form.ORAL if row.is_oral else Release.Form.BREAK_GLASS,
        "over_refusal": row.is_over_refusal,
        "void": row.is_void,
        "version": row.version,
        "fingerprint": row.fingerprint,
        "reason": row.reason,
        "missing": row.missing,
        "released_by": row.by,
        "released_at": chain.instant(row.at),
        "approver": row.approver,
        "owed_by": row.owed_by,
        "owed_at": chain.instant(row.owed_at),
        "outcome": row.outcome,
        "settled_by": row.settled_by,
        "settled_at": chain.instant(row.settled_at) if row.settled_at else None,
        "settled_words": row.settled_words,
    }


def _told_out(row: OutRow) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "basis": row.basis,
        "released_by": row.by,
        "fingerprint": row.fingerprint,
        "differs": row.differs,
        "link": row.link,
        "published_at": chain.instant(row.published_at),
        "recorded_by": row.recorded_by,
        "recorded_at": chain.instant(row.recorded_at),
        "captures": [_told_capture(one) for one in row.captures if not one.is_privileged],
    }


def _told_capture(piece: Piece) -> dict[str, Any]:
    return {
        "name": piece.name,
        "sha256": piece.sha256,
        "size": piece.size,
        "added_by": piece.added_by,
        "added_at": chain.instant(piece.added_at),
        "entry": piece.entry,
    }
