"""How long a text is where it is to be posted, as the channel itself counts. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from incidents.models import Channel

# X: https://docs.x.com/fundamentals/counting-characters (twitter-text 3).
X_LIMIT: Final = 280
X_LINK: Final = 23
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_TOP: Final = "com|org|net|info|eu|fr|uk|de|es|it|be|ch|ca|us|lu|nl|pt|ie|io|co|gov|edu|paris|brand"
_LINK: Final = re.compile(
    rf"https?://[^\s]+|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:{_TOP})(?![\w-])(?:/[^\s]*)?", re.IGNORECASE
)
_EMOJI: Final = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    "|[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
    "(?:\u200d[\u2190-\u2bff\U0001f000-\U0001faff](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?)*)"
)
_TEXT_SYMBOLS: Final = re.compile("[\u2190-\u2bff](?!\ufe0f|\u200d)")

# SMS: 3GPP TS 23.038, default alphabet and its extension table.
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE: Final = frozenset("^{}\\[~]|€\f")

LIMITS: Final[dict[str, int]] = {
    Channel.X: X_LIMIT,
    Channel.INSTAGRAM: 2200,
    Channel.TIKTOK: 4000,
    Channel.LINKEDIN: 3000,
    Channel.FACEBOOK: 63206,
}


@dataclass(frozen=True)
class Count:
    """Characters as the channel counts them; `limit` 0: none; `segments` for SMS only."""

    used: int
    limit: int = 0
    segments: int = 0
    wide: bool = False

    @property
    def over(self) -> int:
        return max(0, self.used - self.limit) if self.limit else 0


def count(channel: str, text: str) -> Count:
    """Return how long the text is on this channel."""
    if channel == Channel.X:
        return Count(x_length(text), X_LIMIT)
    if channel == Channel.SMS:
        return sms(text)
    return Count(len(text), LIMITS.get(channel, 0))


def x_length(text: str) -> int:
    """Count as X does: a link is 23, an emoji or a wide character 2."""
    text = unicodedata.normalize("NFC", text)
    links = len(_LINK.findall(text))
    text = _LINK.sub("", text)
    emoji = 0

    def take(match: re.Match[str]) -> str:
        nonlocal emoji
        if _TEXT_SYMBOLS.fullmatch(match[0]):
            return match[0]
        emoji += 1
        return ""

    text = _EMOJI.sub(take, text)
    return links * X_LINK + emoji * 2 + sum(1 if _is_light(c) else 2 for c in text)


def _is_light(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _LIGHT)


def sms(text: str) -> Count:
    """Count septets, or UTF-16 units where a character is outside the GSM alphabet."""
    if all(c in GSM or c in GSM_DOUBLE for c in text):
        used = sum(2 if c in GSM_DOUBLE else 1 for c in text)
        return Count(used, segments=_segments(used, 160, 153))
    used = len(text.encode("utf-16-le")) // 2
    return Count(used, segments=_segments(used, 70, 67), wide=True)


def _segments(used: int, single: int, joined: int) -> int:
    return 1 if used <= single else -(-used // joined)
