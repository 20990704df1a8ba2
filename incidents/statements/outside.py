"""What may be called published, and how it compares with what was signed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Publication, Round, Statement
from incidents.statements import rules
from teams.models import User


class NotSigned(Refused):
    """What is to be recorded as published is not what was signed, or not yet."""


def check(round_: Round, *, channel: str, published_at: datetime, at: datetime) -> None:
    """
    Demand that channel and time are covered by the sign-off.

    Times that people give are exact to the minute, so the minute of the last sign-off counts.

    :raises NotSigned: otherwise, or if it is recorded already
    """
    version = round_.version
    check_time(published_at, at=at)
    if channel not in version.channel_texts:
        raise NotSigned(
            _(
                "v%(number)s was not signed for this channel. Nothing was recorded. If it"
                " appeared there all the same, record it as published without sign-off."
            )
            % {"number": version.number}
        )
    signed_at = round_.closed_at
    if signed_at and published_at < signed_at.replace(second=0, microsecond=0):
        raise NotSigned(
            _(
                "v%(number)s was not yet signed at that time. Nothing was recorded. What"
                " appeared before is recorded as published without sign-off."
            )
            % {"number": version.number}
        )
    if version.publications.filter(channel=channel).exists():
        raise NotSigned(
            _("The publication of v%(number)s on this channel is on record already.")
            % {"number": version.number}
        )


def check_time(published_at: datetime, *, at: datetime) -> None:
    if published_at > at:
        raise NotSigned(
            _("This time is still to come. Nothing was recorded. Record it once it is published.")
        )


def build(
    statement: Statement,
    round_: Round,
    *,
    channel: str,
    published_at: datetime,
    link: str,
    posted_text: str,
    by: User,
    at: datetime,
) -> Publication:
    """Return the publication of a signed version, with whether other words stand outside."""
    version = round_.version
    posted = rules.as_typed(posted_text)
    signed = rules.text_for(version.text, version.channel_texts, channel)
    return Publication(
        incident=statement.incident,
        statement=statement,
        version=version,
        round=round_,
        basis=Publication.Basis.SIGNED,
        fingerprint=version.fingerprint,
        channel=channel,
        audience=statement.audience,
        is_internal=statement.audience.is_internal,
        published_at=published_at,
        link=link,
        posted_text=posted,
        differs=bool(posted.strip()) and not rules.same_words(posted, signed),
        recorded_by=by,
        recorded_at=at,
    )
