"""Whether a signer reads what they sign, or somebody vouches for it."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Attestation, Version
from teams.models import User


class NotRead(Refused):
    """The signer does not read the language, and nobody has attested the translation."""


def attested(version: Version, by: User) -> Attestation | None:
    """Return who vouches for a text in a language that the signer does not read."""
    if by.reads_language(version.language):
        return None
    found: Attestation | None = (
        version.attestations.exclude(reader=by)
        .select_related("reader")
        .order_by("-attested_at")
        .first()
    )
    if found is None:
        raise NotRead(
            _(
                "Your profile does not say that you read this language (%(language)s). Nothing"
                " was signed. Ask a reader to attest the translation, or add the language to"
                " your profile if you read it."
            )
            % {"language": dict(settings.LANGUAGES).get(version.language, version.language)}
        )
    return found
