"""The lived-in example: told once, into an empty installation; its sign-ins shown every time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model

from crisisdesk.kit import tied
from crisisdesk.launch.refusal import CannotStart

KEPT = "demo-sign-ins.txt"


def has_people() -> bool:
    return get_user_model()._default_manager.exists()


def sign_ins(data: Path, environment: Mapping[str, str]) -> str:
    """Return the sign-ins to show; tell the story first where nobody lives yet.

    :raises CannotStart: when the story cannot be told.
    """
    kept = data / KEPT
    if not has_people():
        kept.write_text(_tell(environment), encoding="utf-8")
    if kept.exists():
        return kept.read_text(encoding="utf-8").strip()
    return "The demo was not added: this installation has people of its own."


def _tell(environment: Mapping[str, str]) -> str:
    """Run `manage.py demo` beside us; its progress goes to the terminal, its sign-ins to us."""
    program = (sys.executable, str(settings.BASE_DIR / "manage.py"), "demo")
    with subprocess.Popen(
        tied.command(*program),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as story:
        try:
            said, _ = story.communicate()
        finally:
            story.kill()
    if story.returncode:
        raise CannotStart("The demo could not be added; why stands above.")
    return said
