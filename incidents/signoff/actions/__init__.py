"""The verbs of sign-off. Each locks the incident first, so that simultaneous acts queue."""

from incidents.signoff.actions.deciding import decide, decide_locked
from incidents.signoff.actions.refused import (
    AlreadySigned,
    CommentMissing,
    NoCircuit,
    NoSeat,
    OtherFrame,
    OtherText,
    OwnWords,
    RoundEnded,
    TextChanged,
)
from incidents.signoff.actions.releasing import (
    confirm_agreement,
    deny_agreement,
    record_oral_agreement,
    release_statement,
    review_release,
)
from incidents.signoff.actions.rounds import (
    ask_also,
    open_round,
    open_round_locked,
    tighten,
    void_round,
)
from incidents.signoff.reading import NotRead

__all__ = [
    "AlreadySigned",
    "CommentMissing",
    "NoCircuit",
    "NoSeat",
    "NotRead",
    "OtherFrame",
    "OtherText",
    "OwnWords",
    "RoundEnded",
    "TextChanged",
    "ask_also",
    "confirm_agreement",
    "decide",
    "decide_locked",
    "deny_agreement",
    "open_round",
    "open_round_locked",
    "record_oral_agreement",
    "release_statement",
    "review_release",
    "tighten",
    "void_round",
]
