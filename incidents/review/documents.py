"""A report made into a file, in a chosen language and the incident's own zone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from incidents.models import Incident
from incidents.review.as_json import as_json
from incidents.review.pdf import pdf
from incidents.review.queries import report
from incidents.review.queries.rows import Audience, Report

FORMS: Final[dict[str, tuple[str, Callable[[Report], bytes]]]] = {
    "pdf": ("application/pdf", pdf),
    "json": ("application/json", as_json),
}
LATER: Final = ("docx", "html", "md")
LANGUAGES: Final = ("en", "fr")


@dataclass(frozen=True)
class Document:
    """A file: its name holds the reference, never the title."""

    name: str
    content_type: str
    body: bytes
    sha256: str


def make(
    incident: Incident,
    *,
    form: str,
    language: str,
    audience: Audience,
    with_privileged: bool,
    at: datetime,
) -> Document:
    """Return the report as a file; `form` is a key of FORMS."""
    content_type, write = FORMS[form]
    with translation.override(language), timezone.override(ZoneInfo(incident.zone)):
        found = report(incident, audience=audience, with_privileged=with_privileged, at=at)
        body = write(found)
    return Document(
        name=f"{incident.reference}-post-mortem.{form}",
        content_type=content_type,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )
