"""What is refused when a text is to be let out without all its sign-offs, and afterwards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from crisisdesk.kit.refusals import Refused
from incidents.signoff.actions.refused import TextChanged


class NotAllowed(Refused):
    """This person may not do it, or the policy has no release without sign-offs."""


class NothingToRelease(Refused):
    """There is no version: a release names exactly one text."""


class AlreadyReleased(Refused):
    """The statement may go out already, or is out, or was withdrawn."""


class ReasonMissing(Refused):
    """What is done outside the circuit says why."""


class NotTheirs(Refused):
    """Nobody reviews their own release, or answers for what another agreed to."""


class AlreadySettled(Refused):
    """It was reviewed, confirmed or denied meanwhile."""


class TextChangedSince(TextChanged):
    """What was on the screen is not the newest version; nothing was released."""

    words = gettext_lazy(
        "The text has changed: v%(number)s exists. Nothing was released. Read it, then decide"
        " on v%(number)s."
    )
