"""Files on their way into the storage, before an act of the timeline tells them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.evidence import rules


class NotKept(Refused):
    """A file that is empty, too large, or one too many."""


@dataclass(frozen=True)
class Kept:
    """A file that lies in the storage, and what is told of it."""

    name: str
    sha256: str
    content_type: str
    size: int

    def told(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "sha256": self.sha256,
            "content_type": self.content_type,
            "size": self.size,
        }


def keep(file: File[bytes], *, wanted: tuple[str, ...] = ("",)) -> Kept:
    """
    Store a file under its SHA-256 and say what it is; `wanted`: how its type may begin.

    Done before the database is asked: a stored file without a row hurts nobody.
    :raises NotKept: for an empty file, one over the limit, or of another type.
    """
    size = file.size or 0
    name = rules.clean_name(file.name or "")
    if not size:
        raise NotKept(_("“%(name)s” is empty. Nothing was kept.") % {"name": name})
    if size > rules.LARGEST:
        raise NotKept(
            _("“%(name)s” is larger than %(most)s MB. Nothing was kept.")
            % {"name": name, "most": rules.LARGEST // 1024 // 1024}
        )
    file.seek(0)
    content = file.read()
    content_type = rules.kind_of(content)
    if not content_type.startswith(wanted):
        raise NotKept(
            _("“%(name)s” is neither a picture nor a recording nor a PDF. Nothing was kept.")
            % {"name": name}
        )
    sha256 = hashlib.sha256(content).hexdigest()
    where = rules.place(sha256)
    if not default_storage.exists(where):
        default_storage.save(where, ContentFile(content))
    return Kept(name, sha256, content_type, len(content))


def keep_capture(file: File[bytes]) -> Kept:
    """
    Store what shows how something stood outside; `actions.tie` makes it part of the entry that says so.

    :raises NotKept: for anything but pictures, recordings and PDF, or what `keep` refuses.
    """
    return keep(file, wanted=rules.CAPTURES)
