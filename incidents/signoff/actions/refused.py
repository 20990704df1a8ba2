"""What sign-off refuses; each sentence says what is kept and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisisdesk.kit.refusals import Refused
from incidents.models import Version


class NoCircuit(Refused):
    """No approval policy fits, so that nobody would sign."""


class RoundEnded(Refused):
    """The round has been decided, or voided by a newer version."""


class TextChanged(Refused):
    """What was on the signer's screen is not the newest version; nothing was signed."""

    words = gettext_lazy(
        "The text has changed: v%(number)s exists. Nothing was signed. Read the difference,"
        " then decide on v%(number)s."
    )

    def __init__(self, newest: Version) -> None:
        super().__init__(self.words % {"number": newest.number})
        self.newest = newest


class OtherText(Refused):
    """The fingerprint on the signer's screen is not that of the text in sign-off."""


class OwnWords(Refused):
    """An author does not sign their own words."""


class AlreadySigned(Refused):
    """One person decides once per version."""


class NoSeat(Refused):
    """This person's sign-off is not asked for here and now."""


class CommentMissing(Refused):
    """A refusal or a request for changes says why."""


class OtherFrame(Refused):
    """Kind, audience, language or channels have changed since the version was made."""

    def __init__(self, version: Version) -> None:
        message = _(
            "Kind, audience, language or channels have changed since v%(number)s. The text is"
            " kept. Save it as a new version first: that is what is signed."
        )
        super().__init__(message % {"number": version.number})
