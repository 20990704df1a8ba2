"""What a record says beside its chain: its shape, and that texts carry their own fingerprints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from incidents.archive.bad_file import refuse
from incidents.statements.rules import fingerprint

LISTS: Final = (
    *("assessments", "roles", "invitations"),
    *("statements", "facts", "publications", "promises"),
)


def check(payload: Mapping[str, Any]) -> None:
    """
    Look at what the pages of a restored record will read.

    :raises BadFile: naming the path of the first mistake.
    """
    if not isinstance(payload.get("exported"), dict):
        refuse("exported", _("an object is expected."))
    for name in LISTS:
        _check_objects(payload.get(name, []), name)
    for place, statement in enumerate(payload.get("statements", [])):
        versions = f"statements[{place}].versions"
        given = statement.get("versions") or []
        _check_objects(given, versions)
        for n, version in enumerate(given):
            if not _is_its_own(statement, version):
                refuse(
                    f"{versions}[{n}].fingerprint",
                    _("this is missing, or not written as it should be."),
                )


def _check_objects(given: Any, path: str) -> None:
    if not isinstance(given, list):
        refuse(path, _("a list is expected."))
    for place, one in enumerate(given):
        if not isinstance(one, dict):
            refuse(f"{path}[{place}]", _("an object is expected."))


def _is_its_own(statement: Mapping[str, Any], version: Any) -> bool:
    try:
        found = fingerprint(
            statement=UUID(statement["uuid"]),
            kind=version["kind"],
            language=version["language"],
            audience=version["audience"],
            text=version["text"],
            channel_texts=version["channel_texts"],
            attachments=[
                one["sha256"] if isinstance(one, dict) else one for one in version["attachments"]
            ],
        )
        return bool(found == version["fingerprint"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
