"""The processes of the desk: started, watched, started again, ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from crisisdesk.kit import tied

SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
GOOD_HEALTH_AFTER = 60.0
LINES_SHOWN = 12


@dataclass
class Child:
    """One process. `patience` is how many seconds it gets to end by itself."""

    name: str
    program: list[str]
    log: Path
    patience: float = 8.0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE
    again_at: float = field(default=0.0)

    def start(self, environment: Mapping[str, str], *, aloud: bool = False) -> None:
        """Start it in a session of its own, so that Ctrl-C at the terminal reaches only us."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                tied.command(*self.program),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=None if aloud else log,
                stderr=None if aloud else log,
                start_new_session=True,
            )
        self.started = time.monotonic()
        self.again_at = 0.0

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_words(self) -> str:
        """The end of its log, for a person who wonders why it died."""
        with suppress(OSError):
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            return "\n".join(f"    {line}" for line in lines[-LINES_SHOWN:])
        return ""

    def ask_to_end(self) -> None:
        if self.process is not None and self.runs:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def end(self, *, patience: float | None = None) -> None:
        """Ask it to end, wait, then end it with everything it started."""
        if self.process is None:
            return
        self.ask_to_end()
        try:
            self.process.wait(timeout=self.patience if patience is None else patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def watch(
    children: list[Child],
    environment: Mapping[str, str],
    *,
    say: Callable[[str], None],
    aloud: bool = False,
) -> None:
    """Start again whatever has died: one look, to be repeated."""
    moment = time.monotonic()
    for child in children:
        if child.runs:
            continue
        if not child.again_at:
            _plan(child, moment)
            say(
                f"The {child.name} ended unexpectedly; it starts again in "
                f"{child.again_at - moment:.0f} s. Its log: {child.log}"
            )
        elif moment >= child.again_at:
            child.start(environment, aloud=aloud)


def _plan(child: Child, moment: float) -> None:
    """Pause 1, 2, 4 … 30 s between failures; a minute of good health forgets them."""
    if moment - child.started > GOOD_HEALTH_AFTER:
        child.pause = SHORTEST_PAUSE
    child.again_at = moment + child.pause
    child.pause = min(child.pause * 2, LONGEST_PAUSE)


def end_all(children: list[Child]) -> None:
    """End them in the order given; each is gone before the next is asked."""
    for child in children:
        child.end()


def kill_all(children: list[Child]) -> None:
    for child in children:
        child.kill()
