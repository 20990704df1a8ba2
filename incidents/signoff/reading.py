"""What a signer can read of what they sign: its language, and how far its original has gone on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.models import Attestation, Version
from teams.models import User


class NotRead(Refused):
    """The signer does not read the language, and nobody has attested the translation."""


def attested(version: Version, by: User) -> Attestation | None:
    """
    Return who vouches for a text in a language that the signer does not read.

    :raises NotRead: if nobody does
    """
    if by.reads_language(version.language):
        return None
    found = vouched(version, by)
    if found is None:
        raise NotRead(
            _(
                "Your profile does not say that you read this language (%(language)s). Nothing"
                " was signed. Ask a reader to attest the translation, or add the language to"
                " your profile if you read it."
            )
            % {"language": _name(version)}
        )
    return found


def check_agrees(version: Version, approver: User) -> None:
    """
    Demand the same of whoever is said to have agreed by word of mouth.

    :raises NotRead: if they do not read it and nobody vouches for it
    """
    if not may_agree(version, approver):
        raise NotRead(
            _(
                "The profile of %(name)s does not say that they read this language (%(language)s)."
                " Nothing was recorded. Ask a reader to attest the translation first."
            )
            % {"name": approver.name, "language": _name(version)}
        )


def may_agree(version: Version, approver: User) -> bool:
    """Say whether a person reads a text, or somebody vouches for it."""
    return approver.reads_language(version.language) or vouched(version, approver) is not None


def vouched(version: Version, by: User) -> Attestation | None:
    """Return the last word of another reader on exactly this version."""
    found: Attestation | None = (
        version.attestations.exclude(reader=by)
        .select_related("reader")
        .order_by("-attested_at")
        .first()
    )
    return found


def left_behind(version: Version) -> dict[str, Any]:
    """
    Return how far its original had gone on beyond a translation, for the proof of a decision.

    Nothing where it is no translation, was made from the newest original, or a reader says that
    it says the same; else {"original": {"made_from": version number, "newest": version number}}.
    An original costs no query.
    """
    master = version.statement.master_id
    if master is None:
        return {}
    newest = Version.objects.filter(statement=master).order_by("-number").only("number").first()
    if newest is None or newest.pk == version.master_version_id:
        return {}
    if version.attestations.filter(master_version=newest).exists():
        return {}
    made_from = version.master_version.number if version.master_version else 0
    return {"original": {"made_from": made_from, "newest": newest.number}}


def _name(version: Version) -> str:
    return str(dict(settings.LANGUAGES).get(version.language, version.language))
