"""Where our words went out, and when they were set right there: channel by channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from incidents.models import Publication
from incidents.statements import rules


@dataclass(frozen=True)
class Outside:
    """
    On which channels statements went out, signed or released, and what came after them there.

    `set_right`: when a correction or a successor last went out, by channel. What sets a
    correction right, or follows it, does so for what that one corrected, too.
    """

    channels: Mapping[int, set[str]]
    set_right: Mapping[int, Mapping[str, datetime]]

    def done(self, statement: int, *, since: datetime) -> tuple[str, ...]:
        """Return the channels on which the statement was set right at that time or later."""
        after = self.set_right.get(statement, {})
        return tuple(rules.in_order(one for one, at in after.items() if at >= since))

    def left(self, statement: int, *, since: datetime) -> tuple[str, ...]:
        """Return the channels on which it still stands as it was, as far as people recorded it."""
        done = self.done(statement, since=since)
        return tuple(rules.in_order(self.channels.get(statement, set()).difference(done)))


def outside(incidents: Iterable[int]) -> Outside:
    """Return what went out in these incidents, in one query."""
    out: defaultdict[int, set[str]] = defaultdict(set)
    before: dict[int, set[int]] = {}
    published = Publication.objects.filter(incident__in=list(incidents), statement__isnull=False)
    posts = published.exclude(basis=Publication.Basis.UNSIGNED).values_list(
        "statement", "channel", "published_at", "statement__corrects", "statement__supersedes"
    )
    for key, channel, _at, *links in posts:
        out[key].add(channel)
        before[key] = {link for link in links if link}
    right: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
    for key, channel, at, *_links in posts:
        for wrong in _all_before(key, before):
            right[wrong][channel] = max(at, right[wrong].get(channel, at))
    return Outside(out, right)


def _all_before(statement: int, before: Mapping[int, set[int]]) -> set[int]:
    """Return what a statement corrects or follows, and what that one did, to the first of them."""
    found: set[int] = set()
    ahead = set(before.get(statement, ()))
    while ahead:
        one = ahead.pop()
        found.add(one)
        ahead |= before.get(one, set()) - found
    return found
