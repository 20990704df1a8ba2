"""The finished rows that pages of statements show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.models import Channel
from incidents.signoff.progress import RoundRow, SeatRow
from incidents.statements import rules
from incidents.statements.counts import Count
from incidents.statements.difference import Piece

CHANNEL_ICONS = {
    Channel.WEBSITE: "world",
    Channel.PRESS_RELEASE: "news",
    Channel.X: "brand-x",
    Channel.FACEBOOK: "brand-facebook",
    Channel.INSTAGRAM: "brand-instagram",
    Channel.LINKEDIN: "brand-linkedin",
    Channel.TIKTOK: "brand-tiktok",
    Channel.EMAIL: "mail",
    Channel.LETTER: "mail-opened",
    Channel.SMS: "device-mobile",
    Channel.VIDEO: "player-play",
    Channel.INTRANET: "building",
    Channel.TELEPHONE: "phone",
}


@dataclass(frozen=True)
class StatementRow:
    """A statement in the list: what it is and who still has to sign."""

    number: int
    title: str
    kind: str
    audience: str
    channels: tuple[str, ...]
    language: str
    status: str
    status_words: str
    version: int
    round: RoundRow | None
    published_at: datetime | None
    differs: bool

    @property
    def seats(self) -> list[SeatRow]:
        return self.round.seats if self.round else []

    @property
    def due_at(self) -> datetime | None:
        return self.round.due_at if self.round else None

    @property
    def my_turn(self) -> bool:
        return bool(self.round and self.round.my_turn)


@dataclass(frozen=True)
class PublicationRow:
    """Words that stood outside, as a person recorded it."""

    channel: str
    icon: str
    audience: str
    version: int
    is_signed: bool
    differs: bool
    pieces: tuple[Piece, ...]
    posted_text: str
    link: str
    published_at: datetime
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class StatementPanel:
    rows: tuple[StatementRow, ...]
    unsigned: tuple[PublicationRow, ...]
    may_draft: bool
    may_record: bool


@dataclass(frozen=True)
class VersionRow:
    number: int
    saved_by: str
    saved_at: datetime
    reason: str
    is_typo: bool
    fingerprint: str
    signed_by: tuple[str, ...]
    is_newest: bool


@dataclass(frozen=True)
class ChannelRow:
    """The exact text that goes out on a channel, and how long it is there."""

    channel: str
    words: str
    icon: str
    text: str
    is_own: bool
    count: Count
    pieces: tuple[Piece, ...]
    publication: PublicationRow | None


@dataclass(frozen=True)
class LengthRow:
    """How long the draft is where it is to be posted."""

    words: str
    icon: str
    count: Count


@dataclass(frozen=True)
class BaseRow:
    """What the difference is against; `verdict` is what the reader decided about it, if they did."""

    number: int
    verdict: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Turn:
    """The reader's own sign-off that is asked for now."""

    role: str
    slug: str
    deputy_of: str
    due_at: datetime | None


@dataclass(frozen=True)
class DraftRow:
    """The draft beside the newest version."""

    is_saved: bool
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True)
class StatementPage:
    """One version of a statement, as this reader sees it now."""

    number: int
    title: str
    kind: str
    audience: str
    channel_words: tuple[str, ...]
    language: str
    status: str
    status_words: str
    version: VersionRow | None
    versions: tuple[VersionRow, ...]
    text: str
    base: BaseRow | None
    pieces: tuple[Piece, ...]
    passages: int
    length: int
    length_before: int | None
    channels: tuple[ChannelRow, ...]
    round: RoundRow | None
    authors: tuple[str, ...]
    is_author: bool
    turn: Turn | None
    draft: DraftRow
    publications: tuple[PublicationRow, ...]
    may_draft: bool
    may_record: bool

    @property
    def next_number(self) -> int:
        return (self.versions[0].number if self.versions else 0) + 1

    @property
    def moves(self) -> frozenset[str]:
        return rules.moves_from(self.status)

    @property
    def may_edit(self) -> bool:
        return self.may_draft and "edit" in self.moves

    @property
    def may_submit(self) -> bool:
        """The newest version has not been through sign-off yet."""
        newest = self.version is not None and self.version.is_newest
        return self.may_draft and "submit" in self.moves and newest and self.round is None

    @property
    def may_publish(self) -> bool:
        return self.may_record and "publish" in self.moves

    @property
    def may_withdraw(self) -> bool:
        return self.may_record and "withdraw" in self.moves

    @property
    def too_long(self) -> int:
        return sum(1 for channel in self.channels if channel.count.over)
