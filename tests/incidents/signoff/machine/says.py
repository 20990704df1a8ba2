"""What a sign-off binds, put together from what the people did: nothing of the product's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tests.incidents.signoff.machine import reading

# Who reads what: the others read English and French.
READS = {"helene": {"en"}, "ana": {"en"}, "anne": {"en"}}


@dataclass(frozen=True)
class Frame:
    """What a statement is, beside its words."""

    kind: str
    audience: str = "public"
    language: str = "en"
    channels: tuple[str, ...] = ("website", "x")


@dataclass(frozen=True)
class Says:
    """A version; `texts`: each channel with its own words, "" where the text itself goes."""

    frame: Frame
    text: str
    texts: tuple[tuple[str, str], ...]
    files: frozenset[str]

    def on(self, channel: str) -> str:
        return dict(self.texts)[channel] or self.text

    def fingerprint(self, uuid: Any) -> str:
        return reading.fingerprint(
            statement=str(uuid),
            kind=self.frame.kind,
            language=self.frame.language,
            audience=self.frame.audience,
            text=self.text,
            channel_texts=dict(self.texts),
            attachments=sorted(self.files),
        )

    def is_but_a_typo_from(self, other: Says) -> bool:
        """Say whether only the machine's misspellings part two versions, on each channel."""
        mine, theirs = (
            [reading.without_typos(one.on(c)) for c in one.frame.channels] for one in (self, other)
        )
        return (self.frame, self.files, mine) == (other.frame, other.files, theirs)


def says(frame: Frame, text: str, own: Mapping[str, str], files: Collection[str]) -> Says:
    kept = reading.as_kept(text)
    texts = [(channel, reading.as_kept(own.get(channel, ""))) for channel in frame.channels]
    return Says(
        frame,
        kept,
        tuple((c, "" if words == kept else words) for c, words in texts),
        frozenset(files),
    )


def reads(who: str, language: str) -> bool:
    return language in READS.get(who, {"en", "fr"})
