"""What the rows of a sign-off say about a seat: who decided, agreed, or is waited for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from crisisdesk.kit.times import moment
from incidents.models import Decision, Release
from incidents.signoff import rules
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


def carried(given: Decision) -> str:
    return _("not asked again: %(name)s signed v%(number)s, only a typo was mended since") % {
        "name": given.signer.name,
        "number": given.version.number,
    }


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
