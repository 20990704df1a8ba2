"""Files on their way to a browser, so that they can do no harm. For every slice that may show one."""

from __future__ import annotations

from typing import Final

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from incidents.models import Evidence
from incidents.timeline.rules import PICTURES

# A file of others is never a page of ours: no script, no form, no frame.
SANDBOX: Final = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"


def hand_out(piece: Evidence) -> FileResponse:
    """Answer with a file that the caller may open, so that it can do no harm."""
    where = str(piece.file.name)
    if not default_storage.exists(where):
        raise Http404
    inline = piece.content_type in PICTURES
    answer = FileResponse(
        default_storage.open(where),
        as_attachment=not inline,
        filename=piece.name,
        content_type=piece.content_type,
    )
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    return answer
