"""What the rows of a sign-off say about a seat: who decided, agreed, or is waited for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from crisisdesk.kit.lists import all_of
from crisisdesk.kit.times import moment
from incidents.models import Decision, Release, Seat
from incidents.signoff import rules
from incidents.timeline.rules import plain
from incidents.timeline.wording import asked_as
from teams.models import User

Capacity, Verdict = rules.Capacity, rules.Verdict


def struck(decision: Decision) -> str:
    return _("approved v%(number)s") % {"number": decision.version.number}


def decided(decision: Decision, *, number: int, at: datetime) -> str:
    """Say who decided what about version `number`, and as what."""
    words = {
        "name": decision.signer.name,
        "holder": decision.deputy_of.name if decision.deputy_of else "",
        "number": number,
        "time": moment(decision.decided_at, now=at),
    }
    sentence = SENTENCES[Capacity(decision.capacity)][Verdict(decision.verdict)]
    return str(sentence) % words


def stood_as(decision: Decision) -> str:
    """Say in which capacity, and for whom, a seat was taken; of its own holder, "in person"."""
    if decision.deputy_of is None:
        return in_short(decision.capacity)
    sentence = FOR_SOMEBODY[Capacity(decision.capacity)]
    return str(sentence) % {"name": decision.deputy_of.name}


def called(seat: Seat, outside: Collection[int]) -> str:
    """
    Name what a seat asks: the role, or how the person came to be asked, who is no role of their own.

    `outside`: who was let in to this one statement.
    """
    asks = plain(seat.role or seat.person)
    return asked_as(asks, external=seat.person_id in outside)


def in_short(capacity: str) -> str:
    """Name a capacity without saying for whom."""
    return str(FROM_LIST if capacity == Capacity.LISTED else Capacity(capacity).label)


def carried(given: Decision) -> str:
    return _("not asked again: %(name)s signed v%(number)s, only a typo was mended since") % {
        "name": given.signer.name,
        "number": given.version.number,
    }


def signed(names: Sequence[str]) -> str:
    """Say who signed this very text, as part of a sentence."""
    return ngettext(
        "%(names)s approved this fingerprint", "%(names)s approved this fingerprint", len(names)
    ) % {"names": all_of(names)}


def stand(given: Sequence[tuple[str, int]]) -> str:
    """Say who signed which earlier version, as part of a sentence; `given`: name and version."""
    numbers = sorted({number for _name, number in given})
    return ", ".join(
        ngettext("%(names)s signed v%(number)s", "%(names)s signed v%(number)s", len(names))
        % {"names": all_of(names), "number": number}
        for number in numbers
        for names in [[name for name, own in given if own == number]]
    )


def agreed(release: Release, *, at: datetime) -> str:
    """Say what became of an agreement by word of mouth; it is never called a signature."""
    words = {
        "name": release.approver.name if release.approver else "",
        "by": release.released_by.name,
        "time": moment(release.released_at, now=at),
    }
    if release.outcome == Release.Outcome.CONFIRMED:
        return _("%(name)s agreed by word of mouth, and confirmed it since") % words
    if release.outcome == Release.Outcome.DENIED:
        return _("%(name)s does not confirm what %(by)s recorded as agreed") % words
    return (
        _("%(name)s agreed by word of mouth, recorded by %(by)s, %(time)s; to be confirmed") % words
    )


def asks_nobody(state: str) -> str:
    if state == "skipped":
        return _("not asked any more")
    return _("nobody holds this role")


def waits(state: str, name: str) -> str:
    """Say whom a free seat waits for."""
    if state == "todo":
        return _("%(name)s, after the stage before") % {"name": name}
    return _("waits for %(name)s") % {"name": name}


def holder_is_out(state: str, holder: User, *, wrote: bool, instead: User | None) -> str:
    """Say why the holder of a free seat does not sign this text, and who does instead."""
    words = {"name": holder.name}
    why = _("%(name)s wrote part of this text") if wrote else _("%(name)s has decided already")
    if instead is None:
        return _("%(why)s, and nobody else may sign here") % {"why": why % words}
    return _("%(waits)s: %(why)s") % {"waits": waits(state, instead.name), "why": why % words}


# The label of the model says it with a straight apostrophe, which the tables were made with.
FROM_LIST: Final = lazy("from the team’s list")
FOR_SOMEBODY: Final = {
    Capacity.HOLDER: lazy("for %(name)s"),
    Capacity.DELEGATE: lazy("by delegation of %(name)s"),
    Capacity.DEPUTY: lazy("as deputy of %(name)s"),
    Capacity.LISTED: lazy("from the team’s list, for %(name)s"),
}
SENTENCES: Final = {
    Capacity.HOLDER: {
        Verdict.APPROVE: lazy("%(name)s approved v%(number)s, %(time)s"),
        Verdict.CHANGES: lazy("%(name)s asked for changes to v%(number)s, %(time)s"),
        Verdict.REFUSE: lazy("%(name)s refused v%(number)s, %(time)s"),
    },
    Capacity.DEPUTY: {
        Verdict.APPROVE: lazy("%(name)s, deputy of %(holder)s, approved v%(number)s, %(time)s"),
        Verdict.CHANGES: lazy(
            "%(name)s, deputy of %(holder)s, asked for changes to v%(number)s, %(time)s"
        ),
        Verdict.REFUSE: lazy("%(name)s, deputy of %(holder)s, refused v%(number)s, %(time)s"),
    },
    Capacity.DELEGATE: {
        Verdict.APPROVE: lazy(
            "%(name)s, by delegation of %(holder)s, approved v%(number)s, %(time)s"
        ),
        Verdict.CHANGES: lazy(
            "%(name)s, by delegation of %(holder)s, asked for changes to v%(number)s, %(time)s"
        ),
        Verdict.REFUSE: lazy(
            "%(name)s, by delegation of %(holder)s, refused v%(number)s, %(time)s"
        ),
    },
    Capacity.LISTED: {
        Verdict.APPROVE: lazy("%(name)s, from the team’s list, approved v%(number)s, %(time)s"),
        Verdict.CHANGES: lazy(
            "%(name)s, from the team’s list, asked for changes to v%(number)s, %(time)s"
        ),
        Verdict.REFUSE: lazy("%(name)s, from the team’s list, refused v%(number)s, %(time)s"),
    },
}
