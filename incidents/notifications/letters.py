"""The e-mail made of a message: in the reader's language and zone, one thread per incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from incidents import access
from incidents.models import Incident, Message
from incidents.notifications import outside, queries
from incidents.notifications.wording import Line
from teams.models import User

NOWHERE: Final = "crisisdesk.localhost"


def write(message: Message, *, at: datetime) -> EmailMultiAlternatives | None:
    """
    Return the letter of a message; nothing when its reader may no longer see the incident.

    Written when it is sent, so that it says what holds then. The Message-ID is the message's own
    and never changes: a mail system that has seen it drops a repeat.
    """
    person, incident = message.person, message.incident
    if incident is None:
        return None
    inside = access.may(person, incident, access.VIEW, at=at)
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        lines: Sequence[Line]
        if inside:
            lines = queries.lines_of([message], person, at=at, outside=True)[message.pk]
        else:
            lines = outside.lines(message, person, at=at)
        if not lines:
            return None
        return _letter(message, incident, person, lines, inside=inside, at=at)


def _letter(
    message: Message,
    incident: Incident,
    person: User,
    lines: Sequence[Line],
    *,
    inside: bool,
    at: datetime,
) -> EmailMultiAlternatives:
    context = {
        "lines": lines,
        "reference": incident.reference,
        "is_drill": incident.is_drill,
        "inside": inside,
        "site": settings.PUBLIC_URL.rstrip("/"),
        "server_now": at,
        "language": person.language,
    }
    thread = f"<{incident.uuid}@{_domain()}>"
    letter = EmailMultiAlternatives(
        subject=subject(incident),
        body=render_to_string("emails/message.txt", context),
        to=[person.email],
        headers={
            "Message-ID": f"<{message.uuid}@{_domain()}>",
            "In-Reply-To": thread,
            "References": thread,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    letter.attach_alternative(render_to_string("emails/message.html", context), "text/html")
    return letter


def subject(incident: Incident) -> str:
    """Return the subject: the reference and never the title, for lock screens show it."""
    if incident.is_drill:
        return _("DRILL %(reference)s") % {"reference": incident.reference}
    return incident.reference


def _domain() -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or NOWHERE
    return host if "." in host and not host.replace(".", "").isdigit() else NOWHERE
