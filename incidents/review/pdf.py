"""
The report as a PDF, set by Typst in a process of its own.

It takes a fraction of a second for twenty pages, so the request waits for it, within a limit:
a task in the background would make people wait for a queue, and then fetch a file.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.review.paper import document
from incidents.review.queries.rows import Report

log = logging.getLogger(__name__)
SCRIPT: Final = Path(__file__).parent / "typeset.py"
LIMIT_SECONDS: Final = 60


class NotSet(Refused):
    """The typesetter failed or took too long."""


def pdf(report: Report) -> bytes:
    """
    Return the report as a tagged PDF (PDF/UA-1, PDF/A-2a), in the active language and zone.

    :raises NotSet: when it cannot be made within the limit.
    """
    try:
        done = subprocess.run(  # noqa: S603 our own script; the words go by stdin
            [sys.executable, "-I", str(SCRIPT)],
            input=json.dumps(document(report)).encode(),
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise NotSet(
            _("The PDF took more than a minute and was given up. Export the JSON instead.")
        ) from error
    except subprocess.CalledProcessError as error:
        log.exception(
            "The PDF of %s failed: %s", report.about.reference, error.stderr.decode()[-2000:]
        )
        raise NotSet(
            _("The PDF could not be made. The record is untouched; export the JSON instead.")
        ) from error
    return done.stdout
