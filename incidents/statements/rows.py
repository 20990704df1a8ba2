"""The finished rows that pages of statements show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from incidents.evidence.rows import Piece as Capture
from incidents.models import Channel, Decision
from incidents.signoff.releases import OwedRow
from incidents.signoff.rows import RoundRow, SeatRow
from incidents.statements import rules
from incidents.statements.bases import BaseRow, Unsigned
from incidents.statements.citing import Cited
from incidents.statements.company import AttachmentRow
from incidents.statements.counts import Count
from incidents.statements.difference import Piece
from incidents.statements.discussion_rows import DiscussionRow
from incidents.statements.languages import Languages, name_of
from incidents.statements.prepared_rows import OnPage
from incidents.statements.shared import ApproverRow
from incidents.statements.standing import Standing

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
    """
    A statement in the list: what it is and who still has to sign.

    `outdated`: how many of the facts it stands on have changed since it cited them; `is_stale`:
    a translation that its original has left behind.
    """

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
    outdated: int
    is_stale: bool

    @property
    def seats(self) -> list[SeatRow]:
        return self.round.seats if self.round else []

    @property
    def due_at(self) -> datetime | None:
        return self.round.due_at if self.round else None

    @property
    def is_released(self) -> bool:
        return bool(self.round and self.round.outcome == "released")

    @property
    def owed(self) -> tuple[OwedRow, ...]:
        return self.round.owed if self.round else ()

    @property
    def my_turn(self) -> bool:
        return bool(self.round and self.round.my_turn)


@dataclass(frozen=True)
class PublicationRow:
    """
    Words that stood outside, as a person recorded it.

    `how`: by whose word, where not everyone had signed; `is_denied`: the approver who is said to
    have agreed denies it; `captures`: files that show how it stood there.
    """

    channel: str
    icon: str
    audience: str
    version: int
    is_signed: bool
    how: str
    is_denied: bool
    differs: bool
    pieces: tuple[Piece, ...]
    posted_text: str
    link: str
    published_at: datetime
    recorded_by: str
    recorded_at: datetime
    captures: Sequence[Capture] = ()


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


Capacity = Decision.Capacity
# As what somebody signs, and what they are told before they do.
SIGN_OFF: Final = {
    Capacity.HOLDER: _("Your sign-off as %(role)s"),
    Capacity.DEPUTY: _("Your sign-off as %(role)s, deputy of %(name)s"),
    Capacity.DELEGATE: _("Your sign-off as %(role)s, by delegation of %(name)s"),
    Capacity.LISTED: _("Your sign-off as %(role)s, from the team’s list, for %(name)s"),
}
EXACTLY: Final = {
    Capacity.HOLDER: _("You sign exactly this text:"),
    Capacity.DEPUTY: _("You sign as deputy of %(name)s, exactly this text:"),
    Capacity.DELEGATE: _("You sign by delegation of %(name)s, exactly this text:"),
    Capacity.LISTED: _("You sign from the team’s list, for %(name)s, exactly this text:"),
}


@dataclass(frozen=True)
class Turn:
    """The reader's own sign-off that is asked for now; `deputy_of`: whom they stand in for."""

    role: str
    slug: str
    deputy_of: str
    due_at: datetime | None
    capacity: str = Capacity.HOLDER

    @property
    def words(self) -> str:
        return self._said(SIGN_OFF)

    @property
    def exactly(self) -> str:
        return self._said(EXACTLY)

    def _said(self, words: Mapping[Decision.Capacity, object]) -> str:
        capacity = Capacity(self.capacity) if self.deputy_of else Capacity.HOLDER
        return str(words[capacity]) % {"role": self.role, "name": self.deputy_of}


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
    audience_slug: str
    channel_words: tuple[str, ...]
    language: str
    status: str
    status_words: str
    version: VersionRow | None
    versions: tuple[VersionRow, ...]
    text: str
    base: BaseRow | None
    unsigned: Unsigned | None
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
    standing: Standing
    cited: Cited
    prepared: OnPage
    attachments: tuple[AttachmentRow, ...]
    discussion: DiscussionRow | None
    spoken: Languages
    outside: tuple[ApproverRow, ...]
    is_line: bool
    is_for_use: bool
    may_draft: bool
    may_record: bool
    may_share: bool

    @property
    def language_name(self) -> str:
        return name_of(self.language)

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
        return self.may_record and "publish" in self.moves and not self.is_for_use

    @property
    def may_withdraw(self) -> bool:
        return self.may_record and "withdraw" in self.moves

    @property
    def read_outside(self) -> tuple[str, ...]:
        """Who from outside reads the text, and with it its author's reason."""
        return tuple(one.name for one in self.outside if one.is_running)

    @property
    def too_long(self) -> int:
        return sum(1 for channel in self.channels if channel.count.over)
